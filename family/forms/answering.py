"""The answer to an invitation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import names
from family import letter
from family.forms.adding import MOST_FEN
from insurance.form_fields import MoneyField

FOR_OWNER = _("读完并替本人同意的，请写下本人的姓名：您替谁办，就写谁")
OWN_NAME = _("和登记的姓名不一样。请写您自己的姓名，不是家人的。")


class AnswerForm(forms.Form):
    """Yes, by writing one's own name under the letter. Only the giver is asked about amounts, and about a limit where there is one."""

    limit_fen = MoneyField(
        most_fen=MOST_FEN,
        label=_("划出多少钱作为额度（元）"),
        help_text=_("例如 500。划出来以后，您自己先不能用这部分；没用完的，结束时退回来。"),
        error_messages={"required": _("你们在两个省，要先定一笔额度。请填一个金额。")},
    )
    shows_amounts = forms.BooleanField(
        required=False,
        label=_("家人试算时，可以看到从我账户出多少"),
        help_text=_("不勾选，家人只看到“够”或者“不够”。"),
    )
    signed_name = forms.CharField(
        label=_("读完并同意的，请写下您自己的姓名"),
        help_text=_("写下姓名，等于在承诺书上签名。"),
        max_length=2 * names.MAX_LETTERS,
        error_messages={"required": _("请写下您自己的姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    letter = forms.CharField(required=False, widget=forms.HiddenInput, initial=letter.CURRENT)

    def __init__(
        self,
        *args: Any,
        signer: str,
        helps: bool,
        gives: bool,
        asks_limit: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer
        if helps:
            self.fields["signed_name"].label = FOR_OWNER
        if not gives:
            del self.fields["shows_amounts"]
        if not asks_limit:
            del self.fields["limit_fen"]

    def clean_signed_name(self) -> str:
        typed: str = self.cleaned_data["signed_name"]
        if not names.same(typed, self.signer):
            raise ValidationError(OWN_NAME, code="own")
        return names.normalise(typed)

    def clean_letter(self) -> str:
        if self.cleaned_data["letter"] != letter.CURRENT:
            raise ValidationError(_("承诺书换了新的一版，请再读一遍，重新写姓名。"), code="letter")
        return letter.CURRENT
