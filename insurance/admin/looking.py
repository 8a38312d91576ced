"""Nobody's record opens without a reason, and every look is in the visitors' book."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, boxes, decorators
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.forms import ReasonField, ReasonForm
from accounts.boxes import BoxError, Typed
from insurance.models import InsuredPerson, PersonIdentifier

LOOK = "person.look"
LONGEST_NUMBER = 60
# A family of one phone; whoever has more is not found by it.
MOST_FOUND = 10

audit.LABELS.update({LOOK: _("查看参保人"), "person.find": _("按号码查找参保人")})


class FindForm(forms.Form):
    """Valid only where the number names somebody; `people` are whom it names, at most `MOST_FOUND`.

    Without a reason nobody is looked for: the answer itself would tell who is in the register.
    """

    number = forms.CharField(
        label=_("号码"),
        error_messages={"required": _("请填号码。")},
        max_length=LONGEST_NUMBER,
        help_text=_("身份证号、手机号、社会保障卡号或人员编号，要完整的号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = ReasonField(help_text=_("比如：本人到窗口打印缴费记录。参保人能看到这条记录。"))
    people: list[InsuredPerson]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.people = []
        if not self.errors:
            self.people = list(people_of(cleaned["number"])[:MOST_FOUND])
            if not self.people:
                self.add_error("number", _("没有这个号码的参保人，请核对后再输入。"))
        return cleaned


def people_of(text: str) -> QuerySet[InsuredPerson]:
    """Exactly this number, of whatever kind; a part of a number finds nobody."""
    wanted = InsuredPerson.objects.filter(person_number=text.strip())
    typed = _typed(text)
    if typed is not None:
        holders = PersonIdentifier.objects.live().for_value(typed.kind, typed.value)
        wanted |= InsuredPerson.objects.filter(pk__in=holders.values("person_id"))
    return wanted.order_by("pk")


def _typed(text: str) -> Typed | None:
    try:
        return boxes.read(text, today=timezone.localdate())
    except BoxError:
        return None


def ask_or_look(
    page: ReadOnlyAdmin, request: HttpRequest, person: InsuredPerson
) -> HttpResponse | None:
    """None when the look is written down; else what to answer: the question for the reason, or the way back after it."""
    posted = request.method == "POST" and decorators.REASON_FIELD in request.POST
    if not posted and decorators.stated_reason(request, subject=person):
        decorators.look(request, action=LOOK, subject=person)
        return None
    form = ReasonForm(request.POST if posted else None)
    if form.is_valid() and decorators.state_reason(
        request, subject=person, reason=form.cleaned_data["reason"]
    ):
        return redirect(request.get_full_path())
    return page.form_page(
        request,
        form,
        title=_("为什么要查看这位参保人"),
        submit=_("查看"),
        intro=_("每次查看都会留下记录，参保人自己也看得到。"),
    )


def remember(request: HttpRequest, people: list[InsuredPerson], reason: str) -> None:
    """What was asked for by number may be looked at for a while; each look is still written down by itself."""
    for person in people:
        decorators.state_reason(request, subject=person, reason=reason)


def record_search(request: HttpRequest, *, reason: str, found: int) -> None:
    audit.record(
        actor=request.user,
        action="person.find",
        reason=reason,
        details={"found": found},
        request=request,
    )


def choice(person: InsuredPerson) -> dict[str, Any]:
    """One line of the choice between the people of one number."""
    return {
        "pk": person.pk,
        "name": str(person),
        "year": person.birth_date.year if person.birth_date else None,
        "sex": person.get_sex_display(),
    }
