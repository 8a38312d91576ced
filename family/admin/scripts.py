"""What the clerk says: one question for each field, and what has to be said before anything is pressed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from family import words
from family.moves import Move

Words = str | Promise

ASK: dict[str, Words] = {
    "card": _("请您把社会保障卡给我看一下。"),
    "code": _("刚才有一条短信发到您的手机，里面有 6 位数字。请您自己按进去，不用告诉我。"),
    "document": _("请您把身份证原件给我看一下。"),
    "who": _("您是给自己办，还是给孩子办？"),
    "relative": _("这位家人是您的什么人？"),
    "scheme": _("这位家人交的是哪种医保？上班的、退休的多半是职工医保。不清楚也没关系。"),
    "area": _("这位家人的医保在哪里交？不清楚也没关系。"),
    "name": _("这位家人叫什么名字？"),
    "id_number": _("身份证号是多少？请您念给我听，或者把户口簿给我看。"),
    "sees": _("家人试算的时候，可以看到从您账户出多少钱吗？还是只告诉他够不够？"),
    "shows_amounts": _("家人试算的时候，可以看到从您账户出多少钱吗？不愿意，我就不勾。"),
    "limit_fen": _("你们在两个省，要先划出一笔钱专门给家人用。您想划多少？没用完的会退回来。"),
    "cap_month_fen": _("您想不想定一个每月最多用多少？不定就不限。"),
    "cap_bill_fen": _("每一次最多用多少，要不要定？"),
    "uses": _("可以给家人付哪些钱？看病、买药、交居民医保、交长期护理保险，都可以吗？"),
    "from_day": _("从哪天开始？不说就是办好以后马上开始。"),
    "to_day": _("用到哪天为止？不说就一直有效，随时可以停。"),
    "signed_name": _("这是承诺书，我念给您听。您同意，就请在下面签名。"),
    "proof": _("您带了户口簿、结婚证或者出生证吗？没有带也可以，凭承诺书。"),
    "helper": _("您想请哪一位家人帮忙？"),
    "kind": _("让他看您的余额，看缴费年限，还是替您办家庭共济？哪一样都不能花您的钱。"),
    "until": _("帮多久？"),
}
# Said and understood before the button.
SAY: dict[Move, Words] = {
    Move.CONFIRM: _(
        "您同意以后，对方看病买药就可以按约定用钱。没有人强迫您吧？您随时可以暂停或者结束。"
    ),
    Move.DECLINE: _("不同意也没有关系，对方会收到消息：没有得到同意。以后想办，可以再提出。"),
    Move.WITHDRAW: _("撤回以后就不办了。以后想办，要重新提出。"),
    Move.PAUSE: _("暂停以后马上不再付钱。想恢复的时候再来，或者自己在网上恢复。"),
    Move.RESUME: _("恢复以后马上又可以付钱。确实是您自己要恢复吗？"),
    Move.END: _("结束以后马上不再付钱，已经付过的不退。按错了，10 分钟内可以撤销。"),
    Move.UNDO: _("撤销以后，又回到结束以前的样子。"),
}
# One thing to do next, as it stands on the receipt.
NEXT: dict[str, Words] = {
    "waiting_own": _("请家人带身份证到医保窗口，或者登录本站，在期限以前确认。"),
    "with_staff": words.CHECKED_BY_STAFF,
    "active": _("看病买药时，请出示自己的医保码或者社保卡。"),
    "paused": _("想恢复时，请带身份证到医保窗口，或者登录本站。"),
    "suspended": _("现在不付钱。登记的情况恢复以后会自动恢复。"),
    "over": _("不用再做什么。觉得不对，请拨打 12393。"),
}


@dataclass(frozen=True)
class Asked:
    """A field with what is said to ask for it; "" where nothing is."""

    say: Words
    field: forms.BoundField


def asked(form: Iterable[forms.BoundField]) -> list[Asked]:
    return [Asked(ASK.get(field.name, ""), field) for field in form]
