"""What states, moves, relations and the like are called on pages, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from family.moves import Move, Side, State
from family.relations import Relation

STATES: dict[str, str | Promise] = {
    State.WAITING: _("等对方确认"),
    State.WITH_STAFF: _("等医保窗口核对"),
    State.ACTIVE: _("可以使用"),
    State.PAUSED: _("已暂停"),
    State.SUSPENDED: _("因登记情况变化停用"),
    State.ENDING: _("已停用，等正式结束"),
    State.ENDED: _("已结束"),
    State.DECLINED: _("对方没有同意"),
    State.WITHDRAWN: _("已撤回"),
    State.LAPSED: _("过期没有确认"),
    State.REFUSED: _("窗口没有通过"),
}
# What comes next for who waits with staff; `family/_waiting.html` says the same.
CHECKED_BY_STAFF = _("医保窗口会核对，结果会通知双方。急的话，可以带双方的身份证件到窗口。")
MOVES: dict[str, str | Promise] = {
    Move.PROPOSE: _("提出"),
    Move.CONFIRM: _("同意"),
    Move.HAND_OVER: _("同意，转医保窗口核对"),
    Move.DECLINE: _("不同意"),
    Move.WITHDRAW: _("撤回"),
    Move.LAPSE: _("过期"),
    Move.APPROVE: _("窗口通过"),
    Move.REFUSE: _("窗口不通过"),
    Move.PAUSE: _("暂停"),
    Move.RESUME: _("恢复"),
    Move.SUSPEND: _("停用"),
    Move.LIFT: _("停用解除"),
    Move.CHANGE: _("改限额或范围"),
    Move.END: _("结束"),
    Move.FINISH: _("正式结束"),
    Move.UNDO: _("撤销刚才的结束"),
}
SIDES: dict[str, str | Promise] = {
    Side.GIVER: _("出钱的人"),
    Side.BENEFICIARY: _("用钱的人"),
    Side.STAFF: _("医保窗口"),
    Side.SYSTEM: _("本站按登记自动处理"),
}
# What somebody is to the giver.
RELATIONS: dict[str, str | Promise] = {
    Relation.SPOUSE: _("配偶（丈夫或妻子）"),
    Relation.CHILD: _("子女"),
    Relation.PARENT: _("父母"),
    Relation.SIBLING: _("兄弟姐妹"),
    Relation.PATERNAL_GRANDPARENT: _("祖父母（爷爷、奶奶）"),
    Relation.MATERNAL_GRANDPARENT: _("外祖父母（姥爷、姥姥）"),
    Relation.PATERNAL_GRANDCHILD: _("孙子女（儿子的孩子）"),
    Relation.MATERNAL_GRANDCHILD: _("外孙子女（女儿的孩子）"),
    Relation.PARENT_IN_LAW: _("配偶的父母（公婆、岳父母）"),
    Relation.CHILD_IN_LAW: _("儿媳、女婿"),
}


def choices(words: dict[str, str | Promise]) -> list[tuple[str, str | Promise]]:
    """For a model or form field."""
    return [(str(key), label) for key, label in words.items()]
