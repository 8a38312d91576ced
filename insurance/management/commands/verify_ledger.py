"""Holds the whole ledger against itself and against its seals."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import sealing
from insurance import ledger_check, sealed_ledger

SHOWN = 100  # whoever has more faults than that needs a backup and not a list


class Command(BaseCommand):
    help = "Verify balances, sequences, mirrors and seals of the ledger; name the first bad row of each account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads", type=Path, help="file of exported seal heads to hold against"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outermost = not connection.in_atomic_block
        found = 0
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                # One picture of both tables while others go on posting.
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for line in self._lines(options["heads"]):
                found += 1
                if found <= SHOWN:
                    self.stderr.write(line)
        if found:
            raise CommandError(_("账目核验发现 %(count)d 处不符。") % {"count": found})
        self.stdout.write(_("账目核验通过：余额、序号、更正和封存都相符。"))

    def _lines(self, heads_file: Path | None) -> Iterator[str]:
        for fault in ledger_check.faults():
            yield _(
                "账户 %(account)d，第 %(sequence)s 笔：%(label)s（应为 %(expected)s，实为 %(found)s）"
            ) % {
                "account": fault.account_id,
                "sequence": "–" if fault.sequence is None else fault.sequence,
                "label": fault.label,
                "expected": "–" if fault.expected is None else fault.expected,
                "found": "–" if fault.found is None else fault.found,
            }
        heads = []
        if heads_file:
            heads = sealing.read_heads(heads_file.read_text(encoding="utf-8").splitlines())
        if broken := sealing.verify(sealed_ledger.LOG, heads=heads):
            yield str(broken)
