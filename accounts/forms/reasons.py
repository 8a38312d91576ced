"""Why somebody else's record is looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.decorators import SHORTEST_REASON


class ReasonField(forms.CharField):
    """A sentence, without numbers of people: it is kept for good."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("理由"))
        kwargs.setdefault("help_text", _("写清楚为什么，请不要写证件号码和手机号。会长期留存。"))
        super().__init__(min_length=SHORTEST_REASON, max_length=audit.MAX_REASON, **kwargs)
        self.error_messages["required"] = _("请写理由。")
        self.error_messages["min_length"] = _("理由太短，请写清楚。")


class ReasonForm(forms.Form):
    reason = ReasonField()
