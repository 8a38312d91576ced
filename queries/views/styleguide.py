"""The parts that pages are made of, on one page, for those who build and check them."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from queries.views.public import public_page


class SampleForm(forms.Form):
    """One field of each kind; it is never saved."""

    name = forms.CharField(
        label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("手机号"),
        help_text=_("11 位数字，中间可以有空格。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    kind = forms.ChoiceField(
        label=_("看哪一种"),
        help_text=_("选一项。"),
        choices=[("in", _("打进来的钱")), ("out", _("用出去的钱"))],
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(
        label=_("参保地"), choices=[("", _("请选择")), ("210200", _("大连市"))], required=False
    )
    read = forms.BooleanField(label=_("我已经看过上面的说明"))


@public_page
def styleguide(request: HttpRequest) -> HttpResponse:
    """404 in production."""
    if settings.PRODUCTION:
        raise Http404
    context = {
        "form": SampleForm({"phone": "138"} if "errors" in request.GET else None),
        "rows": [
            {"label": _("姓名"), "value": "张*国", "change_url": "#form"},
            {"label": _("证件号码"), "value": "尾号 1234"},
        ],
        "fen": 123456,
        "now": timezone.now(),
    }
    return render(request, "styleguide.html", context)
