"""Who may see or act for somebody: given by the owner alone, ended by either, and never a way to money."""

from datetime import date
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.privacy import mask_name
from family import notes, orders
from family.acting import Act, NotAllowed, Pressed, act_for
from family.models import Grant, GrantKind
from family.moves import Side
from family.selectors import relatives
from family.selectors.helping import HELP
from insurance import looks, notices
from insurance.models import InsuredPerson
from insurance.notice_texts import TEXTS, Text

__all__ = [
    "NotAllowed",
    "NotRelated",
    "end_between",
    "end_of_guardian",
    "grant",
    "may",
    "of_helper",
    "revoke",
]

OWNER, HELPER, RENEWED, SYSTEM = "owner", "helper", "renewed", "system"
LINK = "family:grants"
LOOKS = {
    GrantKind.SEE_BALANCE: "helper.see_balance",
    GrantKind.SEE_YEARS: "helper.see_years",
    GrantKind.ACT_FAMILY: "helper.act_family",
}
BY_GUARDIAN = "guardian.act_family"
audit.LABELS.update(
    {
        "grant.give": _("让家人看或者代办"),
        "grant.revoke": _("取消家人看或者代办"),
        LOOKS[GrantKind.SEE_BALANCE]: _("看了您的余额和明细"),
        LOOKS[GrantKind.SEE_YEARS]: _("看了您的缴费年限"),
        LOOKS[GrantKind.ACT_FAMILY]: _("打开您的家庭共济，替您办"),
        BY_GUARDIAN: _("打开您的家庭共济，监护人替您办"),
    }
)
looks.BY_RELATIVES.update({*LOOKS.values(), BY_GUARDIAN})
TEXTS.update(
    {
        "grant.given": Text(
            _("%(owner_name)s请您帮忙"),
            _("%(owner_name)s让您：%(what)s。这不能花钱。您不想帮，随时可以取消。"),
            _("%(owner_name)s请您帮忙看或者代办，不能花钱。"),
        ),
        "grant.given.own": Text(
            _("您请了%(helper_name)s帮忙"),
            _(
                "您让%(helper_name)s：%(what)s。这不能花您的钱。每次查看都记在“谁查看过我的信息”里，您随时可以取消。"
            ),
            _("您让%(helper_name)s帮您看或者代办。不是您办的，请马上登录取消。"),
        ),
        "grant.revoked": Text(
            _("%(other_name)s取消了帮忙"),
            _("%(other_name)s取消了这一项：%(what)s。从现在起不能再看、不能再办。"),
            _("%(other_name)s取消了家人帮忙的一项。"),
        ),
        "grant.ended": Text(
            _("和%(other_name)s之间的帮忙取消了"),
            _(
                "登记的情况变了，您和%(other_name)s之间的这一项取消了：%(what)s。从现在起不能再看、不能再办。"
            ),
            _("登记的情况变了，您和%(other_name)s之间家人帮忙的一项取消了。"),
        ),
        "grant.ward": Text(
            _("%(owner_name)s请了%(helper_name)s帮忙"),
            _(
                "%(owner_name)s让%(helper_name)s：%(what)s。这不能花钱。您是监护人，所以也告诉您；您随时可以替孩子取消。"
            ),
            _("%(owner_name)s请了家人帮忙看或者代办，不能花钱。"),
        ),
    }
)


class NotRelated(Exception):
    """Only who shares a binding or a guardianship with the owner can be asked to help."""


@transaction.atomic
def grant(
    *,
    owner: InsuredPerson,
    helper: InsuredPerson,
    kind: GrantKind,
    from_day: date,
    to_day: date | None,
    **pressed: Unpack[Pressed],
) -> Grant:
    """From today or later, to the last day or until somebody ends it. One of the same kind is replaced.

    Raises `NotAllowed` (a helper can't let others help, a guardian can't name himself), `NotRelated`.
    """
    # It would outlive the guardianship (Civil Code art. 35: not for the guardian's own good).
    if pressed.get("guardian") == helper:
        raise NotAllowed
    orders.lock([owner.pk, helper.pk])
    act = _act_of_owner(owner, pressed)
    if not relatives.are_relatives(owner.pk, helper.pk, timezone.localdate()):
        raise NotRelated
    Grant.objects.filter(owner=owner, helper=helper, kind=kind, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=RENEWED
    )
    made = Grant.objects.create(
        owner=owner,
        helper=helper,
        kind=kind,
        from_day=from_day,
        to_day=to_day,
        channel=pressed["channel"],
        acted_by=pressed["by"],
    )
    _record("grant.give", made, act)
    names = {"owner_name": mask_name(owner.name), "helper_name": mask_name(helper.name)}
    told = names | {"what": HELP[kind]}
    notices.tell(person=helper, kind="grant.given", params=told, about=owner, link=LINK)
    notices.tell(person=owner, kind="grant.given.own", params=told, about=helper, link=LINK)
    for guardian in notes.guardians_of(owner):
        notices.tell(person=guardian, kind="grant.ward", params=told, about=owner, link=notes.LINK)
    return made


