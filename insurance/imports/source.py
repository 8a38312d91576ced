"""A file of an agency as numbered lines of cells, read as a stream.

A record is one physical line. An unclosed quote therefore spoils its own line and not the rest of the file; the price is
that a cell can't hold a line break.
"""

import codecs
import csv
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from insurance.imports.cells import CONTROL
from insurance.imports.columns import Column, Fault, HeaderError, Layout, LineError, layout

UTF_8, GB18030, AUTO = "utf-8", "gb18030", "auto"
ENCODINGS = (AUTO, UTF_8, GB18030)
BLOCK = 1 << 20
# The longest honest line has thirty short cells; a file without line breaks must not fill the memory.
LONGEST_LINE = 64 * 1024
# What people rename to .csv: a workbook of either kind, and a spreadsheet's "Unicode text".
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class SourceError(ValueError):
    """The file as a whole can't be used; the message says why."""


@dataclass(frozen=True)
class Source:
    """`line_count` is for the progress only; `digest` is the SHA-256 of the bytes. `header_line` counts from 1."""

    path: Path
    encoding: str
    layout: Layout
    header_line: int
    line_count: int
    digest: str

    def records(self) -> Iterator[tuple[int, list[str] | LineError]]:
        """Line number and cells, or what is wrong with the line; blank lines are left out."""
        for number, raw in self.lines():
            if (cells := self.record(raw)) is not None:
                yield number, cells

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The numbered lines after the first."""
        with self.path.open("rb") as file:
            for number, raw in _lines(file):
                if number > self.header_line:
                    yield number, raw

    def record(self, raw: bytes) -> list[str] | LineError | None:
        """The cells of a line, or what is wrong with it; None where it is blank."""
        try:
            cells = _cells(raw, self.encoding)
        except LineError as error:
            return error
        if cells[0].strip() or any(cell.strip() for cell in cells):
            return _fitted(cells, len(self.layout.columns))
        return None

    def ordinary(self, raws: Sequence[bytes]) -> tuple[Sequence[int], list[list[str]]]:
        """Which of the lines need no closer look, by their places, and the cells of these, column by column.

        They are printable, without quotes and of the right number of cells: `record` would cut them in the same way.
        """
        try:
            texts = b"\n".join(raws).decode(self.encoding).split("\n")
        except UnicodeDecodeError:
            return (), []
        width = len(self.layout.columns)
        places: Sequence[int] = range(len(texts))
        if len(max(raws, key=len)) > LONGEST_LINE or not _are_plain(texts, width):
            places = [
                place
                for place, text in enumerate(texts)
                if len(raws[place]) <= LONGEST_LINE and _are_plain((text,), width)
            ]
            texts = [texts[place] for place in places]
        # All have the same number of cells: so every so many cells it is the same column.
        cells = ",".join(texts).split(",") if texts else []
        return places, [cells[at::width] for at in range(width)]


def _are_plain(texts: Sequence[str], width: int) -> bool:
    together = "".join(texts)
    return (
        together.isprintable()
        and '"' not in together
        and "\ufffd" not in together
        and all(text.count(",") == width - 1 for text in texts)
    )


def open_source(path: Path, encoding: str, columns: Sequence[Column]) -> Source:
    """Look at the whole file once; raise `SourceError` where no line of it could be taken."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise SourceError(_("这不是一个文件"))
        with path.open("rb") as file:
            scan = _scan(file)
            choices = _choices(encoding, scan, file)
            chosen, header_line, found = _header(file, choices, columns)
    except FileNotFoundError:
        raise SourceError(_("找不到这个文件")) from None
    except PermissionError:
        raise SourceError(_("没有读这个文件的权限")) from None
    except OSError as error:
        raise SourceError(_("读不了这个文件：%(reason)s") % {"reason": error.strerror}) from None
    return Source(path, chosen, found, header_line, scan.line_count, scan.digest)


@dataclass(frozen=True)
class _Scan:
    line_count: int
    digest: str
    is_utf_8: bool


