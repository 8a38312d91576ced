"""What the system administrator types about providers."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.admin.forms import StaffForm
from accounts.forms.reasons import ReasonField, ReasonForm
from claims.models import Provider, ProviderKind
from claims.provider_keys import Scope
from insurance.form_fields import DayField
from insurance.models import PoolingArea

__all__ = ["ClerkForm", "EndForm", "KeyForm", "ProviderForm", "ReasonForm"]
CODE = re.compile(r"[0-9A-Z]{6,30}")
ENDS_FIRST = _("最后一天不能在第一天以前。")
DAY_HELP = _("例如 2026-01-05。")
SCOPES: dict[Scope, Any] = {
    Scope.QUOTE: _("试算"),
    Scope.SETTLE: _("结算和占用"),
    Scope.REFUND: _("退费"),
    Scope.RECONCILE: _("对账"),
}


class ProviderChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.code}）"


def provider_field() -> forms.ModelChoiceField:
    return ProviderChoice(
        Provider.objects.order_by("code"), label=_("定点机构"), empty_label=_("请选择")
    )


class AreaChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name_zh}"


class ProviderForm(forms.Form):
    code = forms.CharField(
        label=_("定点机构编码"),
        max_length=30,
        help_text=_("国家统一的编码，由大写字母和数字组成。"),
    )
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("种类"), choices=ProviderKind.choices)
    area = AreaChoice(
        PoolingArea.objects.order_by("code"), label=_("所在地"), empty_label=_("请选择")
    )
    designated_from = DayField(label=_("定点起"), help_text=DAY_HELP)
    designated_to = DayField(
        label=_("定点止"), required=False, until=True, help_text=_("最后一天。不填就一直有效。")
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not CODE.fullmatch(code):
            raise ValidationError(_("编码由 6 到 30 位大写字母和数字组成。"))
        if Provider.objects.filter(code=code).exists():
            raise ValidationError(_("这个编码已经登记过了。"))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("designated_from"), cleaned.get("designated_to")
        if first and last and last < first:
            self.add_error("designated_to", ENDS_FIRST)
        return cleaned


class EndForm(forms.Form):
    designated_to = DayField(
        label=_("定点止"),
        required=False,
        until=True,
        help_text=_("最后一天。以后的账单不能再结算；不填就一直有效。"),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        self.fields["designated_to"].initial = provider.designated_to and str(
            provider.designated_to
        )

    def clean_designated_to(self) -> Any:
        last = self.cleaned_data["designated_to"]
        if last and last < self.provider.designated_from:
            raise ValidationError(ENDS_FIRST)
        return last


class ClerkForm(StaffForm):
    """A login for work, of one provider and without a choice of roles."""

    provider = provider_field()
    field_order = ["provider", "name", "id_number", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["role"]


class KeyForm(forms.Form):
    provider = provider_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for scope, label in SCOPES.items():
            self.fields[scope] = forms.BooleanField(label=label, required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.scopes:
            raise ValidationError(_("至少选一件可以做的事。"))
        return self.cleaned_data

    @property
    def scopes(self) -> list[str]:
        return [str(one) for one in SCOPES if self.cleaned_data.get(one)]
