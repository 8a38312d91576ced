"""One process of a web server that settles bills: so many threads, for so many seconds, as often as it is told.

    python -m benchmarks.within settling single|batch|posting THREADS

Each line it reads is a number of seconds; each it answers is {"done", "seconds", "cpu_seconds"} as JSON. `single` is what the API does
with a bill once it knows who asks and for whom: the verb under its idempotency key. `batch` is a hundred bills in one commit. `posting`
is the money of one bill without the bill: under its idempotency key three accounts are locked and three lines posted, as a settlement does
that, and the answer is kept.
"""

import json
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence

from django.db import connection
from django.utils import timezone

from accounts import statements
from benchmarks.family_world import AMOUNT_FEN, CAP_BILL_FEN, RELATIONS
from claims import batches, keyed, settlement
from claims.bills import Bill
from claims.models import Provider, ProviderKey, Settlement
from insurance import ledger
from insurance.models import InsuredPerson, PersonalAccount
from insurance.models.ledger import EntryKind

# Until every query is compiled and every statement prepared.
WARM_UP = 12
# What a body of the API comes to, with a bill and who the patient is.
BODY = json.dumps(
    {"patient": {"voucher": "0" * 28}, "use": "CARE", "personal_burden_fen": AMOUNT_FEN}
)


class Desk:
    """What a request of the API has at hand when it settles."""

    def __init__(self) -> None:
        self.key = ProviderKey.objects.select_related("provider").get()
        self.provider: Provider = self.key.provider
        self.patients: Sequence[InsuredPerson] = list(InsuredPerson.objects.filter(accounts=None))
        givers = list(
            PersonalAccount.objects.order_by("person").values_list("person_id", flat=True)
        )
        each = len(RELATIONS)
        self.givers = [givers[start : start + each] for start in range(0, len(givers), each)]

    def single(self) -> int:
        patient, bill = random.choice(self.patients), new_bill()

        def do() -> keyed.Done:
            made = settlement.settle(
                provider=self.provider, patient=patient, bill=bill, by_key=self.key, guarded=True
            )
            return keyed.Done(
                201, json.dumps({"ref": made.reference, "paid_fen": made.paid_fen}), made
            )

        body = f"{BODY} {bill.bill_no}"
        key = uuid.uuid4().hex
        keyed.once(provider=self.provider, key=key, verb="settle", body=body, do=do)
        return 1

    def batch(self) -> int:
        """The patients of a hospital are hardly those of another: a batch takes neighbours, so that few wait for each other."""
        first = random.randrange(len(self.patients))
        chosen = [self.patients[(first + one) % len(self.patients)] for one in range(batches.MOST)]
        items = [batches.Item(patient, new_bill()) for patient in chosen]
        made = batches.settle_many(provider=self.provider, items=items, by_key=self.key)
        return sum(one.settlement is not None for one in made)

    def posting(self) -> int:
        name = uuid.uuid4().hex
        givers = random.choice(self.givers)

        def do() -> keyed.Done:
            with statements.together():
                asked = ledger.ask_book(person_ids=givers)
            book = ledger.opened(asked)
            for account_id in book.accounts:
                line = ledger.Line(
                    kind=EntryKind.SPEND_CARE,
                    amount_fen=-CAP_BILL_FEN,
                    source_kind="benchmark",
                    source_ref=name,
                )
                book.take(account_id, line)
            with statements.together():
                book.write()
            return keyed.Done(201, json.dumps({"ref": name}))

        keyed.once(provider=self.provider, key=name, verb="post", body=f"{BODY} {name}", do=do)
        return 1


def new_bill() -> Bill:
    return Bill(
        use="CARE",
        amount_fen=AMOUNT_FEN,
        bill_no=uuid.uuid4().hex,
        occurred_at=timezone.now(),
        proxy=None,
    )


def main(arguments: list[str]) -> int:
    desk = Desk()
    settle: Callable[[], int] = getattr(desk, arguments[0])
    server = Threads(settle, int(arguments[1]))
    server.run(0)
    if Settlement.objects.exclude(paid_fen=AMOUNT_FEN).exists():
        raise SystemExit("a bill was not paid by the three: the world is not what it should be")
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(json.dumps(server.run(float(line))), flush=True)  # noqa: T201
    return 0


class Threads:
    """Keeps its threads, and so their connections, between two runs."""

    def __init__(self, settle: Callable[[], int], count: int) -> None:
        self._settle = settle
        self._seconds, self._done = 0.0, [0] * count
        self._start, self._end = threading.Barrier(count + 1), threading.Barrier(count + 1)
        for place in range(count):
            threading.Thread(target=self._work, args=[place], daemon=True).start()

    def run(self, seconds: float) -> dict[str, float]:
        """How many were settled; seconds 0 warms up."""
        self._seconds = seconds
        start, work = time.perf_counter(), time.process_time()
        self._start.wait()
        self._end.wait()
        return {
            "done": sum(self._done),
            "seconds": time.perf_counter() - start,
            "cpu_seconds": time.process_time() - work,
        }

    def _work(self, place: int) -> None:
        while True:
            self._start.wait()
            done, turns = 0, 0
            end = time.perf_counter() + self._seconds
            while (turns < WARM_UP and not self._seconds) or time.perf_counter() < end:
                done += self._settle()
                turns += 1
                connection.close_if_unusable_or_obsolete()  # as at the end of a request
            self._done[place] = done
            self._end.wait()
