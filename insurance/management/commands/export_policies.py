"""Write the published rules as policy files, for review like code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insurance import policies
from insurance.models import PolicyVersion
from insurance.policy_folder import SOURCES


class Command(BaseCommand):
    help = "Write the published rules of all areas (or some) and the sources into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--area", action="append", metavar="CODE", help="may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        versions = PolicyVersion.objects.published().select_related("area").order_by("area_id")
        if options["area"]:
            versions = versions.of_areas(options["area"])
        texts = {f"{one.area_id}.json": policies.export(version=one) for one in versions}
        if not texts:
            raise CommandError("No published rules of these areas.")
        texts[SOURCES] = policies.export_sources()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}") from None
        if options["verbosity"]:
            self.stdout.write(f"{len(texts)} files written to {folder}.")
