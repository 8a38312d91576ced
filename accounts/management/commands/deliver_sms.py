import logging
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from accounts import sms

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1  # people stand waiting for their code


class Command(BaseCommand):
    help = "Send the waiting short messages. Several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until Ctrl-C")

    def handle(self, *, watch: bool, **options: object) -> None:
        sent = sms.deliver_waiting()
        self.stdout.write(f"{sent} sent")
        try:
            while watch:
                close_old_connections()  # a restarted database is found again
                if not _send():
                    time.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write("stopped")


def _send() -> int:
    """How many went. A database that is away or full is waited for: what it can't write down isn't sent."""
    try:
        return sms.deliver_waiting()
    except Error as error:
        logger.warning("Messages wait: %s", type(error).__name__)
        return 0
