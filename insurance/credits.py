"""A month's credits for everybody: chunk by chunk, each with a commit of its own, so that a run can stop anywhere.

What was posted, how far the run is and its counts are of one transaction. The next chunk begins where the last commit ended,
and somebody whose month is credited already is left alone: a run may be started any number of times.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from insurance import credit_lanes, credit_rows, credit_sets, ledger, ledger_sets, policy_reading
from insurance.account_rows import Account
from insurance.credit_lanes import Turn
from insurance.credit_plan import Answer, Planner
from insurance.credit_rows import ALREADY, SOURCE_KIND, Person, Span
from insurance.credit_sets import ACCOUNT, Answers
from insurance.models import CreditRun
from insurance.periods import Month
from insurance.policy_values import Policy

# Large enough that the look-ups of a chunk don't count, small enough that payments don't wait for its locks: both stand for less than
# a second. PostgreSQL deals with whole sets, two chunks beside each other.
CHUNK_PEOPLE, CHUNK_OF_SETS = 2000, 10_000
# In so many parts PostgreSQL gets a chunk, so that neither side waits for the other.
PARTS = 2

audit.LABELS.update({"credit.begin": _("开始每月划入"), "credit.finish": _("完成每月划入")})


class MonthToCome(ValueError):
    """Nobody can have paid for it."""


class _Overtaken(Exception):
    """Another run of the month was here meanwhile."""


@dataclass
class Tally:
    """People and fen; `reasons` counts the people that got nothing by why. `last_person` is the key of the last one seen."""

    credited: int = 0
    amount_fen: int = 0
    same: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    last_person: int = 0

    def count(self, answer: Answer) -> None:
        if answer.reason == ALREADY:
            self.same += 1
        elif answer.reason:
            self.reasons[answer.reason] += 1
        else:
            self.credited += 1
            self.amount_fen += answer.fen

    def add(self, other: "Tally") -> None:
        """What came after this."""
        self.credited += other.credited
        self.amount_fen += other.amount_fen
        self.same += other.same
        self.reasons += other.reasons
        self.last_person = other.last_person


class Rules:
    """The policies of a day, each area read once for a whole run, and the versions that were asked."""

    def __init__(self, day: date) -> None:
        self._day = day
        self.versions: set[int] = set()
        self.policy_of = cache(self._read)

    def _read(self, area: str) -> Policy:
        policy = policy_reading.values_on(area, self._day)
        self.versions.update(policy.versions)
        return policy


def begin(*, month: Month) -> CreditRun:
    """The month's run: a stopped one goes on, a finished one goes through everybody anew. Raise `MonthToCome`."""
    _expect_begun(month)
    with transaction.atomic():
        CreditRun.objects.get_or_create(month=month.index, defaults={"day": month.first_day})
        run = CreditRun.objects.select_for_update().get(month=month.index)
        if run.finished_at is not None:
            run.finished_at, run.last_person, run.versions = None, 0, []
            _keep(run, Tally())
        audit.record(actor=None, action="credit.begin", subject=run, details={"month": str(month)})
    return run


def post_all(run: CreditRun, *, chunk: int | None = None, lanes: bool = True) -> Iterator[int]:
    """Post until everybody has been dealt with; yields the number of people of each committed chunk, in their order.

    On PostgreSQL two chunks go beside each other, unless `lanes` is False or the caller has something to commit.

    A chunk reads all it decides by after its locks: the accounts in id order. The run's row comes last, and says whether another
    process was faster: then nothing of the chunk stands, and this one goes on behind the other.
    """
    rules = Rules(run.day)
    answers = Answers(Planner(run.month, rules.policy_of))
    work = partial(_post_chunk, run.pk, answers, rules, chunk or _most())
    # Other connections don't see what a caller hasn't committed.
    lanes = lanes and credit_sets.is_possible() and not connection.in_atomic_block
    flow = credit_lanes.beside if lanes else credit_lanes.one_by_one
    while not _is_finished(run.pk):
        with suppress(_Overtaken):
            yield from flow(work)


def look(*, month: Month, chunk: int | None = None) -> Iterator[list[tuple[str, Answer]]]:
    """What a run would do now with everybody, by the agency's number; nothing is locked or written. Raise `MonthToCome`."""
    _expect_begun(month)
    answers = Answers(Planner(month, Rules(month.first_day).policy_of))
    after = 0
    while within := credit_rows.span(after=after, most=chunk or _most()):
        after = within.last
        told = _looked(within, answers)
        numbers = credit_rows.numbers(within)
        yield [(numbers[person_id], told[person_id]) for person_id in sorted(told)]


def tally_of(run: CreditRun) -> Tally:
    """The run's counts so far."""
    return Tally(run.credited, run.amount_fen, run.same, Counter(run.not_credited), run.last_person)


def _expect_begun(month: Month) -> None:
    if month > Month.containing(timezone.localdate()):
        raise MonthToCome(str(month))


def _most() -> int:
    return CHUNK_OF_SETS if credit_sets.is_possible() else CHUNK_PEOPLE


