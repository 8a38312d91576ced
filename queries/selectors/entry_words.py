"""What an entry is called for the person whose money it is, and what it means.

The labels of the model are the agency's terms; these are the words of the counter.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance.models.ledger import EntryKind


@dataclass(frozen=True)
class Words:
    """`name` for a table, `meaning` and `doubt` for the page that explains one entry."""

    name: Promise
    meaning: Promise
    doubt: Promise


class Group(TextChoices):
    """What people look for."""

    CREDIT = "credit", _("打进来的钱")
    CARE = "care", _("看病买药")
    FAMILY = "family", _("家人用的钱")
    PREMIUM = "premium", _("代缴保费")
    MOVE = "move", _("转入转出")
    OTHER = "other", _("其他")


GROUPS: dict[str, frozenset[EntryKind]] = {
    Group.CREDIT: frozenset(
        {
            EntryKind.CREDIT_OWN,
            EntryKind.CREDIT_EMPLOYER_SHARE,
            EntryKind.CREDIT_RETIREE,
            EntryKind.INTEREST,
        }
    ),
    Group.CARE: frozenset({EntryKind.SPEND_CARE, EntryKind.SPEND_DRUG}),
    Group.FAMILY: frozenset(
        {EntryKind.SPEND_AID, EntryKind.LIMIT_RESERVE, EntryKind.LIMIT_RELEASE}
    ),
    Group.PREMIUM: frozenset({EntryKind.PREMIUM}),
    Group.MOVE: frozenset(
        {
            EntryKind.TRANSFER_IN,
            EntryKind.TRANSFER_OUT,
            EntryKind.YEAR_CHANGE,
            EntryKind.WALLET_IN,
            EntryKind.WALLET_OUT,
            EntryKind.WALLET_RETURN,
        }
    ),
    Group.OTHER: frozenset(
        {
            EntryKind.OPENING,
            EntryKind.HOLD,
            EntryKind.HOLD_RELEASE,
            EntryKind.REFUND,
            EntryKind.WITHDRAWAL,
            EntryKind.REVERSAL,
        }
    ),
}

_CREDIT_DOUBT = _("金额不对：先问单位按多少工资申报的，再打 12393。")
_SPEND_DOUBT = _("不是您或家人用的：马上打 12393，请他们查这一笔。")
_FAMILY_DOUBT = _("您没有同意过：马上打 12393，并到医保窗口要求停止。")
_COUNTER_DOUBT = _("不清楚：打 12393，或者带身份证到医保窗口问。")

WORDS: dict[str, Words] = {
    EntryKind.OPENING: Words(
        _("原有余额"), _("系统启用以前账户里已有的钱，一次记进来。"), _COUNTER_DOUBT
    ),
    EntryKind.CREDIT_OWN: Words(
        _("本人缴费打入"),
        _("每月从您工资里扣的医保费，打进您自己的账户。"),
        _CREDIT_DOUBT,
    ),
    EntryKind.CREDIT_EMPLOYER_SHARE: Words(
        _("单位缴费打入（旧办法）"),
        _("改革以前，单位缴的医保费有一部分打进个人账户。改革以后这部分归大家的医保钱。"),
        _CREDIT_DOUBT,
    ),
    EntryKind.CREDIT_RETIREE: Words(
        _("退休人员打入"),
        _("您退休了，自己不用缴费，每月由大家的医保钱给您打入一个固定数。"),
        _COUNTER_DOUBT,
    ),
    EntryKind.INTEREST: Words(_("利息"), _("账户里的钱产生的利息，归您所有。"), _COUNTER_DOUBT),
    EntryKind.TRANSFER_IN: Words(
        _("从外地转来"), _("您换了参保的地方，原来地方的钱转到这里。"), _COUNTER_DOUBT
    ),
    EntryKind.TRANSFER_OUT: Words(
        _("转到外地"), _("您换了参保的地方，这里的钱转到新的地方。"), _COUNTER_DOUBT
    ),
    EntryKind.YEAR_CHANGE: Words(
        _("当年转历年"),
        _("新的一年开始，去年剩下的钱从“当年账户”移到“历年账户”。钱还是您的，一分不少。"),
        _COUNTER_DOUBT,
    ),
    EntryKind.SPEND_CARE: Words(
        _("看病支付"), _("看病时应由您自己付的部分，从个人账户里付了。"), _SPEND_DOUBT
    ),
    EntryKind.SPEND_DRUG: Words(
        _("药店支付"), _("在定点药店买药或医疗用品，从个人账户里付了。"), _SPEND_DOUBT
    ),
    EntryKind.SPEND_AID: Words(
        _("家人使用"),
        _("家人看病或买药，用了您账户里的钱。看得到金额和地点种类，看不到买了什么。"),
        _FAMILY_DOUBT,
    ),
    EntryKind.PREMIUM: Words(
        _("代缴保费"), _("用您账户里的钱替您或家人缴了保险费。"), _SPEND_DOUBT
    ),
    EntryKind.REFUND: Words(
        _("退费"),
        _("以前的一笔支付退了，钱回到原来付钱的账户。"),
        _COUNTER_DOUBT,
    ),
    EntryKind.WALLET_IN: Words(_("转入医保钱包"), _("有钱转进您的医保钱包。"), _COUNTER_DOUBT),
    EntryKind.WALLET_OUT: Words(
        _("从钱包或账户转出"), _("您把钱转给了家人的医保钱包。"), _FAMILY_DOUBT
    ),
    EntryKind.WALLET_RETURN: Words(
        _("钱包退回"), _("转出去没有用完的钱退回来了。"), _COUNTER_DOUBT
    ),
    EntryKind.LIMIT_RESERVE: Words(
        _("给家人留出"),
        _("您给家人留出一笔额度。钱还在账户里，只是这部分您自己暂时不能用。"),
        _FAMILY_DOUBT,
    ),
    EntryKind.LIMIT_RELEASE: Words(
        _("留出的钱退回"), _("给家人留出的额度没有用完，您自己又可以用了。"), _COUNTER_DOUBT
    ),
    EntryKind.HOLD: Words(
        _("结算时暂时占用"),
        _("正在结账，这笔钱先占住。结完账会变成支付，或者退回可用。"),
        _COUNTER_DOUBT,
    ),
    EntryKind.HOLD_RELEASE: Words(_("占用解除"), _("先前占住的钱放开了。"), _COUNTER_DOUBT),
    EntryKind.WITHDRAWAL: Words(_("一次性提取"), _("账户里的钱转到了银行账户。"), _SPEND_DOUBT),
    EntryKind.REVERSAL: Words(
        _("更正"),
        _("以前有一笔记错了。记错的那笔留着，再记一笔相反的，两笔抵消。"),
        _COUNTER_DOUBT,
    ),
}

# Classes of places that agencies write; anything else is shown as it came.
PLACES: dict[str, Promise] = {
    "医院": _("医院"),
    "药店": _("药店"),
    "定点医院": _("定点医院"),
    "定点药店": _("定点药店"),
    "社区卫生服务中心": _("社区卫生服务中心"),
}


def place_words(place: str) -> str:
    return str(PLACES.get(place, place))
