"""One sentence for each cause why a balance did not grow, and one for what to do about it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from insurance import areas
from insurance.models.facts import FactKind
from insurance.rules.decision import Finding
from insurance.templatetags.insurance_format import day, money, month_name, years

SENTENCES: dict[str, str | Promise] = {
    "D01_SCHEME_HAS_NO_ACCOUNT": _("您参加的险种或者这一档没有个人账户，所以没有钱打进来。"),
    "D02_NOT_ENROLLED": _("这个月您没有参保。"),
    "D03_NOT_DECLARED": _("您参着保，但这个月没有申报和缴费的记录。"),
    "D04_UNPAID": _("这个月申报了，但还没有缴费。"),
    "D05_OR_D06_NOT_POSTED": _(
        "该缴的没有欠，但钱还没有到账。当地规定哪天到账没有查到，所以不能说是还没到日子，还是晚了。"
    ),
    "D07_BACKPAY_POSTED_ELSEWHERE": _("这个月的 %(sum)s 不在这个月到账，是 %(day)s 到的。"),
    "D08_WRONG_BASE": _(
        "到账 %(sum)s，和算出来的不一样：缴费基数 %(base)s，划入 %(rate)s，应到 %(expected)s。"
    ),
    "D09_REFORM": _("从 %(day)s 起，单位交的部分不再划进个人账户，只有您自己交的部分划入。"),
    "D10_RETIREE_SWITCH": _("您从 %(month)s 起按退休人员划入：固定金额，不再按缴费基数算。"),
    "D11_YEARS_SHORT_PAYING_MONTHLY": _("退休后为凑够年限按月续缴的，当地不划个人账户。"),
    "D11_NOT_KNOWN_HERE": _(
        "您在退休后按月续缴。有的地方这种缴费不划个人账户，这里怎样规定没有定论。"
    ),
    "D12_ANNUAL_CREDIT": _("当地一年划入一次，不是每个月都有。"),
    "D13_SPENT": _("这个月打进来 %(came)s，也用出去 %(used)s，所以余额没有多。"),
    "D14_AID_SPENT": _("这个月家人用了 %(sum)s。"),
    "D15_LIMIT_RESERVED": _("现在有 %(sum)s 给家人留着：余额有，能用的没有多。"),
    "D16_WALLET_OUT": _("这个月从医保钱包转出 %(sum)s。"),
    "D17_AUTO_PREMIUM": _("这个月用账户的钱交了保费 %(sum)s。"),
    "D18_TRANSFER_IN_PROGRESS": _("从 %(day)s 起，您的医保关系正在转移。"),
    "D18_TRANSFER_WITHIN_DAYS": _(
        "从 %(day)s 起，您的医保关系正在转移，一共最多 %(days)d 个工作日。"
    ),
    "D19_PAID_IN_OTHER_AREA": _("这个月的费是在%(areas)s缴的，钱记在那边。"),
    "D20_FROZEN": _("账户停着：%(stopped)s。"),
    "D21_DUPLICATE_PERSON": _("您的身份证号还登记在另一个人员编号下，钱可能记在那边。"),
    "D22_REVERSED": _("这个月的 %(sum)s 记进来以后又更正掉了。"),
    "D23_WAITING_PERIOD": _(
        "刚参保的灵活就业人员，报销要等%(months)s。等的只是报销，账户该打的钱照打，所以这不是原因。"
    ),
    "D24_BASE_UNCHANGED": _("缴费基数和一年前一样，是 %(base)s，所以每月的钱也没有变多。"),
}
NEXT_STEPS: dict[str, str | Promise] = {
    "use_family_account": _("您不用做什么。家人有个人账户的，可以用家人的。"),
    "ask_about_tier": _("想换成有个人账户的一档，问单位，或者打 12393。"),
    "get_insured": _("有单位的，请单位参保；没有单位的，带身份证到医保窗口办。"),
    "ask_employer_declared": _("请问单位：这个月给我报了没有。"),
    "bring_receipt": _("已经缴了的，带缴费凭证到医保窗口查；没有缴的，请缴费。"),
    "press_employer": _("请催单位缴费；单位不缴，打 12393。"),
    "pay_yourself": _("请到缴费的地方补缴，能不能补先打 12393 问。"),
    "wait_two_months": _("过了两个月还没有到，带缴费凭证打 12393 或到医保窗口问。"),
    "ask_about_base": _("请问单位按多少工资申报的；有出入的，打 12393。"),
    "ask_retiree_amount": _("金额不对或者退休手续没办完的，到医保窗口问。"),
    "ask_12393": _("请打 12393 或到医保窗口确认。"),
    "look_at_statement": _("每一笔都在账户明细里。不是您和家人用的，马上打 12393。"),
    "ask_about_limit": _("要收回给家人留的钱，打 12393 问。"),
    "ask_about_premium": _("不想再自动交的，到医保窗口或打 12393 取消。"),
    "wait_for_transfer": _("您现在不用做什么。过了这些天还没有转到，打 12393 问。"),
    "look_there": _("到缴费的地方查；要合到一起的，申请转移接续。"),
    "bring_id_to_counter": _("带身份证到医保窗口，问清原因和怎样恢复。"),
    "merge_records": _("带身份证到医保窗口，请他们把两个编号合并。"),
}


def message(finding: Finding, names: Mapping[str, str] | None = None) -> str:
    """The sentence in the active language; `names` are those of areas by code. KeyError for a code without one."""
    words = {key: _WRITERS[key](value) for key, value in finding.params.items() if key != "areas"}
    if "areas" in finding.params:
        words["areas"] = _joined(_area(code, names or {}) for code in finding.params["areas"])
    return str(SENTENCES[finding.code]) % words


def next_step(finding: Finding) -> str:
    """What to do; empty where nothing is."""
    return str(NEXT_STEPS[finding.next_step]) if finding.next_step else ""


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _joined(words: Iterable[Any]) -> str:
    return _now("、").join(str(one) for one in words)


def _area(code: str, names: Mapping[str, str]) -> str:
    return names.get(code) or areas.describe(code, english=_english()) or code


def percent(ratio: str) -> str:
    """0.02 → 2%."""
    return f"{(Decimal(ratio) * 100).normalize():f}%"


_WRITERS: dict[str, Any] = {
    "sum": money,
    "base": money,
    "expected": money,
    "came": money,
    "used": money,
    "rate": percent,
    "day": day,
    "month": month_name,
    "months": years,
    "days": int,
    "stopped": lambda kinds: _joined(FactKind(kind).label for kind in kinds),
}
