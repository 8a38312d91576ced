import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from tqdm import tqdm

from family import jobs

PAUSE_SECONDS = 20  # an invitation is looked for on the other telephone right away
DAILY_SECONDS = 60 * 60  # the register is read in anew a few times a day at most


class Command(BaseCommand):
    help = (
        "Announce invitations, remind, let them lapse, and follow register and calendar. "
        "Can be stopped anywhere and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until Ctrl-C")

    def handle(self, *, watch: bool, **options: object) -> None:
        try:
            self._run(tuple(jobs.JOBS))
            slow_at = time.monotonic() + DAILY_SECONDS
            while watch:
                time.sleep(PAUSE_SECONDS)
                close_old_connections()  # a restarted database is found again
                if time.monotonic() < slow_at:
                    self._run(jobs.QUICK, quiet=True)
                else:
                    self._run(tuple(jobs.JOBS))
                    slow_at = time.monotonic() + DAILY_SECONDS
        except KeyboardInterrupt:
            self.stdout.write("stopped; run it again to go on")

    def _run(self, names: tuple[str, ...], *, quiet: bool = False) -> None:
        day = timezone.localdate()
        for name in names:
            with tqdm(desc=name, unit="", disable=None, leave=False) as bar:
                outcome = jobs.run(name, day, tell=bar.update)
            if outcome.done or outcome.failed or not quiet:
                failed = f", {len(outcome.failed)} failed" if outcome.failed else ""
                self.stdout.write(f"{name}: {outcome.done}{failed}")
