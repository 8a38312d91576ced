"""Lines that are read many at once say what each says by itself, and the odd ones among them are told in the same words."""

import os

import pytest
from django.utils import translation

from insurance.imports import chunks, lines
from insurance.imports.contribution_file import COLUMNS, ContributionFile
from insurance.imports.seen import Seen
from insurance.imports.source import AUTO, LONGEST_LINE, open_source
from tests.insurance.importing import CONTRIBUTIONS, contribution_line
from tests.insurance.test_import_malformed import CONTRIBUTIONS as MALFORMED
from tests.insurance.test_import_malformed import RAW

pytestmark = pytest.mark.usefixtures("fixed_day")

# Good, but none of them is as almost all lines are.
UNUSUAL = [
    {"psn_no": " R0001 "},
    {"psn_no": "'R0001"},
    {"psn_no": "340123"},
    {"psn_no": '"R0001"'},
    {"area": "３４０１００"},
    {"insutype": " 职工 "},
    {"from_month": "2026年1月", "to_month": "202601"},
    {"from_month": "2026-06"},
    {"base": '"8,000.00"'},
    {"base": "", "own_amount": " ", "payer": "", "paid_on": ""},
    {"payer": "东\t厂"},
    {"payer": '"甲，乙""丙"'},
    {"payer": "𠮷厂"},
    {"paid_on": "2026/7/1"},
    {"source_ref": "C-1/2:3#4"},
    {"source_ref": "20260001"},
    {"source_ref": "C" * 64},
]
ODD = [
    *(contribution_line(200 + at, **cells).encode() for at, cells in enumerate(UNUSUAL)),
    *(contribution_line(300 + at, **cells).encode() for at, (cells, *_) in enumerate(MALFORMED)),
    *(raw for raw, _reason in RAW),
    b"",
    b" , ," + b"," * 9,
    contribution_line(400).encode() + b",,",
    contribution_line(401).encode() + b",x",
    contribution_line(402).encode() + b"\r",
    contribution_line(403).encode() + b"\r\r",
    contribution_line(404).replace("R", "\r").encode(),
    contribution_line(405).replace(",310", "").encode(),
    contribution_line(406, payer="厂\ufffd").encode(),
    contribution_line(407, payer="厂\u200b").encode(),
    contribution_line(408, payer="厂\x01").encode(),
    contribution_line(409, payer="厂\x00").encode(),
    contribution_line(410, payer="厂\x85").encode(),
    contribution_line(411, payer="厂" * 40_000).encode(),
    contribution_line(412, source_ref="C412" + " " * LONGEST_LINE).encode(),
    b"x" * LONGEST_LINE,
]
ORDINARY = [contribution_line(number, base=f"{number}.00").encode() for number in range(1, 31)]


def opened(folder, *raws, encoding=AUTO):
    path = folder / "file.csv"
    path.write_bytes(b"\n".join((CONTRIBUTIONS.encode(), *raws)))
    return open_source(path, encoding, COLUMNS)


def one_by_one(source, importer):
    """The good lines and the bad ones."""
    items = [lines.alone(source, importer, number, cells) for number, cells in source.records()]
    good = [(item.line, item.values) for item in items if not item.faults]
    return good, [told(item) for item in items if item.faults]


def many_at_once(source, importer, size):
    good, bad = lines.Lines(), []
    numbered = list(source.lines())
    for start in range(0, len(numbered), size):
        bad += lines.read(source, importer, numbered[start : start + size], good)
    assert {len(column) for column in good.values.values()} <= {len(good.numbers)}
    assert len(good.raws) == len(good.numbers)
    rows = zip(*good.values.values(), strict=True)
    values = [dict(zip(good.values, row, strict=True)) for row in rows]
    return list(zip(good.numbers, values, strict=True)), [told(item) for item in bad]


def told(item):
    faults = [(fault.key, str(fault.reason)) for fault in item.faults]
    return item.line, faults, item.cells, item.values


@pytest.fixture
def importer():
    one = ContributionFile()
    yield one
    one.close()


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_many_at_once_say_what_each_says_by_itself(tmp_path, importer, size):
    mixed = [raw for pair in zip(ODD, ORDINARY * 3, strict=False) for raw in pair]
    source = opened(tmp_path, *mixed, *ORDINARY)
    good, bad = one_by_one(source, importer)
    assert len(good) > len(ORDINARY) * 3
    assert len(bad) > len(MALFORMED)
    assert many_at_once(source, importer, size) == (good, bad)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_one_odd_line_among_ordinary_ones(tmp_path, importer, odd):
    source = opened(tmp_path, *ORDINARY[:3], odd, *ORDINARY[3:5])
    assert many_at_once(source, importer, 1000) == one_by_one(source, importer)