@transaction.atomic
def _post_chunk(run_id: int, answers: Answers, rules: Rules, most: int, turn: Turn) -> int:
    """How many people; 0 when nobody is left."""
    after = turn.start()
    if after is None:
        after = CreditRun.objects.values_list("last_person", flat=True).get(pk=run_id)
    within = credit_rows.span(after=after, most=most)
    if within is None:
        return 0
    tally = Tally(last_person=within.last)
    post = _post_sets if credit_sets.is_possible() else _post_each
    people = post(within, answers, tally, turn)
    turn.wait()
    _add(run_id, after, tally, rules)
    return people


def _add(run_id: int, after: int, tally: Tally, rules: Rules) -> None:
    """Count a chunk that begins behind `after` into the run. Raise `_Overtaken`."""
    run = CreditRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None or run.last_person != after:
        raise _Overtaken
    total = tally_of(run)
    total.add(tally)
    run.versions = sorted({*run.versions, *rules.versions})
    _keep(run, total)


def _post_each(within: Span, answers: Answers, tally: Tally, turn: Turn) -> int:
    return _post_people(credit_rows.people(within), answers.planner, tally)


def _post_people(people: Sequence[Person], planner: Planner, tally: Tally) -> int:
    book = ledger.open_book(person_ids=[one.id for one in people])
    accounts = credit_rows.taking(book.accounts.values())
    for person, answer in _answers(people, accounts, planner):
        if not answer.reason:
            book.take(accounts[person.id].pk, _line(planner.month, person, answer))
        tally.count(answer)
    book.write()
    return len(people)


def _post_sets(within: Span, answers: Answers, tally: Tally, turn: Turn) -> int:
    """The usual people by statements of their own, and whoever is left each by himself; how many people.

    While the server deals with a part, the next one is thought about here.
    """
    ledger_sets.lock_of(first=within.first, last=within.last)
    turn.hold(within.last)
    month, people = answers.planner.month, 0
    sent: list[ledger_sets.Sent] = []
    others: list[int] = []
    with ledger_sets.flowing():
        for asked in [credit_sets.ask(part, month) for part in within.parts(PARTS)]:
            found = credit_sets.found(asked)
            sent.append(_pay_in(found.usual, answers, tally))
            others += found.others
            people += len(found.usual)
    for one in sent:
        one.expect_all()
    if others:
        people += _post_people(credit_rows.people(within, only=others), answers.planner, tally)
    return people


def _pay_in(rows: Sequence[credit_sets.Row], answers: Answers, tally: Tally) -> ledger_sets.Sent:
    account_ids, kinds, amounts = [], [], []
    for row, answer in answers.of(rows):
        tally.count(answer)
        if not answer.reason:
            account_ids.append(row[ACCOUNT])
            kinds.append(answer.kind)
            amounts.append(answer.fen)
    month = answers.planner.month
    return ledger_sets.pay_in(
        account_ids=account_ids,
        kinds=kinds,
        amounts_fen=amounts,
        for_month=month,
        source_kind=SOURCE_KIND,
        source_start=_source(month),
        moment=timezone.now(),
    )


def _looked(within: Span, answers: Answers) -> dict[int, Answer]:
    """By the key of each person."""
    if credit_sets.is_possible():
        found = credit_sets.found(credit_sets.ask(within, answers.planner.month))
        told = {row[0]: answer for row, answer in answers.of(found.usual)}
        people = credit_rows.people(within, only=found.others)
    else:
        told, people = {}, credit_rows.people(within)
    if people:
        accounts = credit_rows.taking(credit_rows.open_accounts(people))
        told |= {one.id: answer for one, answer in _answers(people, accounts, answers.planner)}
    return told


def _answers(
    people: Sequence[Person], accounts: Mapping[int, Account], planner: Planner
) -> list[tuple[Person, Answer]]:
    cases = credit_rows.cases(people, accounts, planner.month)
    return [(one, planner.answer(case)) for one, case in zip(people, cases, strict=True)]


def _source(month: Month) -> str:
    """What a person's key is put behind."""
    return f"{month}/"


def _line(month: Month, person: Person, answer: Answer) -> ledger.Line:
    return ledger.Line(
        kind=answer.kind,
        amount_fen=answer.fen,
        for_month=month,
        source_kind=SOURCE_KIND,
        source_ref=f"{_source(month)}{person.id}",
    )


def _keep(run: CreditRun, tally: Tally) -> None:
    run.credited, run.amount_fen, run.same = tally.credited, tally.amount_fen, tally.same
    run.not_credited, run.last_person = dict(tally.reasons), tally.last_person
    run.save()


@transaction.atomic
def _is_finished(run_id: int) -> bool:
    """Finishes it where nobody is left."""
    run = CreditRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:  # by another process that ran beside this one
        return True
    if credit_rows.span(after=run.last_person, most=1):
        return False
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    details = {"month": str(run.month), "credited": run.credited, "same": run.same}
    audit.record(actor=None, action="credit.finish", subject=run, details=details)
    return True
