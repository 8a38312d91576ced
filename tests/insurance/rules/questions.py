"""One question or more of every rule, for the tests that walk over days and areas."""

from insurance import rule_facts
from insurance.policy_names import APPLICANTS, CASES, PERSONS

CITIES = [
    "110000",
    "310000",
    "320100",
    "330100",
    "340100",
    "341600",
    "210100",
    "210200",
    "440100",
    "440300",
    "450100",
    "510100",
    "620100",
    "622900",
    "623000",
    "430100",
    "810000",
]
PERIODS = [
    {"area": area, "from": first, "to": last, "kind": kind, "scheme": "employee", "status": "paid"}
    for area, first, last, kind in (
        ("320100", "1989-01", "1992-12", "deemed"),
        ("320100", "1996-01", "2008-12", "actual"),
        ("440100", "2008-06", "2018-12", "actual"),
        ("440100", "2019-01", "2019-06", "backpaid"),
        ("440100", "2020-01", "2020-12", "military"),
        ("210200", "2021-01", "2021-06", "unemployment_fund"),
    )
]


def of(rule):
    """Facts as JSON has them."""
    return {
        "retirement": _retirement,
        "contribution-years": _years,
        "withdrawal": _withdrawal,
        "family-aid": _aid,
        "spending": _spending,
        "monthly-credit": _credit,
    }[rule]()


def _retirement():
    return [{"kind": kind, "birth_month": "1976-09"} for kind in ("M60", "F55", "F50", None)]


def _years():
    return [
        {"sex": sex, "insured_now": insured, "periods": periods}
        for sex, insured, periods in (("male", True, PERIODS), ("female", False, PERIODS), ("male", True, []))
    ]  # fmt: skip


def _withdrawal():
    pairs = [(case, "self") for case in CASES] + [("DEATH", one) for one in APPLICANTS]
    return [{"case": case, "applicant": applicant} for case, applicant in pairs]


def _aid():
    return [
        {
            "relation": relation,
            "giver": {"scheme": scheme, "has_account": account},
            "beneficiary": {"scheme": to, "area": area},
        }
        for relation, scheme, account, to, area in (
            ("spouse", "employee", True, "resident", "320100"),
            ("sibling", "employee", True, "employee", "320500"),
            ("parent", "employee", True, "resident", "340100"),
            ("child", "employee", True, "resident", "622900"),
            ("parent_in_law", "resident", False, "none", None),
        )
    ]


def _spending():
    return [
        {"use": use, "for": who, "provider_designated": None}
        for use in rule_facts.SPENDING_USES
        for who in PERSONS
    ]


def _credit():
    return [
        {"month": month, "person_type": kind, "age": 72, "base_fen": 800000, "paid": True}
        for month in ("2020-01", "2023-01", "2026-10")
        for kind in ("in_service", "retired")
    ]
