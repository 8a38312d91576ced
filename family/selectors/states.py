"""Where a binding stands, in the words of whoever reads: what it is called, whether money flows, and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from family import words
from family.models import Binding
from family.moves import MOVES, Move, Side, State
from insurance.templatetags.insurance_format import day, moment

Words = str | Promise

# "Is this still right?": divorce and quarrels are in no register, and nobody minds being asked once a year.
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Shown:
    """`tag` is the colour of the label; `note` says since when, until when or by whom, "" where the label says it all."""

    label: Words
    tag: str
    note: Words = ""


_PLAIN = {
    State.WAITING: Shown(
        words.STATES[State.WAITING], "wait", _("请对方登录本站，或者带身份证到医保窗口确认。")
    ),
    State.WITH_STAFF: Shown(words.STATES[State.WITH_STAFF], "wait", words.CHECKED_BY_STAFF),
    State.SUSPENDED: Shown(words.STATES[State.SUSPENDED], "act", _("现在不付钱。")),
}


def shown(binding: Binding, reader: Side, now: datetime) -> Shown:
    """For either side; nothing in it comes from the other side's record."""
    if binding.state == State.ACTIVE:
        return _active(binding, now)
    if binding.state == State.PAUSED:
        return Shown(words.STATES[State.PAUSED], "wait", _paused(binding, reader))
    if binding.state == State.ENDING:
        note = _now("现在不付钱，%(day)s正式结束。") % {"day": day(binding.formal_end)}
        return Shown(words.STATES[State.ENDING], "quiet", note)
    state = State(binding.state)
    return _PLAIN.get(state, Shown(words.STATES[state], "quiet"))


def allows(binding: Binding, move: Move, side: Side) -> bool:
    """By the table of moves, and by who paused or proposed; what is asked beyond that is the verb's."""
    rule = MOVES[move]
    if binding.state not in rule.sources or side not in rule.sides:
        return False
    if move is Move.PAUSE:
        return binding.paused_by not in {side, Side.GIVER}
    if move is Move.RESUME:
        return binding.paused_by == side
    return True


def review_is_due(binding: Binding, today: date) -> bool:
    """A year after it was proposed, and after each answer."""
    since = binding.reviewed_on or timezone.localtime(binding.created_at).date()
    return since + REVIEW_AFTER <= today


def _active(binding: Binding, now: datetime) -> Shown:
    today = timezone.localtime(now).date()
    if binding.to_day is not None and binding.to_day < today:
        return Shown(_("已经到期"), "quiet", _now("到%(day)s为止。") % {"day": day(binding.to_day)})
    if today < binding.from_day:
        note = _now("%(day)s起可以用。") % {"day": day(binding.from_day)}
        return Shown(_("还没有到日子"), "wait", note)
    if not binding.is_usable(now):
        note = _now("%(moment)s起可以用。") % {"moment": moment(binding.usable_from)}
        return Shown(_("办好了，等一等"), "wait", note)
    return Shown(words.STATES[State.ACTIVE], "ok")


def _paused(binding: Binding, reader: Side) -> Words:
    return (
        _("您暂停的，现在不付钱。")
        if binding.paused_by == reader
        else _("对方暂停的，现在不付钱。")
    )
