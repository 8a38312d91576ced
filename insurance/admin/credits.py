"""The monthly runs that credit everybody: how far they are, and why somebody got nothing."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from insurance.credit_words import REASONS
from insurance.models import CreditRun
from insurance.templatetags.insurance_format import money, month_name


@admin.register(CreditRun)
class CreditRunAdmin(ReadOnlyAdmin):
    list_display = (
        "of_month",
        "started_at",
        "finished_at",
        "credited",
        "amount",
        "same",
        "without",
    )
    fields = ("of_month", "day", "started_at", "finished_at", "credited", "amount", "same", "why")
    readonly_fields = ("of_month", "amount", "why")

    @admin.display(description=_("月份"))
    def of_month(self, run: CreditRun) -> str:
        return month_name(run.month)

    @admin.display(description=_("划入金额"))
    def amount(self, run: CreditRun) -> str:
        return money(run.amount_fen)

    @admin.display(description=_("没有划入"))
    def without(self, run: CreditRun) -> int:
        return sum(run.not_credited.values())

    @admin.display(description=_("没有划入的原因"))
    def why(self, run: CreditRun) -> str:
        """People by reason, most first."""
        by_count = sorted(run.not_credited.items(), key=lambda one: (-one[1], one[0]))
        told = [f"{REASONS.get(code, code)}：{count}" for code, count in by_count]
        return "；".join(told) or self.empty_value_display
