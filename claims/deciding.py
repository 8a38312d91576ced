"""What a bill would take from whom, as things stand: for a quote, and once more inside a settlement's locks."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import keys
from claims import bills
from claims.bills import Bill
from claims.models import Provider
from claims.refusals import Refusal, Refused
from family import deduction, payers
from family.deduction import Plan, Stop
from family.payers import Line
from insurance.models import InsuredPerson, RegisterFact
from insurance.models.facts import FactKind
from insurance.periods import Month

BLOCKING = (FactKind.DEATH, FactKind.SETTLEMENT_SUSPENSION)


@dataclass(frozen=True)
class Decided:
    """`plan.taken` and `lines` stand in the same order. `month` is that of the caps."""

    plan: Plan
    lines: tuple[Line, ...]
    order_version: int
    policies: tuple[int, ...]
    month: Month

    @property
    def print(self) -> str:
        """The same for two plans that take the same from the same, and nothing to anybody else."""
        taken = ",".join(f"{one.key}={one.amount_fen}" for one in self.plan.deductions)
        return keys.index_keys().digest(f"{self.plan.amount_fen};{taken}", purpose="claims plan")


def decide(
    *,
    provider: Provider,
    patient_id: int,
    bill: Bill,
    now: datetime,
    locked: Collection[int] | None = None,
) -> Decided:
    """Read everything and plan; raise `Refused`. `locked` are the accounts that may be used, None for all."""
    bills.check(bill, provider_kind=provider.kind, now=now)
    day = timezone.localdate(now)
    _gate(provider, patient_id, on=timezone.localdate(bill.occurred_at), today=day)
    found = payers.payers(beneficiary_id=patient_id, use=bill.use, day=day, now=now)
    if found.lines and all(one.payer.barred == Stop.USE_NOT_PAYABLE for one in found.lines):
        raise Refused(Refusal.USE_NOT_PAYABLE)
    lines = tuple(_usable(one, locked) for one in found.lines)
    return Decided(
        plan=deduction.plan(bill.amount_fen, [one.payer for one in lines]),
        lines=lines,
        order_version=found.order_version,
        policies=found.policies,
        month=Month.containing(day),
    )


def _gate(provider: Provider, patient_id: int, *, on: date, today: date) -> None:
    """The provider counts on the day of the bill, the patient on the day of paying. One query."""
    blocked = RegisterFact.objects.holding_on(today).filter(
        person=OuterRef("pk"), kind__in=BLOCKING
    )
    designated = Provider.objects.designated_on(on).filter(pk=provider.pk)
    row = (
        InsuredPerson.objects.filter(pk=patient_id)
        .values_list(Exists(blocked), Exists(designated))
        .first()
    )
    if row is None:
        raise Refused(Refusal.PATIENT_UNKNOWN)
    is_blocked, is_designated = row
    if not is_designated:
        raise Refused(Refusal.NOT_DESIGNATED)
    if is_blocked:
        raise Refused(Refusal.PATIENT_BLOCKED)


def _usable(line: Line, locked: Collection[int] | None) -> Line:
    """An account that was opened while the locks were taken is left to the next bill."""
    if locked is None or line.payer.account_id is None or line.payer.account_id in locked:
        return line
    return replace(line, payer=replace(line.payer, account_id=None, usable_fen=0))
