"""Forms about drafts: what is typed, and what is published together."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from insurance.models import PolicyVersion

# The nation's file has some forty thousand characters.
LONGEST_FILE = 400_000
LONGEST_NOTE = 200


class DraftForm(forms.Form):
    note = forms.CharField(
        label=_("改了什么"), max_length=LONGEST_NOTE, required=False, help_text=_("给发布的人看。")
    )
    text = forms.CharField(
        label=_("规则文件"),
        error_messages={"required": _("规则文件不能空着。")},
        max_length=LONGEST_FILE,
        strip=False,
        help_text=_("每个值都要有来源和日期；空着也要写明原因。"),
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "autocomplete": "off"}),
    )


class PublishForm(forms.Form):
    """`together` becomes the other drafts that come into force at the same moment."""

    together = forms.MultipleChoiceField(
        label=_("同时发布的其他草稿"),
        required=False,
        help_text=_("几个地区的规则互相影响时，一起检查、一起发布。"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, others: Iterable[PolicyVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(one.pk): one for one in others}
        field = self.fields["together"]
        field.choices = [(key, f"{one.area} v{one.number}") for key, one in self.others.items()]  # type: ignore[attr-defined]
        if not self.others:
            del self.fields["together"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["together"] = [self.others[key] for key in cleaned.get("together", [])]
        return cleaned


class SettleForm(forms.Form):
    note = forms.CharField(
        label=_("怎样处理的"),
        error_messages={"required": _("请写明怎样处理的。")},
        max_length=LONGEST_NOTE,
        help_text=_("问了哪个部门，查到哪份文件，准备怎样改。请不要写个人的号码。"),
    )


class SourceForm(forms.Form):
    """A document for the register; what is not known stays empty."""

    code = forms.RegexField(
        r"^[A-Z]{1,6}[0-9]{0,5}\Z",
        label=_("编号"),
        error_messages={
            "required": _("请填编号。"),
            "invalid": _("编号是大写字母加数字，比如 S56。"),
        },
        help_text=_("规则文件里用它引用这份文件，比如 S56。"),
    )
    kind = forms.ChoiceField(label=_("种类"))
    title = forms.CharField(
        label=_("名称"), max_length=200, error_messages={"required": _("请填名称。")}
    )
    number = forms.CharField(label=_("文号"), max_length=80, required=False)
    date = forms.CharField(
        label=_("日期"), max_length=40, required=False, help_text=_("照文件上写的填。")
    )
    url = forms.URLField(label=_("网址"), max_length=400, required=False, assume_scheme="https")
    how = forms.CharField(
        label=_("怎样核对"),
        max_length=300,
        error_messages={"required": _("请填怎样核对的。")},
        help_text=_("比如：读过原文；读过第三方抄录。"),
    )
