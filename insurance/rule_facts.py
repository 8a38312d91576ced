"""Facts as JSON → the frozen facts of a rule. Pure.

A fault names the field as it stands in the JSON, `periods[2].from`, and says what it takes.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from insurance import areas, counting
from insurance.counting import Period
from insurance.periods import FIRST_YEAR, LAST_YEAR, Month, MonthError
from insurance.policy_names import APPLICANTS, CASES, PERSONS, RELATIVES, USES
from insurance.rules import (
    contribution_years,
    family_aid,
    monthly_credit,
    retirement,
    spending,
    withdrawal,
)
from insurance.rules.contribution_years import YearsFacts
from insurance.rules.family_aid import FamilyAidFacts
from insurance.rules.monthly_credit import CreditFacts
from insurance.rules.retirement import RetirementFacts
from insurance.rules.spending import SpendingFacts
from insurance.rules.withdrawal import WithdrawalFacts

PERIOD_KINDS = (
    counting.ACTUAL,
    counting.BACKPAID,
    counting.DEEMED,
    counting.MILITARY,
    counting.UNEMPLOYMENT_FUND,
)
STATUSES = (counting.PAID, "unpaid", "pending", "refunded", "void")
SCHEMES = (counting.EMPLOYEE, "resident")
RELATIONS = (*RELATIVES, "parent_in_law", "child_in_law")
# The account's own question of the years to be bought is a matter of contribution years.
SPENDING_USES = tuple(use for use in USES if use != "YEARS_BACKPAY")
# More than any career has runs, and a list that no page could show.
MAX_PERIODS = 2000
MAX_AGE = 150
# Twelve digits of yuan, as everywhere.
MAX_FEN = 10**14
SHOWN = 40
ABSENT = object()
T = TypeVar("T")


class FactsError(ValueError):
    """`field` is the path inside the facts, `takes` what may stand there."""

    def __init__(self, field: str, takes: str) -> None:
        self.field, self.takes = field, takes
        super().__init__(f"{field}: {takes}")


class Fields:
    """An object whose fields are taken one by one; what is left over at the end is a fault."""

    def __init__(self, raw: Any, path: str = "") -> None:
        if not isinstance(raw, Mapping):
            raise FactsError(path or "facts", "takes an object")
        self.left = dict(raw)
        self.path = path

    def name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, read: Callable[[str, Any], T]) -> T:
        return read(self.name(key), self.left.pop(key, ABSENT))

    def end(self) -> None:
        if self.left:
            key = json.dumps(min(self.left))[1:-1][:SHOWN]
            raise FactsError(self.name(key), "is not a field of this rule")


def parse(text: str) -> Any:
    """JSON of the facts. Raises FactsError."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except FactsError:
        raise
    except (ValueError, RecursionError):
        raise FactsError("facts", "takes a JSON object") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FactsError(json.dumps(key)[1:-1][:SHOWN], "stands there twice")
        found[key] = value
    return found


def one_of(*options: str, null: bool = False) -> Callable[[str, Any], Any]:
    takes = f"takes one of {', '.join(options)}{', null' if null else ''}"

    def read(field: str, value: Any) -> str | None:
        if null and value is None:
            return None
        if not isinstance(value, str) or value not in options:
            raise FactsError(field, takes)
        return value

    return read


