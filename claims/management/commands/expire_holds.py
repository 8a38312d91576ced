"""Let go what providers held and neither took nor gave up in time."""

from typing import Any

from django.core.management.base import BaseCommand

from claims import holds


class Command(BaseCommand):
    help = "Release holds whose time is over. Run it every minute; a second one at the same time does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{holds.expire_due()} holds expired")
