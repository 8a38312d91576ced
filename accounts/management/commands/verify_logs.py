from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing


class Command(BaseCommand):
    help = "Hold every sealed log against its seals and name the first bad row of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FILE",
            help="the file that seal_logs --export wrote: finds an end that was cut off",
        )

    def handle(self, *, heads: Path | None, **options: object) -> None:
        exported = []
        if heads:
            try:
                exported = sealing.read_heads(heads.read_text(encoding="utf-8").splitlines())
            except (OSError, ValueError, TypeError) as error:
                raise CommandError(f"{heads} can't be read: {error}") from error
        faults = []
        for key, log in sorted(sealing.LOGS.items()):
            fault = sealing.verify(log, heads=exported)
            self.stdout.write(str(fault) if fault else f"{key}: good")
            faults += [str(fault)] if fault else []
        if faults:
            raise CommandError("; ".join(faults))
