"""`make run`: brings the demo up to date and serves it."""

import threading
import time
import unicodedata
import warnings
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands import runserver
from django.db import close_old_connections
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from claims import nightly
from config.demo import cast
from family import jobs

# Each step leaves everything as it is when there is nothing to do.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("compile_catalogues", ()),
    ("migrate", ()),
    ("load_areas", ()),
    ("load_policies", ("--publish",)),
    ("build_demo", ()),
)
JOB_SECONDS = 20
EVERYWHERE = {"0.0.0.0", "::", "0"}  # nosec B104
COLUMNS = ("key", "name", "role", "id_number", "phone", "social_security_card", "password", "shows")


class Command(runserver.Command):
    # Set by the parent class once it has read ADDRESS:PORT.
    addr: str
    _raw_ipv6: bool

    help = "Prepare the demo world and serve it until Ctrl-C. Production uses gunicorn instead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("addrport", nargs="?", default="127.0.0.1:8000", help="ADDRESS:PORT")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("serve builds the demo world, which production never does.")
        # Static files are collected in production only; here they are served from where they lie.
        warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
        try:
            self.prepare()
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready; run it again.") from None
        super().handle(
            **{
                **options,
                "use_ipv6": False,
                "use_reloader": False,
                "use_threading": True,
                "skip_checks": True,
            }
        )

    def prepare(self) -> None:
        """Bring catalogues, database, areas, policies and demo people up to date."""
        database = settings.DATABASES["default"]
        if database["ENGINE"] == "django.db.backends.sqlite3":
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        for step, arguments in STEPS:
            call_command(step, *arguments, verbosity=0, stdout=self.stdout, stderr=self.stderr)

    def run(self, **options: object) -> None:
        if self.addr in EVERYWHERE:
            # Whoever opens the demo to the network reaches it by names we cannot know.
            settings.ALLOWED_HOSTS = ["*"]
        super().run(**options)

    def on_bind(self, server_port: int) -> None:
        """Called when the address is ours: only now is it true that we serve."""
        host = f"[{self.addr}]" if self._raw_ipv6 else self.addr
        self.stdout.write(table(cast.everybody()))
        threading.Thread(target=work, daemon=True).start()
        self.stdout.write(f"\n共济 Gongji: http://{host}:{server_port}/   (Ctrl-C stops it)")


def work() -> None:
    """What `family_jobs --watch` and `db_worker` do in production."""
    while True:
        turn()
        close_old_connections()
        time.sleep(JOB_SECONDS)


def turn() -> None:
    """Invitations are announced, the money is verified.

    The command of the worker handles signals, which only the main thread may; the worker itself does not.
    """
    for name in jobs.QUICK:
        jobs.run(name, timezone.localdate())
    nightly.plan(now=timezone.now())
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        batch=True,
        max_tasks=None,
        interval=0,
        startup_delay=False,
        worker_id="serve",
    ).run()


def table(people: Sequence[Mapping[str, object]]) -> str:
    """The demo world as aligned columns; below, the secrets of staff's one-time codes and the keys of providers."""
    rows = [COLUMNS, *(tuple(str(one.get(name) or "-") for name in COLUMNS) for one in people)]
    widths = [max(width(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        for row in rows
    ]
    secrets = [f"{one['key']}: {one['totp_secret']}" for one in people if one.get("totp_secret")]
    if secrets:
        lines += ["", "TOTP secrets of the staff:", *secrets]
    keys = [f"{one['key']}: {one['provider_key']}" for one in people if one.get("provider_key")]
    if keys:
        lines += ["", "Keys of the providers' machines (docs/api.md):", *keys]
    return "\n".join(line.rstrip() for line in lines)


def width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
