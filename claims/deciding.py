"""What a bill would take from whom, as things stand: for a quote, and once more inside a settlement's locks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from accounts import keys
from claims import bills
from claims.bills import Bill
from claims.models import Provider
from claims.refusals import Refusal, Refused
from family import deduction
from family.deduction import Plan, Stop
from family.payers import Known, Line
from insurance.days import day_of


class Part(NamedTuple):
    """One payer's share of something: of a bill, of a hold, of what is given back. `binding_id` None is the patient's own."""

    account_id: int
    amount_fen: int
    binding_id: int | None
    from_limit: bool


@dataclass(frozen=True)
class Decided:
    """`plan.taken` and `lines` stand in the same order."""

    plan: Plan
    lines: tuple[Line, ...]
    order_version: int
    policies: tuple[int, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those who give something, in order."""
        return tuple(
            Part(one.payer.account_id or 0, one.amount_fen, line.binding_id, one.payer.from_limit)
            for one, line in zip(self.plan.taken, self.lines, strict=True)
            if one.amount_fen
        )

    @property
    def told(self) -> list[dict[str, Any]]:
        """Every payer considered, as the settlement keeps it."""
        return [
            {"payer": one.key, "amount_fen": one.amount_fen, "stop": str(one.stop)}
            for one in self.plan.taken
        ]

    @cached_property
    def print(self) -> str:
        """The same for two plans that take the same from the same, and nothing to anybody else."""
        taken = ",".join(f"{one.key}={one.amount_fen}" for one in self.plan.deductions)
        return keys.index_keys().digest(f"{self.plan.amount_fen};{taken}", purpose="claims plan")


def decide(
    known: Known, *, provider: Provider, patient_id: int, bill: Bill, now: datetime
) -> Decided:
    """Plan by what is known; raise `Refused`. The provider counts on the day of the bill, the patient on that of paying."""
    bills.check(bill, provider_kind=provider.kind, now=now)
    if not provider.is_designated_on(day_of(bill.occurred_at)):
        raise Refused(Refusal.NOT_DESIGNATED)
    patient = known.people.parties.get(patient_id)
    if patient is None:
        raise Refused(Refusal.PATIENT_UNKNOWN)
    if patient.dead or patient.settlement_suspended:
        raise Refused(Refusal.PATIENT_BLOCKED)
    found = known.payers(patient_id, use=bill.use, now=now)
    if found.lines and all(one.payer.barred == Stop.USE_NOT_PAYABLE for one in found.lines):
        raise Refused(Refusal.USE_NOT_PAYABLE)
    return Decided(
        plan=deduction.plan(bill.amount_fen, found.payers),
        lines=found.lines,
        order_version=found.order_version,
        policies=found.policies,
    )
