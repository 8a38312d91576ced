"""Everybody who paid had agreed to, and so had whoever it was paid for; every other payer was the patient."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from claims.models import Settlement
from claims.verifying import histories, settlements
from claims.verifying.histories import History
from claims.verifying.reading import Fault, Reading, fault
from claims.verifying.settlements import SKEW, Settled, Share
from family.moves import Side, State
from insurance.periods import Month


def faults(reading: Reading) -> Iterator[Fault]:
    """I7: each charged binding, at the moment of the plan: whose it was, who had agreed, its state, days, uses and cap of a bill.

    What the register said of the givers on that day is not asked: facts come later and reach back.
    """
    for chunk in settlements.chunks(reading):
        used = {share.binding_id for one in chunk for share in one.shares if share.binding_id}
        known = histories.of(used) if used else {}
        for one in chunk:
            for share in one.shares:
                if code := _wrong(one, share, known):
                    yield fault(
                        code,
                        Settlement,
                        one.charge.reference,
                        position=share.position,
                        binding=share.binding_id,
                    )
                    break


def _wrong(one: Settled, share: Share, known: dict[int, History]) -> str:
    """The first thing that is wrong with a share, "" where nothing is."""
    day = timezone.localdate(one.decided_at)
    if share.month != Month.containing(day):
        return "month"
    if share.binding_id is None:
        return "" if share.account__person_id == one.charge.patient_id else "own_account"
    history = known.get(share.binding_id)
    if history is None:
        return "no_binding"
    return _wrong_party(one, share, history) or _wrong_terms(one, share, history, day)


def _wrong_party(one: Settled, share: Share, history: History) -> str:
    bound = history.bound
    if (bound.giver_id, bound.beneficiary_id) != (share.account__person_id, one.charge.patient_id):
        return "parties"
    sides = ((Side.GIVER, bound.giver_id), (Side.BENEFICIARY, bound.beneficiary_id))
    for side, person_id in sides:
        agreed = history.consents.get(str(side))
        if agreed is None or agreed.person_id != person_id:
            return f"consent_{side}"
        if agreed.given_at > one.decided_at + SKEW:
            return "consent_late"
    return ""


def _wrong_terms(one: Settled, share: Share, history: History, day: date) -> str:
    bound, moment = history.bound, one.decided_at
    if State.ACTIVE not in history.states_at(moment):
        return "state"
    if bound.usable_from is not None and bound.usable_from > moment + SKEW:
        return "cooling_down"
    ends = [last and str(last) for last in history.terms_at("to_day", moment)]
    # ISO dates sort as the days do; an event keeps them as text.
    if day < bound.from_day or not any(last is None or str(day) <= last for last in ends):
        return "days"
    if not any(one.charge.use in uses for uses in history.terms_at("uses", moment)):
        return "use"
    given = sum(each.amount_fen for each in one.shares if each.binding_id == share.binding_id)
    caps = history.terms_at("cap_bill_fen", moment)
    return "" if any(cap is None or given <= cap for cap in caps) else "bill_cap"
