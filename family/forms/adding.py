"""The questions on the way to a new binding, one form a page. `values` is what `adding.Answers` takes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import names
from family import letter
from family.adding import Answers, Step
from family.forms.adding_choices import (
    ALL,
    AMONG,
    AMOUNTS,
    ENOUGH,
    LOOK,
    RELATIVES,
    SCHEMES,
    SEES,
    SIDES,
    UNKNOWN,
    USES,
    Text,
)
from family.models import MoneyModel
from family.moves import Side
from insurance.area_field import area_field
from insurance.form_fields import DayField, MoneyField
from insurance.forms import IdNumberField, NameField
from insurance.policy_words import OPTIONS

CHOOSE_ONE = _("请选一项。")
# More than any account holds: a slip of the keyboard, not a wish.
MOST_FEN = 10**9


def _noted(label: Text, note: Text) -> Text:
    if not note:
        return label
    return format_html('<span>{} <span class="radio-note">{}</span></span>', label, note)


def _radios(choices: Iterable[tuple[str, Text]], label: Text) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(choices),
        label=label,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_ONE, "invalid_choice": CHOOSE_ONE},
    )


class StepForm(forms.Form):
    """One question. `kept` are the answers so far, which it starts from."""

    step: Step

    def __init__(self, data: Mapping[str, Any] | None, kept: Answers) -> None:
        super().__init__(data, initial=self.start(kept) if self.step in kept.done else None)
        self.kept = kept

    def start(self, kept: Answers) -> dict[str, Any]:
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """Of a valid form."""
        return dict(self.cleaned_data)


class SideForm(StepForm):
    """A helper decides about nobody's money: then `may_give` is false."""

    step = Step.SIDE

    def __init__(
        self, data: Mapping[str, Any] | None, kept: Answers, *, may_give: bool = True
    ) -> None:
        super().__init__(data, kept)
        sides = (one for one in SIDES if may_give or one != Side.GIVER)
        self.fields["side"] = _radios(map(self._pictured, sides), _("钱往哪边走"))

    def start(self, kept: Answers) -> dict[str, Any]:
        return {"side": kept.side}

    @property
    def only_looks(self) -> bool:
        return self.cleaned_data["side"] == LOOK

    @staticmethod
    def _pictured(side: str) -> tuple[str, Text]:
        picture, shown, label, note = SIDES[side]
        image = format_html(
            '<img class="choice-picture" src="{}" alt="{}" width="144" height="72">',
            static(picture),
            shown,
        )
        return side, format_html("{}{}", image, _noted(label, note))


class RelationForm(StepForm):
    """`among` names the choices of this page. A group that was chosen is no answer yet."""

    step = Step.RELATION

    def __init__(self, data: Mapping[str, Any] | None, kept: Answers, *, among: str = ALL) -> None:
        self.among = among
        super().__init__(data, kept)
        choices = ((one, _noted(*RELATIVES[one])) for one in AMONG[among])
        self.fields["relative"] = _radios(choices, _("关系"))

    def start(self, kept: Answers) -> dict[str, Any]:
        leading = (one for one in AMONG[self.among] if _leads_to(one, kept.relative))
        return {"relative": next(leading, "")}

    @property
    def group(self) -> str:
        """The group to go on in, "" where a relation was chosen."""
        chosen: str = self.cleaned_data["relative"]
        return chosen if chosen in AMONG else ""


def _leads_to(choice: str, relative: str) -> bool:
    return choice == relative or any(_leads_to(one, relative) for one in AMONG.get(choice, ()))


class InsuredForm(StepForm):
    """What nobody knows is a fair answer: the register is asked when the other person comes."""

    step = Step.INSURED

    def __init__(self, data: Mapping[str, Any] | None, kept: Answers) -> None:
        super().__init__(data, kept)
        choices = ((one, _noted(*told)) for one, told in SCHEMES.items())
        self.fields["scheme"] = _radios(choices, _("哪一种医保"))
        area = area_field(str(data.get("area", "")) if data else kept.area, _("在哪里交"))
        area.required = False
        area.help_text = _(
            "交医保的地方，不是户口所在地。没有列出的城市，选所在的省。不清楚就不选。"
        )
        self.fields["area"] = area

    def start(self, kept: Answers) -> dict[str, Any]:
        return {"scheme": kept.scheme or UNKNOWN, "area": kept.area}

    def values(self) -> dict[str, Any]:
        scheme = self.cleaned_data["scheme"]
        insured = scheme in ("employee", "resident", UNKNOWN)
        return {
            "scheme": "" if scheme == UNKNOWN else scheme,
            "area": self.cleaned_data["area"] if insured else "",
        }


class WhoForm(StepForm):
    step = Step.WHO
    name = NameField(help_text=_("照身份证上的写。"))
    id_number = IdNumberField(
        help_text=_("18 位，空格可以不管。孩子的在户口簿上。居民居住证的号码也可以。")
    )

    def __init__(self, data: Mapping[str, Any] | None, kept: Answers, *, own_number: str) -> None:
        super().__init__(data, kept)
        self.own_number = own_number
        self.fields["name"].label = _("家人的姓名")
        # A browser would offer the name of whoever types.
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["id_number"].label = _("家人的身份证号")

    def start(self, kept: Answers) -> dict[str, Any]:
        return {"name": kept.name, "id_number": kept.id_number}

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        if number == self.own_number:
            raise ValidationError(_("这是您自己的身份证号。这里填家人的。"), code="own")
        return number


