"""What the two sides are told at every step, in plain words.

`binding.<step>` speaks to the side that did not press (and to both where the site or staff did), `binding.<step>.own` to the one
that did, `binding.ward` to the guardian of a child, `age.<step>` to both on a child's birthdays.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from family.moves import Move
from insurance.notice_texts import TEXTS, Text

Words = str | Promise

# An end whose formal end waits for a day, and why.
WAITS, TOO_SOON = "end_waits", "too_soon"
# %(line)s would not survive translation: every sentence names the other one as %(other_name)s.
_OTHER: dict[str, tuple[Words, Words, Words]] = {
    Move.CONFIRM: (
        _("%(other_name)s同意了家庭共济"),
        _(
            "您和%(other_name)s的家庭共济办好了。%(usable_day)s %(usable_time)s起可以用。%(who_pays)s"
        ),
        _("您和%(other_name)s的家庭共济办好了。不是您办的，请马上登录结束。"),
    ),
    Move.HAND_OVER: (
        _("%(other_name)s同意了，等医保窗口核对"),
        _("%(other_name)s已经同意。这一件要由医保窗口核对，核对好会再告诉您。"),
        _("您和%(other_name)s的家庭共济双方都同意了，等医保窗口核对。"),
    ),
    Move.DECLINE: (
        _("家庭共济的邀请没有得到同意"),
        _("您提出的家庭共济，对方没有同意。受理号%(reference)s。您可以和家人说好以后再提出。"),
        _("您提出的家庭共济，对方没有同意。"),
    ),
    Move.WITHDRAW: (
        _("%(other_name)s撤回了家庭共济"),
        _("%(other_name)s撤回了和您的家庭共济，您不用再做什么。"),
        _("%(other_name)s撤回了和您的家庭共济。"),
    ),
    Move.LAPSE: (
        _("家庭共济的邀请过期了"),
        _(
            "和%(other_name)s的家庭共济过了期限没有办成，受理号%(reference)s。还需要的，请再提出一次。"
        ),
        _("和%(other_name)s的家庭共济过了期限没有办成。"),
    ),
    Move.APPROVE: (
        _("医保窗口通过了家庭共济"),
        _(
            "您和%(other_name)s的家庭共济核对通过了。%(usable_day)s %(usable_time)s起可以用。%(who_pays)s"
        ),
        _("您和%(other_name)s的家庭共济核对通过了。不是您办的，请马上登录结束。"),
    ),
    Move.REFUSE: (
        _("医保窗口没有通过家庭共济"),
        _(
            "您和%(other_name)s的家庭共济没有通过。%(why)s有疑问，请到医保窗口问。受理号%(reference)s。"
        ),
        _("您和%(other_name)s的家庭共济没有通过医保窗口核对。"),
    ),
    Move.PAUSE: (
        _("%(other_name)s暂停了家庭共济"),
        _("您和%(other_name)s的家庭共济暂停了，现在看病买药不会从里面付钱。想恢复，请和家人商量。"),
        _("%(other_name)s暂停了和您的家庭共济，现在不能用。"),
    ),
    Move.RESUME: (
        _("%(other_name)s恢复了家庭共济"),
        _("您和%(other_name)s的家庭共济恢复了，现在可以用。"),
        _("%(other_name)s恢复了和您的家庭共济。"),
    ),
    Move.SUSPEND: (
        _("和%(other_name)s的家庭共济停用了"),
        _("您和%(other_name)s的家庭共济停用了，现在不会付钱。%(why)s"),
        _("您和%(other_name)s的家庭共济停用了，现在不能用。"),
    ),
    Move.LIFT: (
        _("和%(other_name)s的家庭共济不再停用"),
        _("停用的原因没有了，您和%(other_name)s的家庭共济回到停用以前的样子。"),
        _("您和%(other_name)s的家庭共济不再停用。"),
    ),
    Move.CHANGE: (
        _("%(other_name)s改了家庭共济的限额或范围"),
        _("您和%(other_name)s的家庭共济改了限额或范围，从下一笔开始算。登录后可以看到改了什么。"),
        _("%(other_name)s改了和您的家庭共济的限额或范围。"),
    ),
    Move.END: (
        _("和%(other_name)s的家庭共济结束了"),
        _("您和%(other_name)s的家庭共济结束了，以后不会再从里面付钱。%(why)s已经付过的不变。"),
        _("您和%(other_name)s的家庭共济结束了，以后不会再付钱。"),
    ),
    WAITS: (
        _("和%(other_name)s的家庭共济停用了，等正式结束"),
        _(
            "您和%(other_name)s的家庭共济停用了，以后不会再从里面付钱，%(formal_day)s正式结束。%(why)s已经付过的不变。"
        ),
        _("您和%(other_name)s的家庭共济停用了，以后不会再付钱，等正式结束。"),
    ),
    Move.FINISH: (
        _("和%(other_name)s的家庭共济正式结束"),
        _("您和%(other_name)s的家庭共济到今天正式结束。钱从提出结束那天起就没有再付。"),
        _("您和%(other_name)s的家庭共济正式结束。"),
    ),
    Move.UNDO: (
        _("%(other_name)s撤销了刚才的结束"),
        _("您和%(other_name)s的家庭共济又回到结束以前的样子。"),
        _("您和%(other_name)s的家庭共济没有结束，照旧。"),
    ),
    "blocked": (
        _("家庭共济还差您这边一步"),
        _(
            "您提出的家庭共济，对方来办了，但您这边还有一项没办好。登录后在“家人共用”里可以看到是哪一项、怎么办。"
        ),
        _("您提出的家庭共济还差您这边一步，请登录看看。"),
    ),
}
_OWN: dict[str, tuple[Words, Words, Words]] = {
    Move.PROPOSE: (
        _("您提出了家庭共济"),
        _(
            "您提出了和%(other_name)s的家庭共济，受理号%(reference)s。请对方在%(until)s以前登录本站或者到医保窗口确认。"
        ),
        _("您提出了和%(other_name)s的家庭共济，等对方确认。"),
    ),
    Move.CONFIRM: (
        _("您同意了和%(other_name)s的家庭共济"),
        _(
            "您和%(other_name)s的家庭共济办好了。%(usable_day)s %(usable_time)s起可以用。%(who_pays)s"
        ),
        _("您和%(other_name)s的家庭共济办好了。不是您办的，请马上登录结束。"),
    ),
    Move.HAND_OVER: (
        _("您同意了，等医保窗口核对"),
        _("您已经同意和%(other_name)s的家庭共济。这一件要由医保窗口核对，核对好会再告诉您。"),
        _("您和%(other_name)s的家庭共济双方都同意了，等医保窗口核对。"),
    ),
    Move.DECLINE: (
        _("您没有同意%(other_name)s的邀请"),
        _("您没有同意和%(other_name)s的家庭共济。以后想办，可以再提出。"),
        _("您没有同意和%(other_name)s的家庭共济。"),
    ),
    Move.WITHDRAW: (
        _("您撤回了家庭共济"),
        _("您撤回了和%(other_name)s的家庭共济，受理号%(reference)s。"),
        _("您撤回了和%(other_name)s的家庭共济。"),
    ),
    Move.PAUSE: (
        _("您暂停了和%(other_name)s的家庭共济"),
        _("您和%(other_name)s的家庭共济暂停了，现在不会付钱。您随时可以恢复。"),
        _("您暂停了和%(other_name)s的家庭共济。"),
    ),
    Move.RESUME: (
        _("您恢复了和%(other_name)s的家庭共济"),
        _("您和%(other_name)s的家庭共济恢复了，现在可以用。"),
        _("您恢复了和%(other_name)s的家庭共济。不是您办的，请马上登录暂停。"),
    ),
    Move.CHANGE: (
        _("您改了家庭共济的限额或范围"),
        _("您改了和%(other_name)s的家庭共济的限额或范围，从下一笔开始算。"),
        _("您改了和%(other_name)s的家庭共济。不是您办的，请马上登录暂停。"),
    ),
    Move.END: (
        _("您结束了和%(other_name)s的家庭共济"),
        _(
            "您和%(other_name)s的家庭共济结束了，以后不会再付钱。按错了，10分钟内可以撤销。已经付过的不变。"
        ),
        _("您结束了和%(other_name)s的家庭共济。"),
    ),
    WAITS: (
        _("您停用了和%(other_name)s的家庭共济，等正式结束"),
        _(
            "您和%(other_name)s的家庭共济停用了，以后不会再付钱，%(formal_day)s正式结束。%(why)s按错了，10分钟内可以撤销。已经付过的不变。"
        ),
        _("您停用了和%(other_name)s的家庭共济，等正式结束。"),
    ),
    Move.UNDO: (
        _("您撤销了刚才的结束"),
        _("您和%(other_name)s的家庭共济又回到结束以前的样子。"),
        _("您和%(other_name)s的家庭共济没有结束，照旧。"),
    ),
}
# What a job tells: to the invited person, to the initiator who waits, and once a year to the giver.
_JOBS: dict[str, tuple[Words, Words, Words]] = {
    "invited": (
        _("%(other_name)s想和您办家庭共济"),
        _(
            "%(other_name)s想和您办家庭共济，就是家人共用医保个人账户的钱。请在%(until)s以前登录看看，同意或者不同意都可以。不认识这个人，就选不同意。"
        ),
        _("%(other_name)s想和您办家庭共济，等您答复。不认识的，请不要同意。"),
    ),
    "remind_invited": (
        _("还没有答复%(other_name)s的家庭共济"),
        _("%(other_name)s想和您办的家庭共济，%(until)s以后就过期了。同意或者不同意都可以。"),
        _("%(other_name)s想和您办的家庭共济快要过期了。"),
    ),
    "withdrawn_invited": (
        _("%(other_name)s的邀请已经撤回"),
        _("%(other_name)s的邀请已经撤回，您不用再做什么。"),
        _("%(other_name)s的邀请已经撤回，您不用再做什么。"),
    ),
    "lapsed_invited": (
        _("%(other_name)s的邀请已经过期"),
        _("%(other_name)s的邀请已经过期，您不用再做什么。"),
        _("%(other_name)s的邀请已经过期，您不用再做什么。"),
    ),
    "remind": (
        _("还没有等到%(other_name)s答复"),
        _("您提出的家庭共济，受理号%(reference)s，到%(until)s还没有答复就过期。可以提醒一下家人。"),
        _("您提出的家庭共济还没有等到答复，快要过期了。"),
    ),
    "review": (
        _("和%(other_name)s的家庭共济还对吗"),
        _(
            "您和%(other_name)s的家庭共济已经一年没有核对了。还对就按一下“还对”；不对，可以暂停或者结束。"
        ),
        _("您和%(other_name)s的家庭共济一年没有核对了，请登录看看还对不对。"),
    ),
}
_AGES: dict[str, tuple[Words, Words, Words]] = {
    "speaks_too": (
        _("您可以自己办家庭共济的事了"),
        _(
            "您到了可以自己表示同意的年龄。家庭共济的事，您自己可以办，监护人%(guardian_name)s也还可以替您办。"
        ),
        _("您可以自己办家庭共济的事了。"),
    ),
    "speaks_too.guardian": (
        _("%(child_name)s可以自己办家庭共济的事了"),
        _(
            "%(child_name)s到了可以自己表示同意的年龄。家庭共济的事，您还可以替孩子办，孩子自己也可以办。"
        ),
        _("%(child_name)s可以自己办家庭共济的事了。"),
    ),
    "of_age": (
        _("您成年了，家庭共济由您自己办"),
        _("从今天起，监护人%(guardian_name)s不再替您办。已经办好的照旧，您随时可以暂停或者结束。"),
        _("您成年了，家庭共济由您自己办。"),
    ),
    "of_age.guardian": (
        _("%(child_name)s成年了"),
        _("%(child_name)s成年了，家庭共济由孩子自己办，您不能再替孩子办。已经办好的照旧。"),
        _("%(child_name)s成年了，家庭共济由孩子自己办。"),
    ),
}
WARD = "binding.ward"
TEXTS.update({f"binding.{step}": Text(*words) for step, words in _OTHER.items()})
TEXTS.update({f"binding.{step}.own": Text(*words) for step, words in _OWN.items()})
TEXTS.update({f"binding.{step}": Text(*words) for step, words in _JOBS.items()})
TEXTS.update({f"age.{step}": Text(*words) for step, words in _AGES.items()})
TEXTS[WARD] = Text(
    _("%(child_name)s的家庭共济有变化"),
    _("%(child_name)s和%(other_name)s的家庭共济：%(step)s。您是监护人，所以也告诉您。"),
    _("%(child_name)s的家庭共济有变化，您是监护人，请登录看看。"),
)

# Why the site or staff did something, by its code; a code of somebody's record is told to that side only.
WHYS: dict[str, Words] = {
    "death": _("登记显示已去世。"),
    "account_freeze": _("您的账户冻结了。解冻后会自动恢复。"),
    "settlement_suspension": _("您暂停刷卡结算。到期后会自动恢复。"),
    "transfer_out": _("您的医保关系正在转移。"),
    "insurance_ended": _("您的参保关系已经结束。"),
    "moved_area": _("您的参保地换了。还符合条件的，可以重新绑定。"),
    "moved_away": _("您的参保地换了。换回来会自动恢复；不换回来的，请先结束，再按新的参保地绑定。"),
    "relation_ended": _("你们的关系已经变了。"),
    "to_day": _("约定的日子到了。"),
    TOO_SOON: _("当地规定绑定要满一定天数，才能正式结束。"),
    "papers": _("带来的材料看不出这种关系。"),
    "rule": _("当地规定不能办。"),
    "not_reached": _("联系不上，没有核对成。"),
}
OTHER_SIDE: Words = _("对方的登记情况有变化。")
# Whose money it is, said once more where it begins to flow.
YOU_PAY: Words = _("出钱的是您，随时可以暂停。")
THEY_PAY: Words = _("出钱的是家人。")


def said(details: Mapping[str, Any]) -> Words:
    """Why staff refused, in the words they wrote for the two; "" where nobody wrote any."""
    sentence, clause = details.get("sentence", ""), details.get("clause", "")
    told = _("{sentence}（依据：{clause}）")
    return format_lazy(told, sentence=sentence, clause=clause) if clause else sentence
