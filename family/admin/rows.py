"""Rows of family aid, to read: people are masked, nothing is typed in here, and each page comes after a reason."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.admin.base import ReadOnlyAdmin
from accounts.privacy import mask_id_number_for_others, mask_name
from family.admin import looking
from family.models import (
    Binding,
    BindingEvent,
    Consent,
    Grant,
    Guardianship,
    Invitation,
    OrderVersion,
)
from family.payer_words import OrderReason


class RowAdmin(ReadOnlyAdmin):
    """`clerk` is who pressed: no link, because the window has nothing to look for among logins."""

    @admin.display(description=looking.CLERK)
    def clerk(self, row: Any) -> str:
        by = row.recorded_by if isinstance(row, Guardianship) else row.acted_by
        return str(by or "–")


class CaseRowAdmin(RowAdmin):
    """A row of one binding: it opens with the reason given for that case, and the look is written down."""

    search_fields = ("binding__reference__exact",)
    search_help_text = looking.BY_REFERENCE

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.row_or_404(request, object_id)
        if answer := looking.ask_or_look(self, request, self.binding_of(row)):
            return answer
        return super().change_view(request, object_id, *args, **kwargs)

    def binding_of(self, row: Any) -> Binding:
        found: Binding = row.binding
        return found


@admin.register(BindingEvent)
class BindingEventAdmin(CaseRowAdmin):
    list_display = ("binding", "number", "move", "to_state", "side", "channel", "happened_at")
    list_select_related = ("binding",)
    list_filter = ("move", "side", "channel", "happened_at")
    ordering = ("-id",)
    fields = (
        "binding",
        "number",
        "move",
        "from_state",
        "to_state",
        "side",
        "channel",
        "clerk",
        "reason",
        "details",
        "happened_at",
    )


@admin.register(Consent)
class ConsentAdmin(CaseRowAdmin):
    list_display = ("binding", "side", "who", "channel", "letter", "given_at")
    list_select_related = ("binding", "person")
    list_filter = ("side", "channel", "letter", "given_at")
    ordering = ("-id",)
    fields = (
        "binding",
        "side",
        "who",
        "guardian",
        "channel",
        "clerk",
        "letter",
        "signed",
        "given_at",
    )

    @admin.display(description=looking.PERSON)
    def who(self, row: Consent) -> str:
        return mask_name(row.person.name)

    @admin.display(description=looking.GUARDIAN)
    def guardian(self, row: Consent) -> str:
        return mask_name(row.by_guardian.name) if row.by_guardian else "–"

    @admin.display(description=looking.SIGNED)
    def signed(self, row: Consent) -> str:
        return mask_name(row.signed_name)


@admin.register(Invitation)
class InvitationAdmin(CaseRowAdmin):
    list_display = ("binding", "invited", "created_at", "expires_at", "ended_at")
    list_select_related = ("binding",)
    list_filter = ("created_at", "expires_at")
    ordering = ("-id",)
    fields = (
        "binding",
        "invited",
        "number",
        "said_scheme",
        "said_area",
        "created_at",
        "expires_at",
        "announced_at",
        "reminded_at",
        "ended_at",
    )

    @admin.display(description=looking.INVITED)
    def invited(self, row: Invitation) -> str:
        return mask_name(row.name)

    @admin.display(description=looking.NUMBER)
    def number(self, row: Invitation) -> str:
        return mask_id_number_for_others(row.id_number)


class PeopleRowAdmin(RowAdmin):
    """A row about one or two people: it opens with a reason, and each of them can read of the look."""

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.row_or_404(request, object_id)
        if answer := looking.ask_or_look_at(self, request, row, looking.people_of(row)):
            return answer
        return super().change_view(request, object_id, *args, **kwargs)


@admin.register(Grant)
class GrantAdmin(PeopleRowAdmin):
    list_display = ("id", "owner", "helper", "kind", "from_day", "to_day", "channel", "revoked_at")
    list_select_related = ("owner", "helper")
    list_filter = ("kind", "channel", "from_day")
    ordering = ("-id",)
    fields = (*list_display[1:], "clerk", "granted_at", "revoked_by")


@admin.register(Guardianship)
class GuardianshipAdmin(PeopleRowAdmin):
    list_display = ("id", "guardian", "child", "evidence", "until", "recorded_at", "ended_at")
    list_select_related = ("guardian", "child")
    list_filter = ("evidence", "recorded_at")
    ordering = ("-id",)
    fields = (*list_display[1:], "clerk")


@admin.register(OrderVersion)
class OrderVersionAdmin(PeopleRowAdmin):
    list_display = ("id", "who", "number", "because", "channel", "made_at")
    list_select_related = ("order__person",)
    list_filter = ("reason", "channel", "made_at")
    ordering = ("-id",)
    fields = (*list_display[1:], "clerk", "payers")

    @admin.display(description=looking.PERSON)
    def who(self, row: OrderVersion) -> str:
        return mask_name(row.order.person.name)

    @admin.display(description=looking.BECAUSE)
    def because(self, row: OrderVersion) -> str:
        return str(OrderReason(row.reason).label)

    @admin.display(description=looking.PAYERS)
    def payers(self, row: OrderVersion) -> str:
        """The first to be asked first."""
        places = row.places.select_related("binding__giver").order_by("position")
        givers = [one.binding.giver for one in places]
        return "、".join(mask_name(one.name) for one in givers if one)
