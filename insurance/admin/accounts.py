"""One account with its entries, reached from its person's page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from insurance import selectors
from insurance.admin import looking
from insurance.admin.people import back_to_person
from insurance.models import PersonalAccount

LARGEST_SEQUENCE = 10**9  # more digits than the column holds


@admin.register(PersonalAccount)
class PersonalAccountAdmin(ReadOnlyAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[PersonalAccount]:
        return PersonalAccount.objects.select_related("person", "area")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not on the index: the way to an account leads through its person."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is no list of accounts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:find-person")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        account = self.row_or_404(request, object_id)
        if answer := looking.ask_or_look(self, request, account.person):
            return answer
        return self.page(
            request,
            "admin/insurance/account.html",
            title=_("个人账户"),
            sheet=selectors.account_page(account, before=_before(request)),
            **back_to_person(account.person),
        )


def _before(request: HttpRequest) -> int | None:
    """The sequence in the address; None where there is none or it is none."""
    text = request.GET.get("before", "")
    if text.isascii() and text.isdigit() and int(text) < LARGEST_SEQUENCE:
        return int(text)
    return None
