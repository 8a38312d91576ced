"""What making up missing months at once would cost. No document names the base today, so every number here is made up."""

from datetime import date

import pytest

from insurance import policy_days
from insurance.counting import Period
from insurance.explaining import as_dict
from insurance.periods import Month
from insurance.policy_names import CATALOGUE
from insurance.policy_values import Answer, Policy
from insurance.rules.contribution_years import YearsFacts, decide
from tests.insurance.policy_texts import entry, read
from tests.insurance.rules.in_memory import by_area, policy_on

NOW = date(2026, 11, 21)
YEARS = "contribution_years."
SECONDARY = {"confidence": "secondary", "sources": [{"id": "P1"}]}
DISPUTED = SECONDARY | {"mark": "disputed"}
CLAIM = {"confidence": "seed_only", "evidence": "seed", "sources": [{"id": "SEED"}]}


def said(name, value, **rest):
    return entry(name=name, value=value, unit=CATALOGUE[name].unit, **rest)


def needed(months, **rest):
    return said(YEARS + "needed_months.male", months, **rest)


def amount(fen, **rest):
    return said(YEARS + "shortfall_base_fen", fen, **rest)


def option(*codes, kind="complete", **rest):
    return said(YEARS + "shortfall_options", list(codes), list_kind=kind, **rest)


FORMULA = (
    said(YEARS + "shortfall_base", "city_average_wage_year_before_last"),
    said(YEARS + "shortfall_rate", "employer_rate"),
)
LOCAL = said(YEARS + "needed_local_actual_months", 0)
INSURED = said(YEARS + "must_be_insured_at_retirement", False)
RATE = entry(value="0.07")
KNOWN = (needed(180), LOCAL, INSURED, *FORMULA, amount(800123), RATE)


def place(*entries):
    """A place with these rules; of two entries of one name that are not disputed, the later one counts."""
    kept = []
    for one in entries:
        if not one.get("mark"):
            kept = [other for other in kept if other["name"] != one["name"]]
        kept.append(one)
    answers = {}
    for value in read(*kept).values:
        before = answers.get(value.name, Answer(value.name)).values
        answers[value.name] = Answer(value.name, (*before, value))
    return Policy("320100", NOW, answers)


def asked(*entries, months=168, kind="actual", insured=True):
    first = Month.parse("2000-01")
    paid = Period("320100", first, first + (months - 1), "employee", kind, "paid")
    return decide(YearsFacts("male", insured, (paid,)), place(*entries), NOW)


def cost(decision):
    return decision.figures["lump_sum_low_fen"], decision.figures["lump_sum_high_fen"]


def line(decision):
    (found,) = [one for one in as_dict(decision)["findings"] if one["code"].startswith("lump_sum")]
    return found


def test_missing_months_times_base_times_rate_in_whole_fen():
    told = asked(*KNOWN)
    # 12 × 8,001.23 yuan × 7% = 6,721.0332 yuan
    assert (told.verdict, cost(told)) == ("no", (672103, 672103))
    found = line(told)
    assert found["code"] == "lump_sum"
    for words in ("还差1年", "6,721.03 元", "四舍五入到分", "8,001.23 元", "7%"):
        assert words in found["message"], words
    assert {one["id"] for one in found["sources"]} == {"A1"}


def test_half_a_fen_is_counted_up_once_for_the_whole_sum():
    # 3 × 50 fen × 7% = 10.5 fen, and not three times 3.5.
    assert cost(asked(*KNOWN, amount(50), months=177)) == (11, 11)


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ((amount(800000, **DISPUTED), amount(900000, **DISPUTED)), 672000, 756000),
        ((entry(**DISPUTED), entry(value="0.08", **DISPUTED)), 672103, 768118),
        ((needed(180, **DISPUTED), needed(192, **DISPUTED)), 672103, 1344207),
        ((said(YEARS + "boundary", "unsettled"),), 672103, 728112),
    ],
)
def test_readings_that_differ_give_the_cheapest_and_the_dearest(change, low, high):
    names = {one["name"] for one in change}
    told = asked(*(one for one in KNOWN if one["name"] not in names), *change)
    assert cost(told) == (low, high)
    assert line(told)["code"] == "lump_sum_range"
    assert line(told)["verdict"] == "staff_decides"
    assert "由窗口核定" in line(told)["message"]


def test_months_that_perhaps_do_not_count_make_a_range():
    worked = [
        Period("320100", Month.parse(first), Month.parse(last), "employee", kind, "paid")
        for first, last, kind in (
            ("2000-01", "2013-06", "actual"),
            ("2013-07", "2013-12", "backpaid"),
        )
    ]
    told = decide(YearsFacts("male", True, tuple(worked)), place(*KNOWN), NOW)
    assert told.figures["missing_months"] is None
    assert cost(told) == (672103, 1008155)
    assert "还差1年到1年6个月" in line(told)["message"]


