from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config import catalogue


class Command(BaseCommand):
    help = "Bring locale/en up to the messages of the source; --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail on any fault")

    def handle(self, *args: object, **options: object) -> None:
        if options["check"]:
            faults = catalogue.faults()
            for fault in faults:
                self.stderr.write(fault)
            if faults:
                raise CommandError(f"The catalogue has {len(faults)} faults.")
            self.stdout.write("The catalogue is complete.")
            return
        merged = catalogue.synchronised()
        path = catalogue.path_of()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogue.as_text(merged), encoding="utf-8")
        missing = sum(1 for message in merged if message.id and catalogue.fault_of(message))
        self.stdout.write(f"{len(merged)} messages, {missing} still to translate.")
