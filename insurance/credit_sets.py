"""What `credit_rows` says of people and a month, for whole sets: one statement, on PostgreSQL.

It speaks of people about whom each table has one thing to say at most, nearly all of them; the others are named, and read as
`credit_rows` reads. So the reading exists twice, and the rule does not: here, too, `credit_plan` answers. A test holds the two readings
against each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection

from insurance.counting import PAID
from insurance.credit_plan import Answer, CreditCase, Enrolled, Paid, Planner
from insurance.credit_rows import ALREADY, BARRING, BRINGING, SOURCE_KIND, TAKING, Span, last_day
from insurance.models.enrolments import PersonType, Scheme
from insurance.models.ledger import CREDITS
from insurance.periods import Month


def _listed(words: Any) -> str:
    """Words of the code, as a list of SQL: the planner takes an index over some kinds only where it sees them."""
    return ", ".join(f"'{one!s}'" for one in sorted(words))


# The accounts' keys bound what is read of the month's credits: it grows while the month is posted. A birth date matters of the retired
# alone, and without it many people are one case. What is filled in here are words of the code.
STATEMENT = f"""
WITH own AS MATERIALIZED (
    SELECT id, person_id, area_id, part, closed_on FROM insurance_personalaccount
    WHERE person_id BETWEEN %(first)s AND %(last)s
), had AS (
    SELECT own.person_id, entry.source_kind = '{SOURCE_KIND}' AND undone.id IS NULL AS stands
    FROM insurance_ledgerentry AS entry
    JOIN own ON own.id = entry.account_id
    LEFT JOIN insurance_ledgerentry AS undone ON undone.reverses_id = entry.id
    WHERE entry.account_id BETWEEN (SELECT min(id) FROM own) AND (SELECT max(id) FROM own)
        AND entry.for_month = %(month)s AND entry.kind IN ({_listed(CREDITS)})
), barred AS (
    SELECT DISTINCT person_id FROM insurance_registerfact
    WHERE person_id BETWEEN %(first)s AND %(last)s AND kind IN ({_listed(BARRING)})
        AND withdrawn_at IS NULL
        AND from_day <= %(last_day)s AND (to_day IS NULL OR to_day >= %(first_day)s)
)
SELECT person.id, barred.person_id IS NOT NULL OR had.stands IS FALSE, taking.id,
    had.stands, taking.area_id,
    enrolled.area_id, enrolled.person_type = '{PersonType.RETIRED}', enrolled.has_account,
    CASE WHEN enrolled.person_type = '{PersonType.RETIRED}' THEN person.birth_date END,
    paid.area_id, paid.kind, paid.base_fen
FROM insurance_insuredperson AS person
LEFT JOIN barred ON barred.person_id = person.id
LEFT JOIN had ON had.person_id = person.id
LEFT JOIN own AS taking
    ON taking.person_id = person.id AND taking.closed_on IS NULL AND taking.part IN ({_listed(TAKING)})
LEFT JOIN insurance_enrolment AS enrolled
    ON enrolled.person_id = person.id AND enrolled.person_id BETWEEN %(first)s AND %(last)s
    AND enrolled.starts_on <= %(last_day)s
    AND (enrolled.ends_on IS NULL OR enrolled.ends_on >= %(first_day)s)
LEFT JOIN insurance_contributionperiod AS paid
    ON paid.person_id = person.id AND paid.person_id BETWEEN %(first)s AND %(last)s
    AND paid.scheme = '{Scheme.EMPLOYEE}' AND paid.status = '{PAID}' AND paid.kind IN ({_listed(BRINGING)})
    AND paid.from_month <= %(month)s AND paid.to_month >= %(month)s
WHERE person.id BETWEEN %(first)s AND %(last)s
"""  # nosec B608
# Where in a row the account stands, and where what decides begins.
ACCOUNT, DECIDING = 2, 3
# Nearly everybody in service has a base of his own; this many cases and their answers are thirty megabytes.
MOST_KEPT = 80_000
Row = tuple[Any, ...]


class Deciding(NamedTuple):
    """What of a row decides. None where a table has nothing to say; `has_it` whether a run credited the month."""

    has_it: bool | None
    account_area: str | None
    area: str | None
    is_retired: bool | None
    has_account: bool | None
    birth_date: date | None
    paid_area: str | None
    paid_kind: str | None
    base_fen: int | None

    def case(self) -> CreditCase:
        enrolled, paid = frozenset[Enrolled](), tuple[Paid, ...]()
        if self.area is not None:
            enrolled = frozenset(
                {Enrolled(self.area, bool(self.is_retired), bool(self.has_account))}
            )
        if self.paid_area is not None and self.paid_kind is not None:
            paid = (Paid(self.paid_area, self.paid_kind, self.base_fen),)
        barred = ALREADY if self.has_it else ""
        return CreditCase(self.birth_date, enrolled, paid, self.account_area or "", barred)


class Found(NamedTuple):
    """`usual`: of each person key, a mark, the account that takes credits (None without one), and the values of `Deciding`."""

    usual: list[Row]
    others: list[int]


class Answers:
    """What the planner says of rows: each different case of a run is put to it once."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self._known: dict[Row, Answer] = {}
        self._asking = Lock()

    def of(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Answer]]:
        """Each row and what its person gets."""
        known = self._known
        for row in rows:
            deciding = row[DECIDING:]
            answer = known.get(deciding)
            if answer is None:
                answer = self._ask(deciding)
            yield row, answer

    def _ask(self, deciding: Row) -> Answer:
        """Once, though several threads want to know."""
        with self._asking:
            if (answer := self._known.get(deciding)) is None:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                answer = self._known[deciding] = self.planner.answer(Deciding(*deciding).case())
        return answer


def is_possible() -> bool:
    return connection.vendor == "postgresql"


def ask(within: Span, month: Month) -> Any:
    """The question about everybody of the span, sent: for `found`."""
    values: dict[str, Any] = {
        "first": within.first,
        "last": within.last,
        "month": month.index,
        "first_day": month.first_day,
        "last_day": last_day(month),
    }
    cursor = connection.cursor()
    cursor.execute(STATEMENT, values)
    return cursor


def found(asked: Any) -> Found:
    """The usual people, and the keys of the others."""
    with asked as cursor:
        rows = cursor.fetchall()
    # Whoever comes twice has two things said of him somewhere.
    times = Counter([row[0] for row in rows])
    others = {row[0] for row in rows if row[1] or times[row[0]] > 1}
    usual = [row for row in rows if row[0] not in others] if others else rows
    return Found(usual, sorted(others))
