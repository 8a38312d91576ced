"""The statement as a file that a table program opens and that can't do anything in it."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from insurance.csv_cells import amount_cell, text_cell, written
from queries.selectors.entry_words import WORDS
from queries.selectors.statement import Row


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

    return written(head, (_cells(row, part, names[row.kind], correction(row)) for row in rows))


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
