"""Forty facts whose answers were worked out by hand from the domain facts, before any rule was run on them.

Each row: the section it comes from, the rule, the area, the day, the facts, the verdict, the figures it is about.
"""

from datetime import date

import pytest

from insurance import explaining, rule_facts
from tests.insurance.rules.in_memory import policy_on

NOW = "2026-11-21"


def paid(area, first, last, kind="actual", scheme="employee", status="paid"):
    return {
        "area": area,
        "from": first,
        "to": last,
        "kind": kind,
        "scheme": scheme,
        "status": status,
    }


def years(sex, *periods, insured=True):
    return {"sex": sex, "insured_now": insured, "periods": list(periods)}


def leaves(case, applicant="self"):
    return {"case": case, "applicant": applicant}


def link(relation, area, *, scheme="employee", account=True, to="resident"):
    return {
        "relation": relation,
        "giver": {"scheme": scheme, "has_account": account},
        "beneficiary": {"scheme": to, "area": area},
    }


def buys(use, who="self", designated=None):
    return {"use": use, "for": who, "provider_designated": designated}


def month(text, person_type, *, age=40, base=None, paid=True):
    return {
        "month": text,
        "person_type": person_type,
        "age": age,
        "base_fen": base,
        "paid": paid,
    }


def kind(code, birth):
    return {"kind": code, "birth_month": birth}


