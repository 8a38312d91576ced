import logging
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from accounts import sms

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1  # people stand waiting for their code


class Command(BaseCommand):
    help = "Send the waiting short messages. Several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until Ctrl-C")

    def handle(self, *, watch: bool, **options: object) -> None:
        if not watch:
            self.stdout.write(f"{sms.deliver_waiting()} sent")
            return
        try:
            _watch()
        except KeyboardInterrupt:
            self.stdout.write("stopped")


def _watch() -> None:
    """A database that is away or full is waited for: what it can't write down isn't sent."""
    waits = False
    while True:
        close_old_connections()  # a restarted database is found again
        try:
            sent = sms.deliver_waiting()
        except (OperationalError, InterfaceError) as error:
            if not waits:
                logger.warning("Messages wait for the database: %s", type(error).__name__)
            waits, sent = True, 0
        else:
            waits = False
        if not sent:
            time.sleep(PAUSE_SECONDS)