def true_or_false(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise FactsError(field, "takes true or false")
    return value


def true_false_or_null(field: str, value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise FactsError(field, "takes true, false or null")
    return value


def whole(most: int, *, null: bool = False) -> Callable[[str, Any], int | None]:
    takes = f"takes a whole number from 0 to {most}{' or null' if null else ''}"

    def read(field: str, value: Any) -> int | None:
        if null and value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise FactsError(field, takes)
        return value

    return read


def month(field: str, value: Any) -> Month:
    takes = f"takes a month as YYYY-MM, from {FIRST_YEAR}-01 to {LAST_YEAR}-12"
    try:
        found = Month.parse(value) if isinstance(value, str) else None
    except MonthError:
        found = None
    # The register's own reader takes 202610 and more; a contract takes one form.
    if found is None or str(found) != value:
        raise FactsError(field, takes)
    return found


def area(field: str, value: Any) -> str:
    if not isinstance(value, str) or value == areas.NATION or not areas.is_known(value):
        raise FactsError(field, "takes the six-digit code of an area, the first two a province's")
    return value


def _area_or_null(field: str, value: Any) -> str | None:
    return None if value is None or value is ABSENT else area(field, value)


def _object(field: str, value: Any) -> Fields:
    return Fields(value if value is not ABSENT else None, field)


def retirement_facts(fields: Fields, code: str) -> RetirementFacts:
    return RetirementFacts(
        kind=fields.take("kind", one_of(*retirement.KINDS, null=True)),
        birth_month=fields.take("birth_month", month),
    )


def years_facts(fields: Fields, code: str) -> YearsFacts:
    return YearsFacts(
        sex=fields.take("sex", one_of("male", "female")),
        insured_now=fields.take("insured_now", true_or_false),
        periods=fields.take("periods", _periods),
    )


def _periods(field: str, value: Any) -> tuple[Period, ...]:
    if not isinstance(value, list) or len(value) > MAX_PERIODS:
        raise FactsError(field, f"takes a list of at most {MAX_PERIODS} periods")
    return tuple(_period(Fields(raw, f"{field}[{place}]")) for place, raw in enumerate(value))


def _period(fields: Fields) -> Period:
    period = Period(
        area=fields.take("area", area),
        from_month=fields.take("from", month),
        to_month=fields.take("to", month),
        scheme=fields.take("scheme", one_of(*SCHEMES)),
        kind=fields.take("kind", one_of(*PERIOD_KINDS)),
        status=fields.take("status", one_of(*STATUSES)),
    )
    fields.end()
    if period.to_month < period.from_month:
        raise FactsError(fields.name("to"), "takes a month not before that of from")
    return period


def withdrawal_facts(fields: Fields, code: str) -> WithdrawalFacts:
    return WithdrawalFacts(
        case=fields.take("case", one_of(*CASES)),
        applicant=fields.take("applicant", one_of(*APPLICANTS)),
    )


def family_aid_facts(fields: Fields, code: str) -> FamilyAidFacts:
    relation = fields.take("relation", one_of(*RELATIONS))
    giver, beneficiary = fields.take("giver", _object), fields.take("beneficiary", _object)
    giver_area = giver.take("area", _area_or_null)
    if giver_area not in (None, code):
        raise FactsError(giver.name("area"), f"takes {code}, the area that was asked about")
    scheme = beneficiary.take("scheme", one_of(*SCHEMES, family_aid.UNINSURED))
    insured = scheme != family_aid.UNINSURED
    facts = FamilyAidFacts(
        relation=relation,
        giver_scheme=giver.take("scheme", one_of(*SCHEMES, family_aid.UNINSURED)),
        giver_has_account=giver.take("has_account", true_or_false),
        giver_area=code,
        beneficiary_scheme=scheme,
        beneficiary_area=beneficiary.take("area", area if insured else _area_or_null),
    )
    giver.end()
    beneficiary.end()
    return facts


def spending_facts(fields: Fields, code: str) -> SpendingFacts:
    return SpendingFacts(
        use=fields.take("use", one_of(*SPENDING_USES)),
        person=fields.take("for", one_of(*PERSONS)),
        provider_designated=fields.take("provider_designated", true_false_or_null),
    )


def credit_facts(fields: Fields, code: str) -> CreditFacts:
    person_type = fields.take(
        "person_type", one_of(monthly_credit.IN_SERVICE, monthly_credit.RETIRED)
    )
    return CreditFacts(
        month=fields.take("month", month),
        person_type=person_type,
        # Only retired people are credited by age.
        age=fields.take("age", whole(MAX_AGE, null=person_type != monthly_credit.RETIRED)),
        base_fen=fields.take("base_fen", whole(MAX_FEN, null=True)),
        paid=fields.take("paid", true_or_false),
    )


READERS: dict[str, Callable[[Fields, str], Any]] = {
    retirement.RULE: retirement_facts,
    contribution_years.RULE: years_facts,
    withdrawal.RULE: withdrawal_facts,
    family_aid.RULE: family_aid_facts,
    spending.RULE: spending_facts,
    monthly_credit.RULE: credit_facts,
}


def read(rule: str, code: str, raw: Any) -> Any:
    """The facts of a rule of READERS about an area. Raises FactsError."""
    fields = Fields(raw)
    facts = READERS[rule](fields, code)
    fields.end()
    return facts