FACTS = [
    # 1965-05 is four months after the base: the second step.
    ("3.6", "retirement", "110000", NOW, kind("M60", "1965-05"), "yes", {"delay_months": 2, "retirement_month": "2025-07"}),
    # The warning of the paper: 61 years and 5 months, where a public engine says 4.
    ("3.6", "retirement", "440100", NOW, kind("M60", "1970-08"), "yes", {"age_months": 737, "retirement_month": "2032-01"}),
    ("3.6", "retirement", "341600", NOW, kind("M60", "1990-01"), "yes", {"delay_months": 36, "retirement_month": "2053-01"}),
    ("3.6", "retirement", "430100", NOW, kind("F55", "1969-12"), "yes", {"delay_months": 0, "retirement_month": "2024-12"}),
    ("3.6", "retirement", "310000", NOW, kind("F55", "1981-09"), "yes", {"delay_months": 36, "age_months": 696}),
    ("3.6", "retirement", "310000", NOW, kind("F50", "1975-02"), "yes", {"delay_months": 1, "retirement_month": "2025-03"}),
    ("3.6", "retirement", "310000", NOW, kind(None, "1975-02"), "unknown", {"delay_months": None}),
    ("3.4 Shanghai", "contribution-years", "310000", NOW, years("male", paid("310000", "2005-01", "2020-01")), "yes", {"total_months": 181, "needed_total_months": 180, "missing_months": 0}),
    ("3.3 exceeding 15", "contribution-years", "310000", NOW, years("male", paid("310000", "2005-01", "2019-12")), "staff_decides", {"total_months": 180, "missing_months": None}),
    ("3.1 years add up", "contribution-years", "310000", NOW, years("female", paid("320100", "2000-01", "2009-12"), paid("310000", "2010-01", "2014-06")), "no", {"total_months": 174, "local_actual_months": 54, "missing_months": 6}),
    # Deemed years count in the total (S18), not among the actual ones.
    ("3.1 deemed", "contribution-years", "310000", NOW, years("male", paid("310000", "1990-01", "1992-12", "deemed"), paid("310000", "2000-01", "2013-12")), "yes", {"total_months": 204, "actual_months": 168, "deemed_months": 36}),
    ("3.4 Dalian", "contribution-years", "210200", NOW, years("female", paid("210200", "2000-01", "2021-12")), "staff_decides", {"total_months": 264, "needed_total_months": None}),
    # Short by either reading: 240 and 300.
    ("3.4 Dalian", "contribution-years", "210200", NOW, years("female", paid("210200", "2005-01", "2014-12")), "no", {"needed_total_months": None}),
    ("3.4 Liaoning", "contribution-years", "210100", NOW, years("male", paid("210100", "2015-01", "2020-12")), "no", {"needed_total_months": 360, "needed_local_actual_months": 120, "missing_months": 288}),
    ("3.4 Beijing", "contribution-years", "110000", NOW, years("female", paid("110000", "2007-01", "2025-12")), "no", {"total_months": 228, "needed_total_months": 240}),
    # The total is met, but only the article says that five of the years have to be local.
    ("3.4 Hangzhou", "contribution-years", "330100", NOW, years("male", paid("330100", "2000-01", "2024-12")), "staff_decides", {"needed_total_months": 240}),
    ("3.4 Chengdu, 15 unbroken", "contribution-years", "510100", NOW, years("male", paid("510100", "2006-01", "2020-12")), "unknown", {"total_months": 180}),
    ("3.4 Chengdu, broken", "contribution-years", "510100", NOW, years("male", paid("510100", "2000-01", "2009-12"), paid("510100", "2011-01", "2016-12")), "no", {"total_months": 192}),
    ("3.4 Bozhou", "contribution-years", "341600", NOW, years("male"), "unknown", {"total_months": 0, "needed_total_months": None}),
    # In Guangdong service counts as actual (art. 7) while the document is in force; 96 + 24 local months meet art. 8.
    ("3.1 military", "contribution-years", "440100", "2025-06-30", years("male", paid("440100", "2010-01", "2011-12", "military"), paid("440100", "2012-01", "2019-12")), "unknown", {"actual_months": 120, "local_actual_months": 120, "needed_local_actual_months": 120}),
    ("4.1 Jiangsu list", "withdrawal", "320100", NOW, leaves("PENSION_CLEARED"), "yes", {"working_days": 10}),
    ("4.1 Jiangsu, heir only", "withdrawal", "320100", NOW, leaves("DEATH"), "no", {"working_days": None}),
    ("4.1, 9 seed 001", "withdrawal", "320100", NOW, leaves("REMOTE_RESIDENCE"), "no", {"working_days": None}),
    ("4.1 foreigner", "withdrawal", "450100", NOW, leaves("FOREIGNER_LEAVES", "heir"), "yes", {"working_days": None}),
    ("4.1 HK, Macao, Taiwan", "withdrawal", "310000", "2019-12-31", leaves("HMT_LEAVES"), "unknown", {}),
    ("4.1 Beijing, before the day", "withdrawal", "110000", "2022-08-31", leaves("PRE_2022_BJ"), "unknown", {}),
    ("0, 4.1 Guangdong run out", "withdrawal", "440100", NOW, leaves("MOVE_IN_PROVINCE"), "staff_decides", {"working_days": None}),
    ("4.1 give up", "withdrawal", "330100", NOW, leaves("GIVE_UP"), "unknown", {}),
    ("2.2 in-laws", "family-aid", "320100", NOW, link("child_in_law", "320100"), "no", {"money_model": None}),
    ("2.2 before 2024-08", "family-aid", "310000", "2022-05-01", link("maternal_grandchild", "310000"), "no", {"money_model": None}),
    ("2.3, 2.4 C", "family-aid", "320100", "2024-12-09", link("parent", "320500"), "yes", {"money_model": "direct_debit"}),
    ("2.3 before 2021-04-22", "family-aid", "320100", "2021-04-21", link("spouse", "320100"), "unknown", {"money_model": None}),
    ("2.4 A, last day", "family-aid", "420100", "2026-01-08", link("spouse", "510100"), "yes", {"money_model": "wallet_transfer"}),
    ("2.3 not on the list", "family-aid", "420100", "2025-06-01", link("spouse", "330100"), "unknown", {"money_model": None}),
    ("2.4 B, first day", "family-aid", "420100", "2026-01-09", link("spouse", "510100"), "staff_decides", {"money_model": None}),
    ("1.2 LTC, national day", "spending", "450100", "2026-01-08", buys("LTC_PREMIUM", "relative"), "unknown", {}),
    ("1.2 LTC, Jiangsu", "spending", "320100", "2025-06-30", buys("LTC_PREMIUM", "relative"), "yes", {}),
    ("1.3 treatment dentistry", "spending", "620100", NOW, buys("TREATMENT_DENTISTRY", "self", True), "yes", {}),
    ("5.2 Beijing", "monthly-credit", "110000", NOW, month("2026-10", "retired", age=72), "yes", {"expected_fen": 11000}),
    # 2% of 6,543.21 yuan is 130.8642: rounded to the fen.
    ("1.1 F1.1", "monthly-credit", "310000", NOW, month("2026-10", "in_service", base=654321), "yes", {"expected_fen": 13086}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "rule", "area", "day", "raw", "verdict", "figures"),
    FACTS,
    ids=[f"{one[1]}: {one[0]}" for one in FACTS],
)
def test_the_rule_says_what_the_papers_say(section, rule, area, day, raw, verdict, figures):
    facts = rule_facts.read(rule, area, raw)
    told = explaining.as_dict(
        explaining.decide(
            rule, area=area, on=date.fromisoformat(day), facts=facts, policy_on=policy_on
        )
    )
    assert told["verdict"] == verdict, [one["message"] for one in told["findings"]]
    assert {key: told["figures"].get(key) for key in figures} == figures
    assert told["verdict"] == "unknown" or any(one["sources"] for one in told["findings"])


def test_there_are_forty_of_them():
    assert len(FACTS) == 40