@transaction.atomic
def revoke(*, grant_id: int, person: InsuredPerson, **pressed: Unpack[Pressed]) -> Grant:
    """By the owner or by the helper, at once; a second time changes nothing. Raises `NotAllowed`."""
    found = Grant.objects.select_related("owner", "helper").get(pk=grant_id)
    if person.pk not in (found.owner_id, found.helper_id):
        raise NotAllowed
    orders.lock([found.owner_id, found.helper_id])
    act = _act_of_owner(person, pressed)
    by = OWNER if person.pk == found.owner_id else HELPER
    ended = Grant.objects.filter(pk=grant_id, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=by
    )
    if ended:
        _record("grant.revoke", found, act)
        other = found.helper if by == OWNER else found.owner
        told = {"other_name": mask_name(person.name), "what": HELP[found.kind]}
        notices.tell(person=other, kind="grant.revoked", params=told, about=person, link=LINK)
    return found


@transaction.atomic
def end_between(one: InsuredPerson, other: InsuredPerson) -> int:
    """Whatever either lets the other do, where the register says they are no relatives; both are told. How many."""
    return _end_by_register(Q(owner=one, helper=other) | Q(owner=other, helper=one), one, other)


@transaction.atomic
def end_of_guardian(child: InsuredPerson, guardian: InsuredPerson, of_age_on: date) -> int:
    """What was given to the guardian before the child was of age: the child may give it anew. How many."""
    given = Q(owner=child, helper=guardian, granted_at__date__lt=of_age_on)
    return _end_by_register(given, child, guardian)


def may(helper_id: int, owner_id: int, kind: GrantKind, day: date) -> Grant | None:
    """The grant by which it is allowed on that day; None where it isn't. One query."""
    return _holding(helper_id, day).filter(owner=owner_id, kind=kind).first()


def of_helper(helper_id: int, owner_reference: Any, day: date) -> list[Grant]:
    """Whatever this owner lets this helper do, with the owner. One query."""
    return list(_holding(helper_id, day).filter(owner__reference=owner_reference))


def _holding(helper_id: int, day: date) -> QuerySet[Grant]:
    return Grant.objects.held_on(day).filter(helper=helper_id).select_related("owner")


def _end_by_register(which: Q, *pair: InsuredPerson) -> int:
    orders.lock([one.pk for one in pair])
    live = Grant.objects.filter(which, revoked_at=None).select_related("owner", "helper")
    ended = list(live.order_by("pk"))
    for one in ended:
        one.revoked_at, one.revoked_by = timezone.now(), SYSTEM
        one.save(update_fields=["revoked_at", "revoked_by"])
        audit.record(
            actor=None,
            action="grant.revoke",
            subject=one.owner,
            details={"kind": str(one.kind), "helper": str(one.helper.reference), "by": SYSTEM},
        )
        for person, other in ((one.owner, one.helper), (one.helper, one.owner)):
            told = {"other_name": mask_name(other.name), "what": HELP[one.kind]}
            notices.tell(person=person, kind="grant.ended", params=told, about=other, link=LINK)
    return len(ended)


def _act_of_owner(person: InsuredPerson, pressed: Pressed) -> Act:
    """In person, by a guardian, or at the counter: whoever only helps extends no mandate and ends none."""
    # The side says nothing here; what counts is that a helper won't do.
    return act_for(person, Side.GIVER, spends=True, **pressed)


def _record(action: str, one: Grant, act: Act) -> None:
    details = {
        "kind": str(one.kind),
        "helper": str(one.helper.reference),
        "channel": str(act.channel),
    }
    audit.record(
        actor=act.by,
        action=action,
        subject=one.owner,
        reason=act.grounds,
        details=details | act.told,
        request=act.request,
    )
