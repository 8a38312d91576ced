"""What people say when they ask for their money, and the case of the rules that it is. No database."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance.areas import NATION

BEIJING = "110000"


@dataclass(frozen=True)
class Saying:
    """Something that goes round, and what is true."""

    claim: str | Promise
    truth: str | Promise


@dataclass(frozen=True)
class Situation:
    """`key` stands in addresses. `branch` is the choice behind which it stands on a page of its own. `area` is set where the
    answer is the same everywhere, or concerns one place alone.

    `tempting`: the law on misuse is told with the answer. `elsewhere` says where what this site does not do is done.
    """

    key: str
    case: str
    group: str
    label: str | Promise
    example: str | Promise
    branch: str = ""
    area: str = ""
    tempting: bool = False
    sayings: tuple[Saying, ...] = ()
    elsewhere: str | Promise = ""


@dataclass(frozen=True)
class Branch:
    """One choice for several situations: more than four on a page are too many for whoever reads slowly."""

    key: str
    group: str
    label: str | Promise
    example: str | Promise


# Whoever died leaves one situation only: the group is the answer.
DEATH = "death"
GROUPS: dict[str, tuple[str | Promise, str | Promise]] = {
    DEATH: (_("参保人去世了"), _("家里人来取账户里剩下的钱")),
    "away": (_("换了地方，或者不再参保"), _("例如换城市上班、出国定居、养老保险已经结清")),
    "health": (_("看病要用钱"), _("例如得了大病、急诊自己垫了钱")),
    "cash": (_("想把钱拿出来"), _("例如刚退休、余额用不完、想转到微信")),
}
BRANCHES: dict[str, Branch] = {
    one.key: one
    for one in (
        Branch("moving", "away", _("换了地方，还在国内"), _("例如换到别的城市上班、长期住在外地")),
        Branch("abroad", "away", _("出国，或者离开内地"), _("例如出国定居、回港澳台、外国人离境")),
        Branch("other_money", "cash", _("想取的是别的钱"), _("例如北京的老存折、养老保险的钱")),
    )
}
TRANSFER = _(
    "把医保关系转到新地方，这个网站不办。请到新参保地的医保窗口申请，或者先打 12393 问怎样在网上办。"
)
SITUATIONS = (
    Situation("DEATH", "DEATH", DEATH, *GROUPS[DEATH]),
    Situation(
        "GIVE_UP", "GIVE_UP", "away", _("以后不再参加职工医保"), _("自己写声明，放弃医保关系")
    ),
    Situation(
        "PENSION_CLEARED",
        "PENSION_CLEARED",
        "away",
        _("养老保险一次领完，关系结清了"),
        _("例如到了退休年龄，年限不够，不再补"),
    ),
    Situation(
        "SETTLE_ABROAD",
        "SETTLE_ABROAD",
        "away",
        _("出国定居"),
        _("已经有国外的永久居留证明"),
        branch="abroad",
    ),
    Situation(
        "HMT_LEAVES",
        "HMT_LEAVES",
        "away",
        _("港澳台居民，没到退休年龄就离开"),
        _("例如工作几年以后回香港"),
        branch="abroad",
    ),
    Situation(
        "FOREIGNER_LEAVES",
        "FOREIGNER_LEAVES",
        "away",
        _("外国人，没到退休年龄就离境"),
        _("例如工作合同到期回国"),
        branch="abroad",
    ),
    Situation(
        "MOVE_IN_PROVINCE",
        "MOVE_IN_PROVINCE",
        "away",
        _("在同一个省里换地方参保"),
        _("例如从广州换到深圳上班"),
        branch="moving",
        elsewhere=TRANSFER,
    ),
    Situation(
        "MOVE_PROVINCE_NOT_ACCEPTED",
        "MOVE_PROVINCE_NOT_ACCEPTED",
        "away",
        _("换到别的省参保，余额转不过去"),
        _("已经申请过转移，没有办成"),
        branch="moving",
        elsewhere=TRANSFER,
    ),
    Situation(
        "REMOTE_RESIDENCE",
        "REMOTE_RESIDENCE",
        "away",
        _("长期住在外地，参保地没有变"),
        _("例如退休以后跟孩子住"),
        branch="moving",
        sayings=(
            Saying(
                _("“办了异地备案，账户里的钱就可以取出来”"),
                _("备案是为了在外地看病能直接结算。能不能取，只看参保地的规定，见下面。"),
            ),
        ),
        elsewhere=_(
            "异地就医备案，这个网站不办。请打 12393 问怎样在网上办，或者到参保地的医保窗口。"
        ),
    ),
    Situation(
        "SERIOUS_ILLNESS",
        "SERIOUS_ILLNESS",
        "health",
        _("得了大病，想取出来交医药费"),
        _("网上说的“74种大病”也选这里"),
        sayings=(
            Saying(
                _("“74种大病可以提现，2025年又加了12种罕见病”"),
                _(
                    "只在网络文章里见到，没有查到文件这样规定。看病的钱先报销，自己付的部分可以直接用个人账户付。"
                ),
            ),
        ),
    ),
    Situation(
        "EMERGENCY",
        "EMERGENCY",
        "health",
        _("急诊自己垫了钱，想要回来"),
        _("当时没有能用医保结算"),
        sayings=(
            Saying(
                _("“急诊垫的钱，7个工作日退回个人账户”"),
                _("不是这样。这叫手工报销，钱由大家的医保钱（统筹基金）付，不是从个人账户取。"),
            ),
        ),
        elsewhere=_(
            "手工报销，这个网站不办。带发票、费用清单和急诊病历到参保地的医保窗口；几天办完，看当地规定。"
        ),
    ),
    Situation(
        "RETIREMENT",
        "RETIREMENT",
        "cash",
        _("刚退休"),
        _("想把以前存的一次取出来"),
        area=NATION,
    ),
    Situation(
        "BALANCE_UNUSED",
        "BALANCE_UNUSED",
        "cash",
        _("余额用不完，想取现金"),
        _("身体好，一直没有用"),
        area=NATION,
        tempting=True,
        sayings=(
            Saying(
                _("“有人可以帮您把医保卡里的钱换成现金”"),
                _("这是套现，是骗保。帮的人和您自己都要负责任。"),
            ),
        ),
    ),
    Situation(
        "WECHAT",
        "BALANCE_UNUSED",
        "cash",
        _("想转到微信、支付宝或者银行卡"),
        _("网上有人教“绑卡充值”"),
        area=NATION,
        tempting=True,
        sayings=(
            Saying(
                _("“把社保卡绑到微信，就能把医保的钱充值到零钱”"),
                _("绑定后充值动的是社保卡里的银行存款，不是医保个人账户。医保的钱转不出来。"),
            ),
        ),
    ),
    Situation(
        "PRE_2022_BJ",
        "PRE_2022_BJ",
        "cash",
        _("北京2022年9月1日以前打进来的钱"),
        _("在北京参保，钱在原来的医保存折里"),
        branch="other_money",
        area=BEIJING,
    ),
    Situation(
        "PENSION_ACCOUNT",
        "PENSION_ACCOUNT",
        "cash",
        _("想取的是养老保险的钱"),
        _("养老保险个人账户"),
        branch="other_money",
        area=NATION,
        elsewhere=_("养老保险不归医保管，这个网站查不到。请问社会保险经办机构。"),
    ),
)
BY_KEY = {one.key: one for one in SITUATIONS}


def in_group(group: str) -> tuple[Situation, ...]:
    return tuple(one for one in SITUATIONS if one.group == group)


def offered(group: str, branch: str = "") -> tuple[Situation | Branch, ...]:
    """The choices of one page: of a group, a branch standing for all behind it, or those behind a branch."""
    found: dict[str, Situation | Branch] = {}
    for one in in_group(group):
        if one.branch == branch:
            found[one.key] = one
        elif not branch:
            found[one.branch] = BRANCHES[one.branch]
    return tuple(found.values())
