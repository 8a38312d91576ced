"""A settlement as staff see it who were asked about it: with a reason, and everybody in it reads who looked."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.admin.base import ReadOnlyAdmin
from claims.models import Settlement
from claims.selectors import families
from family.admin import looking
from insurance.models import InsuredPerson, PolicyVersion
from insurance.templatetags.insurance_format import moment, money

LOOK = "settlement.look"
audit.LABELS.update({LOOK: _("窗口打开一笔和您有关的结算")})


@admin.register(Settlement)
class SettlementAdmin(ReadOnlyAdmin):
    """The list names nobody: a bill is looked for by its number."""

    list_display = ("reference", "provider", "state", "settled_at")
    list_select_related = ("provider",)
    list_filter = ("state", "settled_at")
    ordering = ("-id",)
    search_fields = ("reference__exact", "refunds__reference__exact")
    search_help_text = _("按完整的结算号或退费号查找")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row: Settlement = self.row_or_404(request, object_id)
        if answer := looking.ask_or_look_at(self, request, row, _people(row), action=LOOK):
            return answer
        return self.page(
            request,
            "admin/claims/settlement.html",
            title=_("结算"),
            rows=_rows(row),
            receipt=families.as_patient(row.reference, person_id=row.patient_id),
            back_url=reverse("admin:claims_settlement_changelist"),
            back_text=_("结算"),
        )


def _people(row: Settlement) -> list[InsuredPerson]:
    """The patient and whoever gave something."""
    gave = InsuredPerson.objects.filter(given_bindings__deductions__settlement=row)
    return [row.patient, *gave.order_by("pk").distinct()]


def _rules(row: Settlement) -> list[str]:
    """As the staff pages of the rules call them: the place, and which edition of its file."""
    versions = PolicyVersion.objects.filter(pk__in=row.policies).select_related("area")
    return [
        gettext("%(area)s第 %(number)s 版") % {"area": one.area, "number": one.number}
        for one in versions.order_by("area_id", "number")
    ]


def _rows(row: Settlement) -> list[dict[str, Any]]:
    by = _("收费人员") if row.by_user_id else _("机构的机器")
    shown = {
        _("结算号"): row.reference,
        _("定点机构"): row.provider,
        _("看病的人"): row.patient,
        _("单据号"): row.bill_no,
        _("状态"): row.get_state_display(),
        _("个人负担"): money(row.amount_fen),
        _("账户支付"): money(row.paid_fen),
        _("现金支付"): money(row.cash_fen),
        _("已退"): money(row.refunded_fen),
        _("就诊时间"): moment(row.occurred_at),
        _("结算时间"): moment(row.settled_at),
        _("谁提交的"): by,
        _("扣款顺序版本"): row.order_version,
        _("所依据的规则版本"): "、".join(_rules(row)),
    }
    return [{"label": label, "value": value} for label, value in shown.items()]
