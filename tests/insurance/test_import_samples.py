"""The files in samples/ are what docs/imports.md describes, and take in cleanly, twice."""

import csv
import io
import re
from pathlib import Path

import pytest

from accounts.id_number import IdNumber
from insurance.imports.contribution_file import ContributionFile
from insurance.imports.ledger_importer import LedgerFile
from insurance.imports.register_importer import RegisterFile
from insurance.models import InsuredPerson, LedgerEntry, PersonalAccount
from tests.insurance.importing import run

ROOT = Path(__file__).parents[2]
KINDS = {"register": RegisterFile, "contributions": ContributionFile, "ledger": LedgerFile}
DOCS = (ROOT / "docs/imports.md").read_text(encoding="utf-8")


def section(kind):
    return DOCS.split(f"## {kind}.csv")[1].split("\n## ")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_documented_under_all_its_names(kind):
    rows = {
        line.split(" | ")[0].strip("| "): line
        for line in section(kind).splitlines()
        if line.startswith("| ")
    }
    for column in KINDS[kind].columns:
        row = rows[column.chinese]
        assert all(name in row for name in column.names), column.key
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert (cells[4] == "yes") == column.needed
        assert all(cells[5:])


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_share_a_name(kind):
    names = [name for column in KINDS[kind].columns for name in column.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_the_documents_are_good_cells(kind):
    rows = {
        line.split(" | ")[0].strip("| "): line
        for line in section(kind).splitlines()
        if line.startswith("| ")
    }
    for column in KINDS[kind].columns:
        example = rows[column.chinese].strip("|").split("|")[6].strip()
        assert column.read(example) is not None


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_samples_take_in_cleanly_and_only_once(tmp_path, fixed_day):
    for expected in ("有误 0 行，提醒 0 行", "新增 0 行，更新 0 行"):
        for kind in KINDS:
            outcome = run(kind, ROOT / f"samples/{kind}.csv", report=str(tmp_path / "bad.csv"))
            assert outcome.code == 0
            assert expected in outcome.out
    assert {"𠮷田兰", "高㐂", "阿依古丽·麦麦提"} <= {
        person.name for person in InsuredPerson.objects.all()
    }
    assert LedgerEntry.objects.count() == 18
    assert PersonalAccount.objects.get(person__person_number="S0000001").balance_fen == 329458


def test_the_people_of_the_samples_are_nobody(fixed_day):
    text = (ROOT / "samples/register.csv").read_bytes().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        number = IdNumber.parse(row["证件号码"], today=fixed_day)
        assert re.fullmatch(r"[0-9]{2}0000", number.text[:6]), "a province issues no numbers"
        assert row["手机号"] == "" or row["手机号"].startswith("154000")


def test_the_samples_cover_the_three_spellings():
    assert (ROOT / "samples/register.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "psn_no" in (ROOT / "samples/ledger.csv").read_bytes().decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        (ROOT / "samples/ledger.csv").read_bytes().decode()
