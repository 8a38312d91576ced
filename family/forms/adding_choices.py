"""What can be chosen on the way to a new binding, in plain words with examples."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from family.moves import Side
from family.relations import Relation

Text = Any  # str, or one that waits for the language
# Not a binding at all: who may look and act without spending.
LOOK = "look"
UNKNOWN = "unknown"
# What relatives may be paid for everywhere (domain facts §1.2); further ones differ by place.
USES = ("CARE", "DRUG", "RESIDENT_PREMIUM", "LTC_PREMIUM")
SIDES: dict[str, tuple[str, Text, Text, Text]] = {
    Side.GIVER: (
        "img/family_give.svg",
        _("图：钱从我这里给家人"),
        _("我的钱给家人用"),
        _("家人看病买药，从我的个人账户里付。能花我的钱。"),
    ),
    Side.BENEFICIARY: (
        "img/family_receive.svg",
        _("图：钱从家人那里给我"),
        _("家人的钱给我用"),
        _("我看病买药，从家人的个人账户里付。能花家人的钱。"),
    ),
    LOOK: (
        "img/family_look.svg",
        _("图：我看家人的记录，没有钱来往"),
        _("我只想替家人看看、办事，不花钱"),
        _("那是另一种授权：只能看、替家人办，不能花一分钱。"),
    ),
}
RELATIVES: dict[str, tuple[Text, Text]] = {
    Relation.SPOUSE: (_("配偶"), _("丈夫、妻子")),
    Relation.CHILD: (_("子女"), _("儿子、女儿")),
    Relation.PARENT: (_("父母"), _("爸爸、妈妈")),
    Relation.SIBLING: (_("兄弟姐妹"), _("哥哥、姐姐、弟弟、妹妹")),
    Relation.PATERNAL_GRANDPARENT: (_("祖父母"), _("爷爷、奶奶")),
    Relation.MATERNAL_GRANDPARENT: (_("外祖父母"), _("姥爷、姥姥（外公、外婆）")),
    Relation.PATERNAL_GRANDCHILD: (_("孙子女"), _("儿子的孩子")),
    Relation.MATERNAL_GRANDCHILD: (_("外孙子女"), _("女儿的孩子")),
    Relation.PARENT_IN_LAW: (_("配偶的父母"), _("公公、婆婆、岳父、岳母")),
    Relation.CHILD_IN_LAW: (_("子女的配偶"), _("儿媳、女婿")),
    "other": (_("其他亲属"), _("兄弟姐妹、祖辈、孙辈等")),
    "grandparent": (_("祖辈"), _("爷爷、奶奶、姥爷、姥姥")),
    "grandchild": (_("孙辈"), _("孙子、孙女、外孙、外孙女")),
    "in_law": (_("配偶的父母，儿媳、女婿"), _("公婆、岳父母、儿媳、女婿")),
}
ALL, NEAR, OTHER = "all", "near", "other"
# Large type shows at most four choices on a page: a group leads to the choices in it.
AMONG: dict[str, tuple[str, ...]] = {
    ALL: tuple(Relation),
    NEAR: (Relation.SPOUSE, Relation.CHILD, Relation.PARENT, OTHER),
    OTHER: (Relation.SIBLING, "grandparent", "grandchild", "in_law"),
    "grandparent": (Relation.PATERNAL_GRANDPARENT, Relation.MATERNAL_GRANDPARENT),
    "grandchild": (Relation.PATERNAL_GRANDCHILD, Relation.MATERNAL_GRANDCHILD),
    "in_law": (Relation.PARENT_IN_LAW, Relation.CHILD_IN_LAW),
}
SCHEMES: dict[str, tuple[Text, Text]] = {
    "employee": (_("职工医保"), _("上班的、退休的，单位交过医保")),
    "resident": (_("居民医保"), _("每年自己交一次的；学生、孩子、没有单位的老人")),
    "none": (_("没有参加医保"), ""),
    UNKNOWN: (_("不清楚"), ""),
}
ENOUGH, AMOUNTS = "enough", "amounts"
SEES: dict[str, tuple[Text, Text]] = {
    ENOUGH: (_("只告诉“够”或者“不够”"), ""),
    AMOUNTS: (_("可以看到从我账户出多少"), _("例如“张*国 120.00 元”")),
}
