"""The file that names every line which wasn't taken, without anybody's numbers in it."""

import contextlib
import csv
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from accounts import privacy
from insurance.imports.cells import FORMULA_STARTS, tidy
from insurance.imports.columns import Layout
from insurance.imports.items import Item
from insurance.imports.source import SourceError

SUFFIX = ".bad.csv"
# In both languages at once: a later run knows a report by its first line, whoever reads it.
HEADER = ("行号 line", "列 column", "程度 level", "问题 problem", "单元格 cell")
MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": privacy.mask_id_number_for_others,
    "phone": privacy.mask_phone_for_others,
    "social_security_card": privacy.mask_card,
    "name": privacy.mask_name,
}
# A date, a month, an amount, a code: short, and too few digits to be anybody's number.
HARMLESS = re.compile(r"[-+−0-9./:,年月日元 ]{1,12}")
MOST_DIGITS = 8


def masked_cell(key: str, cell: str) -> str:
    """What of a cell may be shown. A column may hold anything by mistake: only what can't be personal stays whole."""
    text = tidy(cell)
    if mask := MASKS.get(key):
        shown = mask(text)
    elif HARMLESS.fullmatch(text) and sum(letter.isdigit() for letter in text) <= MOST_DIGITS:
        shown = text
    else:
        shown = privacy.mask_id_number_for_others(text[:60])
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) else shown


class Report:
    """Written beside its final name, which it takes only when the run came to its end."""

    def __init__(self, path: Path, layout: Layout, *, source: Path) -> None:
        self.path, self._layout = path, layout
        self._part = path.with_name(path.name + ".part")
        self.rows = 0
        if os.path.realpath(path) == os.path.realpath(source):
            raise SourceError(_("报告不能写在要导入的文件上"))
        if path.exists() and not _is_ours(path):
            raise SourceError(_("报告的位置上已有别的文件：%(path)s") % {"path": path})
        try:
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise SourceError(
                _("不能写报告 %(path)s：%(reason)s；请用 --report 指明别处")
                % {"path": path, "reason": error.strerror}
            ) from None
        # With a byte order mark: spreadsheets then show Chinese.
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._write = csv.writer(self._file).writerow
        self._write(HEADER)

    def add(self, items: Iterable[Item]) -> None:
        for one in items:
            for fault in one.faults:
                self._write(
                    (
                        one.line,
                        self._layout.title(fault.key),
                        _("提醒") if fault.warning else _("有误"),
                        str(fault.reason),
                        self._shown(one, fault.key),
                    )
                )
                self.rows += 1

    def _shown(self, item: Item, key: str) -> str:
        at = self._layout.position(key)
        return "" if at is None or item.cells is None else masked_cell(key, item.cells[at])

    def finish(self) -> bool:
        """Put the report in its place and return True; without any row, take an old one away."""
        self._file.close()
        if self.rows:
            os.replace(self._part, self.path)
            return True
        self.discard()
        self.path.unlink(missing_ok=True)
        return False

    def discard(self) -> None:
        """A run that was stopped leaves no half report."""
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            self._part.unlink()


def _is_ours(path: Path) -> bool:
    """Whether the file is a report of an earlier run."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return tuple(first) == HEADER
