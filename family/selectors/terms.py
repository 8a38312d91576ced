"""What two people agreed on, as rows of label and value; and what was changed of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from family.models import Binding, MoneyModel
from insurance.notice_texts import FEN
from insurance.policy_words import OPTIONS
from insurance.templatetags.insurance_format import day, in_capitals, money

Words = str | Promise
NO_CAP = _("不限")
LABELS: dict[str, Words] = {
    "uses": _("可以付什么"),
    "cap_month_fen": _("每个月最多"),
    "cap_bill_fen": _("每一次最多"),
    "limit_fen": _("划出的额度"),
    "from_day": _("从哪天起"),
    "to_day": _("到哪天为止"),
    "shows_amounts": _("试算时"),
}
SHOWS, HIDES = _("用钱的人能看到从这里出多少"), _("用钱的人只看到“够”或者“不够”")


_CAPS = ("uses", "cap_month_fen", "cap_bill_fen")


class Said(Protocol):
    """What somebody answered; money is fen, None or nothing is no cap."""

    @property
    def uses(self) -> tuple[str, ...]: ...
    @property
    def cap_month_fen(self) -> int | None: ...
    @property
    def cap_bill_fen(self) -> int | None: ...
    @property
    def limit_fen(self) -> int | None: ...
    @property
    def from_day(self) -> date | None: ...
    @property
    def to_day(self) -> date | None: ...


@dataclass(frozen=True)
class Row:
    """`in_words` is an amount in the signs of cheques, "" for what is none: large type shows both before somebody agrees."""

    label: Words
    value: Words
    in_words: str = ""


def rows_of(binding: Binding) -> tuple[Row, ...]:
    """In the order in which people ask."""
    return tuple(_rows(binding))


def rows_said(said: Said) -> tuple[Row, ...]:
    """What somebody wants, before there is a binding: in the same words and the same order."""
    limit = [_row("limit_fen", said.limit_fen)] if said.limit_fen else []
    return (
        *(_row(name, getattr(said, name) or None) for name in _CAPS),
        *limit,
        Row(LABELS["from_day"], day(said.from_day) if said.from_day else _now("办好以后")),
        Row(LABELS["to_day"], _value("to_day", said.to_day)),
    )


def uses_words(uses: list[str] | tuple[str, ...]) -> str:
    """What may be paid, in one line."""
    return _now("；").join(capfirst(str(OPTIONS.get(one, one))) for one in uses)


def changes(details: Mapping[str, Any]) -> Iterator[str]:
    """`每个月最多：不限 → 300.00 元` for each changed term of an event."""
    for name, label in LABELS.items():
        if isinstance(pair := details.get(name), list) and len(pair) == 2:
            before, after = (_value(name, one) for one in pair)
            yield f"{label}：{before} → {after}"


def _rows(binding: Binding) -> Iterator[Row]:
    for name in _CAPS:
        yield _row(name, getattr(binding, name))
    if binding.money_model == MoneyModel.LIMIT or binding.limit_fen is not None:
        yield _row("limit_fen", binding.limit_fen)
        if binding.limit_used_fen:
            yield Row(_("额度已经用了"), money(binding.limit_used_fen))
    yield Row(LABELS["from_day"], day(binding.from_day))
    yield Row(LABELS["to_day"], _value("to_day", binding.to_day))
    if binding.money_model:
        yield Row(_("钱怎么付"), str(MoneyModel(binding.money_model).label))
    yield Row(LABELS["shows_amounts"], _value("shows_amounts", binding.shows_amounts))


def _row(name: str, value: Any) -> Row:
    in_words = in_capitals(value) if name.endswith(FEN) else ""
    return Row(LABELS[name], _value(name, value), in_words)


def _value(name: str, value: Any) -> str:
    if name == "uses":
        return uses_words(value)
    if name == "shows_amounts":
        return str(SHOWS if value else HIDES)
    if name == "to_day":
        known = date.fromisoformat(value) if isinstance(value, str) else value
        return day(known) if known else _now("一直有效，随时可以停")
    if name == "limit_fen":
        return money(value) if value is not None else _now("还没有定")
    return money(value) if value is not None else str(NO_CAP)
