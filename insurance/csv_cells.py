"""Files that a table program opens and that can't do anything in it. Pure."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from insurance.money import FEN

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


def written(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """The lines of the file, one after the other."""
    writer: Any = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)
