from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import audit, sealing


class Command(BaseCommand):
    help = "Seal what is old enough in every log that only grows. Safe to run at any time, also twice at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FILE",
            help="add the newest seal of each log to this file; keep it where the database's administrator can't write",
        )

    def handle(self, *, export: Path | None, **options: object) -> None:
        for key, log in sorted(sealing.LOGS.items()):
            made = sealing.seal(log, now=timezone.now())
            if made:
                details = {"log": str(key), "seals": made}
                audit.record(actor=None, action="log.seal", details=details)
            self.stdout.write(f"{key}: {made} new seals")
            head = sealing.head(log)
            if export and head:
                self._append(export, head)

    def _append(self, path: Path, head: sealing.Head) -> None:
        """Lines are only ever added: an older head proves what was there then."""
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if head.as_line() not in lines:
            with path.open("a", encoding="utf-8") as file:
                file.write(head.as_line() + "\n")
