from django.core.management.base import BaseCommand

from config import catalogue


class Command(BaseCommand):
    help = "Compile the message catalogues with Babel; nothing is written when nothing changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        for path in catalogue.compile_all():
            self.stdout.write(f"Compiled {path}")
