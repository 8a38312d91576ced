"""What is written differently on the two databases leaves the same rows behind, and the same words about bad lines."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts import copying
from insurance.imports import contribution_rows
from insurance.imports import run as running
from insurance.models import ContributionPeriod, Enrolment, ImportRun
from insurance.periods import Month
from tests.factories.insurance import make_period, make_person
from tests.insurance.importing import contribution_line, import_lines, register_line

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("fixed_day"),
]
FIELDS = ("person__person_number", *contribution_rows.KEY[1:], *contribution_rows.CONTENT)
JANUARY, JUNE = Month.of(2026, 1), Month.of(2026, 6)
# Signs that mean something to COPY, to CSV or to SQL, and a letter beyond the first plane.
AWKWARD = ["\\N", "a\\tb", "a'b''c", "{1;2}", "NULL", "𠮷厂", "%s", "é"]


@pytest.fixture
def people():
    return [make_person(person_number=f"R{number:04d}") for number in (1, 2)]


@pytest.fixture(params=["its own way", "the ORM"])
def path(request, monkeypatch):
    """On PostgreSQL both ways of writing; SQLite has one."""
    if request.param == "the ORM":
        monkeypatch.setattr(copying, "is_possible", lambda: False)


def rows():
    return list(ContributionPeriod.objects.order_by("pk").values_list(*FIELDS))


def lines():
    return [
        contribution_line(2, psn_no="R0002"),
        contribution_line(9, base="", own_amount="", payer="", paid_on=""),
        *[contribution_line(10 + at, payer=text) for at, text in enumerate(AWKWARD)],
        contribution_line(3, area="340104", status="欠缴"),
    ]


def row(number, person="R0001", **other):
    values = {
        "area_id": "340100",
        "scheme": "employee",
        "kind": "actual",
        "status": "paid",
        "from_month": JANUARY,
        "to_month": JUNE,
        "base_fen": 800_000,
        "own_fen": 16_000,
        "payer": "样例厂",
        "paid_on": date(2026, 7, 1),
    } | other
    return (person, f"C{number}", *values.values())


def test_a_file_becomes_the_same_rows_whichever_way_they_are_written(tmp_path, people, path):
    outcome = import_lines("contributions", tmp_path, *lines())
    assert (outcome.code, outcome.problems) == (0, [])
    expected = [
        row(2, "R0002"),
        row(9, base_fen=None, own_fen=None, payer="", paid_on=None),
        *[row(10 + at, payer=text) for at, text in enumerate(AWKWARD)],
        row(3, area_id="340104", status="unpaid"),
    ]
    assert sorted(rows(), key=str) == sorted(expected, key=str)


def test_bad_lines_in_the_middle_of_a_chunk_leave_the_others_alone(tmp_path, people, path):
    make_period(person=people[0], source_ref="C4", base_fen=1)
    make_period(person=people[1], source_ref="C1")
    outcome = import_lines(
        "contributions",
        tmp_path,
        contribution_line(1),
        contribution_line(2, from_month="2026-13"),
        contribution_line(3),
        contribution_line(1, status="欠缴"),
        contribution_line(4),
        contribution_line(5, psn_no="R9999"),
        contribution_line(4, status="欠缴"),
        contribution_line(6),
    )
    assert outcome.problems == [
        (3, "from_month", "月份应写成 2026-10、202610、2026/10 或 2026年10月"),
        (5, "source_ref", "来源编号与第 2 行重复"),
        (7, "psn_no", "登记里没有这个人员编号，请先导入参保登记"),
        (8, "source_ref", "来源编号与第 6 行重复"),
    ]
    record = ImportRun.objects.get()
    assert (record.good, record.changed, record.same, record.bad) == (3, 1, 0, 4)
    own = [one[1:] for one in rows() if one[0] == "R0001"]
    assert own == [row(number)[1:] for number in (4, 1, 3, 6)]


def test_lines_that_stand_there_are_told_from_new_and_changed_ones(tmp_path, people, path):
    import_lines("contributions", tmp_path, *map(contribution_line, (1, 2, 3)))
    before = dict(ContributionPeriod.objects.values_list("source_ref", "pk"))
    outcome = import_lines(
        "contributions",
        tmp_path,
        contribution_line(4),
        contribution_line(3),
        contribution_line(2, paid_on=""),
        contribution_line(1, base=""),
    )
    assert "新增 1 行，更新 2 行，已有 1 行" in outcome.out
    after = dict(ContributionPeriod.objects.values_list("source_ref", "pk"))
    assert {ref: after[ref] for ref in before} == before
    assert ContributionPeriod.objects.get(source_ref="C1").base_fen is None


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_number_that_comes_again_is_told_with_the_line_that_had_it_first(
    tmp_path, people, path, monkeypatch, size
):
    """In the same chunk or a later one, in a file that is new and in one that is known."""
    for name in ("CHUNK_LINES", "COPIED_LINES"):
        monkeypatch.setattr(running, name, size)
    numbers = [1, 2, 1, 3, 2, 2, 1, 4, 4]
    lines = [contribution_line(number, payer=f"第{at}家") for at, number in enumerate(numbers)] + [
        contribution_line(1, psn_no="R0002")
    ]
    expected = [
        (4, "source_ref", "来源编号与第 2 行重复"),
        (6, "source_ref", "来源编号与第 3 行重复"),
        (7, "source_ref", "来源编号与第 3 行重复"),
        (8, "source_ref", "来源编号与第 2 行重复"),
        (10, "source_ref", "来源编号与第 9 行重复"),
    ]
    first = import_lines("contributions", tmp_path, *lines)
    assert first.problems == expected
    assert "新增 5 行" in first.out
    again = import_lines("contributions", tmp_path, *lines)
    assert again.problems == expected
    assert "新增 0 行，更新 0 行，已有 5 行" in again.out
    own = ContributionPeriod.objects.filter(person=people[0]).order_by("source_ref")
    assert list(own.values_list("payer", flat=True)) == ["第0家", "第1家", "第3家", "第7家"]


def test_rows_that_break_off_half_way_leave_nothing_of_their_chunk(tmp_path, people, monkeypatch):
    monkeypatch.setattr(running, "CHUNK_LINES", 4)
    monkeypatch.setattr(running, "COPIED_LINES", 4)
    file = [contribution_line(number) for number in range(1, 13)]
    if copying.is_possible():
        module, name, whole = copying, "_blocks", list
    else:
        module, name, whole = contribution_rows, "_stored", dict
    real, calls = getattr(module, name), []

    def breaking(*arguments):
        calls.append(arguments)
        return broken(*arguments) if len(calls) == 2 else whole(real(*arguments))

    def broken(values):
        """Half of the chunk is on its way when the signal comes."""
        if module is copying:
            (block,) = real(values)
            return iter_then_stop(block[: len(block) // 2])
        raise KeyboardInterrupt

    def iter_then_stop(half):
        yield half
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, breaking)
        assert import_lines("contributions", tmp_path, *file).code == 130
    assert ContributionPeriod.objects.count() == 4
    assert import_lines("contributions", tmp_path, *file).code == 0
    assert {one[1] for one in rows()} == {f"C{number}" for number in range(1, 13)}


def test_what_the_database_refuses_is_an_error_of_the_database(people):
    """As through the ORM: whoever calls looks at the chunk again."""
    period = make_period(person=people[0])
    twin = ContributionPeriod.objects.get(pk=period.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.add([twin])
    assert ContributionPeriod.objects.count() == 1


def test_an_enrolment_is_written_over_the_one_of_the_same_start(tmp_path, path):
    import_lines("register", tmp_path, register_line(1), register_line(2))
    outcome = import_lines(
        "register", tmp_path, register_line(1, end="2026-10-31"), register_line(2)
    )
    assert "更新 1 行，已有 1 行" in outcome.out
    found = Enrolment.objects.order_by("person").values_list("starts_on", "ends_on", "has_account")
    assert list(found) == [
        (date(2010, 7, 1), date(2026, 10, 31), True),
        (date(2010, 7, 1), None, True),
    ]
