"""The fourteen invariants of money, asked of a live database.

What the stored rows can tell is asked by `claims.verifying`; a few sums are added up here once more in another way. What only
whoever made the requests can know is asked here: whether what was acknowledged is there (I9), whether pages and reports say
what the ledger says (I12, I13), whether everybody was told once (I14).
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Q, Sum

from claims import verifying
from claims.models import KeyedRequest, Settlement
from insurance.models import LedgerEntry, PersonalAccount
from tests.proof import outbox, reading_side

NAMES = {
    "I1": "no fen appears or vanishes",
    "I2": "a balance is the sum of its entries",
    "I3": "no account below zero, or below what is held and reserved",
    "I4": "entries of an account have no gap and follow from each other",
    "I5": "a bill is what its payers gave and the cash; nobody gets back more than he gave",
    "I6": "a payer was asked when those before could give no more, in the order that held",
    "I7": "whoever paid had agreed, and the binding was in force",
    "I8": "one answer for one key, and one settlement for one bill",
    "I9": "what was acknowledged is there; what was not is whole or not there",
    "I10": "a closed account is empty, and was closed once",
    "I11": "seals hold, and every change stands in the audit",
    "I12": "pages of a statement add up to the ledger, and none of them skips or repeats",
    "I13": "a report as of a moment stays as it was",
    "I14": "nobody's notice is lost, or sent twice",
}
MOST_TOLD = 20
# A check that speaks for several invariants is told under the first.
FIRST = 0


@dataclass(frozen=True)
class Broken:
    """`invariant` is a key of `NAMES`; `told` names the row and what is wrong with it."""

    invariant: str
    told: str


@contextmanager
def one_picture():
    """All reads inside see one state, while others go on writing."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def check_all(*, acknowledged=(), reports=(), carried=None):
    """What is broken, the first of each kind first; nothing where all fourteen hold.

    `acknowledged` are lines of `soak.acknowledged.told`, `reports` are `reading_side.Report`s made earlier, `carried` is how many
    short messages the carrier took and how often a worker may have died over one, as `outbox.faults` has it.
    """
    with one_picture():
        found = [*_stored(), *_sums(), *_keys(), *_closed(), *outbox.faults(carried)]
        found += [("I9", told) for told in durable(acknowledged)]
        found += [("I12", told) for told in reading_side.statement_faults()]
        found += [("I13", told) for told in reading_side.changed(reports)]
    # Pages are turned while others write: outside of the one picture.
    found += [("I12", told) for told in reading_side.turning_faults()]
    return _first_of_each(found)


def durable(lines):
    """I9: every row that an acknowledgement named, and every answer that a key had, byte by byte."""
    by_key = {(one["provider"], one["key"]): one for one in lines if one["key"]}
    for chunk in _chunks(list(by_key), 500):
        keys = [key for _provider, key in chunk]
        stored = {
            (row["provider"], row["key"]): (row["status"], row["answer"])
            for row in KeyedRequest.objects.filter(key__in=keys).values(
                "provider", "key", "status", "answer"
            )
        }
        for pair in chunk:
            told = by_key[pair]
            if stored.get(pair) != (told["status"], told["text"]):
                yield f"{pair[1]} was told {told['text']}, and holds {stored.get(pair)}"
    yield from _rows_missing(lines)


def _rows_missing(lines):
    for told in lines:
        for label, wanted in told.get("rows") or ():
            if not apps.get_model(label).objects.filter(**wanted).exists():
                yield f"operation {told['n']} {told['op']}: no {label} {wanted}"


def _stored():
    for check in verifying.CHECKS.values():
        for fault in check.faults():
            yield check.invariants[FIRST], f"{check.key}: {fault}"


def _sums():
    """I1, I2, I5 by sums of the database alone: another way than the one that the checks take."""
    entries = dict(
        LedgerEntry.objects.order_by().values_list("account").annotate(fen=Sum("amount_fen"))
    )
    for pk, fen in PersonalAccount.objects.values_list("pk", "balance_fen"):
        if entries.get(pk, 0) != fen:
            yield "I2", f"account {pk} holds {fen}, its entries {entries.get(pk, 0)}"
    wallets = LedgerEntry.objects.filter(source_kind="wallet_transfer").aggregate(
        fen=Sum("amount_fen")
    )
    if wallets["fen"]:
        yield "I1", f"transfers into wallets leave {wallets['fen']} over"
    standing = Settlement.objects.filter(state__in=["held", "settled"])
    sums = standing.annotate(fen=Sum("deductions__amount_fen")).exclude(
        Q(fen=F("paid_fen")) | Q(fen=None, paid_fen=0)
    )
    for one in sums[:MOST_TOLD]:
        yield "I5", f"{one.reference} took {one.fen} of {one.paid_fen}"
    back = Settlement.objects.annotate(fen=Sum("refunds__amount_fen")).exclude(
        Q(fen=F("refunded_fen")) | Q(fen=None, refunded_fen=0)
    )
    for one in back[:MOST_TOLD]:
        yield "I5", f"{one.reference} gave back {one.refunded_fen}, its refunds {one.fen}"


def _keys():
    """I8: of the requests that charged, each settlement has one, and a bill has one settlement that stands."""
    charging = KeyedRequest.objects.filter(verb__in=["settle", "hold"], settlement__isnull=False)
    of_settlements = Counter(charging.values_list("settlement", flat=True))
    for pk, times in of_settlements.items():
        if times > 1:
            yield "I8", f"settlement {pk} has {times} requests"
    standing = Settlement.objects.filter(state__in=["held", "settled"])
    bills = Counter(standing.values_list("provider", "bill_no"))
    for (provider, bill_no), times in bills.items():
        if times > 1:
            yield "I8", f"bill {bill_no} of {provider} stands {times} times"


def _closed():
    """I10, as far as it goes: nothing is paid out yet, so what closes an account is `ledger.close_account`.

    Two approvers of a payment will be asked for here when there are payments.
    """
    closed = PersonalAccount.objects.exclude(closed_on=None)
    for one in closed.exclude(balance_fen=0, reserved_fen=0, held_fen=0)[:MOST_TOLD]:
        yield "I10", f"account {one.pk} is closed and holds {one.balance_fen}"
    live = PersonalAccount.objects.filter(closed_on=None)
    for (person, part), times in Counter(live.values_list("person", "part")).items():
        if times > 1:
            yield "I10", f"person {person} has {times} live accounts {part}"


def _first_of_each(found):
    told = Counter()
    kept = []
    for invariant, text in sorted(found, key=lambda one: int(one[0][1:])):
        told[invariant] += 1
        if told[invariant] <= MOST_TOLD:
            kept.append(Broken(invariant, text))
    return kept


def _chunks(rows, size):
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
