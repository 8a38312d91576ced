"""Open a task for every contradiction in the published rules."""

from typing import Any

from django.core.management.base import BaseCommand

from insurance import policy_tasks


class Command(BaseCommand):
    help = "Open a task for each dispute in force today that has none; a second run opens nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        opened = policy_tasks.open_for_disputes()
        if options["verbosity"]:
            self.stdout.write(f"{opened} tasks opened.")
