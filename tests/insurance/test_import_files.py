"""Files as a whole: what can't be used ends with code 2, a sentence, and nothing done."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from insurance.imports import run as running
from insurance.models import ImportRun, InsuredPerson
from tests.insurance.importing import REGISTER, register_line, run, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

CHINESE = "人员编号,姓名,证件种类,证件号码,手机号,社会保障卡号,性别,出生日期,参保地,险种,人员类别,参保开始日期,参保结束日期"
ENGLISH = "person_number,name,certificate,id_number,phone,social_security_card,sex,birth_date,area,scheme,person_type,start,end"


def refused(path, reason, **options):
    outcome = run("register", path, **options)
    assert outcome.code == 2
    assert reason in outcome.error
    assert not ImportRun.objects.exists()
    assert not InsuredPerson.objects.exists()
    assert not os.path.exists(f"{path}.bad.csv.part")
    return outcome


def test_a_file_that_is_not_there(tmp_path):
    refused(tmp_path / "none.csv", "找不到")


def test_a_folder_is_no_file(tmp_path):
    refused(tmp_path, "不是一个文件")


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "不是一个文件")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = write(tmp_path, REGISTER)

    def denied(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", denied)
    refused(path, "权限")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n , \n"])
def test_an_empty_file(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    refused(path, "空的")


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (b"PK\x03\x04rest", "电子表格"),
        (b"\xd0\xcf\x11\xe0rest", "电子表格"),
        ("姓名,编号\n".encode("utf-16"), "UTF-16"),
        (b"psn_no,psn_name\rR1,x\r", "换行符"),
        (b"\x00\x01\x02\x03", "NUL"),
        (b"psn_no;psn_name;certno\n", "不是列名"),
    ],
)
def test_what_is_no_csv_says_what_it_is(tmp_path, start, reason):
    path = tmp_path / "file.csv"
    path.write_bytes(start)
    refused(path, reason)


def test_an_unknown_column_is_named_with_what_is_expected(tmp_path):
    outcome = refused(write(tmp_path, REGISTER + ",血型", register_line() + ",A"), "血型")
    assert "* 人员编号 / person_number / psn_no" in outcome.error


def test_a_missing_column_is_named(tmp_path):
    refused(write(tmp_path, REGISTER.replace(",certno", ""), "x"), "缺少必需的列：证件号码")


def test_a_column_twice_is_named_even_under_two_names(tmp_path):
    refused(write(tmp_path, REGISTER + ",姓名", register_line() + ",王"), "两次：姓名")


def test_a_file_without_a_first_line_of_names_shows_nobody(tmp_path):
    outcome = refused(write(tmp_path, register_line(1), register_line(2)), "第一行不是列名")
    assert "王小明" not in outcome.error
    assert "154" not in outcome.error


def test_an_unknown_option_and_an_unknown_encoding_are_refused(tmp_path):
    for options in ({"encoding": "big5"}, {"nothing": True}):
        with pytest.raises((CommandError, TypeError)):
            call_command("import_register", str(tmp_path / "file.csv"), **options)


@pytest.mark.parametrize("header", [REGISTER, CHINESE, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_header_in_every_encoding(tmp_path, header, encoding, end):
    path = write(tmp_path, header, register_line(1), encoding=encoding, end=end)
    assert run("register", path).code == 0
    assert InsuredPerson.objects.get().name == "王小明"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["𠮷田兰", "高㐂", "阿依古丽·麦麦提", "䶮䲜"])
def test_rare_characters_survive_every_encoding(tmp_path, encoding, name):
    path = write(tmp_path, REGISTER, register_line(1, psn_name=name), encoding=encoding)
    assert run("register", path).code == 0
    assert InsuredPerson.objects.get().name == name


def test_one_broken_line_does_not_change_the_encoding_of_the_others(tmp_path):
    path = tmp_path / "file.csv"
    for encoding in ("utf-8", "gb18030"):
        good = [register_line(number).encode(encoding) for number in (1, 2, 4)]
        path.write_bytes(
            b"\n".join([CHINESE.encode(encoding), *good[:2], b"R3,\xff\xff,x", good[2]])
        )
        outcome = run("register", path)
        assert [line for line, _column, _problem in outcome.problems] == [4]
        assert {person.name for person in InsuredPerson.objects.all()} == {"王小明"}


def test_the_encoding_can_be_named(tmp_path):
    path = write(tmp_path, REGISTER, register_line(1), encoding="gb18030")
    assert run("register", path, encoding="gb18030").code == 0
    assert run("register", path, encoding="utf-8").code == 1


def test_blank_lines_and_columns_that_a_spreadsheet_adds_are_forgiven(tmp_path):
    path = write(
        tmp_path, "", REGISTER + ",,", register_line(1) + ",,", "", ",,,,,,,,,,,,,,", register_line(2) + ",, "
    )  # fmt: skip
    assert run("register", path).code == 0
    assert InsuredPerson.objects.count() == 2


def test_line_numbers_are_those_of_the_file(tmp_path):
    outcome = run("register", write(tmp_path, "", REGISTER, "", register_line(1, gend="x")))
    assert [line for line, _column, _problem in outcome.problems] == [4]


def test_a_quote_that_is_never_closed_spoils_one_line(tmp_path):
    path = write(tmp_path, REGISTER, 'R9,"王', *(register_line(number) for number in (1, 2, 3)))
    outcome = run("register", path)
    assert [line for line, _column, _problem in outcome.problems] == [2]
    assert InsuredPerson.objects.count() == 3


def test_quoted_cells_are_read(tmp_path):
    cells = ",".join(f'"{cell}"' for cell in register_line(1).split(","))
    assert run("register", write(tmp_path, REGISTER, cells)).code == 0


def test_a_database_that_is_not_ready_is_a_sentence(tmp_path, monkeypatch):

    def broken(*_args, **_kwargs):
        raise OperationalError("no such table: 王小明 15400000001")

    monkeypatch.setattr(running, "_begin", broken)
    outcome = run("register", write(tmp_path, REGISTER, register_line(1)))
    assert outcome.code == 2
    assert "OperationalError" in outcome.error
    assert "15400000001" not in outcome.error
