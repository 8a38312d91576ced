"""People, one at a time: found by an exact number and a reason, never listed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import audit, decorators, limits, throttling
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import ReasonForm
from insurance import selectors, slips
from insurance.admin import looking
from insurance.models import InsuredPerson, StoredDecision


@admin.register(InsuredPerson)
class InsuredPersonAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("find/", guard(self.find_person), name="find-person"),
            path("<int:object_id>/slip/", guard(self.slip), name="issue-slip"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is no list of people."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:find-person")

    def find_person(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.may_search(request):
            return self.search_page(request, looking.FindForm(), is_blocked=True)
        form = looking.FindForm(request.POST if request.method == "POST" else None)
        if form.is_bound:
            found = form.people if form.is_valid() else []
            reason = form.cleaned_data.get("reason", "")
            looking.record_search(request, reason=reason, found=len(found))
            looking.remember(request, found, reason)
            if len(found) == 1:
                return redirect("admin:insurance_insuredperson_change", found[0].pk)
            if found:
                return self.search_page(request, form, people=found)
        return self.search_page(request, form)

    def may_search(self, request: HttpRequest) -> bool:
        return throttling.spend(limits.LOOK_UPS_HOUR, str(request.user.pk))

    def search_page(
        self,
        request: HttpRequest,
        form: looking.FindForm,
        *,
        people: Sequence[InsuredPerson] = (),
        is_blocked: bool = False,
    ) -> HttpResponse:
        return self.page(
            request,
            "admin/insurance/find_person.html",
            title=_("找人"),
            form=form,
            choices=[looking.choice(person) for person in people],
            is_blocked=is_blocked,
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        person = self.row_or_404(request, object_id)
        if answer := looking.ask_or_look(self, request, person):
            return answer
        return self.page(
            request,
            "admin/insurance/person.html",
            title=_("参保人"),
            person=person,
            window=selectors.person_at_window(person),
            may_issue=request.user.has_perm(slips.PERMISSION),
            decisions=StoredDecision.objects.of_subject(*audit.reference_of(person)),
            **back_to_find(),
        )

    @method_decorator(sensitive_variables())
    def slip(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET checks, POST makes the slip and shows its secret this one time."""
        if not request.user.has_perm(slips.PERMISSION):
            raise PermissionDenied
        person = self.row_or_404(request, str(object_id))
        if not decorators.stated_reason(request, subject=person):
            return redirect("admin:insurance_insuredperson_change", person.pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                secret = slips.issue_slip(
                    person=person,
                    by=worker(request),
                    reason=form.cleaned_data["reason"],
                    request=request,
                )
            except ValueError:
                form.add_error(None, _("登记为去世的人不能再开通登录。"))
            else:
                return self.printed(request, person, secret)
        return self.form_page(
            request,
            form,
            title=_("发一次性凭条"),
            submit=_("生成凭条"),
            intro=_("请先当面核对本人和证件原件。以前发过、还没有用的凭条会马上失效。"),
            rows=selectors.masked_rows(person),
            **back_to_person(person),
        )

    def printed(self, request: HttpRequest, person: InsuredPerson, secret: str) -> HttpResponse:
        return self.page(
            request,
            "admin/insurance/slip.html",
            title=_("一次性凭条"),
            secret=secret,
            days=slips.LIFETIME.days,
            person=person,
            **back_to_person(person),
        )


def back_to_find() -> dict[str, Any]:
    return {"back_url": reverse("admin:find-person"), "back_text": _("找人")}


def back_to_person(person: InsuredPerson) -> dict[str, Any]:
    return {
        "back_url": reverse("admin:insurance_insuredperson_change", args=[person.pk]),
        "back_text": _("参保人"),
    }
