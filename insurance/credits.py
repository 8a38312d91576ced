"""A month's credits for everybody: chunk by chunk, each with a commit of its own, so that a run can stop anywhere.

What was posted, how far the run is and its counts are of one transaction. The next chunk begins where the last commit ended,
and somebody whose month is credited already is left alone: a run may be started any number of times.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from insurance import credit_rows, ledger, policy_reading
from insurance.credit_plan import Answer, Planner
from insurance.credit_rows import ALREADY, SOURCE_KIND, Person
from insurance.models import CreditRun, PersonalAccount
from insurance.periods import Month
from insurance.policy_values import Policy

# Large enough that the look-ups of a chunk don't count, small enough that payments don't wait for its locks.
CHUNK_PEOPLE = 2000

audit.LABELS.update({"credit.begin": _("开始每月划入"), "credit.finish": _("完成每月划入")})


class MonthToCome(ValueError):
    """Nobody can have paid for it."""


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


def post_all(run: CreditRun, *, chunk: int = CHUNK_PEOPLE) -> Iterator[int]:
    """Post until everybody has been dealt with; yields the number of people of each committed chunk.

    Reads all it decides by after its locks: the run's row, then the accounts in id order.
    """
    rules = Rules(run.day)
    planner = Planner(run.month, rules.policy_of)
    while done := _post_chunk(run.pk, planner, rules, chunk):
        yield done


def look(*, month: Month, chunk: int = CHUNK_PEOPLE) -> Iterator[list[tuple[Person, Answer]]]:
    """What a run would do now with everybody; nothing is locked or written. Raise `MonthToCome`."""
    _expect_begun(month)
    planner = Planner(month, Rules(month.first_day).policy_of)
    after = 0
    while people := credit_rows.people(after=after, most=chunk):
        after = people[-1].id
        yield _answers(people, credit_rows.taking(credit_rows.open_accounts(people)), planner)


def tally_of(run: CreditRun) -> Tally:
    """The run's counts so far."""
    return Tally(run.credited, run.amount_fen, run.same, Counter(run.not_credited), run.last_person)


def _expect_begun(month: Month) -> None:
    if month > Month.containing(timezone.localdate()):
        raise MonthToCome(str(month))


@transaction.atomic
def _post_chunk(run_id: int, planner: Planner, rules: Rules, most: int) -> int:
    """How many people; 0 when the run is finished."""
    run = CreditRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:  # by another process that ran beside this one
        return 0
    people = credit_rows.people(after=run.last_person, most=most)
    if not people:
        _finish(run)
        return 0
    book = ledger.open_book(person_ids=[one.id for one in people])
    accounts = credit_rows.taking(book.accounts.values())
    tally = tally_of(run)
    for person, answer in _answers(people, accounts, planner):
        if not answer.reason:
            book.take(accounts[person.id].pk, _line(run.month, person, answer))
        tally.count(answer)
    book.write()
    tally.last_person = people[-1].id
    run.versions = sorted({*run.versions, *rules.versions})
    _keep(run, tally)
    return len(people)


def _answers(
    people: Sequence[Person], accounts: dict[int, PersonalAccount], planner: Planner
) -> list[tuple[Person, Answer]]:
    cases = credit_rows.cases(people, accounts, planner.month)
    return [(one, planner.answer(case)) for one, case in zip(people, cases, strict=True)]


def _line(month: Month, person: Person, answer: Answer) -> ledger.Line:
    return ledger.Line(
        kind=answer.kind,
        amount_fen=answer.fen,
        for_month=month,
        source_kind=SOURCE_KIND,
        source_ref=f"{month}/{person.id}",
    )


def _keep(run: CreditRun, tally: Tally) -> None:
    run.credited, run.amount_fen, run.same = tally.credited, tally.amount_fen, tally.same
    run.not_credited, run.last_person = dict(tally.reasons), tally.last_person
    run.save()


def _finish(run: CreditRun) -> None:
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    details = {"month": str(run.month), "credited": run.credited, "same": run.same}
    audit.record(actor=None, action="credit.finish", subject=run, details=details)
