"""Who the patient is, and the bill."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import boxes, names
from accounts.boxes import Typed
from accounts.forms.fields import BOX_ERRORS, BoxField, plain_text
from accounts.id_number import IdNumber, IdNumberError
from claims import bills, vouchers
from claims.bills import Bill, Proxy
from claims.models import Provider
from claims.refusals import Refusal, Refused
from claims.selectors.receipts import use_name
from insurance.form_fields import DayField, MoneyField

NO_HELP = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.时]?([0-5][0-9])分?")
# Passports and permits to travel have letters or few digits; so many digits are meant for an identity number.
ID_LIKE = re.compile(r"[0-9]{13,}X?")
OTHER_CERTIFICATE = re.compile(r"[A-Z0-9]{5,20}")
LONGEST_TYPED = 60
FIELDS = {"amount_fen": "amount", "bill_no": "bill_no", "occurred_at": "day"}
WHEN_WRONG = _("时间要在过去 90 天以内，也不能在以后。")


class CodeForm(forms.Form):
    """The code as a scanner types it, or as a patient reads it out in groups."""

    voucher_code = forms.CharField(
        label=_("医保码"),
        max_length=LONGEST_TYPED,
        help_text=_("用扫码枪扫病人手机上的码，或者照着念的 12 位输入。"),
        widget=forms.TextInput(attrs={**NO_HELP, "autofocus": True}),
        error_messages={"required": _("请扫码，或者输入 12 位医保码。")},
    )

    def clean_voucher_code(self) -> str:
        code = plain_text(self.cleaned_data["voucher_code"])
        if len(code) != vouchers.LENGTH or not set(code) <= set(vouchers.ALPHABET):
            raise ValidationError(_("医保码是 12 位数字和字母，请再扫一次。"))
        return code


class CardForm(forms.Form):
    """Both, of one person; which of the two is wrong is not said."""

    verify_id_number = BoxField(
        label=_("身份证号"),
        widget=forms.TextInput(attrs=NO_HELP),
        error_messages={"required": _("请填身份证号。")},
    )
    verify_card = BoxField(
        label=_("社会保障卡号"),
        help_text=_("卡正面的 9 位号码，不是银行账号。"),
        widget=forms.TextInput(attrs=NO_HELP),
        error_messages={"required": _("请填社会保障卡号。")},
    )

    def clean_verify_id_number(self) -> str:
        return _of_kind(
            self.cleaned_data["verify_id_number"], boxes.ID_NUMBER, _("这不是身份证号。")
        )

    def clean_verify_card(self) -> str:
        found = self.cleaned_data["verify_card"]
        return _of_kind(found, boxes.SOCIAL_SECURITY_CARD, _("这不是社会保障卡号。"))


class BillForm(forms.Form):
    """A bill of this provider; `bill` is it, when the form is valid."""

    use = forms.ChoiceField(
        label=_("用来付什么"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请选一项。")},
    )
    amount = MoneyField(
        most_fen=bills.MAX_FEN,
        label=_("病人要自己负担多少（元）"),
        help_text=_("报销以后剩下的，例如 86.50。"),
        error_messages={"required": _("请写金额，例如 86.50。"), "zero": _("金额要大于 0。")},
    )
    bill_no = forms.CharField(
        label=_("单据号"),
        max_length=LONGEST_TYPED * 2,
        help_text=_("收费单或小票上的号码。同一张单据只能结算一次。"),
        widget=forms.TextInput(attrs=NO_HELP),
        error_messages={"required": _("请填单据号。")},
    )
    day = DayField(
        required=False,
        label=_("就诊或买药的日子"),
        help_text=_("例如 2026-01-05。不填就是今天。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    clock = forms.CharField(
        required=False,
        label=_("几点几分"),
        max_length=LONGEST_TYPED,
        help_text=_("例如 9:05。不填就是现在。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_proxy = forms.BooleanField(
        required=False,
        label=_("是别人替病人来买的"),
        help_text=_("要看病人和代买人两个人的身份证件，下面两栏填代买人的。"),
    )
    verify_proxy_name = forms.CharField(
        required=False,
        label=_("代买人姓名"),
        max_length=names.MAX_LETTERS,
        widget=forms.TextInput(attrs=NO_HELP),
    )
    verify_proxy_number = forms.CharField(
        required=False,
        label=_("代买人证件号码"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs=NO_HELP),
    )

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        uses = sorted(bills.USES[provider.kind])
        self.fields["use"].choices = [(one, use_name(one)) for one in uses]  # type: ignore[attr-defined]
        if len(uses) == 1:
            self.fields["use"].initial = uses[0]

    def clean_bill_no(self) -> str:
        number = "".join(unicodedata.normalize("NFKC", self.cleaned_data["bill_no"]).split())
        if not bills.BILL_NO.fullmatch(number):
            raise ValidationError(
                _("单据号由字母、数字和 . _ / - 组成，以字母或数字开头，最多 64 位。")
            )
        return number

    def clean_clock(self) -> time | None:
        typed = "".join(unicodedata.normalize("NFKC", self.cleaned_data["clock"]).split())
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        if not found:
            raise ValidationError(_("时间请写成 9:05 这样，用 24 小时制。"))
        return time(int(found[1]), int(found[2]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("has_proxy"):
            self._clean_proxy(cleaned)
        if (
            cleaned.get("day")
            and cleaned["day"] != timezone.localdate()
            and not cleaned.get("clock")
        ):
            self.add_error("clock", _("不是今天的，请写上几点几分。"))
        if not self.errors:
            self._check()
        return cleaned

    @property
    def bill(self) -> Bill:
        """Of a valid form."""
        said = self.cleaned_data
        proxy = None
        if said["has_proxy"]:
            proxy = Proxy(said["verify_proxy_name"], said["verify_proxy_number"])
        moment = _moment(said["day"], said["clock"])
        return Bill(said["use"], said["amount"], said["bill_no"], moment, proxy)

    def _clean_proxy(self, cleaned: dict[str, Any]) -> None:
        name = names.normalise(cleaned.get("verify_proxy_name") or "")
        if names.fault(name):
            self.add_error("verify_proxy_name", _("请填代买人的姓名，和证件上一样。"))
        number = plain_text(cleaned.get("verify_proxy_number") or "")
        if fault := _number_fault(number):
            self.add_error("verify_proxy_number", str(fault))
        cleaned.update(verify_proxy_name=name, verify_proxy_number=number)

    def _check(self) -> None:
        """What the verb would refuse, beside the field it is about."""
        try:
            bills.check(self.bill, provider_kind=self.provider.kind, now=timezone.now())
        except Refused as refused:
            if refused.code != Refusal.BAD_BILL:
                raise
            self.add_error(FIELDS[refused.field], WHEN_WRONG)


def typed(bill: Bill | None) -> dict[str, Any]:
    """A bill as it would be typed, for going back to it."""
    if bill is None:
        return {}
    moment = timezone.localtime(bill.occurred_at)
    said: dict[str, Any] = {
        "use": bill.use,
        "amount": bill.amount_fen,
        "bill_no": bill.bill_no,
        "day": moment.date().isoformat(),
        "clock": f"{moment:%H:%M}",
    }
    if bill.proxy:
        said |= {
            "has_proxy": True,
            "verify_proxy_name": bill.proxy.name,
            "verify_proxy_number": bill.proxy.id_number,
        }
    return said


def _of_kind(typed: Typed, kind: str, fault: str | Promise) -> str:
    if typed.kind != kind:
        raise ValidationError(str(fault))
    return typed.value


def _number_fault(number: str) -> str | Promise:
    """ "" for a valid identity number, and for what may be another certificate."""
    if ID_LIKE.fullmatch(number):
        try:
            IdNumber.parse(number, today=timezone.localdate())
        except IdNumberError as error:
            return BOX_ERRORS[f"id_number_{error.code}"]
        return ""
    return "" if OTHER_CERTIFICATE.fullmatch(number) else _("请填代买人的证件号码。")


def _moment(day: date | None, clock: time | None) -> datetime:
    if clock is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(day or timezone.localdate(), clock))
