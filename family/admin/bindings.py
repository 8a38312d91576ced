"""Bindings: a list to read, and the addresses of everything that is done at the window."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters

from accounts.admin.base import ReadOnlyAdmin
from family.admin import acting, answering, cases, desk, looking, papers, proposing, proving, wards
from family.models import Binding

OF_PERSON = "person/<int:person_id>/"
# By their names; what follows the address of a person is that person's own.
PAGES: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "family-desk": (OF_PERSON, desk.desk),
    "family-presence": (f"{OF_PERSON}presence/", proving.prove),
    "family-leave": (f"{OF_PERSON}leave/", proving.leave),
    "family-propose": (f"{OF_PERSON}propose/", proposing.propose),
    "family-answer": (f"{OF_PERSON}answer/<slug:reference>/", answering.answer),
    "family-move": (f"{OF_PERSON}move/<slug:reference>/<slug:what>/", acting.move),
    "family-change": (f"{OF_PERSON}change/<slug:reference>/", acting.change),
    "family-pause-all": (f"{OF_PERSON}pause-all/", acting.pause_all),
    "family-order": (f"{OF_PERSON}order/", acting.order),
    "family-grant": (f"{OF_PERSON}grant/", acting.grant),
    "family-revoke": (f"{OF_PERSON}revoke/<int:grant_id>/", acting.revoke),
    "family-papers": (f"{OF_PERSON}papers/<slug:reference>/", papers.papers),
    "family-receipt": (f"{OF_PERSON}receipt/<slug:reference>/", papers.paper),
    "family-guardian": (f"{OF_PERSON}guardian/", wards.record),
    "family-guardian-end": (f"{OF_PERSON}guardian/<int:guardianship_id>/end/", wards.end),
    "family-cases": ("cases/", cases.cases),
    "family-case": ("cases/<slug:reference>/", cases.case),
}


@admin.register(Binding)
class BindingAdmin(ReadOnlyAdmin):
    list_display = (
        "reference",
        "giver",
        "beneficiary",
        "relation",
        "money_model",
        "state",
        "state_since",
    )
    list_select_related = ("giver", "beneficiary")
    list_filter = ("state", "relation", "money_model", "evidence", "state_since")
    ordering = ("-id",)
    search_fields = ("reference__exact",)
    search_help_text = looking.BY_REFERENCE

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        # Numbers of papers and names are typed on them: none of it belongs into a report of an error.
        hidden = sensitive_post_parameters()
        own = [
            path(route, guard(hidden(partial(view, self))), name=name)
            for name, (route, view) in PAGES.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """There is one page of a case, and it asks for the reason."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:family-case", self.row_or_404(request, object_id).reference)
