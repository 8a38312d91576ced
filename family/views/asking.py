"""Asking who would pay, counted: the tool and the preview of an order share one number of questions a day."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _now

from accounts import audit, throttling
from accounts.limits import ASK_WHO_PAYS
from family.forms.who_pays import BillForm
from family.payers import payers
from family.selectors.telling import Outcome, outcome
from family.views.requests import PersonRequest

TOO_MANY_REQUESTS = 429


def ask(
    request: PersonRequest, form: BillForm, *, binding_ids: Sequence[int] | None = None
) -> Outcome | None:
    """The answer to a valid form, in this order instead of the one that holds; None, with an error in the form, where the
    questions of the day are used up.
    """
    person = request.insured_person
    if not throttling.spend(ASK_WHO_PAYS, str(person.reference)):
        form.add_error(
            None,
            _now("一天最多试算 %(count)d 次，今天的用完了。明天再试，或者打 12393 问。")
            % {"count": ASK_WHO_PAYS.count},
        )
        return None
    now = timezone.now()
    found = payers(
        beneficiary_id=person.pk,
        use=form.cleaned_data["use"],
        day=timezone.localdate(now),
        now=now,
    )
    if binding_ids is not None:
        found = found.in_order(binding_ids)
    made = outcome(found, form.cleaned_data["bill"])
    details = {"use": form.cleaned_data["use"], "bill_fen": made.bill_fen, "payers": len(made.told)}
    audit.record(
        actor=request.user, action="payers.ask", subject=person, details=details, request=request
    )
    return made
