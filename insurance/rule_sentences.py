"""One sentence for every code that a finding can carry, and one for every next step.

Rules speak in codes; pages, prints and `explain` say these, in the language that is active.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from insurance import areas
from insurance.models import PolicySource
from insurance.periods import years_and_months
from insurance.policy_labels import LABELS
from insurance.policy_text import text_of
from insurance.policy_values import COMPLETE, NONE_REQUIRED, Value
from insurance.policy_words import OPTIONS
from insurance.rules.decision import Finding, Material
from insurance.rules.lump_sum import MONTHS, RATE_ALONE
from insurance.templatetags.insurance_format import day, money, month_name, years

SENTENCES: dict[str, str | Promise] = {
    # what the evidence is worth
    "evidence_secondary": _("只有二手资料这样说：%(said)s。请向12393确认。"),
    "evidence_agreed": _("几种说法不同，但对您的情况结论一样：%(said)s。请向12393确认。"),
    "evidence_disputed": _("%(topic)s：说法不一，由窗口决定。%(said)s。"),
    "evidence_seed_only": _("%(topic)s：只有网络文章这样说，没有见到文件，由窗口决定。%(said)s。"),
    "evidence_run_out": _(
        "%(topic)s：文件的有效期到%(until)s，没有查到续期，由窗口决定。%(said)s。"
    ),
    "evidence_silent": _("%(topic)s：文件没有说到这一种。%(said)s。"),
    "evidence_not_found": _("%(topic)s：没有查到当地在这一天的规定。"),
    "claim_rejected": _("另有说法，与文件不符，不采用。%(topic)s：%(said)s。"),
    # month of retirement
    "kind_not_known": _("女职工原来是55岁还是50岁退休看岗位，要先问清楚，不能由性别推出。"),
    "retirement_month_yes": _("法定退休时间是%(month)s，年龄%(age)s，比原来推迟%(delay)s。"),
    "retirement_early_yes": _("可以选择提前，最早%(month)s，要先交够养老保险最低年限。"),
    "retirement_late_yes": _("和单位商量一致的，可以推迟，最晚%(month)s。"),
    # withdrawal
    "case_yes": _("%(case)s：个人账户的余额可以取。%(said)s。"),
    "case_no": _("%(case)s：不能取。%(said)s。"),
    "handled_as_yes": _("%(case)s，按“%(as_case)s”办理。"),
    "applicant_yes": _("可以由%(applicant)s申请。"),
    "applicant_no": _("不能由%(applicant)s申请。%(said)s。"),
    "materials_yes": _("材料见清单。%(documents)s。"),
    "materials_not_found": _("要带哪些材料，没有查到。"),
    "working_days_yes": _("办理时间是%(days)s个工作日。"),
    "effects_yes": _("办完以后：%(value)s。"),
    "free_yes": _("办理不收费。"),
    "fee_yes": _("办理收费：%(value)s。"),
    "channels_yes": _("可以在这里办：%(value)s。"),
    "pay_to_yes": _("钱付到：%(value)s。"),
    "hotline_yes": _("咨询电话：%(value)s，见于%(documents)s。"),
    "hotline_not_confirmed": _("%(topic)s没有核实，先打12393。%(said)s。"),
    # spending
    "use_yes": _("%(use)s：可以用个人账户付。"),
    "use_no": _("%(use)s：不能用个人账户付。%(said)s。"),
    "provider_yes": _("这家是定点机构，可以用。"),
    "provider_no": _("这家不是定点机构，个人账户不能用。"),
    "provider_unknown": _("要先弄清这家是不是定点机构。"),
    "misuse": _(
        "套现、换购要退回损失，暂停联网结算%(min_months)s到%(max_months)s个月；故意骗保的，另处%(min_times)s到%(max_times)s倍罚款。"
    ),
    # monthly credit
    "reform_day_not_found": _("当地哪天开始改革没有查到，这个月按新规则还是旧规则划入不能确定。"),
    "before_reform": _("当地从%(day)s起改革。在这以前单位交的也划入一部分，比例没有查到。"),
    "credit_unpaid_yes": _("这个月没有交费，没有钱划入。"),
    "base_not_known": _("缴费基数乘%(rate)s就是应划入的钱，请先查缴费基数。"),
    "age_not_known": _("这个年龄的划入金额没有查到。"),
    "credit_in_service_yes": _("缴费基数%(base)s，划入%(rate)s，应到%(expected)s。"),
    "no_account_groups_yes": _("在当地，这些人没有个人账户：%(value)s。"),
    "credit_retired_yes": _("退休人员每月划入固定金额，应到%(expected)s。"),
    "retiree_basis_yes": _("退休人员划入的是%(value)s，不是本人养老金的一部分。"),
    # family aid
    "relation_yes": _("%(relation)s在可以共用的家人里。"),
    "relation_no": _("%(relation)s不在可以共用的家人里。%(said)s。"),
    "giver_scheme_yes": _("出钱的人参加职工医保，符合。"),
    "giver_scheme_no": _("出钱的人要参加职工医保。"),
    "giver_account_yes": _("出钱的人有个人账户，符合。"),
    "giver_account_no": _("出钱的人要有个人账户。"),
    "beneficiary_scheme_yes": _("用钱的人参加了基本医保，符合。"),
    "beneficiary_scheme_no": _("用钱的人要参加职工医保或者居民医保。"),
    "money_model_yes": _("钱怎么付：%(model)s。"),
    "money_model_no": _("这一天还不能跨省使用。"),
    "wallet_yes": _("%(area)s的医保钱包已全部开通。"),
    "wallet_no": _("%(area)s的医保钱包没有开通。"),
    "wallet_unknown": _("%(area)s的医保钱包只有部分地方开通，这里有没有开通没有查到。"),
    "limit_live_yes": _("%(area)s已开通跨省共济额度。"),
    "limit_live_no": _("%(area)s还没有开通跨省共济额度。"),
    "limit_live_not_found": _("%(area)s哪天开通跨省共济额度没有查到，由窗口决定。"),
    "own_account_first_yes": _("先用自己的账户，不够再用家人的，这是通常做法。"),
    # contribution years
    "needed_months_yes": _("累计年限够了：已有%(have)s，要%(needed)s。"),
    "needed_months_no": _("累计年限不够：已有%(have)s，要%(needed)s。"),
    "needed_months_staff_decides": _("累计年限已有%(have)s，要%(needed)s，够不够要由窗口认定。"),
    "boundary_yes": _("文件写的是超过这个年限，正好交满够不够没有定论。"),
    "continuous_yes": _("连续年限够了：最长连续%(have)s，要%(needed)s，与累计年限满足一项就可以。"),
    "continuous_no": _("连续年限不够：最长连续%(have)s，要%(needed)s，与累计年限满足一项就可以。"),
    "continuous_staff_decides": _("最长连续%(have)s，要%(needed)s，够不够要由窗口认定。"),
    "needed_actual_months_yes": _("实际交费年限符合：已有%(have)s，要求：%(needed)s。"),
    "needed_actual_months_no": _("实际交费年限不够：已有%(have)s，要%(needed)s。"),
    "needed_actual_months_staff_decides": _(
        "实际交费已有%(have)s，要%(needed)s，够不够要由窗口认定。"
    ),
    "needed_local_actual_months_yes": _("本地实际交费年限符合：已有%(have)s，要求：%(needed)s。"),
    "needed_local_actual_months_no": _("本地实际交费年限不够：已有%(have)s，要%(needed)s。"),
    "needed_local_actual_months_staff_decides": _(
        "本地实际交费已有%(have)s，要%(needed)s，够不够要由窗口认定。"
    ),
    "must_be_insured_at_retirement_yes": _("参保状态符合：%(topic)s，%(value)s。"),
    "must_be_insured_at_retirement_no": _("退休时要在参保状态，现在不是。"),
    "rule_yes": _("%(topic)s：%(value)s。"),
    "duplicate_enrolment": _("有%(have)s在两个地方都有记录，累计只算一次，归哪里要由窗口认定。"),
    "may_pay_on_yes": _("年限不够的，可以继续交到够为止。"),
    "complete_if_paying_on": _("还差%(missing)s。从下个月起在这里不断交，到%(month)s交满。"),
    "lump_sum": _(
        "还差%(missing)s，一次补齐要%(low)s：月数乘每月基数乘费率，最后四舍五入到分，以窗口核定的为准。%(said)s。"
    ),
    "lump_sum_range": _(
        "还差%(missing)s，一次补齐要%(low)s到%(high)s：说法不止一种，由窗口核定。月数乘每月基数乘费率，最后四舍五入到分。%(said)s。"
    ),
    "lump_sum_not_known": _("一次补齐要多少钱，算不出来。没有查到或者没有定论的：%(open)s。"),
    "lump_sum_option_no": _("当地没有一次补齐的办法。%(said)s。"),
}
NEXT_STEPS: dict[str, str | Promise] = {
    "ask_12393": _("请打12393或者到窗口确认。"),
    "ask_counter": _("请到医保窗口，由工作人员决定。"),
    "ask_kind": _("请向单位问清岗位，再来计算。"),
    "ask_base": _("请先查这个月的缴费基数。"),
    "ask_employer": _("请问单位这个月为什么没有交费。"),
    "manual_reimbursement": _(
        "急诊自己垫的钱，拿发票和清单到窗口手工报销，钱由统筹基金付，不退回个人账户。"
    ),
    "account_pays_care": _("看病买药的自付部分可以直接用个人账户付。"),
    "file_remote_care": _("长期住在外地的，办异地就医备案，直接结算。"),
    "account_stays": _("账户保留，可以继续用来看病买药。"),
    "cash_out_is_fraud": _("不要找人套现：套现是骗保，要退回损失，还会被处罚。"),
    "ask_pension_agency": _("养老保险的事请问社会保险经办机构。"),
    "transfer_first": _("先申请转移；转不过去的，再带证明到窗口问。"),
    "own_certificate": _("看病买药时出示家人本人的凭证。"),
    "look_up_provider": _("请先查这家医院或药店是不是定点机构。"),
    "child_binds_own_spouse": _("可以由子女给自己的配偶办理。"),
    "spouse_binds_own_parents": _("可以由配偶给自己的父母办理。"),
}
# What a sum may want besides a value of the rules.
OPEN_BESIDE: dict[str, str | Promise] = {
    MONTHS: _("还差几个月"),
    RATE_ALONE: _("单位费率里只属于职工医保的部分"),
}
RELATIONS: dict[str, str | Promise] = {
    "parent_in_law": _("公婆、岳父母"),
    "child_in_law": _("儿媳、女婿"),
}


def message(finding: Finding) -> str:
    """The sentence of a finding in the active language. KeyError for a code without one."""
    return capfirst(str(SENTENCES[finding.code]) % _words(finding.params))


def next_step(finding: Finding) -> str:
    """What to do; empty where nothing is."""
    return str(NEXT_STEPS[finding.next_step]) if finding.next_step else ""


def material_text(material: Material) -> str:
    """「医保码或有效身份证件」, with its condition in brackets."""
    text = _now("或").join(str(OPTIONS[one]) for one in material.any_of)
    if not material.only_if:
        return text
    return _now("%(material)s（%(condition)s）") % {
        "material": text,
        "condition": OPTIONS[material.only_if],
    }


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _joined(words: Iterable[str]) -> str:
    return (", " if _english() else "、").join(words)


def _percent(ratio: str) -> str:
    return f"{(Decimal(ratio) * 100).normalize():f}%"


def _said(values: Iterable[Value]) -> str:
    """Each value with the documents behind it, and what kind of source they are."""
    return ("; " if _english() else "；").join(dict.fromkeys(_one_said(value) for value in values))


def _one_said(value: Value) -> str:
    documents = (
        _now("《%(title)s》（%(kind)s）")
        % {"title": one.source.title, "kind": PolicySource.Kind(one.source.kind).label}
        for one in value.citations
    )
    return _now("%(documents)s：%(value)s") % {
        "documents": _joined(documents),
        "value": _value(value),
    }


def _value(value: Value) -> str:
    if value.emptiness == NONE_REQUIRED:
        return _now("没有这个要求")
    text = text_of(value)
    if value.list_kind == COMPLETE and value.value:
        return _now("只有%(list)s") % {"list": text}
    return text


def _either(values: tuple[Value, ...]) -> str:
    """Every reading, also where they lead to the same verdict: one of them alone would look like the rule."""
    texts = list(dict.fromkeys(_value(value) for value in values)) or ["–"]
    return reduce(
        lambda one, other: _now("%(one)s或者%(other)s") % {"one": one, "other": other}, texts
    )


def _of_values(values: tuple[Value, ...]) -> dict[str, str]:
    titles = dict.fromkeys(one.source.title for value in values for one in value.citations)
    return {
        "said": _said(values),
        "value": _either(values),
        "needed": _either(values),
        "documents": "".join(_now("《%(title)s》") % {"title": one} for one in titles),
    }


def _span(kind: str, told: Mapping[str, int]) -> dict[str, int]:
    return {f"min_{kind}": told["min"], f"max_{kind}": told["max"]}


def _option(code: str) -> str:
    return str(RELATIONS.get(code) or OPTIONS[code])


def _area(code: str) -> str:
    return areas.describe(code, english=_english()) or code


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Every param as it is printed; those of one kind share a name in all sentences."""
    words: dict[str, Any] = {}
    for key, value in params.items():
        if key == "values":
            words |= _of_values(value)
        elif key == "months":
            words |= (
                _span("months", value) if isinstance(value, Mapping) else {"have": years(value)}
            )
        elif key == "times":
            words |= _span("times", value)
        else:
            writer, name = _WRITERS[key]
            words[name] = writer(value)
    return words