def _scan(file: BinaryIO) -> _Scan:
    """One pass over the bytes: how many lines, what digest, and whether all of it is UTF-8."""
    digest, lines, is_utf_8 = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = True
    while block := file.read(BLOCK):
        if first:
            _refuse_other_kinds(block)
            first = False
        digest.update(block)
        lines += block.count(b"\n")
        if is_utf_8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf_8 = False
    if first:
        raise SourceError(_("文件是空的"))
    return _Scan(lines, digest.hexdigest(), is_utf_8)


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(WORKBOOKS):
        raise SourceError(_("这是电子表格，不是 CSV；请另存为 CSV UTF-8 后再导入"))
    if start.startswith(UTF_16):
        raise SourceError(_("这是 UTF-16 文字；请另存为 CSV UTF-8 后再导入"))
    if b"\r" in start[:LONGEST_LINE] and b"\n" not in start[:LONGEST_LINE]:
        raise SourceError(_("文件的换行符不对；请另存为 CSV UTF-8 后再导入"))


def _choices(encoding: str, scan: _Scan, file: BinaryIO) -> tuple[str, ...]:
    """The encodings to try, the likely one first; with broken bytes, the one that spoils fewer lines."""
    file.seek(0)
    if encoding != AUTO:
        return (encoding,)
    if scan.is_utf_8 or file.read(3) == codecs.BOM_UTF8:
        return (UTF_8,)
    file.seek(0)
    spoilt = {UTF_8: 0, GB18030: 0}
    for _number, raw in _lines(file):
        if raw.isascii():
            continue
        for name in spoilt:
            try:
                raw.decode(name)
            except UnicodeDecodeError:
                spoilt[name] += 1
    return tuple(sorted(spoilt, key=lambda name: spoilt[name]))


def _header(
    file: BinaryIO, choices: Sequence[str], columns: Sequence[Column]
) -> tuple[str, int, Layout]:
    """The first line that isn't blank names the columns, in one of the encodings."""
    failures: list[HeaderError] = []
    for encoding in choices:
        file.seek(0)
        try:
            number, cells = _first_record(file, encoding)
            return encoding, number, layout(cells, columns)
        except HeaderError as error:
            failures.append(error)
    raise SourceError(str(failures[0]))


def _first_record(file: BinaryIO, encoding: str) -> tuple[int, list[str]]:
    for number, raw in _lines(file):
        try:
            cells = _cells(raw, encoding)
        except LineError as error:
            raise HeaderError(
                _("第一行读不出来：%(reason)s") % {"reason": error.faults[0].reason}
            ) from None
        if any(cell.strip() for cell in cells):
            return number, cells
    raise HeaderError(_("文件是空的"))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines without their ends; of an endless line only its beginning, too long by one byte."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := file.readline(BLOCK)) and not rest.endswith(b"\n"):
                pass
            yield number, raw
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        yield number, raw.rstrip(b"\r\n")


def _cells(raw: bytes, encoding: str) -> list[str]:
    if len(raw) > LONGEST_LINE:
        raise LineError(Fault("", _("这一行太长（超过 %(count)d 字节）") % {"count": LONGEST_LINE}))
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise LineError(
            Fault("", _("这一行有不是 %(encoding)s 的字节") % {"encoding": encoding.upper()})
        ) from None
    # Python's own look is many times faster than the pattern. It calls more unprintable, the pattern judges; and it takes the sign
    # for a lost character for a sign like others.
    if not text.isprintable() or "\ufffd" in text:
        _refuse_controls(text)
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader((text,), strict=True))
    except csv.Error:
        raise LineError(Fault("", _("引号没有成对，或单元格里有换行"))) from None


def _refuse_controls(text: str) -> None:
    if "\0" in text:
        raise LineError(Fault("", _("这一行有空字符（NUL）")))
    if CONTROL.search(text):
        raise LineError(Fault("", _("这一行有看不见的控制字符或替换字符")))


def _fitted(cells: list[str], width: int) -> list[str] | LineError:
    """Empty cells beyond the last column are what spreadsheets add; anything else is a shifted line."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    if len(cells) == width:
        return cells
    return LineError(
        Fault(
            "",
            _("这一行有 %(found)d 列，第一行有 %(expected)d 列")
            % {"found": len(cells), "expected": width},
        ),
        cells=cells,
    )
