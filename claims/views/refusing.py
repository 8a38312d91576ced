"""How a page of the desk says what the verbs refuse."""

from django.forms import Form

from claims.refusals import Refusal, Refused
from claims.words import REFUSALS

TOO_MANY_REQUESTS = 429
FIELDS = {Refusal.USE_NOT_PAYABLE: "use", Refusal.BILL_ALREADY_SETTLED: "bill_no"}
TOO_OFTEN = frozenset({Refusal.TOO_MANY_UNKNOWN, Refusal.TOO_MANY_QUOTES})


def tell(form: Form, refused: Refused) -> int:
    """Put it into the form, beside the field it is about; the status of the page."""
    field = FIELDS.get(refused.code)
    form.add_error(field if field in form.fields else None, str(REFUSALS[refused.code]))
    return TOO_MANY_REQUESTS if refused.code in TOO_OFTEN else 200
