"""What a clerk types in for somebody who is there. A code never comes back to the page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.boxes import SOCIAL_SECURITY_CARD
from accounts.evidence import Prepared
from accounts.forms.fields import BOX_ERRORS, LONGEST_TYPED, CodeField, plain_text, read_box
from accounts.forms.reasons import ReasonField
from accounts.forms.uploads import EvidenceField, EvidenceFormMixin
from family import evidence
from family.forms.answering import AnswerForm
from family.guardians import PROOFS
from family.models import Evidence, MoneyModel
from family.presence import TAIL
from insurance.forms import IdNumberField, NameField

CHOOSE_ONE = _("请选一项。")
SELF = "self"
PHOTO, VALID = "photo", "valid"
# What only eyes can compare; name and number are held against the register by the site.
COMPARED = {
    PHOTO: _("证件上的照片和来人是同一个人"),
    VALID: _("证件在有效期里"),
}
PHOTO_NEEDED = _("照片一定要核对。")
DOCUMENTS = {
    "identity_card": _("居民身份证"),
    "temporary_card": _("临时身份证"),
    "residence_permit": _("港澳台居民居住证"),
    "permanent_residence": _("外国人永久居留身份证"),
    "passport": _("护照"),
}
# The two sides send six files together at most.
MOST_LETTERS, MOST_PAPERS = 1, 2
GROUNDS_HELP = _("比如：本人到窗口，同意女儿用自己的钱。会长期留存，参保人看得到。")
SECRET = {"autocomplete": "off", "spellcheck": "false"}


def radios(label: Any, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_ONE, "invalid_choice": CHOOSE_ONE},
        **more,
    )


class SpeakerForm(forms.Form):
    """`speakers` are (key, words) of who may have come: the person, or a recorded guardian. One alone is not asked about."""

    who = radios(_("来的是谁"), [])

    # Two forms stand on the page.
    ids = "%s"

    def __init__(
        self, data: Any = None, *, speakers: Sequence[tuple[str, Any]], initial: Any = None
    ) -> None:
        super().__init__(data, auto_id=self.ids, initial=initial)
        self.speakers = speakers
        self.fields["who"].choices = list(speakers)  # type: ignore[attr-defined]
        if len(speakers) == 1:
            del self.fields["who"]

    @property
    def speaker(self) -> str:
        """Of a form whose `who` is valid."""
        found: str = self.cleaned_data.get("who") or self.speakers[0][0]
        return found


class CardForm(SpeakerForm):
    """`card` gives the nine characters, `code` the six digits."""

    ids = "card_%s"
    card = forms.CharField(
        label=_("社会保障卡号（看来人手里的卡）"),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("请填卡号。")},
        widget=forms.TextInput(attrs=SECRET),
    )
    code = CodeField(label=_("验证码（请来人自己按，您不要看）"))
    grounds = ReasonField(help_text=GROUNDS_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of the clerk's own browser nothing may offer a code, and nobody reads it from the screen.
        hidden = {"autocomplete": "off", "inputmode": "numeric", "size": 8}
        self.fields["code"].widget = forms.PasswordInput(attrs=hidden)

    def clean_card(self) -> str:
        typed = read_box(self.cleaned_data["card"])
        if typed.kind != SOCIAL_SECURITY_CARD:
            raise ValidationError(BOX_ERRORS["card"], code="card")
        return typed.value


class IdentityForm(SpeakerForm):
    """`full_name` and `tail`, the last four characters of the number, are as they stand on the paper."""

    ids = "paper_%s"
    document = radios(_("看的是哪一种证件原件"), DOCUMENTS.items())
    full_name = NameField(help_text=_("照证件填，由系统和登记的姓名核对。"))
    tail = forms.CharField(
        label=_("证件号码的最后四位"),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("请照证件填最后四位。")},
        help_text=_("照证件填，由系统和登记的号码核对。"),
        widget=forms.TextInput(attrs={**SECRET, "size": 6}),
    )
    compared = forms.MultipleChoiceField(
        label=_("您核对了什么"),
        choices=list(COMPARED.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": PHOTO_NEEDED},
    )
    grounds = ReasonField(help_text=GROUNDS_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].label = _("证件上的姓名")
        self.fields["full_name"].widget.attrs.update(SECRET)

    def clean_tail(self) -> str:
        tail = plain_text(self.cleaned_data["tail"])
        if not re.fullmatch(rf"[0-9]{{{TAIL - 1}}}[0-9X]", tail):
            raise ValidationError(_("最后四位是数字，末位可能是 X。"), code="shape")
        return tail

    def clean_compared(self) -> list[str]:
        compared: list[str] = self.cleaned_data["compared"]
        if PHOTO not in compared:
            raise ValidationError(PHOTO_NEEDED, code="needed")
        return compared


class SignForm(EvidenceFormMixin, AnswerForm):
    """The letter as it was signed on paper, and what was brought to show the relation.

    `signer` is whose name stands under the letter; nobody reads it off this page, where names are masked.
    """

    signed_letter = EvidenceField(max_files=MOST_LETTERS, label=_("签了名的承诺书（扫描或拍照）"))
    proof = radios(
        _("拿什么证明关系"),
        [
            (Evidence.COMMITMENT_LETTER, _("没有带证明，凭承诺书")),
            (Evidence.HOUSEHOLD_BOOK, Evidence.HOUSEHOLD_BOOK.label),
            (Evidence.CERTIFICATE, Evidence.CERTIFICATE.label),
        ],
    )
    papers = EvidenceField(
        max_files=MOST_PAPERS, required=False, label=_("户口簿或者证明（扫描或拍照）")
    )
    field_order = ("limit_fen", "shows_amounts", "signed_name", "signed_letter", "proof", "papers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, helps=False, **kwargs)
        name = self.fields["signed_name"]
        name.label = _("承诺书上签的姓名")
        name.help_text = _("照签名录入，和登记的姓名核对。")
        name.widget.attrs.update(SECRET)

    def clean_signed_name(self) -> str:
        typed: str = self.cleaned_data["signed_name"]
        if not names.same(typed, self.signer):
            text = _("和登记的姓名不一样。承诺书要由来人自己签，请对着签名再录一遍。")
            raise ValidationError(text, code="own")
        return names.normalise(typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        brought = cleaned.get("proof") not in (None, Evidence.COMMITMENT_LETTER)
        if brought and "papers" in cleaned and not cleaned["papers"]:
            self.add_error("papers", _("选了有证明，就要把它扫描或者拍照传上来。"))
        return cleaned

    @property
    def files_by_kind(self) -> dict[str, list[Prepared]]:
        """Of a valid form."""
        proof = self.cleaned_data["proof"]
        kind = evidence.CERTIFICATE if proof == Evidence.CERTIFICATE else evidence.BOOK
        return {
            evidence.LETTER: self.cleaned_data["signed_letter"],
            kind: self.cleaned_data["papers"],
        }


class PapersForm(EvidenceFormMixin, forms.Form):
    """More papers of a case that waits."""

    what = radios(_("是什么材料"), evidence.KINDS.items())
    papers = EvidenceField()


class GuardianForm(EvidenceFormMixin, forms.Form):
    """`id_number` is the child's, as the register has it."""

    id_number = IdNumberField(help_text=_("照户口簿上孩子那一页填。"))
    seen = radios(_("看的是哪一种材料"), [(one, evidence.KINDS[one]) for one in PROOFS])
    papers = EvidenceField(max_files=MOST_PAPERS, label=_("孩子那一页和监护人那一页（扫描或拍照）"))


