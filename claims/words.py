"""What the refusals are called on pages and in answers, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.refusals import Refusal

# Of a payer in a receipt: the last one who was asked, and those behind.
PAID_UP = _("到这里，账单付清了。")
NOT_NEEDED = _("账单已经付清，没有用到。")
REFUSALS: dict[Refusal, str | Promise] = {
    Refusal.BAD_BILL: _("账单填写有误，请核对后再提交。"),
    Refusal.NOT_DESIGNATED: _("就诊那天本机构不是医保定点机构，不能用医保账户付。"),
    Refusal.USE_NOT_PAYABLE: _("这种费用不能用医保账户付。"),
    Refusal.PATIENT_UNKNOWN: _(
        "没有认出看病的人：请重新出示医保码，或核对证件号码和社会保障卡号。"
    ),
    Refusal.TOO_MANY_UNKNOWN: _(
        "没有认出来的次数太多，请一小时后再用卡号查，或者请看病的人出示医保码。"
    ),
    Refusal.PATIENT_BLOCKED: _("看病的人现在不能联网结算，请本人打 12393 或到医保窗口问。"),
    Refusal.BILL_ALREADY_SETTLED: _("这张单据已经结算过了。"),
    Refusal.DIFFERS: _("试算以后情况变了，请核对新的金额再结算。"),
    Refusal.QUOTE_TOO_OLD: _("试算已过去太久，请重新试算。"),
    Refusal.TOO_MANY_QUOTES: _("今天给这个人试算的次数太多，请直接结算。"),
    Refusal.UNKNOWN_SETTLEMENT: _("没有这笔结算。"),
    Refusal.WRONG_STATE: _("这笔结算现在的状态不能这样办。"),
    Refusal.HOLD_OVER: _("占用已经过期，钱已经放回，请重新结算。"),
    Refusal.REFUND_TOO_LATE: _("已经过了可以退费的时间，请联系医保窗口。"),
    Refusal.REFUND_TOO_MUCH: _("要退的钱比还没退的多。"),
    Refusal.ACCOUNT_CLOSED: _("原来付钱的账户已经销户，要由医保窗口办理退费。"),
    Refusal.TRANSFER_NOT_OPEN: _("按现在的规定，这段关系不能往钱包转钱。"),
    Refusal.TRANSFER_TOO_MUCH: _("超过了每次最多可以转的金额。"),
    Refusal.TRANSFER_DONE: _("这一笔刚才已经办过了，没有再办一次。请看下面的记录。"),
    Refusal.TRANSFERS_USED_UP: _("今天转钱的次数用完了，明天再转。"),
    Refusal.NO_MONEY: _("账户里可用的钱不够。"),
}
