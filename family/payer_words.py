"""Plain words about payers: why an order changed, why somebody pays no more.

The reasons are said three ways: of one's own account, of a relative, and to that relative. What the register says of
somebody is told to nobody else: the other side reads that it isn't possible now.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from family.deduction import Stop


class OrderReason(TextChoices):
    """What made a version of the order."""

    JOIN = "join", _("新加了一位")
    LEAVE = "leave", _("少了一位")
    RETURN = "return", _("恢复了一位")
    REORDER = "reorder", _("换了先后")
    UNDO = "undo", _("撤销了刚才的更改")


_THEIR_RECORD = _("现在付不了。原因只有对方自己登录后能看到。")
_EITHER_RECORD = _("您或对方的登记情况有变化，现在不付。您这边的情况，看“余额与明细”。")
_USE_NOT_PAYABLE = _("按规定，这种钱不能用个人账户付。")
_RULE_UNKNOWN = _("没有查到规定，不能算。可以打 12393 问。")
_BINDING: dict[Stop, Promise] = {
    Stop.LIMIT_USED: _("额度用完了。"),
    Stop.MONTH_CAP: _("到了这个月的上限。"),
    Stop.BILL_CAP: _("到了每次的上限。"),
    Stop.NOT_CONSENTED: _("双方还没有都同意。"),
    Stop.COOLING_DOWN: _("刚刚办好，还要等一等才能用。"),
    Stop.BY_WALLET: _("这位家人先把钱转进您的医保钱包，看病时不直接付。"),
    Stop.NOT_STARTED: _("约定的日子还没有到。"),
    Stop.ENDED: _("已经结束。"),
    Stop.PAUSED: _("已暂停。"),
    Stop.SUSPENDED: _("因登记情况变化停用。"),
    Stop.USE_NOT_COVERED: _("约定好的用途里没有这一种。"),
    Stop.USE_NOT_PAYABLE: _USE_NOT_PAYABLE,
    Stop.RULE_UNKNOWN: _RULE_UNKNOWN,
}
# Of a relative, said to the beneficiary.
OF_RELATIVE: dict[Stop, Promise] = {
    **_BINDING,
    Stop.BALANCE_USED: _("能用的余额用完了。"),
    **dict.fromkeys(
        (Stop.DEAD, Stop.FROZEN, Stop.SETTLEMENT_SUSPENDED, Stop.AREA, Stop.NO_ACCOUNT),
        _THEIR_RECORD,
    ),
}
# Of one's own account, said to its owner.
OF_OWN: dict[Stop, Promise] = {
    Stop.BALANCE_USED: _("余额用完了。"),
    Stop.DEAD: _("登记的情况是本人已去世，账户停用。"),
    Stop.FROZEN: _("您的账户被冻结了。"),
    Stop.SETTLEMENT_SUSPENDED: _("您的联网结算暂停了。"),
    Stop.NO_ACCOUNT: _("您没有个人账户。居民医保没有个人账户。"),
    Stop.USE_NOT_PAYABLE: _USE_NOT_PAYABLE,
    Stop.RULE_UNKNOWN: _RULE_UNKNOWN,
}
# Of the giver's account, said to the giver alone.
TO_GIVER: dict[Stop, Promise] = {
    **_BINDING,
    Stop.BALANCE_USED: _("能给家人用的余额用完了。"),
    Stop.BY_WALLET: _("您先把钱转进对方的医保钱包，看病时不直接付。"),
    Stop.FROZEN: _("您的账户被冻结了，解冻以前不付。"),
    Stop.NO_ACCOUNT: _("您没有能给家人用的个人账户。"),
    **dict.fromkeys((Stop.DEAD, Stop.SETTLEMENT_SUSPENDED, Stop.AREA), _EITHER_RECORD),
}
