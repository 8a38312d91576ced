"""Who stands at the window: three buttons, to send a code, to compare card and code, to compare papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.privacy import mask_name, mask_phone_for_others
from family import presence
from family.admin import at_desk
from family.admin.at_desk import looked_at
from family.admin.forms import SELF, CardForm, IdentityForm
from family.admin.scripts import asked
from family.models import Guardianship
from family.presence import Blocked, OwnCase, Presence
from insurance.models import InsuredPerson
from insurance.selectors import masked_rows

CODE, CARD, IDENTITY = "code", "card", "identity"
# Their keys are those of the choice of who has come.
People = dict[str, InsuredPerson]


@looked_at
def prove(page: ReadOnlyAdmin, request: HttpRequest, person: InsuredPerson) -> HttpResponse:
    """Whatever was typed stays, but for codes and the ends of numbers."""
    people = _people(person)
    if not people:
        messages.error(request, _now("孩子要由登记过的监护人来办。请先登记监护关系。"))
        return redirect(at_desk.DESK, person.pk)
    way = request.POST.get("way", "")
    speakers = _speakers(person, people)
    card = CardForm(request.POST if way in (CODE, CARD) else None, speakers=speakers)
    identity = IdentityForm(request.POST if way == IDENTITY else None, speakers=speakers)
    try:
        presence.expect_neutral(worker(request), person)
        if way == CODE:
            card = _after_sending(request, card, people)
        elif way and (
            proven := _proven(request, person, people, identity if way == IDENTITY else card)
        ):
            presence.keep(request, person=person, presence=proven, clerk=worker(request))
            return redirect(at_desk.DESK, person.pk)
    except OwnCase:
        messages.error(request, str(at_desk.OWN_CASE))
        return redirect(at_desk.DESK, person.pk)
    except Blocked:
        messages.error(request, _now("核对错的次数太多。请过一小时再来，或者请安全管理员解除。"))
    return page.page(
        request,
        "admin/family/presence.html",
        title=_("核对来人"),
        form=identity if way == IDENTITY else card,
        card=asked(card),
        identity=asked(identity),
        phones=[
            mask_phone_for_others(phone)
            for phone in map(presence.phone_of, people.values())
            if phone
        ],
        rows=masked_rows(person),
        **at_desk.back(person),
    )


@looked_at
def leave(page: ReadOnlyAdmin, request: HttpRequest, person: InsuredPerson) -> HttpResponse:
    if request.method == "POST":
        presence.leave(request, person)
        messages.success(request, _now("办完了。下一次要重新核对来人。"))
    return redirect(at_desk.DESK, person.pk)


def _after_sending(request: HttpRequest, form: CardForm, people: People) -> CardForm:
    """A form that keeps what was typed and finds no fault with it: nothing was to be checked yet."""
    form.is_valid()
    if "who" in form.errors:
        return form
    if presence.send_code(request, speaker=people[form.speaker], clerk=worker(request)):
        messages.success(request, _now("验证码已经发出，请来人看手机。"))
    else:
        text = _now(
            "验证码现在发不出去：没有登记手机号，或者刚刚发过。请等一分钟，或者看证件核对。"
        )
        messages.warning(request, text)
    typed = {name: request.POST.get(name, "") for name in ("who", "card", "grounds")}
    return CardForm(initial=typed, speakers=form.speakers)


def _proven(
    request: HttpRequest, person: InsuredPerson, people: People, form: CardForm | IdentityForm
) -> Presence | None:
    """None with an error in the form. Raises `Blocked` and `OwnCase`."""
    if not form.is_valid():
        return None
    speaker = people[form.speaker]
    presence.expect_neutral(worker(request), speaker)
    if not (presence.is_alive(speaker) and presence.is_alive(person)):
        form.add_error(None, _now("登记显示已去世，不能办。登记有错的，请先更正登记。"))
        return None
    how, seen = (
        _by_card(request, speaker, form)
        if isinstance(form, CardForm)
        else _by_papers(request, speaker, form)
    )
    if form.errors:
        return None
    guardian = speaker if form.speaker != SELF else None
    return Presence(how=how, seen=seen, grounds=form.cleaned_data["grounds"], guardian=guardian)


def _by_card(
    request: HttpRequest, speaker: InsuredPerson, form: CardForm
) -> tuple[str, dict[str, Any]]:
    typed, clerk = form.cleaned_data, worker(request)
    if not presence.fits_card(speaker=speaker, card=typed["card"], clerk=clerk, request=request):
        form.add_error("card", _now("这个卡号和来人登记的不一样。"))
    elif not presence.fits_code(request, speaker=speaker, code=typed["code"]):
        form.add_error("code", _now("验证码不对，或者过期了。可以再发一次。"))
    return presence.CARD_AND_CODE, {"code": "phone"}


def _by_papers(
    request: HttpRequest, speaker: InsuredPerson, form: IdentityForm
) -> tuple[str, dict[str, Any]]:
    typed = form.cleaned_data
    fits = presence.fits_papers(
        speaker=speaker,
        full_name=typed["full_name"],
        tail=typed["tail"],
        clerk=worker(request),
        request=request,
    )
    if not fits:
        # Which of the two is wrong would tell what the register holds.
        form.add_error("tail", _now("姓名或者最后四位和登记的不一样，请对着证件再看一遍。"))
    compared = sorted({"name", "number", *typed["compared"]})
    seen = {"document": typed["document"], "compared": compared}
    return presence.IDENTITY_CHECK, seen


def _people(person: InsuredPerson) -> People:
    """Who may have come; a small child alone speaks for nobody."""
    today = timezone.localdate()
    rows = Guardianship.objects.filter(child=person, ended_at=None, until__gt=today)
    guardians = {str(row.guardian_id): row.guardian for row in rows.select_related("guardian")}
    own = {SELF: person} if presence.speaks_alone(person, today) else {}
    return {**own, **guardians}


def _speakers(person: InsuredPerson, people: People) -> list[tuple[str, Any]]:
    return [
        (key, _("本人") if key == SELF else format_lazy("{}：{}", _("监护人"), mask_name(one.name)))
        for key, one in people.items()
    ]
