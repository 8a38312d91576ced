"""The questions of the checkers. They are read with GET: an answer can be kept and sent, and holds nothing personal."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from insurance.area_field import area_field
from insurance.form_fields import DayField
from insurance.policy_words import OPTIONS
from insurance.rule_facts import SPENDING_USES
from insurance.rules.spending import SpendingFacts
from queries.selectors.situations import DEATH, GROUPS, Branch, Situation, offered
from queries.selectors.withdrawal import ABOUT, APPLICANT, AREA, CASE, MORE, Answers

Label = Any  # str, or one that waits for the language
Choices = list[tuple[str, Any]]
CHOOSE_ONE = _("请选一项。")
APPLICANTS: dict[str, tuple[Label, Label]] = {
    "self": (_("参保人自己"), _("带自己的证件去")),
    "heir": (_("继承人自己"), _("例如配偶、子女、父母")),
    "agent": (_("请别人代办"), _("代办的人带双方的证件")),
}
USE_EXAMPLES: dict[str, Label] = {
    "CARE": _("挂号、检查、住院里自己付的部分"),
    "DRUG": _("药、血压计、口罩等医疗用品"),
    "RESIDENT_PREMIUM": _("给自己或家人交一年的居民医保"),
    "SUPPLEMENT_PREMIUM": _("各地的惠民保"),
    "TREATMENT_DENTISTRY": _("补牙、拔牙、治牙周炎"),
    "HEALTH_FOOD": _("药店里的米、油、洗发水也一样"),
    "FITNESS": _("健身卡、按摩保健"),
    "PUBLIC_HEALTH": _("打疫苗等公共卫生项目"),
    "CASH": _("药店或别人帮您把医保的钱换成现金"),
}
# For large type, which shows four choices at a time: every use stands in one of these.
USE_GROUPS: dict[str, tuple[Label, Label, tuple[str, ...]]] = {
    "treatment": (
        _("看病、买药、看牙"),
        _("在医院、药店和牙科"),
        ("CARE", "DRUG", "TREATMENT_DENTISTRY", "BEAUTY_DENTISTRY"),
    ),
    "premium": (
        _("交保险费"),
        _("居民医保、长期护理保险、惠民保"),
        ("RESIDENT_PREMIUM", "LTC_PREMIUM", "SUPPLEMENT_PREMIUM"),
    ),
    "other": (
        _("别的"),
        _("保健品、健身、打疫苗、换现金"),
        ("PUBLIC_HEALTH", "HEALTH_FOOD", "FITNESS", "CASH"),
    ),
}
YES, NO, NOT_SURE = "yes", "no", "unknown"
DESIGNATED: dict[str, bool | None] = {YES: True, NO: False, NOT_SURE: None}


def _with_example(label: Label, example: Label) -> Label:
    if not example:
        return label
    return format_html('<span>{} <span class="radio-note">{}</span></span>', label, example)


def _radios(choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    options.setdefault("error_messages", {"required": CHOOSE_ONE, "invalid_choice": CHOOSE_ONE})
    return forms.ChoiceField(choices=list(choices), widget=forms.RadioSelect, **options)


def _about(found: Answers) -> forms.Field:
    choices = ((key, _with_example(*words)) for key, words in GROUPS.items())
    return _radios(choices, label=_("您遇到的是哪一种情况？"))


def _case(found: Answers) -> forms.Field:
    return _situations(offered(found.about), _("具体是哪一种？"))


def _more(found: Answers) -> forms.Field:
    return _situations(offered(found.about, found.case), _("再具体一点，是哪一种？"))


def _situations(choices: Iterable[Situation | Branch], label: Label) -> forms.Field:
    return _radios(
        ((one.key, _with_example(one.label, one.example)) for one in choices), label=label
    )


def _area(found: Answers) -> forms.Field:
    label = _("去世的人在哪里参保？") if found.about == DEATH else _("参保人在哪里参保？")
    return area_field(found.area, label)


def _applicant(found: Answers) -> forms.Field:
    keys = ("heir", "agent") if found.about == DEATH else ("self", "agent")
    return _radios(((key, _with_example(*APPLICANTS[key])) for key in keys), label=_("谁去办？"))


FIELDS: dict[str, Callable[[Answers], forms.Field]] = {
    ABOUT: _about,
    CASE: _case,
    MORE: _more,
    AREA: _area,
    APPLICANT: _applicant,
}


def _uses(among: str) -> Choices:
    return [
        (use, _with_example(capfirst(str(OPTIONS[use])), USE_EXAMPLES.get(use, "")))
        for use in (USE_GROUPS[among][2] if among else SPENDING_USES)
    ]


def group_of(use: str) -> str:
    """The key of the group in which a use stands; "" for what is none."""
    return next((key for key, (*_words, uses) in USE_GROUPS.items() if use in uses), "")


class QuestionForm(forms.Form):
    """One question of the withdrawal checker, with the answer that was given to it before."""

    def __init__(
        self, question: str, found: Answers, data: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial={question: getattr(found, question)})
        self.question = question
        self.fields[question] = FIELDS[question](found)

    @property
    def label(self) -> str:
        return str(self.fields[self.question].label)


class DayForm(forms.Form):
    """The day that an answer is asked for; `day` is today where nothing usable is typed."""

    on = DayField(
        required=False,
        label=_("按哪一天的规定"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2026-01-05；空着就是今天"),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    @property
    def day(self) -> date:
        return (self.is_valid() and self.cleaned_data["on"]) or self.today


class UseGroupForm(forms.Form):
    """Large type asks first what kind of thing is to be paid."""

    about = forms.ChoiceField()

    def __init__(self, data: Mapping[str, str] | None = None, *, about: str = "") -> None:
        super().__init__(data, initial={"about": about})
        choices = (
            (key, _with_example(label, example))
            for key, (label, example, _uses) in USE_GROUPS.items()
        )
        self.fields["about"] = _radios(choices, label=_("想付的是哪一类？"))


class SpendingForm(forms.Form):
    """What is to be paid, for whom, where. A place nobody is sure about is a fair answer.

    `among` is a key of `USE_GROUPS`, "" for all uses at once; `kept` are answers to show again without judging them.
    """

    use = forms.ChoiceField()
    person = _radios([("self", _("给自己付")), ("relative", _("给家人付"))], label=_("给谁付？"))
    designated = _radios(
        [
            (YES, _("是定点的")),
            (NO, _("不是定点的")),
            (NOT_SURE, _("不清楚，或者不在医院、药店付")),
        ],
        label=_("医院或药店是医保定点的吗？"),
        help_text=_("定点的门口一般挂着医保定点的牌子。"),
        initial=NOT_SURE,
        required=False,
    )
    area = forms.ChoiceField()

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        own_area: str = "",
        among: str = "",
        kept: Mapping[str, str] | None = None,
    ) -> None:
        shown = {"area": own_area} | dict(kept or {})
        super().__init__(data, initial=shown)
        # Written now, in the language of the visitor
        self.fields["use"] = _radios(_uses(among), label=_("想付什么？"))
        self.fields["area"] = area_field(data.get("area", "") if data else shown["area"])

    @property
    def facts(self) -> SpendingFacts:
        """Of a valid form."""
        return SpendingFacts(
            use=self.cleaned_data["use"],
            person=self.cleaned_data["person"],
            provider_designated=DESIGNATED[self.cleaned_data["designated"] or NOT_SURE],
        )