def test_whoever_may_lack_nothing_at_all_may_pay_nothing():
    disputed = (needed(160, **DISPUTED), needed(180, **DISPUTED))
    told = asked(*KNOWN[1:], *disputed)
    assert (told.verdict, cost(told)) == ("staff_decides", (0, 672103))
    assert "最多1年" in line(told)["message"]


def test_secondary_numbers_are_reckoned_with_and_have_to_be_confirmed():
    told = asked(*KNOWN, amount(800123, **SECONDARY))
    assert cost(told) == (672103, 672103)
    assert "12393" in line(told)["next_step"]


@pytest.mark.parametrize(
    ("entries", "open_", "verdict"),
    [
        (KNOWN[:5] + KNOWN[6:], "补足年限的基数是多少", "unknown"),
        (KNOWN[:6], "单位交", "unknown"),
        ((*KNOWN[:3], *KNOWN[5:]), "补足年限的基数、补足年限的费率", "unknown"),
        ((*KNOWN, amount(800123, **CLAIM)), "补足年限的基数是多少", "staff_decides"),
        ((*KNOWN, amount(800123, **DISPUTED)), "补足年限的基数是多少", "staff_decides"),
        (
            (*KNOWN, amount(800123, stated_validity_until="2025-06-30")),
            "补足年限的基数是多少",
            "staff_decides",
        ),
        (
            (*KNOWN, said(YEARS + "shortfall_base", FORMULA[0]["value"], **CLAIM)),
            "补足年限的基数",
            "staff_decides",
        ),
        (
            (*KNOWN, said("rates.employer_includes", ["MATERNITY"], list_kind="complete")),
            "单位费率里只属于职工医保的部分",
            "unknown",
        ),
        ((*KNOWN, option("MONTHLY", kind="open")), "年限不够怎么补", "staff_decides"),
        (KNOWN[1:], "还差几个月", "unknown"),
    ],
)
def test_without_one_of_its_parts_there_is_no_sum_and_it_is_named(entries, open_, verdict):
    if any(one.get("mark") for one in entries):
        entries = [one for one in entries if one.get("mark") or one["name"] != entries[-1]["name"]]
    told = asked(*entries)
    assert cost(told) == (None, None)
    found = line(told)
    assert (found["code"], found["verdict"]) == ("lump_sum_not_known", verdict)
    assert open_ in found["message"]
    assert found["next_step"]


def test_a_paper_that_asks_for_no_number_names_none():
    nothing = SECONDARY | {"emptiness": "none_required", "note": "没有这个要求。"}
    for name in (YEARS + "shortfall_base_fen", YEARS + "shortfall_rate"):
        told = asked(*KNOWN, said(name, None, **nothing))
        assert (cost(told), line(told)["verdict"]) == ((None, None), "staff_decides")
    rate = FORMULA[1] | DISPUTED
    told = asked(*KNOWN[:4], KNOWN[5], rate, said(rate["name"], None, **nothing, mark="disputed"))
    assert cost(told) == (None, None)


def test_a_place_that_offers_no_lump_sum_has_no_price_for_it():
    told = asked(*KNOWN, option("MONTHLY"))
    assert cost(told) == (None, None)
    assert line(told)["code"] == "lump_sum_option_no"
    assert cost(asked(*KNOWN, option("MONTHLY", "LUMP_SUM"))) == (672103, 672103)


def test_nothing_missing_costs_nothing():
    assert cost(asked(*KNOWN, months=180)) == (0, 0)
    not_insured = (*KNOWN, said(INSURED["name"], True))
    told = asked(*not_insured, months=180, insured=False)
    assert (told.verdict, cost(told)) == ("no", (0, 0))


def test_a_base_of_last_year_is_not_used_this_year():
    rules = place(*KNOWN, amount(800123, valid_from="2025-07-01", valid_to="2026-06-30"))
    paid = Period(
        "320100", Month.parse("2000-01"), Month.parse("2013-12"), "employee", "actual", "paid"
    )
    for day, sums in ((date(2026, 6, 30), (672103, 672103)), (NOW, (None, None))):
        told = decide(YearsFacts("male", True, (paid,)), policy_days.on(rules, day), day)
        assert cost(told) == sums


def test_no_place_of_today_gets_a_sum():
    """The list of what is missing is the same for everybody: whoever finds a base changes this test with it."""
    paid = Period(
        "320100", Month.parse("2010-01"), Month.parse("2019-12"), "employee", "actual", "paid"
    )
    for area in by_area():
        told = decide(YearsFacts("female", True, (paid,)), policy_on(area, NOW), NOW)
        assert cost(told) == (None, None)
        assert line(told)["next_step"]