def _months_span(span: tuple[int, int]) -> str:
    fewest, most = span
    told = {"from": years(fewest), "to": years(most)}
    if fewest == most:
        return told["to"]
    return (_now("%(from)s到%(to)s") if fewest else _now("最多%(to)s")) % told


def _open(names: Iterable[str]) -> str:
    return _joined(str(OPEN_BESIDE.get(one) or LABELS[one]) for one in names)


def _day(value: date) -> str:
    return day(value)


def _age(months: int) -> str:
    """740 → 61岁8个月: people are counted in other words than contributions."""
    whole, rest = years_and_months(months)
    if not rest:
        return _now("%(years)d岁") % {"years": whole}
    return _now("%(years)d岁%(months)d个月") % {"years": whole, "months": rest}


# How a param is written, and what the sentence calls it.
_WRITERS: dict[str, tuple[Any, str]] = {
    "name": (lambda name: str(LABELS[name]), "topic"),
    "until": (_day, "until"),
    "day": (_day, "day"),
    "month": (month_name, "month"),
    "age_months": (_age, "age"),
    "delay_months": (years, "delay"),
    "missing": (years, "missing"),
    "missing_span": (_months_span, "missing"),
    "open": (_open, "open"),
    "low_fen": (money, "low"),
    "high_fen": (money, "high"),
    "case": (_option, "case"),
    "as_case": (_option, "as_case"),
    "applicant": (_option, "applicant"),
    "use": (_option, "use"),
    "relation": (_option, "relation"),
    "model": (_option, "model"),
    "where": (str, "where"),
    "area": (_area, "area"),
    "days": (str, "days"),
    "age": (str, "age"),
    "rate": (_percent, "rate"),
    "base_fen": (money, "base"),
    "expected_fen": (money, "expected"),
}
