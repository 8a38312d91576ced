"""The bills of one transaction: all locks, then one reading of everything, the plans one after the other, then all the writing.

Locks in one order everywhere: the patients' orders of deduction, the bindings by id, the accounts by id. Whatever is decided by is
read in a statement after them: on PostgreSQL a statement that waited for a lock sees what it waited for, and the rest as it was
before. Only the accounts are taken as the lock gives them, since of what is locked that is fresh.

SQLite has one writer, who began as such; the same statements run there.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts import audit, statements
from accounts.drawn_keys import DrawnKeys
from accounts.statements import Asked, NewRow, Query
from claims import bills, deciding, notes, retrying, writing
from claims.bills import Bill
from claims.deciding import Decided, Part
from claims.models import Deduction, Provider, Settlement, SettlementState
from claims.refusals import Refusal, Refused
from claims.writing import By
from family import orders, payers
from family.models import Binding, CapUse, DeductionOrder, OrderPlace
from insurance import ledger
from insurance.models import InsuredPerson, LedgerEntry

Made = TypeVar("Made")
# For so many keys are drawn for each bill at first.
USUAL_PAYERS = 3


@dataclass(frozen=True)
class _Taken:
    """A bill that is decided on: its parts, with the entries that took or held them."""

    settlement: Settlement
    parts: Sequence[Part]
    entries: Sequence[NewRow]


class Charging:
    """Inside one transaction: `decide`, `take` what was decided, for each bill in turn; at the end `write`.

    `now` None is the moment after the locks. What is refused has changed nothing, in memory or elsewhere.
    """

    def __init__(
        self,
        *,
        provider: Provider,
        patient_ids: Collection[int],
        bill_nos: Collection[str],
        by: By,
        now: datetime | None,
    ) -> None:
        self._provider, self._by = provider, by
        giver_ids = _lock(patient_ids)
        day = timezone.localdate(now)
        self._numbers = _numbers(len(bill_nos), now)
        with statements.together():
            book = ledger.ask_book(person_ids={*patient_ids, *giver_ids})
            with statements.at_once():
                question = payers.Question(patient_ids, giver_ids=giver_ids, day=day)
                settled = _ask_settled(provider, bill_nos)
                numbers_taken = _NUMBERS.ask(sorted(self._numbers)) if self._numbers else None
                # The locks are held: an account's entries have keys in their order.
                bills_count = len(bill_nos)
                self._keys = DrawnKeys(
                    {Settlement: bills_count, LedgerEntry: bills_count * USUAL_PAYERS}
                )
        self.now = now or timezone.now()
        if (
            timezone.localdate(self.now) != day
        ):  # midnight passed while the accounts were waited for
            day = timezone.localdate(self.now)
            question = payers.Question(patient_ids, giver_ids=giver_ids, day=day)
            self._numbers.clear()
        if numbers_taken:
            self._numbers -= {row[0] for row in numbers_taken.rows()}
        self._book = ledger.opened(book)
        self._known = question.known(self._book.accounts.values())
        self._settled = {row[0] for row in settled.rows()}
        self._taken: list[_Taken] = []

    def decide(self, *, patient: InsuredPerson, bill: Bill) -> Decided:
        """As things stand after the bills taken so far. Raise `Refused`."""
        if bill.bill_no in self._settled:
            raise Refused(Refusal.BILL_ALREADY_SETTLED)
        return deciding.decide(
            self._known, provider=self._provider, patient_id=patient.pk, bill=bill, now=self.now
        )

    def take(
        self,
        decided: Decided,
        *,
        patient: InsuredPerson,
        bill: Bill,
        held_until: datetime | None = None,
    ) -> Settlement:
        """The settlement to be, without a key before `write`; with `held_until` the money is held and not spent."""
        settlement = Settlement(
            reference=self._numbers.pop() if self._numbers else writing.draw(self.now),
            provider=self._provider,
            patient=patient,
            use=bill.use,
            bill_no=bill.bill_no,
            amount_fen=bill.amount_fen,
            paid_fen=decided.plan.paid_fen,
            cash_fen=decided.plan.cash_fen,
            state=SettlementState.HELD if held_until else SettlementState.SETTLED,
            order_version=decided.order_version,
            policies=list(decided.policies),
            told=decided.told,
            proxy_name=bill.proxy.name if bill.proxy else "",
            proxy_id_number=bill.proxy.id_number if bill.proxy else "",
            by_key=self._by.key,
            by_user=self._by.user,
            occurred_at=bill.occurred_at,
            settled_at=self.now,
            held_until=held_until,
        )
        line = writing.holding if held_until else writing.taking
        parts = decided.parts
        entries = [
            self._book.take(part.account_id, line(settlement, part, position))
            for position, part in enumerate(parts, start=1)
        ]
        self._keys.give(settlement)
        for entry in entries:
            self._keys.give(entry)
        for part in parts:
            if part.binding_id is not None:
                self._known.spend(part.binding_id, part.amount_fen, from_limit=part.from_limit)
        self._settled.add(bill.bill_no)
        self._taken.append(_Taken(settlement, parts, entries))
        return settlement

    def write(self, action: str) -> None:
        """Everything that was taken, under that name in the audit. Raises IntegrityError where a number is taken after all."""
        settlements = [one.settlement for one in self._taken]
        with statements.together():
            statements.insert(settlements)
            self._book.write()
            statements.insert(list(self._deductions()), keys=False)
            self._write_use()
            audit.record_many(
                actor=self._by.user, action=action, subjects=settlements, details=self._by.details
            )
            self._tell()
        self._taken = []

    def _tell(self) -> None:
        spent = [one for one in self._taken if not one.settlement.held_until]
        givers = {
            part.binding_id: self._known.giver(part.binding_id)
            for one in spent
            for part in one.parts
            if part.binding_id is not None
        }
        notes.settled([(one.settlement, one.parts) for one in spent], givers)

    def _deductions(self) -> Iterator[NewRow]:
        for one in self._taken:
            pairs = zip(one.parts, one.entries, strict=True)
            for position, (part, entry) in enumerate(pairs, start=1):
                yield statements.new(
                    Deduction,
                    settlement_id=one.settlement.pk,
                    position=position,
                    account_id=part.account_id,
                    binding_id=part.binding_id,
                    month=self._known.month,
                    amount_fen=part.amount_fen,
                    from_limit=part.from_limit,
                    entry_id=entry.pk,
                )

    def _write_use(self) -> None:
        """The caps as they stand in memory, the limits by what was added."""
        given = [part for one in self._taken for part in one.parts if part.binding_id]
        used = [
            statements.new(
                CapUse,
                binding_id=pk,
                month=self._known.month,
                used_fen=self._known.used_fen(pk),
            )
            for pk in sorted({part.binding_id for part in given if part.binding_id})
        ]
        statements.insert(used, unless=("binding", "month"), then=("used_fen",))
        limits: Counter[int] = Counter()
        for part in given:
            if part.from_limit and part.binding_id:
                limits[part.binding_id] += part.amount_fen
        for pk, fen in sorted(limits.items()):
            Binding.objects.filter(pk=pk).update(limit_used_fen=F("limit_used_fen") + fen)


def in_one(charge: Callable[[], Made], *, guarded: bool) -> Made:
    """`charge` in a transaction of its own, or a savepoint; once more where a number was taken in that moment.

    `guarded`: the caller has both, and gets `Taken`.
    """

    def attempt() -> Made:
        try:
            if guarded:
                return charge()
            with transaction.atomic():
                return charge()
        except IntegrityError as error:
            retrying.raise_if_taken(error)
            raise

    return attempt() if guarded else retrying.until_free(attempt)


def is_settled(provider: Provider, bill: Bill) -> bool:
    """Whether the provider's bill of this number is held or settled."""
    return any(_ask_settled(provider, [bill.bill_no]).rows())


