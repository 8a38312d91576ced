"""What columns a kind of file has, and which of them stand where in the file at hand."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts import privacy
from insurance.imports.cells import REMEMBERED, CellError, Reason, tidy

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column under any of its names: Chinese, English, national interface, then other spellings.

    `national` is empty where the interface names no such field. A `needed` column must be in the file and no cell of it may be
    empty; elsewhere an empty cell reads as None. `repeats`: a file says the same few things there again and again, none of them
    personal. `ordinary`: a cell of this shape says what stands in it, and `read` would find nothing else.
    """

    key: str
    chinese: str
    english: str
    national: str
    read: Callable[[str], Any]
    needed: bool = False
    also: tuple[str, ...] = ()
    repeats: bool = False
    ordinary: re.Pattern[str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (
            tuple(name for name in (self.chinese, self.english, self.national) if name) + self.also
        )

    def value(self, cell: str) -> Any:
        """What a cell says, None where it is empty; raise `CellError`."""
        text = tidy(cell)
        if text:
            return self.read(text)
        if self.needed:
            raise CellError(_("没有填写"))
        return None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line. `key` is the column's, empty where the whole line is meant; a `warning` is taken anyhow."""

    key: str
    reason: Reason
    warning: bool = False


class LineError(ValueError):
    """Raised where a line can't be taken. `cells` are what it could be cut into, though not to the first line's measure."""

    def __init__(self, *faults: Fault, cells: Sequence[str] = ()) -> None:
        super().__init__(len(faults))
        self.faults, self.cells = faults, cells


class HeaderError(ValueError):
    """The first line of the file doesn't name the columns; the message says what is expected."""


def plain_name(text: str) -> str:
    """Blanks, case, full-width forms and byte order marks aside."""
    return "".join(tidy(unicodedata.normalize("NFKC", text)).split()).lower()


@dataclass(frozen=True)
class Layout:
    """The columns of one file in their order, with the names they bear there."""

    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    # By column: what a cell says.
    _readers: tuple[Callable[[str], Any], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        readers = tuple(
            _Known(column).__getitem__ if column.repeats else column.value
            for column in self.columns
        )
        object.__setattr__(self, "_readers", readers)

    def title(self, key: str) -> str:
        """How the file itself calls a column; its Chinese name where the file lacks it, empty for the whole line."""
        return next(
            (
                title
                for column, title in zip(self.columns, self.titles, strict=True)
                if column.key == key
            ),
            "",
        )

    def position(self, key: str) -> int | None:
        return next((at for at, column in enumerate(self.columns) if column.key == key), None)

    def glimpse(self, key: str, cells: Sequence[str]) -> str:
        """What stands in the column's place on a line that doesn't fit; empty where nothing does."""
        at = self.position(key)
        return tidy(cells[at]) if at is not None and at < len(cells) else ""

    def read(self, cells: Sequence[str]) -> tuple[Values, list[Fault]]:
        """The values of one line and the faults of its cells; a faulty cell has no value."""
        values: Values = {}
        faults: list[Fault] = []
        for column, read, cell in zip(self.columns, self._readers, cells, strict=True):
            try:
                values[column.key] = read(cell)
            except CellError as error:
                faults.append(Fault(column.key, error.reason))
        return values, faults

    def read_many(
        self, cells: Sequence[Sequence[str]]
    ) -> tuple[dict[str, Sequence[Any]], set[int]]:
        """Of many lines, column by column: the values by column, and the places of the lines that `read` finds faulty."""
        values: dict[str, Sequence[Any]] = {}
        faulty: set[int] = set()
        for column, read, texts in zip(self.columns, self._readers, cells, strict=True):
            if column.ordinary is not None and all(map(column.ordinary.fullmatch, texts)):
                values[column.key] = texts
                continue
            try:
                values[column.key] = list(map(read, texts))
            except CellError:
                values[column.key] = _one_by_one(read, texts, faulty)
        return values, faulty


def _one_by_one(read: Callable[[str], Any], texts: Sequence[str], faulty: set[int]) -> list[Any]:
    """Where a cell is faulty the value is None, and `faulty` learns the place."""
    values = []
    for place, text in enumerate(texts):
        try:
            values.append(read(text))
        except CellError:
            faulty.add(place)
            values.append(None)
    return values


class _Known(dict[str, Any]):
    """Good cells of a column that were read before, and what they say."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: str) -> Any:
        value = self._column.value(cell)
        if len(self) < REMEMBERED:
            self[cell] = value
        return value


def layout(titles: Sequence[str], columns: Iterable[Column]) -> Layout:
    """Match the first line of a file; raise `HeaderError`. Empty names at its end are forgiven."""
    columns = tuple(columns)
    given = [title.strip() for title in titles]
    while given and not plain_name(given[-1]):
        given.pop()
    by_name = {plain_name(name): column for column in columns for name in column.names}
    found = [by_name.get(plain_name(title)) for title in given]
    _refuse_unknown(given, found, columns)
    matched = tuple(column for column in found if column is not None)
    twice = sorted({column.chinese for column in matched if matched.count(column) > 1})
    if twice:
        raise HeaderError(_("这些列出现了两次：%(names)s") % {"names": "、".join(twice)})
    missing = [column.chinese for column in columns if column.needed and column not in matched]
    if missing:
        raise HeaderError(
            _("缺少必需的列：%(names)s\n%(expected)s")
            % {"names": "、".join(missing), "expected": expected(columns)}
        )
    return Layout(matched, tuple(given))


def _refuse_unknown(
    given: Sequence[str], found: Sequence[Column | None], columns: tuple[Column, ...]
) -> None:
    """Names are repeated only where some are known: a first line without any is data, and somebody's."""
    unknown = [title for title, column in zip(given, found, strict=True) if column is None]
    if not unknown:
        return
    if any(found):
        shown = "、".join(privacy.mask_numbers(title[:20]) or _("（空）") for title in unknown[:5])
        problem = _("第一行有不认识的列名：%(names)s") % {"names": shown}
    else:
        problem = _("第一行不是列名")
    raise HeaderError(f"{problem}\n{expected(columns)}")


def expected(columns: Iterable[Column]) -> str:
    """The names a file may use, one column a line; a star marks the needed ones."""
    lines = [f"  {'*' if column.needed else ' '} {' / '.join(column.names)}" for column in columns]
    return "\n".join([_("可以用的列名（* 必需）："), *lines])
