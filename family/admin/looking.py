"""Nobody's family matters open without a reason, and both people can read who looked."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import audit, decorators
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.forms import ReasonForm
from family.models import Binding
from insurance.models import InsuredPerson

LOOK = "counter.look"
BY_REFERENCE = _("按完整的受理号查找")
CLERK, BECAUSE = _("经手人"), _("因何")
PERSON, GUARDIAN, SIGNED = _("当事人"), _("监护人"), _("签名")
INVITED, NUMBER, PAYERS = _("邀请的人"), _("证件号码"), _("先用谁的钱")


def ask_or_look(page: ReadOnlyAdmin, request: HttpRequest, binding: Binding) -> HttpResponse | None:
    """As `ask_or_look_at`, of a case; its papers open under the same reason."""
    parties = filter(None, (binding.giver, binding.beneficiary))
    return ask_or_look_at(page, request, binding.subject, parties)


def ask_or_look_at(
    page: ReadOnlyAdmin,
    request: HttpRequest,
    subject: audit.Subject,
    people: Iterable[InsuredPerson],
    *,
    action: str = LOOK,
) -> HttpResponse | None:
    """None when the look is in the book of each of these people; else what to answer: the question, or the way back after it."""
    posted = request.method == "POST" and decorators.REASON_FIELD in request.POST
    reason = "" if posted else decorators.stated_reason(request, subject=subject)
    if reason:
        details = {"subject": audit.reference_of(subject)[1]}
        for person in people:
            audit.record(
                actor=request.user,
                action=action,
                subject=person,
                reason=reason,
                details=details,
                request=request,
            )
        return None
    form = ReasonForm(request.POST if posted else None)
    if form.is_valid() and decorators.state_reason(
        request, subject=subject, reason=form.cleaned_data["reason"]
    ):
        return redirect(request.get_full_path())
    return page.form_page(
        request,
        form,
        title=_("为什么要查看这一件"),
        submit=_("查看"),
        intro=_("每次查看都会留下记录，双方自己也看得到。"),
    )


def people_of(row: Any) -> list[InsuredPerson]:
    """Of a grant, a guardianship, or a version of somebody's order."""
    order = getattr(row, "order", None)
    names = ("owner", "helper", "guardian", "child")
    found = [getattr(row, name, None) for name in names]
    return [one for one in (*found, order and order.person) if one is not None]
