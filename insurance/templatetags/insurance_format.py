"""How amounts, days and months are printed, in the language of the page."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext

from insurance.money import capitals, plain, yuan
from insurance.periods import Month, years_and_months

register = template.Library()


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def money(fen: int | None) -> str:
    """Fen → 1,234.56 元; a dash where there is no amount."""
    if fen is None:
        return "–"
    return f"{plain(fen)} yuan" if _english() else yuan(fen)


@register.filter
def in_capitals(fen: int | None) -> str:
    """Fen → 壹仟贰佰叁拾肆元伍角陆分, which leaves no doubt about a point or a comma; "" where it says nothing more."""
    return "" if fen is None or _english() else capitals(fen)


@register.filter
def amount(fen: int | None) -> str:
    """Fen → 1,234.56, for table columns whose head names the unit."""
    return "–" if fen is None else plain(fen)


@register.filter
def signed(fen: int) -> str:
    """+1,234.56 or −1,234.56, with a real minus sign."""
    return f"{'−' if fen < 0 else '+'}{plain(abs(fen))}"


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月21日; a dash where there is no day."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return date_format(value, "j F Y") if _english() else _plain_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """2026年11月21日 09:05."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    if _english():
        return date_format(local, "j F Y H:i")
    return f"{_plain_day(local)} {local:%H:%M}"


@register.filter
def month_name(value: Month | date | None) -> str:
    """2026年11月."""
    if value is None:
        return "–"
    if _english():
        return date_format(date(value.year, value.month, 1), "F Y")
    return f"{value.year:04d}年{value.month}月"


def _plain_day(value: date) -> str:
    """A tenth of the work of a format string, and a statement prints a hundred of them."""
    return f"{value.year:04d}年{value.month}月{value.day}日"


def day_of_year(text: str) -> str:
    """07-01 → 7月1日."""
    # a leap year, for 29 February
    return date_format(date.fromisoformat(f"2000-{text}"), "j F" if _english() else "n月j日")


@register.filter
def iso_day(value: date | datetime) -> str:
    """2026-11-21, for `time` elements and files."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat()


@register.filter
def years(count: int | None) -> str:
    """219 → 18年3个月; nothing is rounded, a dash where nothing is determined."""
    if count is None:
        return "–"
    whole, rest = years_and_months(count)
    parts = []
    if whole or not rest:
        parts.append(ngettext("%(count)d年", "%(count)d年", whole) % {"count": whole})
    if rest:
        parts.append(ngettext("%(count)d个月", "%(count)d个月", rest) % {"count": rest})
    return (" " if _english() else "").join(parts)
