"""What all pages of the staff site have in common."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from accounts.models import User

Text = str | Promise


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows; who may look is `accounts.roles.RULES`. What changes anything is a page and a verb of its own."""

    actions = None
    list_per_page = 50
    list_max_show_all = 0  # a log is read page by page
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count over a whole log for each filter
    empty_value_display = "–"
    sortable_by: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who did what stands in the visitors' book and nowhere else."""
        raise Http404

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def log_addition(self, *args: Any) -> None:  # type: ignore[override]
        """See `history_view`."""

    def row_or_404(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def page(
        self, request: HttpRequest, template: str, *, title: Text, **context: Any
    ) -> TemplateResponse:
        """A page of our own inside the staff site's frame."""
        return staff_page(
            request, self.admin_site, template, title=title, opts=self.opts, **context
        )

    def form_page(
        self, request: HttpRequest, form: Form, *, title: Text, submit: Text, **context: Any
    ) -> TemplateResponse:
        """A page with one form. `intro`, `rows` (label, value) and `danger` may come with it."""
        return self.page(
            request, "admin/form_page.html", title=title, form=form, submit=submit, **context
        )


def staff_page(
    request: HttpRequest, site: AdminSite, template: str, *, title: Text, **context: Any
) -> TemplateResponse:
    return TemplateResponse(
        request, template, {**site.each_context(request), "title": title, **context}
    )


def worker(request: HttpRequest) -> User:
    """Who is at work; the staff site lets nobody else in."""
    return cast(User, request.user)
