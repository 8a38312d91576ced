"""Holds all stored money against itself, and keeps the result."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts import sealing
from claims import verifications, verifying
from claims.verifying import Check

SHOWN = 100  # whoever has more faults than that needs a backup and not a list


class Command(BaseCommand):
    help = (
        "Verify ledger, seals, settlements, caps, orders, consents and keys in one picture of the database; name the first bad row of "
        "each account, settlement or binding, and end with 1 if there is one. The result is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads", type=Path, help="file of exported seal heads to hold against"
        )

    def handle(self, *, heads: Path | None, **options: Any) -> None:
        lines = heads.read_text(encoding="utf-8").splitlines() if heads else []
        self.shown = 0
        with tqdm(total=len(verifying.CHECKS), disable=None, leave=False) as bar:

            def tell(check: Check, rows: int, faults: int) -> None:
                bar.update()
                with tqdm.external_write_mode():
                    self.stdout.write(_line(check, rows, faults))

            run = verifications.run(heads=sealing.read_heads(lines), tell=tell, found=self._show)
        if run.faults:
            raise CommandError(_("账目核验发现 %(count)d 处不符。") % {"count": run.faults})
        self.stdout.write(_("账目核验通过：共看了 %(rows)d 行。") % {"rows": run.rows})

    def _show(self, kept: verifications.Kept) -> None:
        self.shown += 1
        if self.shown <= SHOWN:
            with tqdm.external_write_mode():
                self.stderr.write(verifications.in_words(kept))


def _line(check: Check, rows: int, faults: int) -> str:
    outcome = _("%(count)d 处不符") % {"count": faults} if faults else _("相符")
    return _("%(check)s：%(rows)d 行，%(outcome)s") % {
        "check": check.label,
        "rows": rows,
        "outcome": outcome,
    }
