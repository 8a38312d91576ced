"""Who speaks for a child: recorded for the guardian who is there, with the papers; ended by either."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import limits, throttling
from accounts.admin.base import ReadOnlyAdmin
from accounts.evidence import SENTENCES as FILE_SENTENCES
from accounts.evidence import UploadRefused
from accounts.models import IdentifierKind
from family import evidence, guardians
from family.admin.at_desk import DESK, at_desk, back
from family.admin.forms import GuardianForm
from family.admin.scripts import asked
from family.counter import AtCounter
from family.models import Guardianship
from insurance.admin import looking
from insurance.models import InsuredPerson, PersonIdentifier

RECORD = "family.add_guardianship"


@at_desk
def record(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter) -> HttpResponse:
    """A child cannot record who speaks for it, so whoever came for one goes to the own desk first."""
    if not request.user.has_perm(RECORD) or at.presence.guardian is not None:
        raise PermissionDenied
    sent = request.method == "POST"
    form = GuardianForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid() and _record(request, at, form):
        messages.success(request, _now("登记好了。可以替孩子办了，到孩子成年为止。"))
        return redirect(DESK, at.person.pk)
    return page.page(
        request,
        "admin/family/ask.html",
        title=_("登记监护关系"),
        at=at,
        form=form,
        asked=asked(form),
        say=_("请您把户口簿或者孩子的出生证给我看，我要看到孩子那一页和您那一页。"),
        submit=_("登记"),
        **back(at.person),
    )


@at_desk
def end(
    page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, guardianship_id: int
) -> HttpResponse:
    if not request.user.has_perm(RECORD):
        raise PermissionDenied
    if request.method == "POST":
        try:
            guardians.end(at=at, guardianship_id=guardianship_id)
        except Guardianship.DoesNotExist:
            raise Http404 from None
        messages.success(request, _now("监护关系结束了。"))
    return redirect(DESK, at.person.pk)


def _record(request: HttpRequest, at: AtCounter, form: GuardianForm) -> bool:
    """False with an error in the form. Whom a number names is a look-up like any other: counted, and on record."""
    if not throttling.spend(limits.LOOK_UPS_HOUR, str(at.clerk.pk)):
        form.add_error(None, _now("这一小时查找的次数太多了。请过一会儿再来。"))
        return False
    typed = form.cleaned_data
    numbers = PersonIdentifier.objects.live().for_value(
        IdentifierKind.ID_NUMBER, typed["id_number"]
    )
    child = InsuredPerson.objects.filter(pk__in=numbers.values("person_id")).first()
    looking.record_search(request, reason=at.presence.grounds, found=int(child is not None))
    if child is None:
        form.add_error("id_number", _now("没有这个号码的参保人，请核对后再输入。"))
        return False
    try:
        made = guardians.record(at=at, child=child, proof=typed["seen"], papers=typed["papers"])
    except guardians.CannotBe as refused:
        field = "papers" if refused.code == guardians.INFECTED else "id_number"
        form.add_error(field, str(guardians.SENTENCES[refused.code]))
    except UploadRefused as refused:
        form.add_error("papers", str(FILE_SENTENCES[refused.code]))
    else:
        if evidence.any_was_infected((evidence.GUARDIANSHIP, str(made.pk)), at.clerk):
            messages.error(
                request, _now("有的文件带病毒，已经删除。监护关系凭其余的文件登记，请核对够不够。")
            )
    return not form.errors
