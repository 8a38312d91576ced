"""Why a binding can't be made, or not yet: one sentence and one way on for every cause, with its number for the hotline.

Whoever the cause concerns is told in the second person; staff, and whoever only said something about the other side, in the
third.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from family import words
from family.moves import Side
from insurance.templatetags.insurance_format import day, money


class Code(StrEnum):
    """The numbers of `REASONS` never change their meaning: people read them out on the telephone."""

    SELF = "self"
    DEAD = "dead"
    RELATION = "relation"
    ALREADY_BOUND = "already_bound"
    GIVER_NOT_INSURED = "giver_not_insured"
    GIVER_SCHEME = "giver_scheme"
    GIVER_NO_ACCOUNT = "giver_no_account"
    BENEFICIARY_NOT_INSURED = "beneficiary_not_insured"
    TRANSFER_UNDER_WAY = "transfer_under_way"
    AREA = "area"
    FROZEN = "frozen"
    SETTLEMENT_SUSPENDED = "settlement_suspended"
    MINOR = "minor"
    MEMBER_CAP = "member_cap"
    COOL_DOWN = "cool_down"
    DATES = "dates"
    LIMIT_MISSING = "limit_missing"
    LIMIT_NOT_COVERED = "limit_not_covered"
    NAME_DIFFERS = "name_differs"
    AREA_STAFF = "area_staff"
    MEMBER_CAP_STAFF = "member_cap_staff"
    RULE_STAFF = "rule_staff"
    MINOR_STAFF = "minor_staff"
    AREA_UNKNOWN = "area_unknown"
    RULE_UNKNOWN = "rule_unknown"
    NO_MONEY = "no_money"
    CAP_NOT_FOUND = "cap_not_found"
    YOUTH = "youth"
    NOT_SAID = "not_said"


@dataclass(frozen=True)
class Reason:
    """`own` speaks to whom it concerns, `third` about them (%(who)s); `step` is for the former, `third_step` for others."""

    number: str
    own: str | Promise
    third: str | Promise
    step: str | Promise
    third_step: str | Promise = ""


ASK_COUNTER = _("带双方身份证件到医保窗口，由工作人员核对。")
ASK_12393 = _("请打12393或者到医保窗口问清楚，再来办。")
REASONS: dict[Code, Reason] = {
    Code.SELF: Reason(
        "G01",
        _("填的是您自己的证件号码。"),
        _("两边填的是同一个人。"),
        _("请填家人的证件号码。自己的钱自己本来就能用。"),
    ),
    Code.DEAD: Reason(
        "G02",
        _("登记显示本人已去世。"),
        _("登记显示%(who)s已去世。"),
        _("登记有错的，请带身份证件到医保窗口更正。"),
        _("账户余额由继承人到医保窗口申请领取。"),
    ),
    Code.RELATION: Reason(
        "G03",
        _("%(relation)s不在可以共用的家人里。"),
        _("%(relation)s不在可以共用的家人里。"),
        _("可以共用的是配偶、父母、子女、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女。"),
        _("可以共用的是配偶、父母、子女、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女。"),
    ),
    Code.ALREADY_BOUND: Reason(
        "G04",
        _("您和这位家人已经绑定了。"),
        _("两人已经绑定了。"),
        _("在“家人共用”里可以看到，不用再办一次。要改限额，在那里改。"),
    ),
    Code.GIVER_NOT_INSURED: Reason(
        "G05",
        _("您现在没有参加职工医保，不能出钱给家人用。"),
        _("%(who)s现在没有参加职工医保。"),
        _("参加职工医保以后再来办。登记有错的，请打12393或者到医保窗口。"),
        _("要参加职工医保、有个人账户的人才能出钱。"),
    ),
    Code.GIVER_SCHEME: Reason(
        "G06",
        _("您参加的是居民医保，没有个人账户可以给家人用。"),
        _("%(who)s参加的不是职工医保，没有个人账户。"),
        _("您不能出钱，但可以用家人的钱：请参加职工医保的家人出钱。"),
        _("请换一位参加职工医保的家人出钱。"),
    ),
    Code.GIVER_NO_ACCOUNT: Reason(
        "G07",
        _("您没有个人账户，没有钱可以给家人用。"),
        _("%(who)s没有个人账户。"),
        _("有的职工医保档次不设个人账户。弄不清的，请打12393问。"),
        _("请换一位有个人账户的家人出钱。"),
    ),
    Code.BENEFICIARY_NOT_INSURED: Reason(
        "G08",
        _("您现在没有参加医保，不能用家人的钱。"),
        _("%(who)s现在没有参加医保。"),
        _("先参加职工医保或者居民医保，再来确认。登记有错的，请打12393。"),
        _("先参加职工医保或者居民医保，再来办。"),
    ),
    Code.TRANSFER_UNDER_WAY: Reason(
        "G09",
        _("您的医保关系从%(from_day)s起正在转移，转好以前不能绑定。"),
        _("%(who)s的医保关系正在转移。"),
        _("转好以后再来确认。超过15个工作日还没有转好，打12393问。"),
        _("转好以后再来办。"),
    ),
    Code.AREA: Reason(
        "G10",
        _("您的参保地和家人的参保地之间，现在还不能共用。"),
        _("两人的参保地之间，现在还不能共用。"),
        _("等开通以后再来办。哪天开通，打参保地的12393问。"),
        _("等开通以后再来办。哪天开通，打参保地的12393问。"),
    ),
    Code.FROZEN: Reason(
        "G11",
        _("您的账户从%(from_day)s起冻结，现在不能给家人用。"),
        _("%(who)s的账户冻结了。"),
        _("请带身份证件到医保窗口问清原因。解冻以后再来确认。"),
        _("解冻以后再来办。"),
    ),
    Code.SETTLEMENT_SUSPENDED: Reason(
        "G12",
        _("您从%(from_day)s起暂停刷卡结算，停用期间不能绑定。"),
        _("%(who)s暂停刷卡结算。"),
        _("恢复以后再来确认。有疑问请到医保窗口。"),
        _("恢复以后再来办。"),
    ),
    Code.MINOR: Reason(
        "G13",
        _("不满%(age)s岁的孩子，要由登记过的监护人来办。"),
        _("%(who)s不满%(age)s岁，要由登记过的监护人来办。"),
        _("请监护人带户口簿或者出生证到医保窗口登记，再替孩子确认。"),
        _("请监护人带户口簿或者出生证到医保窗口登记，再替孩子确认。"),
    ),
    Code.MEMBER_CAP: Reason(
        "G14",
        _("您最多可以给%(max)s位家人用，现在已经有%(now)s位。"),
        _("%(who)s最多可以给%(max)s位家人用，已经满了。"),
        _("先结束一位不再需要的，再来确认。"),
        _("先结束一位不再需要的，再来办。"),
    ),
    Code.COOL_DOWN: Reason(
        "G15",
        _("你们上次结束后还没到重新绑定的日子。"),
        _("两人上次结束后还没到重新绑定的日子。"),
        _("%(until)s起可以重新绑定。"),
        _("%(until)s起可以重新绑定。"),
    ),
    Code.DATES: Reason(
        "G16",
        _("填的使用日期已经过了，或者结束早于开始。"),
        _("填的使用日期已经过了，或者结束早于开始。"),
        _("请重新填日期再提出。"),
        _("请重新填日期再提出。"),
    ),
    Code.LIMIT_MISSING: Reason(
        "G17",
        _("你们在两个省，出钱的人要先定一笔额度，现在没有填。"),
        _("跨省共用要由%(who)s先定一笔额度，现在没有填。"),
        _("请填一笔额度。您提出时没有填的，先撤回，再填好额度提出一次。"),
        _("请出钱的人定好额度。"),
    ),
    Code.LIMIT_NOT_COVERED: Reason(
        "G18",
        _("您账户里能用的钱不够划出%(limit)s。"),
        _("%(who)s账户里能用的钱不够划出这笔额度。"),
        _("把额度改小，或者等钱到账以后再来。"),
        _("请把额度改小，或者等钱到账以后再来。"),
    ),
    Code.NAME_DIFFERS: Reason(
        "G19",
        _("邀请里写的姓名和您登记的姓名不一样。"),
        _("填的姓名和%(who)s登记的姓名不一样。"),
        _("写错了字的，请家人撤回，写对再提出一次。也可以现在同意，由医保窗口核对。"),
        ASK_COUNTER,
    ),
    Code.AREA_STAFF: Reason(
        "G20",
        _("您和家人的参保地之间能不能共用，没有定论，要由医保窗口决定。"),
        _("两人的参保地之间能不能共用，没有定论，要由医保窗口决定。"),
        _("双方都同意以后转医保窗口核对，您不用再填一遍。"),
        ASK_COUNTER,
    ),
    Code.MEMBER_CAP_STAFF: Reason(
        "G21",
        _("您最多可以给几位家人用，说法不一，要由医保窗口决定。"),
        _("%(who)s最多可以给几位家人用，说法不一，要由医保窗口决定。"),
        _("双方都同意以后转医保窗口核对，您不用再填一遍。"),
        ASK_COUNTER,
    ),
    Code.RULE_STAFF: Reason(
        "G22",
        _("当地的规定说法不一，要由医保窗口决定。"),
        _("当地的规定说法不一，要由医保窗口决定。"),
        _("双方都同意以后转医保窗口核对，您不用再填一遍。"),
        ASK_COUNTER,
    ),
    Code.MINOR_STAFF: Reason(
        "G29",
        _("您还没满%(age)s岁。几岁起可以自己办，没有查到规定，要由医保窗口决定。"),
        _("%(who)s还没满%(age)s岁。几岁起可以自己办，没有查到规定，要由医保窗口决定。"),
        _("双方都同意以后转医保窗口核对，您不用再填一遍。"),
        ASK_COUNTER,
    ),
    Code.AREA_UNKNOWN: Reason(
        "G23",
        _("您和家人的参保地之间能不能共用，没有查到规定。"),
        _("两人的参保地之间能不能共用，没有查到规定。"),
        ASK_12393,
        ASK_12393,
    ),
    Code.RULE_UNKNOWN: Reason(
        "G24",
        _("当地这方面的规定没有查到。"),
        _("当地这方面的规定没有查到。"),
        ASK_12393,
        ASK_12393,
    ),
    Code.NO_MONEY: Reason(
        "G25",
        _("您的账户现在没有能用的钱，绑定以后也要等有钱才能付。"),
        _("%(who)s的账户现在没有能用的钱。"),
        _("可以先绑定，钱到账后就能用。"),
    ),
    Code.CAP_NOT_FOUND: Reason(
        "G26",
        _("最多可以给几位家人用，没有查到当地规定。"),
        _("最多可以给几位家人用，没有查到当地规定。"),
        _("现在不限。以后有了规定，会先告诉您。"),
    ),
    Code.YOUTH: Reason(
        "G27",
        _("您还没满%(age)s岁。登记了监护人的，这件事也会告诉监护人。"),
        _("%(who)s还没满%(age)s岁。登记了监护人的，这件事也会告诉监护人。"),
        _("您不用再做什么。"),
    ),
    Code.NOT_SAID: Reason(
        "G28",
        _("家人参加哪种医保、在哪里参保，还没有填清楚。"),
        _("%(who)s参加哪种医保、在哪里参保，还没有填清楚。"),
        _("可以先提出。能不能办成，等家人登录后按登记判断。"),
    ),
}


def sentence(code: Code, params: Mapping[str, Any], *, who: Side | None) -> str:
    """`who` None speaks to the person concerned, else about that side."""
    reason = REASONS[code]
    return str(reason.own if who is None else reason.third) % _words(params, who)


def step(code: Code, params: Mapping[str, Any], *, who: Side | None) -> str:
    """What can be done about it; empty where there is nothing for the reader to do."""
    reason = REASONS[code]
    return str(reason.step if who is None else reason.third_step) % _words(params, who)


def _words(params: Mapping[str, Any], who: Side | None) -> dict[str, Any]:
    told = dict(params)
    for key in told.keys() & {"from_day", "until"}:
        told[key] = day(told[key])
    if "relation" in told:
        told["relation"] = words.RELATIONS[told["relation"]]
    if "limit" in told:
        told["limit"] = money(told["limit"])
    return told | {"who": words.SIDES[who] if who else ""}
