"""What somebody has answered on the way to a new binding: kept between the pages, and sent once.

The answers stand encrypted in a draft of the login, so that a time-out or another device loses nothing and no address holds a
name. The draft's row is the lock of sending: of two presses of one button the second finds what the first has become.
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import drafts
from accounts.id_number import IdNumber
from accounts.models import Draft, User
from family import bindings, eligibility, letter
from family.acting import Pressed
from family.eligibility import Check
from family.models import Evidence, MoneyModel
from family.moves import Side
from family.place_rules import PlaceRules
from family.proposals import Proposal
from family.reasons import Code
from family.records import AgeGroup, Party, Said
from family.relations import Relation, inverse
from insurance.models import InsuredPerson

FORM_KEY = "family.add"


class Step(StrEnum):
    """The questions, in their order."""

    SIDE = "side"
    RELATION = "relation"
    INSURED = "insured"
    WHO = "who"
    SEES = "sees"
    TERMS = "terms"
    LETTER = "letter"


class NotBegun(Exception):
    """There is no such form: it was begun anew, or too long ago."""


class Changed(Exception):
    """The answers are not those that were shown, or not all are given: look again, then send."""


class Twin(Exception):
    """Another form proposed the same to the same person, and waits for the answer."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(reference)


class Sent(Exception):
    """This form was sent before and has become the case with this number."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(reference)


def _private() -> Any:
    """For what must not reach a log through somebody's `repr`."""
    return field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """As the forms gave them, in one vocabulary; what was not asked yet is blank, and `done` names the steps that were.

    `relative` is what the other person is to whoever asks. `scheme` and `area` are "" where nobody knows. Amounts are fen, None
    is no cap; `from_day` None is at once.
    """

    side: str = ""
    relative: str = ""
    scheme: str = ""
    area: str = ""
    name: str = _private()
    id_number: str = _private()
    shows_amounts: bool = False
    uses: tuple[str, ...] = ()
    cap_month_fen: int | None = None
    cap_bill_fen: int | None = None
    limit_fen: int | None = None
    from_day: date | None = None
    to_day: date | None = None
    signed_name: str = _private()
    letter: str = ""
    done: frozenset[Step] = frozenset()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the payer lets be seen is for the payer to say."""
        return tuple(one for one in Step if one is not Step.SEES or self.side != Side.BENEFICIARY)

    @property
    def open_step(self) -> Step | None:
        """The first question without an answer. A letter of an older wording has to be signed again."""
        done = self.done if self.letter == letter.CURRENT else self.done - {Step.LETTER}
        return next((one for one in self.steps if one not in done), None)

    def reaches(self, step: Step) -> bool:
        """Whether everything before that question is answered."""
        before = self.steps[: self.steps.index(step)] if step in self.steps else self.steps
        return step in self.steps and self.done.issuperset(before)

    @property
    def relation(self) -> Relation:
        """What the beneficiary is to the giver."""
        said = Relation(self.relative)
        return said if self.side == Side.GIVER else inverse(said)

    def first_day(self, today: date) -> date | None:
        """The day that was asked for, or today where it is over; None is at once."""
        return max(self.from_day, today) if self.from_day else None

    def answered(self, step: Step, values: dict[str, Any]) -> "Answers":
        """With the answer to one question. Who changes sides signs the other side's promises."""
        done = self.done | {step}
        if values.get("side", self.side) != self.side:
            done -= {Step.LETTER}
        return replace(self, **values, done=done)


@dataclass(frozen=True)
class Kept:
    """`form` names this form on its last page, `version` grows with every answer, `reference` is what it became or ""."""

    answers: Answers
    form: str
    version: int
    reference: str


@dataclass(frozen=True)
class Place:
    """Where a form is kept: with whoever types, for whom it is."""

    user: User
    owner: InsuredPerson

    @property
    def key(self) -> str:
        return f"{FORM_KEY} {self.owner.reference}"


def kept(place: Place) -> Kept | None:
    """What there is, None where nothing was begun lately. One query."""
    return _read(_rows(place).first())


def begin(place: Place) -> None:
    """A new form; what was answered before is forgotten."""
    _write(place, Kept(Answers(), secrets.token_urlsafe(16), 0, ""))


def answer(place: Place, step: Step, values: dict[str, Any]) -> Answers:
    """Keep the answer to one question.

    Raises `NotBegun`, `Sent` where there is nothing left to answer, `Changed` where a question before it is open again.
    """
    with transaction.atomic():
        now = _open(_read(_rows(place).select_for_update().first()))
        if not now.answers.reaches(step):
            raise Changed
        answers = now.answers.answered(step, values)
        _write(place, Kept(answers, now.form, now.version + 1, ""))
    return answers


