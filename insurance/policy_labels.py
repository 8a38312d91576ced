"""What the names of the catalogue are called on pages."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from insurance.policy_names import CASES, USES
from insurance.policy_words import OPTIONS

TOPIC_LABELS: dict[str, str | Promise] = {
    "family_aid": _("家人共用我的医保个人账户（家庭共济）"),
    "uses": _("个人账户能付什么"),
    "account": _("个人账户"),
    "account_credit": _("每月打进来的钱"),
    "rates": _("交多少"),
    "contribution_years": _("要交满多少年"),
    "retirement": _("退休年龄"),
    "benefit": _("断交和等待"),
    "transfer": _("换地方参保和手工报销"),
    "withdrawal": _("把钱取出来（一次性支取）"),
    "consequences": _("违规后果和咨询"),
}
_YEARS: dict[str, str | Promise] = {
    "needed_months.male": _("男性累计要交满"),
    "needed_months.female": _("女性累计要交满"),
    "needed_actual_months": _("其中实际交费至少"),
    "needed_local_actual_months": _("其中在享受待遇的地方实际交费至少"),
    "must_be_insured_at_retirement": _("退休时要在参保状态"),
    "continuous_alternative_months": _("或者连续不断交满"),
    "boundary": _("正好交满够不够"),
    "deemed_rule": _("按规定算交过的年限（视同缴费）"),
    "military_counts_as_actual": _("军龄算实际交费"),
    "flexible_back_payment_counts": _("灵活就业人员补交的月份算年限"),
    "resident_months_count": _("居民医保的年限算数"),
    "unemployment_fund_counts": _("领失业金期间算交过"),
    "months_paid_twice_count_once": _("重复交的月份只算一次"),
    "tied_to_pension": _("和在当地领养老金挂钩"),
    "may_pay_on": _("没交够可以继续交"),
    "adds_up_across_areas": _("各地交的年限累计计算"),
    "benefit_place_order": _("在哪里享受退休待遇，按这个顺序定"),
    "shortfall_options": _("年限不够怎么补"),
    "shortfall_base": _("补足年限的基数"),
    "shortfall_rate": _("补足年限的费率"),
    "shortfall_base_fen": _("补足年限的基数是多少（每月）"),
    "shortfall_monthly_credited": _("按月补交期间划入个人账户"),
    "shortfall_monthly_benefit": _("按月补交期间的待遇"),
}
_AID: dict[str, str | Promise] = {
    "relatives": _("可以给哪些家人用"),
    "parents_in_law": _("可以给配偶的父母用"),
    "area_scope": _("家人可以在哪里参保"),
    "money_model.same_area": _("同一统筹区怎么付钱"),
    "money_model.same_province": _("省内不同统筹区怎么付钱"),
    "money_model.cross_province": _("跨省怎么付钱"),
    "wallet_opening": _("医保钱包开通情况"),
    "limit_live_from": _("跨省共济额度开通日"),
    "giver_schemes": _("出钱的人要参加"),
    "beneficiary_schemes": _("用钱的人要参加"),
    "beneficiary_must_be_insured": _("用钱的人要在参保状态"),
    "giver_needs_account": _("出钱的人要有个人账户"),
    "many_to_many": _("一人可以给几位家人用，也可以用几位家人的"),
    "both_sides_agree": _("要双方自愿"),
    "either_side_may_end": _("哪一方都可以解除"),
    "max_members": _("最多绑几位家人"),
    "min_kept_fen": _("自己账户里至少留"),
    "rebinding_wait_days": _("结束以后，隔几天才能重新绑"),
    "own_account_first": _("先用自己的账户"),
    "givers_in_order": _("家人的账户按顺序扣"),
    "shared_part": _("哪部分钱可以给家人用"),
    "commitment_letter_replaces_proof": _("承诺书可以代替亲属关系证明"),
    "form_fields": _("办理时要填"),
    "wallet.max_transfers_per_day": _("医保钱包每天最多转几次"),
    "wallet.max_fen_per_transfer": _("医保钱包每次最多转"),
    "wallet.both_sides_open": _("医保钱包要双方都开通"),
    "wallet.confirmed_by": _("医保钱包转账怎样确认"),
    "limit.is_reserved": _("定给家人的额度自己不能再用"),
    "limit.unused_returns": _("解除后没用完的额度退回"),
    "limit.uses": _("共济额度能付什么"),
    "limit.settled": _("各省之间多久结清"),
    "ends_on": _("什么时候自动结束"),
    "invitation_days": _("对方要在几天内确认"),
    "reminder_days": _("到期前几天提醒对方"),
    "cool_down_hours": _("双方同意后，过几小时才能扣第一笔"),
    "guardian_below_age": _("不满几周岁，要监护人同意"),
    "adult_age": _("满几周岁算成年人"),
}
_MONEY: dict[str, str | Promise] = {
    "rates.own": _("个人交"),
    "rates.own_fixed_fen": _("个人另外每月固定交"),
    "rates.employer": _("单位交"),
    "rates.employer_includes": _("单位费率里包含"),
    "rates.flexible": _("灵活就业人员交"),
    "rates.flexible_fixed_fen": _("灵活就业人员每月固定交"),
    "rates.flexible_large_amount_part": _("灵活就业费率里的大病互助部分"),
    "rates.tier2.own": _("二档个人交"),
    "rates.tier2.employer": _("二档单位交"),
    "rates.base_floor_fen": _("缴费基数下限（每月）"),
    "rates.base_ceiling_fen": _("缴费基数上限（每月）"),
    "rates.late_fee_per_day": _("单位欠费的滞纳金（每天）"),
    "account.schemes_without": _("没有个人账户的险种"),
    "account.categories_without": _("没有个人账户的参保人"),
    "account.split": _("个人账户分几部分"),
    "account.benefit_year": _("医保年度"),
    "account.carries_over": _("年底不清零"),
    "account.inheritable": _("可以继承"),
    "account.interest.current_year": _("当年的钱按什么计息"),
    "account.interest.carried_over": _("结转的钱按什么计息"),
    "account.interest.fund_floor": _("沉淀基金的计息下限"),
    "account_credit.in_service_rate": _("在职时每月划入"),
    "account_credit.employer_share_credited": _("单位交的钱划入个人账户"),
    "account_credit.employer_share_before_reform": _("改革前单位交的钱里划入的比例"),
    "account_credit.reform_from": _("本地改革开始的日子"),
    "account_credit.retiree_basis": _("退休人员按什么划入"),
    "account_credit.retiree_target_ratio": _("退休人员划入额相当于当地平均基本养老金的"),
    "account_credit.retiree_fen": _("退休人员每月划入"),
    "account_credit.posting_rule": _("多久划入一次"),
    "account_credit.posting_lag_months": _("最晚晚几个月到账"),
    "account_credit.usable_from": _("交费后哪天起可以用"),
    "account_credit.usable_while_waiting": _("等待期内可以用个人账户"),
    "account_credit.stops_after_idle_years": _("几年不用会停发"),
}
_REST: dict[str, str | Promise] = {
    "uses.needs_designated_provider": _("只能在定点医疗机构和定点零售药店用"),
    "certificate.own_only": _("要用患者本人的凭证"),
    "certificate.proxy_shows_both": _("代人买药要出示双方身份证件"),
    "retirement.formula.m60": _("男职工（原60岁）延迟退休的算法"),
    "retirement.formula.f55": _("女职工（原55岁）延迟退休的算法"),
    "retirement.formula.f50": _("女职工（原50岁）延迟退休的算法"),
    "retirement.early_max_months": _("最多可以提前"),
    "retirement.late_max_months": _("最多可以推迟"),
    "retirement.pension_min_months": _("养老保险最低年限（不是医保的）"),
    "retirement.early_not_below_original_age": _("提前也不早于原退休年龄"),
    "retirement.early_needs_pension_minimum": _("提前要先交够养老保险最低年限"),
    "retirement.late_needs_employer_agreement": _("推迟要和单位商量一致"),
    "benefit.waiting_months.flexible": _("灵活就业人员首次参保的等待期"),
    "benefit.waiting_waived_within_months": _("多久内接上就不用等"),
    "benefit.retiree_from": _("退休待遇从什么时候起"),
    "gap.backpay_months": _("断交多久以内可以补交"),
    "gap.waiting_max_months": _("断交后等待期最长"),
    "gap.old_place_covers_next_month": _("最后交费月的下个月仍由原参保地管"),
    "transfer.certificate": _("参保凭证多久开好"),
    "transfer.out_working_days": _("原参保地办理时间"),
    "transfer.in_working_days": _("新参保地办理时间"),
    "transfer.total_working_days": _("转移一共最多"),
    "transfer.not_for": _("不办转移的人"),
    "manual_reimbursement.working_days": _("手工报销办理时间"),
    "manual_reimbursement.max_working_days": _("手工报销最多"),
    "withdrawal.cases": _("哪些情形可以取"),
    "withdrawal.working_days": _("办理时间"),
    "withdrawal.fee_fen": _("收费"),
    "withdrawal.pay_to": _("钱付到哪里"),
    "withdrawal.channels": _("在哪里办"),
    "withdrawal.materials.common": _("都要带的材料"),
    "fraud.suspension_months": _("出借凭证、骗保的，暂停联网结算"),
    "fraud.fine_multiple": _("故意骗保的罚款（骗取金额的倍数）"),
    "fraud.repays": _("损失要退回"),
    "records.query_is_free": _("查自己的记录免费"),
    "hotline.number": _("医保服务热线"),
    "hotline.local": _("本地咨询电话"),
}
_OF_A_CASE = {
    "case": _("{case}：能不能取"),
    "handled_as": _("{case}：按哪种情形办"),
    "applicants": _("{case}：谁来申请"),
    "materials": _("{case}：要带的材料"),
    "effects": _("{case}：办完以后"),
    "pay_to": _("{case}：钱付到哪里"),
    "channels": _("{case}：在哪里办"),
}


def _all_labels() -> dict[str, str | Promise]:
    found = {f"contribution_years.{name}": label for name, label in _YEARS.items()}
    found |= {f"family_aid.{name}": label for name, label in _AID.items()}
    found |= _MONEY | _REST
    found |= {
        f"withdrawal.{what}.{case.lower()}": format_lazy(label, case=OPTIONS[case])
        for case in CASES
        for what, label in _OF_A_CASE.items()
    }
    return found | {f"uses.{use.lower()}": OPTIONS[use] for use in USES}


LABELS: dict[str, str | Promise] = _all_labels()
