"""The statement as a file that a table program opens and that can't do anything in it."""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from insurance.money import FEN
from queries.selectors.entry_words import WORDS
from queries.selectors.statement import Row

# Table programs take a file for UTF-8 by this mark only.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins like this is run as a formula; full-width forms are folded by some programs.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
SILENT_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # controls, marks and spaces


class _Echo:
    """`csv` writes to a file; this hands the line back instead."""

    def write(self, line: str) -> str:
        return line


def text_cell(text: str) -> str:
    """The text, with an apostrophe before it where a program could take it for a formula."""
    seen = next((one for one in text if unicodedata.category(one) not in SILENT_CATEGORIES), "")
    if text[:1] in FORMULA_STARTS or seen in FORMULA_STARTS:
        return f"'{text}"
    return text


def amount_cell(fen: int | None) -> str:
    """1234.56: no thousands separator and no unit, so that it can be added up; empty for nothing."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(fen), FEN)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def statement_lines(rows: Iterable[Row], *, part: str) -> Iterator[str]:
    """The lines of the file. Words are taken in the language of now, not in that of whoever reads the stream."""
    head = [
        _("账户"),
        _("序号"),
        _("日期"),
        _("时间"),
        _("种类"),
        _("进账（元）"),
        _("出账（元）"),
        _("余额（元）"),
        _("所属月份"),
        _("地点种类"),
        _("使用人"),
        _("更正"),
    ]
    names = {kind: str(words.name) for kind, words in WORDS.items()}
    corrects, corrected = _("更正第 %d 笔"), _("已由第 %d 笔更正")

    def correction(row: Row) -> str:
        if row.reverses is not None:
            return corrects % row.reverses
        return corrected % row.reversed_by if row.reversed_by is not None else ""

    return _written(head, rows, lambda row: _cells(row, part, names[row.kind], correction(row)))


def _written(
    head: list[str], rows: Iterable[Row], cells: Callable[[Row], list[str]]
) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow(cells(row))


def _cells(row: Row, part: str, name: str, correction: str) -> list[str]:
    moment = timezone.localtime(row.posted_at)
    return [
        text_cell(part),
        str(row.sequence),
        moment.date().isoformat(),
        moment.strftime("%H:%M"),
        text_cell(name),
        amount_cell(row.amount_fen if row.amount_fen > 0 else None),
        amount_cell(-row.amount_fen if row.amount_fen < 0 else None),
        amount_cell(row.balance_after_fen),
        str(row.for_month) if row.for_month else "",
        text_cell(row.place),
        text_cell(row.user),
        correction,
    ]