def check(person: InsuredPerson, answers: Answers, *, day: date, guarded: bool = False) -> Check:
    """By the own record and by what was said: nothing here depends on whether the other person exists.

    `guarded`: the person is a child, and a recorded guardian types.
    """
    side = Side(answers.side)
    found = eligibility.precheck(
        person=person,
        side=side,
        said=Said(
            relation=answers.relation,
            scheme=answers.scheme,
            area=answers.area,
            id_number=answers.id_number,
        ),
        day=day,
        from_day=answers.first_day(day),
        to_day=answers.to_day,
        asks_limit=side is Side.GIVER and Step.TERMS in answers.done,
        limit_fen=answers.limit_fen,
        guarded=guarded,
    )
    if Step.INSURED in answers.done:
        return found
    # Not said, because it was not asked yet.
    return replace(found, hints=tuple(one for one in found.hints if one.code != Code.NOT_SAID))


def group(id_number: str, rules: PlaceRules, day: date) -> AgeGroup:
    """Of somebody of whom nothing is known but the number that was typed."""
    stranger = Party(born=IdNumber(id_number).born)
    return stranger.group_on(day, guardian_below=rules.guardian_below_age, adult=rules.adult_age)


def send(*, owner: InsuredPerson, form: str, version: int, **pressed: Unpack[Pressed]) -> str:
    """Propose the binding and return its number; of a form that was sent before, the number it has already.

    Two presses at once find each other in `bindings.propose`: an open proposal to the same person is never made twice. Raises
    `NotBegun`, `Changed`, `bindings.NotPossible`, `bindings.TooMany`, `bindings.NotAllowed`; `Twin` where the proposal to the same person is another
    form's. Everything is judged again by what is kept, not by what a page said.
    """
    place = Place(pressed["by"], owner)
    now = kept(place)
    if now is None or now.form != form:
        raise NotBegun
    if now.reference:
        return now.reference
    answers = now.answers
    if now.version != version or answers.open_step is not None:
        raise Changed
    try:
        made = bindings.propose(
            initiator=owner,
            side=Side(answers.side),
            proposal=proposal_of(owner, answers),
            signed_name=answers.signed_name,
            **pressed,
        )
    except bindings.WrongSignature:
        raise Changed from None
    except bindings.AlreadyProposed as twin:
        raise Twin(twin.reference) from None
    _write(place, replace(now, answers=Answers(), reference=made.reference))
    return made.reference


def proposal_of(
    person: InsuredPerson, answers: Answers, *, evidence: Evidence = Evidence.COMMITMENT_LETTER
) -> Proposal:
    """What the answers come to; a limit counts only where the money flows by one."""
    today = timezone.localdate()
    model = check(person, answers, day=today).money_model
    return Proposal(
        relation=answers.relation,
        name=answers.name,
        id_number=answers.id_number,
        said_scheme=answers.scheme,
        said_area=answers.area,
        uses=answers.uses,
        cap_month_fen=answers.cap_month_fen,
        cap_bill_fen=answers.cap_bill_fen,
        limit_fen=answers.limit_fen if model == MoneyModel.LIMIT else None,
        from_day=answers.first_day(today) or today,
        to_day=answers.to_day,
        shows_amounts=answers.shows_amounts and answers.side == Side.GIVER,
        evidence=evidence,
    )


def _rows(place: Place) -> QuerySet[Draft]:
    return Draft.objects.filter(
        user=place.user, form_key=place.key, saved_at__gte=timezone.now() - drafts.KEEP
    )


def _open(found: Kept | None) -> Kept:
    if found is None:
        raise NotBegun
    if found.reference:
        raise Sent(found.reference)
    return found


def _write(place: Place, now: Kept) -> None:
    plain = {
        name: _plain(value)
        for name, value in asdict(now.answers).items()
        if value not in ("", None)
    }
    data = {
        "answers": plain,
        "form": now.form,
        "version": now.version,
        "reference": now.reference,
    }
    Draft.objects.update_or_create(
        user=place.user, form_key=place.key, defaults={"data": json.dumps(data, ensure_ascii=False)}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _read(row: Draft | None) -> Kept | None:
    if row is None:
        return None
    data = json.loads(row.data)
    known = {one.name for one in fields(Answers)}
    values = {name: value for name, value in data["answers"].items() if name in known}
    for name in {"from_day", "to_day"} & values.keys():
        values[name] = date.fromisoformat(values[name])
    values["uses"] = tuple(values.get("uses", ()))
    values["done"] = frozenset(Step(one) for one in values.get("done", ()))
    return Kept(Answers(**values), data["form"], data["version"], data["reference"])
