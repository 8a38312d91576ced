"""The answer of somebody who was invited and is there: the check on both records, the letter, yes or no."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.evidence import UploadRefused
from family import bindings, check_view, counter, eligibility, letter
from family.admin.at_desk import at_desk, back, receipt, version
from family.admin.forms import SignForm
from family.admin.papers import after
from family.admin.scripts import SAY, asked
from family.causes import Problem
from family.counter import AtCounter
from family.eligibility import Check
from family.models import MoneyModel
from family.moves import Move, other
from family.reasons import Code
from family.selectors.answering import Asked
from family.selectors.answering import asked as invitation_of

YES, NO = "yes", "no"
# What the giver mends in the form of this very page.
BY_FORM = {Code.LIMIT_MISSING, Code.LIMIT_NOT_COVERED}
# The web may have used up the places of the case, and nobody can take a paper out of one.
FULL = _(
    "这一件最多放 6 份文件，现在放不下了，什么都没有改。先不交户口簿或者证明，只交承诺书再试一次。还放不下，请提出的家人撤回，重新提出。"
)


@at_desk
def answer(
    page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, reference: str
) -> HttpResponse:
    found = invitation_of(at.person, reference)
    if found is None or not found.is_open(timezone.now()):
        raise Http404
    said = request.POST.get("answer", "")
    if said == NO:
        declined = counter.move(
            at=at, move=Move.DECLINE, binding_id=found.binding.pk, version=version(request)
        )
        return receipt(at, declined)
    check = eligibility.examine(
        found.binding,
        day=timezone.localdate(),
        joining=at.person,
        guarded=frozenset({other(found.side)} | ({found.side} if at.presence.guardian else set())),
    )
    form = SignForm(
        request.POST if said == YES else None,
        request.FILES if said == YES else None,
        signer=at.signer.name,
        gives=found.gives,
        asks_limit=found.gives and check.money_model == MoneyModel.LIMIT,
        initial={"limit_fen": found.binding.limit_fen},
    )
    if said == YES and form.is_valid() and (done := _confirm(request, at, found, form)):
        return done
    return _page(page, request, at, found, form, check)


def _confirm(
    request: HttpRequest, at: AtCounter, found: Asked, form: SignForm
) -> HttpResponse | None:
    """None with an error in the form: what lies in the other's record is not read out to this one."""
    typed = form.cleaned_data
    try:
        made = counter.confirm(
            at=at,
            binding_id=found.binding.pk,
            signed_name=typed["signed_name"],
            shows_amounts=typed.get("shows_amounts"),
            limit_fen=typed.get("limit_fen"),
            version=version(request),
            papers=form.files_by_kind,
        )
    except bindings.NotPossible as refused:
        for line in check_view.told(_own(refused.check, found), found.side):
            form.add_error(None, line.text)
        if refused.check.hides_from(found.side):
            form.add_error(None, _now("对方那边还有一项没办好，对方登录后能看到。"))
        return None
    except bindings.Expired:
        form.add_error(None, _now("确认的期限刚刚过了，要请家人重新提出。"))
        return None
    except UploadRefused:
        form.add_error("papers", str(FULL))
        return None
    return after(request, at, made)


def _page(
    page: ReadOnlyAdmin,
    request: HttpRequest,
    at: AtCounter,
    found: Asked,
    form: SignForm,
    check: Check,
) -> HttpResponse:
    stopping = [one for one in _own(check, found) if one.code not in BY_FORM]
    hints = [one for one in check.hints if one.concerns(found.side)]
    return page.page(
        request,
        "admin/family/answer.html",
        title=_("来人答复家人的邀请"),
        at=at,
        found=found,
        form=form,
        asked=asked(form),
        say=SAY[Move.CONFIRM],
        say_no=SAY[Move.DECLINE],
        causes=check_view.told((*stopping, *hints), found.side),
        steps=check_view.steps(stopping, found.side),
        hides=check.hides_from(found.side),
        letter=letter.current(),
        promises=letter.current().promises[found.side],
        **back(at.person),
    )


def _own(check: Check, found: Asked) -> list[Problem]:
    return list(check.told_to(found.side))
