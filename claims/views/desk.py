"""Where a clerk begins: who is the patient?"""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.views.door import own_form
from claims import desk as verbs
from claims import visits
from claims.decorators import DeskRequest, provider_clerk_required
from claims.desk import TooOften
from claims.forms.desk import CardForm, CodeForm
from claims.patients import CARD, VOUCHER, Patient
from claims.refusals import Refused
from claims.selectors import standing
from claims.views.refusing import TOO_MANY_REQUESTS, tell

FORMS: dict[str, type[Form]] = {VOUCHER: CodeForm, CARD: CardForm}


@own_form
@provider_clerk_required
def desk(request: DeskRequest) -> HttpResponse:
    how = request.POST.get("how", "") if request.method == "POST" else ""
    forms = {key: kind(request.POST if key == how else None) for key, kind in FORMS.items()}
    form, status = forms.get(how), 200
    if form is not None and form.is_valid():
        patient, status = _identify(request, how, form)
        if patient is not None:
            visit = visits.begin(
                request.session,
                provider_id=request.provider.pk,
                person_id=patient.person.pk,
                how=patient.how,
            )
            return redirect("claims:desk-bill", visit.number)
    context = {
        "provider": request.provider,
        "by_code": forms[VOUCHER],
        "by_card": forms[CARD],
        "form": form,
        "waiting": standing.waiting(request.session, request.provider.pk),
    }
    return render(request, "claims/desk.html", context, status=status)


def _identify(request: DeskRequest, how: str, form: Form) -> tuple[Patient | None, int]:
    """Nobody, and the status of the page that says so, where the form has got an error."""
    said = form.cleaned_data
    ask: dict[str, Callable[[], Patient]] = {
        VOUCHER: lambda: verbs.identify_by_voucher(
            clerk=request.clerk, code=said["voucher_code"], request=request
        ),
        CARD: lambda: verbs.identify_by_card(
            clerk=request.clerk,
            id_number=said["verify_id_number"],
            card=said["verify_card"],
            request=request,
        ),
    }
    try:
        return ask[how](), 200
    except Refused as refused:
        return None, tell(form, refused)
    except TooOften:
        form.add_error(None, _("您一小时里核对的人太多了，请过一会儿再试，或者换一位同事。"))
        return None, TOO_MANY_REQUESTS
