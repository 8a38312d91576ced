"""Contribution months of many people at once, in one statement: `insurance.counting`'s total, set-based.

Rows stay periods. Month rows would take sixty times the room, and a window over the periods finds what each one adds to
those before it. Back-paid months and military service count, as the page of the person shows them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from insurance.counting import EMPLOYEE, PAID

# {larger} is the scalar maximum, which the two databases call by different names.
TOTALS = """
SELECT person_id,
       SUM({larger}(0, to_month - {larger}(from_month, COALESCE(covered_to + 1, from_month)) + 1)) AS months
FROM (
    SELECT person_id, from_month, to_month,
           MAX(to_month) OVER (
               PARTITION BY person_id ORDER BY from_month
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS covered_to
    FROM insurance_contributionperiod
    WHERE status = %s AND scheme = %s {people}
) AS periods
GROUP BY person_id
"""


def statement(people: QuerySet[Any] | None = None) -> tuple[str, list[Any]]:
    """The SQL and its parameters: person and months, for everybody or for the people of a one-column query."""
    larger = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    if people is None:
        return TOTALS.format(larger=larger, people=""), [PAID, EMPLOYEE]
    chosen, parameters = people.order_by().query.sql_with_params()
    text = TOTALS.format(larger=larger, people=f"AND person_id IN ({chosen})")
    return text, [PAID, EMPLOYEE, *parameters]


def totals(people: QuerySet[Any]) -> dict[int, int]:
    """Months by person; who has none is left out."""
    text, parameters = statement(people)
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return {person: int(months) for person, months in cursor.fetchall()}


def reached(people: QuerySet[Any], thresholds: Sequence[int]) -> tuple[int, ...]:
    """How many of them have at least so many months, for each threshold; the counting stays in the database."""
    text, parameters = statement(people)
    counted = ", ".join("SUM(CASE WHEN months >= %s THEN 1 ELSE 0 END)" for _one in thresholds)
    # Texts of ours and of the ORM; every value is a parameter.
    query = f"SELECT {counted} FROM ({text}) AS totals"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(query, [*thresholds, *parameters])
        return tuple(int(one or 0) for one in cursor.fetchone())
