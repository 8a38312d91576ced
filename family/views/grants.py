"""Whom I let see or act for me, whom I help, and what I see then."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.privacy import mask_name
from accounts.views.door import own_form
from family import grants as verbs
from family.decorators import for_oneself
from family.forms.grants import GrantForm
from family.models import Channel, Grant, GrantKind
from family.selectors import helping as selectors
from family.selectors.relatives import relatives_of
from family.views.requests import PersonRequest
from insurance.decorators import insured_person_required
from insurance.models import InsuredPerson
from insurance.notice_texts import KEPT_LANGUAGE

# What the owner reads in the list of who looked.
ALLOWED = gettext_lazy("您请的家人：%(what)s")


@insured_person_required
@require_safe
def grants(request: PersonRequest) -> HttpResponse:
    found = selectors.grants_of(request.insured_person.pk, timezone.localdate())
    return render(request, "family/grants.html", {"found": found})


@own_form
@for_oneself
def add(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    relatives = relatives_of(request.insured_person.pk, today)
    form = GrantForm(request.POST if request.method == "POST" else None, relatives=relatives)
    if form.is_valid():
        try:
            made = verbs.grant(
                owner=request.insured_person,
                helper=form.relatives[form.cleaned_data["helper"]],
                kind=GrantKind(form.cleaned_data["kind"]),
                from_day=today,
                to_day=form.last_day(today),
                by=request.user,
                channel=Channel.WEB,
                request=request,
            )
        except verbs.NotRelated:
            form.add_error("helper", _("您和这位家人已经没有绑定，不能请他帮忙了。"))
        else:
            name = mask_name(made.helper.name)
            messages.success(request, _("好了，%(name)s现在可以帮您。") % {"name": name})
            return redirect("family:grants")
    return render(request, "family/grant_add.html", {"form": form, "relatives": relatives})


@insured_person_required
@require_POST
def revoke(request: PersonRequest) -> HttpResponse:
    """By either of the two; no number of ours stands in the address or the page."""
    found = get_object_or_404(_own_grants(request))
    verbs.revoke(
        grant_id=found.pk,
        person=request.insured_person,
        by=request.user,
        channel=Channel.WEB,
        request=request,
    )
    messages.success(request, _("取消了，从现在起不能再看、不能再办。"))
    return redirect("family:grants")


@insured_person_required
@require_safe
def helping(request: PersonRequest, owner: uuid.UUID) -> HttpResponse:
    """Read only. Each part that is opened is written down, and the owner is shown it."""
    held = verbs.of_helper(request.insured_person.pk, owner, timezone.localdate())
    seen = [one for one in held if one.kind != GrantKind.ACT_FAMILY]
    if not seen:
        raise Http404
    person = seen[0].owner
    for one in seen:
        _write_down(request, person, GrantKind(one.kind))
    kinds = {one.kind for one in seen}
    context: dict[str, Any] = {"name": mask_name(person.name), "grants": seen}
    if GrantKind.SEE_BALANCE in kinds:
        context["balance"] = selectors.balance(person.pk)
    if GrantKind.SEE_YEARS in kinds:
        context["years"] = selectors.years(person.pk)
    return render(request, "family/helping.html", context)


def _own_grants(request: PersonRequest) -> Any:
    """The live one that the form names; only one of the two can name it."""
    try:
        owner, helper = (uuid.UUID(request.POST.get(one, "")) for one in ("owner", "helper"))
    except ValueError:
        raise Http404 from None
    found = Grant.objects.filter(
        owner__reference=owner,
        helper__reference=helper,
        kind=request.POST.get("kind", ""),
        revoked_at=None,
    )
    person = request.insured_person
    return found.filter(owner=person) | found.filter(helper=person)


def _write_down(request: PersonRequest, person: InsuredPerson, kind: GrantKind) -> None:
    with translation.override(KEPT_LANGUAGE):
        reason = str(ALLOWED) % {"what": selectors.HELP[kind]}
    audit.record(
        actor=request.user,
        action=verbs.LOOKS[kind],
        subject=person,
        reason=reason,
        request=request,
    )
