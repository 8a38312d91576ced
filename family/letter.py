"""The commitment letter, version by version. A consent names the version that was signed: a published text never changes.

To change a word, add a version and make it `CURRENT`; whoever is half way through signs the new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from family.moves import Side

Text = str | Promise


@dataclass(frozen=True)
class Cost:
    """What follows from misuse, and the laws that say so."""

    act: Text
    consequence: Text
    laws: tuple[Text, ...]


@dataclass(frozen=True)
class Letter:
    """`promises` by the side that signs; `costs` are the same for both."""

    title: Text
    promises: Mapping[Side, tuple[Text, ...]]
    costs: tuple[Cost, ...]


_REGULATION = _("《医疗保障基金使用监督管理条例》（国务院令第735号）第四十一条")
_INSURANCE_LAW = _("《中华人民共和国社会保险法》第八十八条")
_CRIMINAL_LAW = _("《中华人民共和国刑法》第二百六十六条")

LETTERS: Mapping[str, Letter] = {
    "2026-11": Letter(
        title=_("家庭共济个人承诺书"),
        promises={
            Side.GIVER: (
                _("我自愿让这位家人用我的医保个人账户付钱，没有人强迫我。"),
                _("我填的姓名、证件号码和关系都是真的。关系变了，我会尽快来结束。"),
                _("我知道家人用掉的钱从我的个人账户里出，结束以后也不退回。"),
                _("我知道我随时可以暂停或者结束。停下以后，不再扣我的钱。"),
                _("我的医保码、社保卡只有我自己用，不借给家人。家人看病买药用家人自己的。"),
            ),
            Side.BENEFICIARY: (
                _("我自愿用这位家人的医保个人账户付钱，没有人强迫我。"),
                _("我填的姓名、证件号码和关系都是真的。关系变了，我会尽快来结束。"),
                _("我只用来付我自己看病、买药和规定里可以付的缴费，不替别人付。"),
                _("看病买药时，我出示自己的医保码、社保卡或者身份证。"),
                _("我不拿药换钱，也不用这笔钱换日用品。"),
                _("我知道家人会看到我用了多少、哪一天、在哪一类地方，看不到药名和病情。"),
                _("我知道家人随时可以暂停或者结束。"),
            ),
        },
        costs=(
            Cost(
                _(
                    "把自己的医保码或者社保卡借给别人用；同一笔费用报两次；转卖药品，换现金、换东西。"
                ),
                _("要改正，退回损失，暂停联网结算 3 到 12 个月。"),
                (_REGULATION,),
            ),
            Cost(
                _("为了骗保做上面这些事；用别人的医保码或者社保卡看病买药；伪造材料。"),
                _("除了上面这些，还要罚骗取金额的 2 到 5 倍。"),
                (_REGULATION, _INSURANCE_LAW),
            ),
            Cost(
                _("骗取的金额较大，构成犯罪。"),
                _("按诈骗罪追究刑事责任。"),
                (_CRIMINAL_LAW,),
            ),
        ),
    ),
}
CURRENT = "2026-11"


def current() -> Letter:
    """The text that is signed today."""
    return LETTERS[CURRENT]