def test_a_file_of_odd_lines_alone(tmp_path, importer):
    source = opened(tmp_path, *ODD)
    assert many_at_once(source, importer, 1000) == one_by_one(source, importer)


def test_a_line_in_the_other_encoding_spoils_itself_alone(tmp_path, importer):
    chinese = contribution_line(7).encode("gb18030")
    source = opened(tmp_path, *ORDINARY, chinese, *ORDINARY, encoding="utf-8")
    good, bad = many_at_once(source, importer, 1000)
    assert (good, bad) == one_by_one(source, importer)
    assert [line for line, *_rest in bad] == [len(ORDINARY) + 2]


def test_gb18030_is_read_many_at_once_too(tmp_path, importer):
    path = tmp_path / "file.csv"
    text = [CONTRIBUTIONS, *(raw.decode() for raw in ORDINARY)]
    path.write_bytes("\r\n".join(text).encode("gb18030"))
    source = open_source(path, AUTO, COLUMNS)
    places, cells = source.ordinary([raw for _number, raw in source.lines()])
    assert len(places) == len(ORDINARY)
    assert set(cells[9]) == {"样例厂"}


def test_ordinary_lines_are_not_read_one_by_one(tmp_path, importer, monkeypatch):
    source = opened(tmp_path, *ORDINARY)
    monkeypatch.setattr(lines, "alone", None)
    good, bad = many_at_once(source, importer, 1000)
    assert (len(good), bad) == (len(ORDINARY), [])


def test_two_shifted_lines_do_not_make_up_for_each_other(tmp_path, importer):
    short, long = contribution_line(1).rsplit(",", 1)[0], contribution_line(2) + ",C3"
    source = opened(tmp_path, short.encode(), long.encode())
    good, bad = many_at_once(source, importer, 1000)
    assert (good, [line for line, *_rest in bad]) == ([], [2, 3])


def test_what_was_remembered_late_is_found_with_its_first_line():
    seen = Seen()
    seen.remember([2, 3, 4], ["a", "b", "a"])
    seen.remember([5], ["c"])
    assert seen.earlier_of_many([3, 6, 7, 8], ["b", "a", "c", "d"]) == {6: 2, 7: 5}
    assert seen._late_keys.seek(0, os.SEEK_END) == 0, "what is in the index stays there"
    seen.remember([6], ["d"])
    assert seen.earlier_of_many([6, 9], ["d", "d"]) == {9: 6}
    seen.close()


def test_a_chunk_is_cut_in_several_stretches_and_stays_one(tmp_path, importer, monkeypatch):
    monkeypatch.setattr(chunks, "CUT_AT_ONCE", 4)
    found = list(chunks.chunks(importer, opened(tmp_path, *ORDINARY), 11))
    assert [chunk.last for chunk in found] == [12, 23, 31]
    assert [len(chunk.good.numbers) for chunk in found] == [11, 11, 8]


@pytest.mark.parametrize(("language", "reason"), [("zh-hans", "没有填写"), ("en", "Not filled in")])
def test_a_chunk_is_read_ahead_in_the_language_of_whoever_asked(
    tmp_path, importer, language, reason
):
    source = opened(tmp_path, contribution_line(1, area="").encode())
    with translation.override(language):
        (chunk,) = chunks.chunks(importer, source, 10)
        ((_line, faults, *_rest),) = map(told, chunk.told())
    assert faults == [("area", reason)]


def test_what_breaks_while_a_chunk_is_read_ahead_reaches_whoever_asked(
    tmp_path, importer, monkeypatch
):
    """And the chunks before it."""

    def breaking(numbered):
        yield from numbered
        raise OSError("the disk is gone")

    source = opened(tmp_path, *ORDINARY[:4])
    whole = list(source.lines())
    monkeypatch.setattr(type(source), "lines", lambda self: breaking(whole))
    found = chunks.chunks(importer, source, 2)
    assert [next(found).last, next(found).last] == [3, 5]
    with pytest.raises(OSError, match="gone"):
        next(found)
