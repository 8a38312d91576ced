"""django-hordak settling a bill of three payers, in an environment of its own: nothing of the project is there to import.

    python hordak_client.py make FAMILIES | work THREADS

DATABASE_URL names its database. `work` answers as `benchmarks/settling.py` does. Comparable work: the key of the request is looked for and kept with its answer, the
three accounts are locked in id order, each balance is asked for and must suffice, then a transaction with four legs is written, the
fourth being the hospital's.
"""

# mypy: ignore-errors
# ruff: noqa: T201
import gc
import json
import os
import random
import sys
import threading
import time
import uuid

import dj_database_url
import django
from django.conf import settings

PAYERS = 3
WARM_UP = 12
OPENING, EACH = "99999999.00", "10.00"

database = dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)
# As the project's own connections are.
database["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
settings.configure(
    DATABASES={"default": database},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DEFAULT_CURRENCY="CNY",
    HORDAK_CURRENCIES=["CNY"],
    CURRENCIES=["CNY"],
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from hordak.models import Account, AccountType, Leg, Transaction  # noqa: E402
from moneyed import Money  # noqa: E402


class Kept(models.Model):
    """A request and its answer, as an application for Django keeps them."""

    key = models.CharField(max_length=64, unique=True)
    answer = models.TextField()

    class Meta:
        app_label = "hordak"


def make(families: int) -> None:
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Kept)
    with transaction.atomic():
        agency = account("agency", AccountType.asset)
        account("hospital", AccountType.liability)
        for number in range(families * PAYERS):
            opened = account(f"person {number}", AccountType.liability)
            opening = Transaction.objects.create()
            Leg.objects.create(transaction=opening, account=agency, debit=Money(OPENING, "CNY"))
            Leg.objects.create(transaction=opening, account=opened, credit=Money(OPENING, "CNY"))


def account(name, kind):
    return Account.objects.create(name=name, type=kind, currencies=["CNY"], code=None)


class Desk:
    def __init__(self) -> None:
        self.hospital = Account.objects.get(name="hospital").pk
        people = Account.objects.filter(name__startswith="person").order_by("pk")
        keys = list(people.values_list("pk", flat=True))
        self.families = [keys[one : one + PAYERS] for one in range(0, len(keys), PAYERS)]
        self.each, self.whole = Money(EACH, "CNY"), Money(EACH, "CNY") * PAYERS

    @transaction.atomic
    def settle(self) -> None:
        wanted, key = random.choice(self.families), uuid.uuid4().hex
        if Kept.objects.filter(key=key).exists():
            raise SystemExit("a key came twice")
        payers = list(Account.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        if any(one.get_balance()["CNY"] < self.each for one in payers):
            raise SystemExit("an account is empty")
        made = Transaction.objects.create()
        for one in payers:
            Leg.objects.create(transaction=made, account=one, debit=self.each)
        Leg.objects.create(transaction=made, account_id=self.hospital, credit=self.whole)
        Kept.objects.create(key=key, answer=json.dumps({"ref": str(made.uuid)}))


class Threads:
    def __init__(self, settle, count: int) -> None:
        self.settle, self.seconds, self.done = settle, 0.0, [0] * count
        self.start, self.end = threading.Barrier(count + 1), threading.Barrier(count + 1)
        for place in range(count):
            threading.Thread(target=self.work, args=[place], daemon=True).start()

    def run(self, seconds: float) -> dict:
        self.seconds = seconds
        start, work = time.perf_counter(), time.process_time()
        self.start.wait()
        self.end.wait()
        cpu = time.process_time() - work
        return {"done": sum(self.done), "seconds": time.perf_counter() - start, "cpu_seconds": cpu}

    def work(self, place: int) -> None:
        while True:
            self.start.wait()
            done, end = 0, time.perf_counter() + self.seconds
            while (done < WARM_UP and not self.seconds) or time.perf_counter() < end:
                self.settle()
                connection.close_if_unusable_or_obsolete()
                done += 1
            self.done[place] = done
            self.end.wait()


def work(threads: int) -> None:
    # As config/gunicorn.py tells the project's own workers.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, *gc.get_threshold()[1:])
    server = Threads(Desk().settle, threads)
    server.run(0)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(server.run(float(line))), flush=True)


if __name__ == "__main__":
    {"make": make, "work": work}[sys.argv[1]](int(sys.argv[2]))
