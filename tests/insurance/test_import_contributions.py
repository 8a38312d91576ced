from datetime import date

import pytest

from insurance.models import ContributionPeriod, ImportRun
from insurance.periods import Month
from tests.factories.insurance import make_person
from tests.insurance.importing import contribution_line, import_lines

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("fixed_day"),
    pytest.mark.both_databases,
]


def test_a_line_is_a_run_of_months(tmp_path):
    person = make_person(person_number="R0001")
    assert import_lines("contributions", tmp_path, contribution_line(1)).code == 0
    row = ContributionPeriod.objects.get()
    assert (row.person, row.area_id, row.scheme, row.kind, row.status) == (
        person,
        "340100",
        "employee",
        "actual",
        "paid",
    )
    assert (row.from_month, row.to_month) == (Month.of(2026, 1), Month.of(2026, 6))
    assert (row.base_fen, row.own_fen, row.payer, row.paid_on) == (
        800000,
        16000,
        "样例厂",
        date(2026, 7, 1),
    )


def test_what_the_file_does_not_say_is_unknown_and_not_nought(tmp_path):
    make_person(person_number="R0001")
    import_lines(
        "contributions",
        tmp_path,
        contribution_line(1, base="", own_amount="", payer="", paid_on=""),
    )
    row = ContributionPeriod.objects.get()
    assert (row.base_fen, row.own_fen, row.payer, row.paid_on) == (None, None, "", None)


def test_the_same_file_twice_changes_nothing(tmp_path):
    make_person(person_number="R0001")
    lines = [contribution_line(number) for number in range(1, 251)]
    import_lines("contributions", tmp_path, *lines)
    before = list(ContributionPeriod.objects.order_by("pk").values())
    assert "已有 250 行" in import_lines("contributions", tmp_path, *lines).out
    assert list(ContributionPeriod.objects.order_by("pk").values()) == before


def test_a_line_that_was_unpaid_is_paid_in_the_next_file(tmp_path):
    make_person(person_number="R0001")
    import_lines(
        "contributions",
        tmp_path,
        contribution_line(1, status="欠缴", paid_on=""),
        contribution_line(2),
    )
    outcome = import_lines(
        "contributions", tmp_path, contribution_line(1), contribution_line(2), contribution_line(3)
    )
    assert "新增 1 行，更新 1 行，已有 1 行" in outcome.out
    row = ContributionPeriod.objects.get(source_ref="C1")
    assert (row.status, row.paid_on) == ("paid", date(2026, 7, 1))
    last = ImportRun.objects.first()
    assert (last.good, last.changed, last.same, last.bad) == (1, 1, 1, 0)


def test_a_source_number_twice_in_one_file_is_told(tmp_path):
    make_person(person_number="R0001")
    make_person(person_number="R0002")
    lines = [
        contribution_line(1),
        contribution_line(1, psn_no="R0002"),
        contribution_line(1, status="欠缴"),
    ]
    outcome = import_lines("contributions", tmp_path, *lines)
    assert outcome.problems == [(4, "source_ref", "来源编号与第 2 行重复")]
    assert ContributionPeriod.objects.count() == 2


@pytest.mark.parametrize(
    ("word", "kind"),
    [("补缴", "backpaid"), ("视同缴费", "deemed"), ("军龄", "military"), ("失业代缴", "unemployment_fund"),
     ("退休后按月续缴", "post_retirement_monthly"), ("actual", "actual")],
)  # fmt: skip
def test_every_kind_has_its_words(tmp_path, word, kind):
    make_person(person_number="R0001")
    import_lines("contributions", tmp_path, contribution_line(1, kind=word))
    assert ContributionPeriod.objects.get().kind == kind


def test_residents_contribute_too(tmp_path):
    make_person(person_number="R0001")
    import_lines("contributions", tmp_path, contribution_line(1, insutype="390"))
    assert ContributionPeriod.objects.get().scheme == "resident"
