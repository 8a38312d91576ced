from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import codes, drafts, sessions, sms, throttling


class Command(BaseCommand):
    help = (
        "Delete what is past its time: counters, codes, drafts, sessions, sign-ins, known devices, messages. "
        "The numbers stand in the modules, each with its reason. The audit log is never touched. Run it every hour."
    )

    def handle(self, **options: object) -> None:
        now = timezone.now()
        for name, count in (
            ("counters", throttling.prune(now=now)),
            ("codes", codes.prune(now=now)),
            ("drafts", drafts.prune(now=now)),
            ("sessions, sign-ins and devices", sessions.prune(now=now)),
            ("messages", sms.prune(now=now)),
        ):
            self.stdout.write(f"{name}: {count} deleted")
