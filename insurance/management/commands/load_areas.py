"""Load the pooling areas: the nation, the provinces and the places that have a policy file."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from insurance import areas, policy_folder
from insurance.models import PoolingArea
from insurance.policy_schema import PolicyFileError


class Command(BaseCommand):
    help = "Load the pooling areas. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=policy_folder.DATA)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = list(_rows(policy_folder.read(options["folder"])))
        except PolicyFileError as error:
            raise CommandError(str(error)) from None
        with transaction.atomic():
            written = sum(_save(row) for row in rows)
        if options["verbosity"]:
            self.stdout.write(f"{len(rows)} areas, {written} of them new or changed.")


def _rows(folder: policy_folder.PolicyFolder) -> Iterator[dict[str, Any]]:
    """Parents before children."""
    files = {one.area: one for one in folder.files}
    provinces = [f"{digits}0000" for digits in areas.PROVINCES]
    for code in dict.fromkeys((areas.NATION, *provinces, *files)):
        own = files.get(code)
        yield {
            "code": code,
            "name_zh": own.name_zh if own else areas.describe(code),
            "name_en": own.name_en if own else areas.describe(code, english=True),
            "level": areas.level_of(code),
            "parent_id": areas.parent_of(code),
            "is_listed": own.listed if own else False,
        }


def _save(row: dict[str, Any]) -> bool:
    """True where something was written."""
    area = PoolingArea.objects.filter(code=row["code"]).first() or PoolingArea()
    if area.pk and all(getattr(area, key) == value for key, value in row.items()):
        return False
    for key, value in row.items():
        setattr(area, key, value)
    area.save()
    return True