def _ask_settled(provider: Provider, bill_nos: Collection[str]) -> Asked:
    wanted = [one for one in bill_nos if bills.is_bill_no(one)]
    return _SETTLED.ask(provider.pk, wanted or [""])


def _lock(patient_ids: Collection[int]) -> frozenset[int]:
    """The patients' orders, then the bindings in these: who gives. The accounts are locked after these."""
    wanted = sorted(set(patient_ids))
    if len(wanted) > 1 and len(list(_LISTED.rows(wanted))) < len(wanted):
        # For several at once the missing orders are made before the first is locked: who waits holds nothing then.
        orders.lock(wanted)
    with statements.together():
        there = _ORDERS.ask(wanted)
        givers = _BINDINGS.ask(wanted)
    if not list(there.rows()):
        orders.lock(wanted)
        givers = _BINDINGS.ask(wanted)
    return frozenset(row[0] for row in givers.rows() if row[0])


def _numbers(count: int, now: datetime | None) -> set[str]:
    """Numbers for several bills, to be looked up before: of a hundred one is taken often, and then all would begin anew."""
    if count == 1:
        return set()
    moment = now or timezone.now()
    return {writing.draw(moment) for _bill in range(count)}


def _orders_of(person_ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    rows = DeductionOrder.objects.select_for_update(no_key=True).filter(person__in=person_ids)
    return rows.order_by("person_id").values_list("person_id")


def _bindings_of(person_ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    places = OrderPlace.objects.filter(
        version__order__person__in=person_ids, version__number=F("version__order__version")
    )
    rows = Binding.objects.select_for_update(no_key=True).filter(pk__in=places.values("binding"))
    return rows.order_by("pk").values_list("giver_id")


_ORDERS, _BINDINGS = Query(_orders_of), Query(_bindings_of)
_LISTED = Query(
    lambda person_ids: (
        DeductionOrder.objects.filter(person__in=person_ids).order_by().values_list("person_id")
    )
)
_NUMBERS = Query(
    lambda numbers: (
        Settlement.objects.filter(reference__in=numbers).order_by().values_list("reference")
    )
)
_SETTLED = Query(
    lambda provider_id, bill_nos: (
        Settlement.objects.filter(
            provider=provider_id, bill_no__in=bill_nos, state__in=["held", "settled"]
        )
        .order_by()
        .values_list("bill_no")
    )
)