class PlacesForm(forms.Form):
    """`rows` are the payers as they stand; every one gets a place of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        places = [(str(place), str(place)) for place in range(1, len(rows) + 1)]
        for row in rows:
            self.fields[f"place_{row.place}"] = forms.ChoiceField(
                label=f"{row.name}（{row.relation}）", choices=places, initial=str(row.place)
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [cleaned.get(f"place_{row.place}") for row in self.rows]
        if None not in chosen and len(set(chosen)) < len(chosen):
            raise ValidationError(_("每一位要有自己的先后，不能重复。"), code="twice")
        return cleaned

    @property
    def binding_ids(self) -> list[int]:
        """Of a valid form, the first to be asked first."""
        ordered = sorted(self.rows, key=lambda row: int(self.cleaned_data[f"place_{row.place}"]))
        return [row.binding_id for row in ordered]


APPROVALS = {
    "papers_fit": _("材料能证明双方的关系"),
    "rule_allows": _("核对了当地的规定，可以办"),
    "name_checked": _("核对了姓名，是同一个人"),
}
REFUSALS = {
    "papers": _("材料看不出这种关系"),
    "rule": _("当地规定不能办"),
    "not_reached": _("联系不上，没有核对成"),
}
SHORTEST_SENTENCE, LONGEST_SENTENCE = 6, 120
LONGEST_CLAUSE = 100
# What bills are paid by; nothing here moves money into a wallet.
PAYING = (MoneyModel.DIRECT_DEBIT, MoneyModel.LIMIT)


class ApproveForm(forms.Form):
    """`asks_model`: the rules don't settle how the money flows."""

    basis = radios(_("为什么可以"), APPROVALS.items())
    money_model = radios(_("钱怎么付"), [(one, one.label) for one in PAYING])
    grounds = ReasonField(label=_("怎样核对的"), help_text=_("双方在“谁查看过我的信息”里看得到。"))

    def __init__(self, data: Any, *, asks_model: bool) -> None:
        super().__init__(data, auto_id="approve_%s")
        if not asks_model:
            del self.fields["money_model"]


class RefuseForm(forms.Form):
    """No without a clause and a sentence that both people understand is no answer."""

    basis = radios(_("为什么不可以"), REFUSALS.items())
    sentence = forms.CharField(
        label=_("告诉双方的话"),
        min_length=SHORTEST_SENTENCE,
        max_length=LONGEST_SENTENCE,
        help_text=_("双方都会读到。用大白话，不写号码，不写另一方的参保和账户情况。"),
        error_messages={
            "required": _("请写一句双方看得懂的话。"),
            "min_length": _("太短了，双方看不懂。"),
        },
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    clause = forms.CharField(
        label=_("依据哪份文件的哪一条"),
        max_length=LONGEST_CLAUSE,
        error_messages={"required": _("请写依据。")},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="refuse_%s")


class Sheet:
    """Several forms that are read out and sent as one. To templates it is a form."""

    def __init__(self, *parts: forms.BaseForm) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[forms.BoundField]:
        return chain.from_iterable(self.parts)

    def is_valid(self) -> bool:
        """Every part says what is wrong with it, not the first alone."""
        valid = [one.is_valid() for one in self.parts]
        return all(valid)

    @property
    def errors(self) -> dict[str, Any]:
        return {name: found for one in self.parts for name, found in one.errors.items()}

    @property
    def non_field_errors(self) -> list[Any]:
        return [error for one in self.parts for error in one.non_field_errors()]
