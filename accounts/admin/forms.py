"""Forms of the staff site about logins and limits."""

import ipaddress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.forms.fields import BoxField, PhoneField
from accounts.forms.reasons import ReasonField, ReasonForm
from accounts.id_number import IdNumber, IdNumberError
from accounts.roles import STAFF, Role

__all__ = ["LiftForm", "ReasonField", "ReasonForm", "StaffChangeForm", "StaffForm"]
STAFF_ROLES = [(role.value, role.label) for role in Role if role in STAFF]


class StaffForm(forms.Form):
    """`id_number` becomes the eighteen characters."""

    name = forms.CharField(label=_("姓名"), max_length=names.MAX_LETTERS)
    role = forms.ChoiceField(label=_("角色"), choices=STAFF_ROLES)
    id_number = forms.CharField(
        label=_("身份证号"), max_length=60, help_text=_("用来登录，每人只能有一个工作登录。")
    )
    phone = PhoneField(label=_("手机号"), required=False)

    def clean_name(self) -> str:
        name = names.normalise(self.cleaned_data["name"])
        if names.fault(name):
            raise ValidationError(_("这个姓名里有不能用的字符。"))
        return name

    def clean_id_number(self) -> str:
        try:
            return IdNumber.parse(self.cleaned_data["id_number"], today=timezone.localdate()).text
        except IdNumberError:
            raise ValidationError(_("身份证号不对，请对着证件再看一遍。")) from None


class StaffChangeForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=STAFF_ROLES)
    is_active = forms.BooleanField(
        label=_("可以登录"), required=False, help_text=_("离岗当天就要取消。")
    )


class LiftForm(forms.Form):
    """At least one of the two; `address` is "" or an IP address."""

    box = BoxField(required=False)
    address = forms.GenericIPAddressField(
        label=_("来源地址"),
        required=False,
        help_text=_("对方上网的 IP 地址。同时填两项，才能解除“这个号码从这个地址”的限制。"),
    )
    reason = ReasonField()

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        return str(ipaddress.ip_address(address)) if address else ""

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("box") and not cleaned.get("address"):
            raise ValidationError(_("号码和来源地址至少填一项。"))
        return cleaned
