"""The first sign-in of an insured person."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import client, code_steps, limits, signing_in, throttling
from accounts.forms import NewPasswordForm
from accounts.models import OneTimeCode, SignIn, User
from accounts.views import code_pages, door
from accounts.views.code_pages import CodePage
from accounts.views.door import open_form
from insurance import linking, slips
from insurance.forms import SignUpForm, SlipForm
from insurance.models import ActivationSlip, IdentityLink, InsuredPerson

SLIP = "slip"  # the proof that is no message


def _send(request: HttpRequest, typed: dict[str, str]) -> None:
    linking.send_code(request, **typed)


PAGE = CodePage(
    purpose=OneTimeCode.Purpose.SIGN_UP,
    heading=gettext_lazy("填短信验证码，注册"),
    hint=gettext_lazy(
        "如果三项都和医保登记的一样，验证码已经发到您填的手机上。已经开通过的，会收到一条提醒。"
    ),
    start="insurance:sign-up",
    here="insurance:sign-up-code",
    send=_send,
)


@dataclass(frozen=True)
class Claim:
    """Who may set a password now, and by which proof."""

    person: InsuredPerson
    phone: str
    slip: ActivationSlip | None


@open_form
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return door.after_sign_in(request.user, "")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if _may_ask(request, form.cleaned_data["id_number"]):
            return code_pages.begin(request, PAGE, form.cleaned_data)
        form.add_error(None, _("申请的次数太多了，请过一会儿再来，或者带身份证到医保窗口。"))
    return render(request, "insurance/sign_up.html", {"form": form})


@open_form
def sign_up_code(request: HttpRequest) -> HttpResponse:
    answer = code_pages.ask(request, PAGE)
    if isinstance(answer, HttpResponse):
        return answer
    code_steps.end(request, SLIP)
    return redirect("insurance:sign-up-password")


@open_form
def sign_up_slip(request: HttpRequest) -> HttpResponse:
    form = SlipForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        slip = slips.check(
            request, id_number=form.cleaned_data["id_number"], secret=form.cleaned_data["slip"]
        )
        if slip is not None:
            code_steps.prove(request, SLIP, subject=str(slip.pk))
            return redirect("insurance:sign-up-password")
        form.add_error(
            None,
            _(
                "对不上，或者凭条已经用过、过期了。请检查；试了很多次的，请过 1 小时再试，或者到窗口换一张。"
            ),
        )
    return render(request, "insurance/slip.html", {"form": form})


@open_form
def sign_up_password(request: HttpRequest) -> HttpResponse:
    claim = _claim(request)
    if claim is None:
        return code_pages.start_again(request, PAGE)
    form = NewPasswordForm(
        request.POST if request.method == "POST" else None, user=linking.unsaved_login(claim.person)
    )
    if form.is_valid():
        try:
            user = _open(request, claim, form.cleaned_data["password"])
        except (linking.AlreadyLinked, slips.SlipOver):
            return render(request, "insurance/already.html", status=409)
        method = SignIn.Method.SLIP if claim.slip else SignIn.Method.SMS
        signing_in.let_in(request, user, method=method)
        messages.success(request, _("开通好了。下次用身份证号或者手机号，加上刚才的密码登录。"))
        return door.after_sign_in(user, "")
    return render(request, "insurance/new_password.html", {"form": form, "claim": claim})


def _claim(request: HttpRequest) -> Claim | None:
    """By a slip or a code of the last minutes; None for everything else, a death since included."""
    if proof := code_steps.proof(request, SLIP):
        held = slips.live().filter(pk=proof.subject, person__in=linking.living())
        slip = held.select_related("person").first()
        return Claim(slip.person, "", slip) if slip else None
    typed = code_steps.typed_in(request, PAGE.purpose)
    proof = code_steps.proof(request, PAGE.purpose)
    if not typed or not proof:
        return None
    person = linking.living().filter(reference=proof.subject).first()
    return Claim(person, typed["phone"], None) if person else None


def _open(request: HttpRequest, claim: Claim, password: str) -> User:
    if claim.slip:
        return slips.redeem(slip=claim.slip, password=password, request=request)
    return linking.open_login(
        person=claim.person,
        password=password,
        channel=IdentityLink.Channel.SMS,
        phone=claim.phone,
        request=request,
    )


def _may_ask(request: HttpRequest, id_number: str) -> bool:
    """By what was typed and from where, so that the answer tells nothing about who is in the register."""
    address = client.network(client.ip_address(request))
    person = f"{id_number} {address}"
    return throttling.spend_all([(limits.SIGN_UP_IP, address), (limits.SIGN_UP_PERSON, person)])
