"""The register of documents that the rules cite."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, worker
from insurance import policies
from insurance.admin.policy_forms import SourceForm
from insurance.models import PolicySource
from insurance.policy_values import Source

CHANGE = "insurance.change_policysource"


@admin.register(PolicySource)
class PolicySourceAdmin(ReadOnlyAdmin):
    list_display = ("code", "kind", "title", "number", "date")
    list_filter = ("kind",)
    search_fields = ("code", "title", "number")
    fields = ("code", "kind", "title", "number", "date", "url", "how")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A document before it is cited; one that is registered is corrected through the files."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SourceForm(request.POST if request.method == "POST" else None)
        form.fields["kind"].choices = PolicySource.Kind.choices  # type: ignore[attr-defined]
        if form.is_valid():
            code = form.cleaned_data.pop("code")
            if PolicySource.objects.filter(code=code).exists():
                form.add_error("code", gettext("这个编号已经用过了。"))
            else:
                source = Source(id=code, **form.cleaned_data)
                policies.save_sources(sources={code: source}, by=worker(request))
                messages.success(request, gettext("已登记，规则文件里可以引用了。"))
                return redirect("admin:insurance_policysource_changelist")
        return self.form_page(
            request,
            form,
            title=_("登记一份文件"),
            submit=_("登记"),
            back_url=reverse("admin:insurance_policysource_changelist"),
            back_text=_("规则来源"),
        )
