import os
import stat

import pytest

from insurance.imports.report import masked_cell
from insurance.models import ImportRun
from tests.factories.insurance import make_id_number, make_person
from tests.insurance.importing import REGISTER, import_lines, read_report, register_line, run, write
from tests.leaks import leaks

pytestmark = pytest.mark.usefixtures("fixed_day")


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        ("id_number", "340101198501010010", "3****************0"),
        ("phone", "15412345678", "*********78"),
        ("social_security_card", "Z12345678", "*****5678"),
        ("name", "王小明3", "王**3"),
        ("birth_date", "2026-13-01", "2026-13-01"),
        ("birth_date", "2026年13月1日", "2026年13月1日"),
        ("amount_fen", "-12.345", "'-12.345"),
        ("amount_fen", "15412345678", "1*********8"),
        ("amount_fen", "154 1234 5678", "1***********8"),
        ("source_ref", "340101198501010010", "3****************0"),
        ("source_ref", "Z12345678", "Z*******8"),
        ("source_ref", "123456789", "1*******9"),
        ("kind", "王小明", "王*明"),
        ("kind", "=cmd()", "'=****)"),
        ("phone", "", ""),
    ],
)
def test_a_cell_is_shown_only_as_far_as_it_can_not_be_personal(column, cell, shown):
    assert masked_cell(column, cell) == shown


@pytest.mark.django_db
def test_neither_report_nor_console_nor_log_hold_anybodys_data(tmp_path, caplog):
    lines = [
        register_line(1, gend="x"),
        register_line(2, certno=make_id_number(area="340000", sequence=2)[:-1] + "z"),
        register_line(3, tel="1540000000333"),
        register_line(4, social_security_card="Z1234567890"),
        register_line(5, psn_name="欧阳娜娜5"),
        # Shifted by one: every cell stands under somebody else's name.
        "x," + register_line(6).rsplit(",", 1)[0],
        register_line(7, brdy="15400000007"),
        register_line(8, psn_type="欧阳娜娜"),
        register_line(9, insu_admdvs="Z00000009"),
    ]
    outcome = import_lines("register", tmp_path, *lines)
    everything = (tmp_path / "file.csv.bad.csv").read_text() + outcome.out + caplog.text
    assert not list(leaks(everything))
    for word in ("欧阳娜娜", "王小明", "1540000", "Z0000", "Z12345", "340000"):
        assert word not in everything
    assert {line for line, _column, _problem in outcome.problems} == set(range(2, 11))


@pytest.mark.django_db
def test_the_report_can_go_elsewhere(tmp_path):
    path = write(tmp_path, REGISTER, register_line(1, gend="x"))
    outcome = run("register", path, report=str(tmp_path / "elsewhere.csv"))
    assert not outcome.report
    assert len(read_report(tmp_path / "elsewhere.csv")) == 1
    assert "elsewhere.csv" in outcome.out


@pytest.mark.django_db
def test_only_its_owner_may_read_the_report(tmp_path):
    import_lines("register", tmp_path, register_line(1, gend="x"))
    assert stat.S_IMODE(os.stat(tmp_path / "file.csv.bad.csv").st_mode) == 0o600


@pytest.mark.django_db
def test_a_file_put_right_takes_its_old_report_away(tmp_path):
    assert import_lines("register", tmp_path, register_line(1, gend="x")).report
    assert not import_lines("register", tmp_path, register_line(1)).report
    assert not list(tmp_path.glob("*.bad.csv*"))


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["file.csv", "notes.txt", "no/such/folder.csv"])
def test_the_report_overwrites_nothing_else(tmp_path, place):
    path = write(tmp_path, REGISTER, register_line(1, gend="x"))
    (tmp_path / "notes.txt").write_text("mine")
    before = path.read_bytes()
    outcome = run("register", path, report=str(tmp_path / place))
    assert outcome.code == 2
    assert "报告" in outcome.error
    assert (path.read_bytes(), (tmp_path / "notes.txt").read_text()) == (before, "mine")
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_warning_is_reported_and_its_line_is_taken(tmp_path):
    outcome = import_lines("register", tmp_path, register_line(1, brdy="1985-01-02", gend="2"))
    assert outcome.code == 0
    assert [row["程度 level"] for row in outcome.report] == ["提醒", "提醒"]
    assert "提醒 1 行" in outcome.out


@pytest.mark.django_db
def test_every_run_is_on_record(tmp_path):
    make_person(person_number="R0009")
    import_lines(
        "register", tmp_path, register_line(1), register_line(2, gend="x"), register_line(9)
    )
    run_of_then = ImportRun.objects.get()
    assert (run_of_then.good, run_of_then.changed, run_of_then.same, run_of_then.bad) == (
        2,
        0,
        0,
        1,
    )
    assert run_of_then.file_name == "file.csv"
    assert run_of_then.finished_at is not None
    assert len(run_of_then.file_digest) == 64
