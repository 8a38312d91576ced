"""Why a month brought somebody no credit: a short sentence for each reason, for the report of the run."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "account_elsewhere": _("账户在另一个地区"),
    "account_frozen": _("账户冻结"),
    "age_not_known": _("没有登记出生日期，或者当地没有这个年龄的金额"),
    "annual": _("当地一年划入一次"),
    "base_not_known": _("不知道缴费基数"),
    "before_reform": _("这个月当地还按改革前的规定"),
    "birthday_changes_amount": _("这个月过生日后金额不同，从哪天算没有定论"),
    "corrected": _("这个月的钱划入后又更正了"),
    "credited_by_file": _("账目文件里已划入这个月的钱"),
    "died": _("这个月以前去世"),
    "enrolment_changed": _("这个月里换了参保地、人员类别或档次"),
    "evidence_disputed": _("当地规定说法不一"),
    "evidence_not_found": _("当地规定没有查到"),
    "evidence_run_out": _("当地文件已过有效期"),
    "evidence_seed_only": _("只有网络文章这样说"),
    "evidence_silent": _("当地规定没有说到"),
    "may_bring_nothing": _("这种缴费不一定划入"),
    "moving": _("医保关系正在转出"),
    "no_open_account": _("没有开着的个人账户"),
    "not_enrolled": _("这个月没有参保"),
    "nothing_due": _("算出来是零"),
    "paid_elsewhere": _("在另一个地区缴的费"),
    "paid_twice": _("这个月有几条已缴记录"),
    "posting_not_settled": _("当地每月划入还是一年划入一次，说法不一"),
    "reform_day_not_found": _("当地哪天改革没有查到"),
    "scheme_has_no_account": _("这个险种或这一档没有个人账户"),
    "unpaid": _("这个月没有已缴的记录"),
}
