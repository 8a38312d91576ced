"""The rows of a statement, in one loop of Python: as a loop of templates they were two thirds of the page's work."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import gettext as _

from insurance.holdings import AccountLine
from insurance.periods import Month
from insurance.templatetags.insurance_format import amount, day, month_name, signed
from queries.forms import StatementForm
from queries.selectors.entry_words import WORDS
from queries.selectors.statement import Row

register = template.Library()

ROW = """<tr>
<th scope="row">{}</th>
<td class="what">{}{}{}{}
{}</td>
<td class="num" data-label="{}">{}</td>
<td class="num" data-label="{}">{}</td>
</tr>
"""


@register.simple_tag
def blank_filter() -> StatementForm:
    """The form as everybody gets it who has chosen nothing."""
    return StatementForm({})


@register.simple_tag
def entry_rows(rows: Iterable[Row], part: AccountLine | None) -> str:
    """With a link to each entry of the part; for paper, where a link leads nowhere, `part` is None."""
    # One reverse for all of them: every number stands at the same place of the address.
    start, end = reverse("queries:entry", args=[0]).rsplit("0", 1)
    opening = format_html('<a href="{}', start) if part else ""
    heads = conditional_escape(_("金额")), conditional_escape(_("余额"))
    zone = timezone.get_current_timezone()
    corrected = format_html(' <span class="tag tag-wait">{}</span>', _("已更正"))

    # Many rows share a day, a name and what there is to say; what is said again is not escaped again.
    @cache
    def name(kind: str) -> str:
        words = WORDS[kind].name
        return format_html('{}?part={}">{}</a>', end, part.key, words) if part else str(words)

    when, about = cache(_when), cache(_about)
    return format_html_join(
        "",
        ROW,
        (
            (
                when(row.posted_at.astimezone(zone).date()),
                opening,
                row.sequence if part else "",
                name(row.kind),
                corrected if row.reversed_by else "",
                about(row.for_month, row.user, row.place, row.reverses),
                heads[0],
                signed(row.amount_fen) if row.amount_fen else _memo(row),
                heads[1],
                amount(row.balance_after_fen),
            )
            for row in rows
        ),
    )


def _when(on: date) -> str:
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), day(on))


def _about(month: Month | None, user: str, place: str, reverses: int | None) -> str:
    said = (
        _("%(month)s的钱") % {"month": month_name(month)} if month else "",
        _("%(name)s 使用") % {"name": user} if user else "",
        place,
        _("更正第 %(number)s 笔") % {"number": reverses} if reverses else "",
    )
    spans = format_html_join("", "<span>{}</span>", ((one,) for one in said if one))
    return format_html('<span class="about">{}</span>', spans) if spans else ""


def _memo(row: Row) -> str:
    """What changed where no money moved."""
    if row.set_aside_fen > 0:
        said = _("留出 %(sum)s") % {"sum": amount(row.set_aside_fen)}
    else:
        said = _("退回 %(sum)s") % {"sum": amount(row.given_back_fen)}
    return format_html('<span class="memo">{}</span>', said)
