"""Guards of the pages of family aid: whose matters they are, one's own or those of somebody one helps."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.privacy import mask_name
from family import grants
from family.acting import Pressed
from family.models import Channel, GrantKind, Guardianship
from insurance.decorators import insured_person_required
from insurance.models import InsuredPerson
from insurance.notice_texts import KEPT_LANGUAGE

View = Callable[..., HttpResponse]
FOR = "for"
# What the owner reads in the list of who looked.
ALLOWED = _("您请的家人：替您办家庭共济的事")
GUARDIAN = _("登记的监护人")


@dataclass(frozen=True)
class Acting:
    """Whose matters a page is about. `owner` is the reader where nobody is helped; `query` carries it from page to page."""

    owner: InsuredPerson
    reader: InsuredPerson
    as_guardian: bool = False

    @property
    def is_for_other(self) -> bool:
        return self.owner.pk != self.reader.pk

    @property
    def is_helper(self) -> bool:
        """Allowed by the owner, who alone can let money flow."""
        return self.is_for_other and not self.as_guardian

    @property
    def query(self) -> str:
        return f"?{FOR}={self.owner.reference}" if self.is_for_other else ""

    @property
    def name(self) -> str:
        return mask_name(self.owner.name)

    @property
    def signer(self) -> InsuredPerson:
        """Who writes their own name under a letter."""
        return self.reader if self.as_guardian else self.owner


class ActingRequest(HttpRequest):
    """After `acting_for`."""

    user: User
    insured_person: InsuredPerson
    acting: Acting


def for_oneself(view: View) -> View:
    """`insured_person_required` for views that the guards of forms take."""
    return cast(View, insured_person_required(view))


def acting_for(view: View) -> View:
    """Puts an `Acting` into `request.acting`: the reader's own, or of whom `?for=` names, by guardianship or grant.

    404 where neither holds. Every page opened for somebody else is written down, and that person is shown it.
    """

    @for_oneself
    @wraps(view)
    def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.acting = _acting(request)
        if request.acting.is_for_other:
            _write_down(request)
        return view(request, *args, **kwargs)

    return guarded


def pressed(request: ActingRequest) -> Pressed:
    """Who pressed the button of a page of this site, for the verbs."""
    acting = request.acting
    return Pressed(
        by=request.user,
        channel=Channel.WEB,
        request=request,
        guardian=acting.reader if acting.as_guardian else None,
    )


def _acting(request: ActingRequest) -> Acting:
    reader = request.insured_person
    if FOR not in request.GET:
        return Acting(reader, reader)
    try:
        reference = uuid.UUID(request.GET[FOR])
    except ValueError:
        raise Http404 from None
    today = timezone.localdate()
    ward = (
        Guardianship.objects.filter(
            guardian=reader, child__reference=reference, ended_at=None, until__gt=today
        )
        .select_related("child")
        .first()
    )
    if ward is not None:
        return Acting(ward.child, reader, as_guardian=True)
    allowed = grants.of_helper(reader.pk, reference, today)
    owner = next((one.owner for one in allowed if one.kind == GrantKind.ACT_FAMILY), None)
    if owner is None:
        raise Http404
    return Acting(owner, reader)


def _write_down(request: ActingRequest) -> None:
    acting = request.acting
    with translation.override(KEPT_LANGUAGE):
        reason = str(GUARDIAN if acting.as_guardian else ALLOWED)
    audit.record(
        actor=request.user,
        action=grants.BY_GUARDIAN if acting.as_guardian else grants.LOOKS[GrantKind.ACT_FAMILY],
        subject=acting.owner,
        reason=reason,
        request=request,
    )
