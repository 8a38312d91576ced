"""Has the next nightly verification waiting in the queue."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from claims import nightly


class Command(BaseCommand):
    help = (
        "Put the next nightly verification into the queue of `db_worker`, at once where the last day has no result; "
        "run it again and again: of one night there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        planned = nightly.plan(now=timezone.now())
        if planned is None:
            self.stdout.write("one is waiting already")
        else:
            self.stdout.write(f"planned for {timezone.localtime(planned):%Y-%m-%d %H:%M}")