class SeesForm(StepForm):
    step = Step.SEES

    def __init__(self, data: Mapping[str, Any] | None, kept: Answers) -> None:
        super().__init__(data, kept)
        choices = ((one, _noted(*told)) for one, told in SEES.items())
        self.fields["sees"] = _radios(choices, _("家人试算会扣谁的钱时"))

    def start(self, kept: Answers) -> dict[str, Any]:
        return {"sees": AMOUNTS if kept.shows_amounts else ENOUGH}

    def values(self) -> dict[str, Any]:
        return {"shows_amounts": self.cleaned_data["sees"] == AMOUNTS}


class TermsForm(StepForm):
    """`model` is how the money flows, "" where that is not settled: only a limit has to be named now, by the giver."""

    step = Step.TERMS
    limit_fen = MoneyField(
        most_fen=MOST_FEN,
        label=_("划出多少钱作为额度（元）"),
        help_text=_("例如 500。划出来以后，您自己先不能用这部分；没用完的，结束时退回来。"),
        error_messages={"required": _("你们在两个省，要先定一笔额度。请填一个金额。")},
    )
    cap_month_fen = MoneyField(
        most_fen=MOST_FEN,
        required=False,
        label=_("每个月最多用多少（元）"),
        help_text=_("例如 300。不填就不限。"),
    )
    cap_bill_fen = MoneyField(
        most_fen=MOST_FEN,
        required=False,
        label=_("每一次最多用多少（元）"),
        help_text=_("例如 100。不填就不限。"),
    )
    uses = forms.MultipleChoiceField(
        label=_("可以付什么"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(one, OPTIONS[one]) for one in USES],
        error_messages={"required": _("至少选一种。"), "invalid_choice": CHOOSE_ONE},
    )
    from_day = DayField(
        required=False,
        label=_("从哪天起可以用"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2026-12-01。不填就是办好以后。"),
    )
    to_day = DayField(
        until=True,
        required=False,
        label=_("用到哪天为止"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2027-12-31。不填就一直有效，随时可以停。"),
    )
    # Few people need these; they are folded away.
    folded = ("cap_bill_fen", "uses", "from_day", "to_day")

    def __init__(
        self, data: Mapping[str, Any] | None, kept: Answers, *, model: str, today: date
    ) -> None:
        super().__init__(data, kept)
        self.today = today
        self.fields["uses"].choices = [  # type: ignore[attr-defined]
            (one, capfirst(str(OPTIONS[one]))) for one in USES
        ]
        self.fields["uses"].initial = USES
        if model != MoneyModel.LIMIT or kept.side != Side.GIVER:
            del self.fields["limit_fen"]
        if kept.side == Side.BENEFICIARY:
            self.fields["cap_month_fen"].help_text = _(
                "例如 300。不填就不限。出钱的家人同意以后可以改。"
            )

    def start(self, kept: Answers) -> dict[str, Any]:
        return {
            "limit_fen": kept.limit_fen,
            "cap_month_fen": kept.cap_month_fen,
            "cap_bill_fen": kept.cap_bill_fen,
            "uses": kept.uses or USES,
            "from_day": kept.from_day,
            "to_day": kept.to_day,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_day"), cleaned.get("to_day")
        if first and first < self.today:
            self.add_error("from_day", _("这一天已经过了。请填今天或者以后的日子。"))
        if last and last < max(first or self.today, self.today):
            self.add_error("to_day", _("结束的日子要在今天以后，也要在开始的日子以后。"))
        month, bill = cleaned.get("cap_month_fen"), cleaned.get("cap_bill_fen")
        if month and bill and bill > month:
            self.add_error("cap_bill_fen", _("每一次的上限不能比每个月的上限还高。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        values = {"limit_fen": None} | self.cleaned_data
        return values | {"uses": tuple(values["uses"])}

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [one for one in self if one.name not in self.folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [self[one] for one in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whatever is wrong, or was chosen, is never hidden."""
        chosen = self.kept.cap_bill_fen or self.kept.from_day or self.kept.to_day
        narrowed = bool(self.kept.uses) and set(self.kept.uses) != set(USES)
        return bool(chosen or narrowed or any(self[one].errors for one in self.folded))


class LetterForm(StepForm):
    """Accepted by typing one's own name."""

    step = Step.LETTER
    signed_name = forms.CharField(
        label=_("读完并同意的，请写下您自己的姓名"),
        help_text=_("写下姓名，等于在承诺书上签名。"),
        max_length=2 * names.MAX_LETTERS,
        error_messages={"required": _("请写下您自己的姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        kept: Answers,
        *,
        signer: str,
        for_other: bool = False,
    ) -> None:
        super().__init__(data, kept)
        self.signer = signer
        if for_other:
            self.fields["signed_name"].label = _("读给本人听，本人同意的，写下本人的姓名")
            self.fields["signed_name"].widget.attrs["autocomplete"] = "off"

    def start(self, kept: Answers) -> dict[str, Any]:
        return {"signed_name": kept.signed_name if kept.letter == letter.CURRENT else ""}

    def clean_signed_name(self) -> str:
        typed: str = self.cleaned_data["signed_name"]
        if not names.same(typed, self.signer):
            raise ValidationError(_("和登记的姓名不一样。请写签承诺书的人的姓名。"), code="own")
        return names.normalise(typed)

    def values(self) -> dict[str, Any]:
        return {"signed_name": self.cleaned_data["signed_name"], "letter": letter.CURRENT}
