"""Telling both sides of a binding what happened, each in words of their own; a child's guardian hears it too."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from accounts.privacy import mask_name
from family import note_texts, words
from family.models import Binding, Guardianship
from family.moves import PARTIES, Move, Side
from insurance import notices
from insurance.models import InsuredPerson

LINK = "/family/"


def tell_both(
    binding: Binding,
    kind: str,
    *,
    by: Side | None = None,
    reason: str = "",
    whose: Side | None = None,
    said: str | Promise = "",
) -> None:
    """Tell every side that is known. `by` is the side that pressed; `reason` is a code, `whose` the side it lies with.

    `said` are the words of staff, in the place of the code's. Somebody who was invited and hasn't come hears nothing here.
    """
    for side in sorted(PARTIES):
        tell(binding, side, kind, by=by, reason=reason, whose=whose, said=said)


def tell(
    binding: Binding,
    side: Side,
    kind: str,
    *,
    by: Side | None = None,
    reason: str = "",
    whose: Side | None = None,
    once: str = "",
    said: str | Promise = "",
) -> None:
    """Tell one side, if it is known."""
    person = binding.giver if side is Side.GIVER else binding.beneficiary
    if person is None:
        return
    step = note_texts.WAITS if kind == Move.END and binding.formal_end else kind
    key = f"binding.{step}.own" if by is side else f"binding.{step}"
    params = _params(binding, side)
    why = said or note_texts.WHYS.get(reason, "")
    if why and whose not in (None, side):
        why = note_texts.OTHER_SIDE
    notices.tell(
        person=person,
        kind=key,
        params=params | {"why": why},
        about=binding.subject,
        link=LINK,
        once=once,
    )
    for guardian in guardians_of(person):
        if binding.side_of(guardian.pk) is not None:
            continue
        told = {
            "child_name": mask_name(person.name),
            "other_name": params["other_name"],
            "step": words.MOVES.get(kind, ""),
        }
        if told["step"]:
            notices.tell(
                person=guardian, kind=note_texts.WARD, params=told, about=binding.subject, link=LINK
            )


def tell_of_age(row: Guardianship, kind: str, *, once: str) -> None:
    """Tell the child and the guardian that the child is of an age; `kind` is the step of `age.<step>`."""
    params = {
        "child_name": mask_name(row.child.name),
        "guardian_name": mask_name(row.guardian.name),
    }
    for person, key in ((row.child, f"age.{kind}"), (row.guardian, f"age.{kind}.guardian")):
        notices.tell(person=person, kind=key, params=params, link=LINK, once=once)


def tell_invited(binding: Binding, person: InsuredPerson, kind: str, *, once: str) -> None:
    """Tell somebody of the register whose number the initiator typed: a job, or after an own answer."""
    initiator = binding.giver or binding.beneficiary
    if initiator is None:
        return
    until = timezone.localtime(binding.invitation.expires_at).date()
    params = {"other_name": mask_name(initiator.name), "until": until.isoformat()}
    notices.tell(
        person=person,
        kind=f"binding.{kind}",
        params=params,
        about=binding.subject,
        link=LINK,
        once=once,
    )


def guardians_of(person: InsuredPerson) -> Iterator[InsuredPerson]:
    """Whoever speaks for that child today, by papers that a clerk has seen. One query."""
    live = Guardianship.objects.filter(
        child=person, ended_at=None, until__gt=timezone.localdate()
    ).select_related("guardian")
    yield from (row.guardian for row in live.order_by("pk"))


def _params(binding: Binding, side: Side) -> dict[str, Any]:
    them = binding.giver if side is Side.BENEFICIARY else binding.beneficiary
    # Whoever isn't a side yet is called as the initiator called them, and only to the initiator.
    name = them.name if them else binding.invitation.name
    params: dict[str, Any] = {
        "other_name": mask_name(name),
        "reference": binding.reference,
        "who_pays": note_texts.YOU_PAY if side is Side.GIVER else note_texts.THEY_PAY,
    }
    if binding.usable_from:
        local = timezone.localtime(binding.usable_from)
        params |= {"usable_day": local.date().isoformat(), "usable_time": f"{local:%H:%M}"}
    if binding.formal_end:
        params["formal_day"] = binding.formal_end.isoformat()
    if not them:
        until = timezone.localtime(binding.invitation.expires_at)
        params["until"] = until.date().isoformat()
    return params
