"""Why there is no money, or none to use: one reason a sentence, each from data, each with what to do next.

The main reason comes first. Nothing here guesses: what the register doesn't say is not a reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from insurance.holdings import Holdings, is_under_way
from insurance.models.enrolments import Scheme
from insurance.models.facts import FactKind
from insurance.standing import Standing
from insurance.templatetags.insurance_format import day as say_day
from insurance.templatetags.insurance_format import money


@dataclass(frozen=True)
class Reason:
    """`kind` is that of a tag: act, wait or quiet."""

    code: str
    kind: str
    title: str
    text: str
    next_step: str


def reasons(*, held: Holdings, where: Standing, today: date) -> tuple[Reason, ...]:
    """All that hold today; nothing where there is money and it can be used."""
    found = [*_stops(where, today), *_moves(held, where, today), *_missing(held, where, today)]
    # Heirs were paid, or the money went along: "used up" would be untrue.
    if not {"died", "moved"} & {reason.code for reason in found}:
        found += _empty(held)
    return tuple(found)


def _stops(where: Standing, today: date) -> Iterator[Reason]:
    if death := where.fact(FactKind.DEATH, today):
        yield Reason(
            code="died",
            kind="act",
            title=_("登记为已去世"),
            text=_("登记的日期是 %(day)s。账户已经停用，里面的钱由继承人申请。")
            % {"day": say_day(death.from_day)},
            next_step=_("继承人带身份证和关系证明到医保窗口。如果登记错了，请马上打 12393。"),
        )
    if freeze := where.fact(FactKind.ACCOUNT_FREEZE, today):
        yield Reason(
            code="frozen",
            kind="act",
            title=_("账户被冻结"),
            text=_("从 %(day)s 起，账户里的钱不能用。钱还是您的，没有少。")
            % {"day": say_day(freeze.from_day)},
            next_step=_("带身份证到医保窗口，问清原因和怎样解冻。"),
        )
    if suspension := where.fact(FactKind.SETTLEMENT_SUSPENSION, today):
        yield Reason(
            code="suspended",
            kind="act",
            title=_("暂时不能刷卡结算"),
            text=_suspension_text(suspension.from_day, suspension.to_day),
            next_step=_("看病先自己付钱，保留发票和清单，到医保窗口问能不能报销。"),
        )


def _moves(held: Holdings, where: Standing, today: date) -> Iterator[Reason]:
    leaving = where.fact(FactKind.TRANSFER_OUT, today)
    if leaving and is_under_way(leaving, held, where, today):
        yield Reason(
            code="moving",
            kind="wait",
            title=_("医保关系正在转走"),
            text=_("从 %(day)s 起，您的医保关系转往%(place)s，账户里的钱跟着过去。")
            % {"day": say_day(leaving.from_day), "place": leaving.other_area or _("外地")},
            next_step=_("您现在不用做什么。超过 15 个工作日还没有转到，打 12393 问。"),
        )
    if coming := where.fact(FactKind.TRANSFER_IN, today):
        yield Reason(
            code="arriving",
            kind="wait",
            title=_("原来地方的钱还在路上"),
            text=_("从 %(day)s 起，您的医保关系从%(place)s转来，钱到了会记成“从外地转来”。")
            % {"day": say_day(coming.from_day), "place": coming.other_area or _("外地")},
            next_step=_("您现在不用做什么。超过 15 个工作日还没有转到，打 12393 问。"),
        )


def _suspension_text(first: date, last: date | None) -> str:
    if last is None:
        return _("从 %(first)s 起，看病买药不能直接刷医保。医保还在，钱也还在。") % {
            "first": say_day(first)
        }
    return _("从 %(first)s 到 %(last)s，看病买药不能直接刷医保。医保还在，钱也还在。") % {
        "first": say_day(first),
        "last": say_day(last),
    }


def _missing(held: Holdings, where: Standing, today: date) -> Iterator[Reason]:
    now = where.enrolment_on(today)
    if now is None:
        yield from _not_insured(held, where, today)
        return
    if now.scheme == Scheme.RESIDENT:
        yield Reason(
            code="resident",
            kind="quiet",
            title=_("居民医保没有个人账户"),
            text=_(
                "您参加的是城乡居民医保。居民医保看病照样能报销，只是没有个人账户，所以没有余额。"
            ),
            next_step=_("您不用做什么。家人参加职工医保的，可以用家人个人账户里的钱。"),
        )
    elif not now.has_account:
        yield Reason(
            code="tier",
            kind="quiet",
            title=_("您这一档没有个人账户"),
            text=_("您在%(place)s参加的职工医保（%(tier)s）不设个人账户，看病照样能报销。")
            % {"place": now.area, "tier": now.tier or now.person_type_label},
            next_step=_("想换成有个人账户的一档，问单位，或者打 12393。"),
        )
    elif not held.live:
        yield Reason(
            code="not_opened",
            kind="wait",
            title=_("账户还没有开"),
            text=_("您从 %(day)s 起在%(place)s参加职工医保，但这里还没有您的个人账户。")
            % {"day": say_day(now.starts_on), "place": now.area},
            next_step=_("刚参保的，等第一笔钱到账再看。过了两个月还没有，打 12393 问。"),
        )


def _not_insured(held: Holdings, where: Standing, today: date) -> Iterator[Reason]:
    moved = where.latest_fact(FactKind.TRANSFER_OUT, today)
    if moved and held.balance_fen and moved.holds_on(today):
        return
    if moved and not held.balance_fen:
        yield Reason(
            code="moved",
            kind="quiet",
            title=_("您的医保已经转走了"),
            text=_("%(day)s 起转往%(place)s，钱也在那边。这里只留着以前的记录。")
            % {"day": say_day(moved.from_day), "place": moved.other_area or _("外地")},
            next_step=_("现在的余额，要到转去的地方查。"),
        )
        return
    ended = [line.ends_on for line in where.enrolments if line.ends_on and line.ends_on < today]
    text = (
        _("最近一次参保到 %(day)s 为止。停保以后没有新的钱打进来，原来的钱还是您的。")
        % {"day": say_day(max(ended))}
        if ended
        else _("登记里没有您现在的参保记录。")
    )
    yield Reason(
        code="not_insured",
        kind="act",
        title=_("现在没有参保"),
        text=text,
        next_step=_("找到新工作的，请单位给您参保；没有单位的，带身份证到医保窗口办。"),
    )


def _empty(held: Holdings) -> Iterator[Reason]:
    if not held.live:
        return
    if not any(line.last_sequence for line in held.live):
        yield Reason(
            code="nothing_yet",
            kind="wait",
            title=_("还没有钱打进来"),
            text=_("账户 %(day)s 开了，但还没有到过一笔钱。")
            % {"day": say_day(min(line.opened_on for line in held.live))},
            next_step=_("看“每月到账”里单位缴了没有。已经缴了还没到，打 12393 问。"),
        )
    elif held.balance_fen == 0:
        yield Reason(
            code="used_up",
            kind="quiet",
            title=_("钱用完了"),
            text=_("以前打进来的钱都用掉或转走了。每一笔去了哪里，明细里都有。"),
            next_step=_("看病要自己付的部分，先用现金或家人的账户。下次打钱以后又有余额。"),
        )
    elif held.available_fen == 0:
        yield Reason(
            code="spoken_for",
            kind="wait",
            title=_("钱在，但暂时都有用处"),
            text=_("给家人留出 %(reserved)s，正在结算占用 %(held)s，所以现在能用的是 0。")
            % {"reserved": money(held.reserved_fen), "held": money(held.held_fen)},
            next_step=_("结算一结束，没用掉的会退回。要收回给家人留的钱，打 12393 问。"),
        )
