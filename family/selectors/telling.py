"""What a beneficiary is told when asking who would pay: enough to plan by, too little to read a relative's balance.

Somebody who may ask "would 300.00 be enough?" as often as they like, with any amount, finds a balance below 5,000.00 to the fen
in nineteen questions. Limiting the questions to a day only makes it last: a balance moves once or twice a month.

So the answer itself is coarse. What a relative could give, where that relative hasn't agreed to amounts, is rounded down to a rung of a
fixed ladder before anything is computed; whatever a page says afterwards of anybody - amounts of those who agreed and come
later, cash, the reason why somebody pays no more - follows from rungs, from caps that both sides know and from one's own money. However
bills, orders and the own balance are varied, two balances between the same two rungs give the same page, letter by letter. What can be learnt
is the pair of rungs, at the narrowest 100.00 apart (NARROWEST_FEN), and nothing at all above 5,000.00.

Where rounding decides, the answer is "perhaps not enough", and amounts that come after it are the most it can be. The number of
questions a day (`accounts.limits.ASK_WHO_PAYS`) is the second net: it keeps a script from watching for the moment at which a
balance passes a rung. What a payment itself shows - so much was taken, then nothing more - is hidden by nothing, but the giver is
told of every payment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise

from family import payer_words, words
from family.deduction import BARS, Stop, Taken, plan
from family.payers import Line, PayerList
from insurance.models.ledger import AccountPart

# Bills as people know them: a pharmacy, a visit, a week of treatment. Fewer rungs would say "perhaps" to nearly everybody.
RUNGS_FEN = (100_00, 300_00, 1_000_00, 3_000_00, 5_000_00)
NARROWEST_FEN = 100_00
# More than nearly every bill that is left to the patient at a counter; a larger question asks how rich somebody is.
MAX_BILL_FEN = RUNGS_FEN[-1]
# The bill a preview begins with: a visit to an outpatient department.
USUAL_BILL_FEN = 300_00


class Answer(StrEnum):
    """`PERHAPS`: enough or not, which is as much as is told."""

    ENOUGH = "enough"
    SHORT = "short"
    PERHAPS = "perhaps"
    NOT_NEEDED = "not_needed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Told:
    """One payer in an answer. `amount_fen` None is not told, `at_most`: no more than this, perhaps less.

    `why` is empty where there is nothing to explain; `label` is the relation, or which part of one's own
    account where it has parts.
    """

    place: int
    name: str
    label: str | Promise
    is_own: bool
    answer: Answer
    amount_fen: int | None
    at_most: bool
    why: str | Promise


@dataclass(frozen=True)
class Outcome:
    """A bill and who would pay it. `cash_at_most`: the cash is that or less."""

    bill_fen: int
    told: tuple[Told, ...]
    cash_fen: int
    cash_at_most: bool
    own_first: bool
    own_first_said: bool
    kept_unknown: bool


def rung(fen: int) -> int:
    """Rounded down to the ladder; 0 below it."""
    return max((one for one in RUNGS_FEN if one <= fen), default=0)


def outcome(found: PayerList, bill_fen: int) -> Outcome:
    """What the beneficiary may know. Raise ValueError for a bill that is larger than may be asked about."""
    if bill_fen > MAX_BILL_FEN:
        raise ValueError("such a bill is not asked about")
    lines = [_coarse(one) for one in _together(found.lines)]
    made = plan(bill_fen, [one.payer for one in lines])
    told = tuple(_told(lines, made.taken, bill_fen))
    unsure = any(one.answer is Answer.PERHAPS for one in told)
    return Outcome(
        bill_fen=bill_fen,
        told=told,
        cash_fen=made.cash_fen,
        cash_at_most=unsure and made.cash_fen > 0,
        own_first=found.own_first,
        own_first_said=found.own_first_said,
        kept_unknown=found.kept_unknown,
    )


def alone(found: PayerList, binding_id: int, bill_fen: int) -> Told | None:
    """What the beneficiary reads of this giver when it is the giver's turn with the whole bill; None outside of the list.

    For the giver, who must not learn from it what the beneficiary or other givers have.
    """
    place = _place_of(found, binding_id)
    mine = found._replace(lines=tuple(one for one in found.lines if one.binding_id == binding_id))
    told = outcome(mine, bill_fen).told
    return replace(told[0], place=place) if told else None


def stop_of(found: PayerList, binding_id: int) -> Stop | None:
    """Why this giver pays nothing at all, None where they could; for the giver alone."""
    bars = [one.payer.barred for one in found.lines if one.binding_id == binding_id]
    return bars[0] if bars else None


def _place_of(found: PayerList, binding_id: int) -> int:
    places = [one.binding_id for one in _together(found.lines)]
    return places.index(binding_id) + 1 if binding_id in places else 0


def _together(lines: Iterable[Line]) -> list[Line]:
    """A giver's accounts as one: their caps count together, and a cap less one account would tell what is in that account."""
    found: list[Line] = []
    for line in lines:
        if found and not line.is_own and found[-1].binding_id == line.binding_id:
            first = found[-1].payer
            both = first._replace(usable_fen=first.usable_fen + line.payer.usable_fen)
            found[-1] = found[-1]._replace(payer=both, part="")
        else:
            found.append(line)
    return found


def _coarse(line: Line) -> Line:
    if line.shows_amounts:
        return line
    return line._replace(payer=line.payer._replace(usable_fen=rung(line.payer.usable_fen)))


def _told(lines: list[Line], taken: Iterable[Taken], bill_fen: int) -> Iterator[Told]:
    due, at_most = bill_fen, False
    for place, (line, one) in enumerate(zip(lines, taken, strict=True), start=1):
        answer = _answer(line, one, due)
        why = payer_words.OF_OWN if line.is_own else payer_words.OF_RELATIVE
        explained = answer in {Answer.SHORT, Answer.NOTHING}
        yield Told(
            place=place,
            name=line.name,
            label=_label(line),
            is_own=line.is_own,
            answer=answer,
            amount_fen=one.amount_fen if line.shows_amounts else None,
            at_most=at_most and one.amount_fen > 0,
            why=why[one.stop] if explained else "",
        )
        due -= one.amount_fen
        at_most = at_most or answer is Answer.PERHAPS


def _answer(line: Line, taken: Taken, due: int) -> Answer:
    if taken.stop in BARS:
        return Answer.NOTHING
    if due == 0:
        return Answer.NOT_NEEDED
    if taken.amount_fen == due:
        return Answer.ENOUGH
    # Rounded down: more may be there. A cap is what it is.
    rounded = not line.shows_amounts and taken.stop in {Stop.BALANCE_USED, Stop.LIMIT_USED}
    return Answer.PERHAPS if rounded else Answer.SHORT


def _label(line: Line) -> str | Promise:
    if not line.is_own:
        return words.RELATIONS[line.relation]
    return AccountPart(line.part).label if line.part not in {"", AccountPart.WHOLE} else ""
