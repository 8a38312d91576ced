"""Who is the patient: the code on the patient's screen, or card and ID number together.

Unknown, mistyped and not belonging together is one and the same refusal: a desk is no way to find out who is insured.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import limits, throttling
from accounts.boxes import ID_NUMBER, SOCIAL_SECURITY_CARD, BoxError, Typed, read
from claims import vouchers
from claims.models import Provider
from claims.refusals import Refusal, Refused
from insurance.models import InsuredPerson, PersonIdentifier

VOUCHER, CARD = "voucher", "card"
# How the desk knew, in words that the patient reads too, in the list of who looked.
SHOWN: dict[str, str | Promise] = {
    VOUCHER: _("出示了医保码"),
    CARD: _("出示了社会保障卡和证件"),
}


@dataclass(frozen=True)
class Patient:
    """`how` is one of VOUCHER and CARD."""

    person: InsuredPerson
    how: str


def by_voucher(code: str) -> Patient:
    """Use the code up, in the transaction of the settlement: what is refused gives it back. Raise `Refused`."""
    return _known(vouchers.use(code), VOUCHER)


def shown_by_voucher(code: str) -> Patient:
    """For a quote: the code stays good. Raise `Refused`."""
    return _known(vouchers.peek(code), VOUCHER)


def by_card(*, provider: Provider, id_number: str, card: str) -> Patient:
    """Raise `Refused`. Misses of a provider are counted, so this does not run inside a transaction."""
    key = str(provider.pk)
    if throttling.is_spent(limits.WRONG_PATIENTS, key):
        raise Refused(Refusal.TOO_MANY_UNKNOWN)
    person = _owner(id_number, card)
    if person is None:
        throttling.spend(limits.WRONG_PATIENTS, key)
    return _known(person, CARD)


def _owner(id_number: str, card: str) -> InsuredPerson | None:
    """The person to whom both live numbers belong. The same two look-ups for whatever was typed."""
    number, other = _typed(id_number, ID_NUMBER), _typed(card, SOCIAL_SECURITY_CARD)
    live = PersonIdentifier.objects.live()
    holders = live.for_value(other.kind, other.value).values("person")
    found = live.for_value(number.kind, number.value).filter(person__in=holders)
    row = found.select_related("person").first()
    return row.person if row else None


def _typed(text: str, kind: str) -> Typed:
    """Normalised, or as it came where it can't be one of the kind: then nobody has it."""
    try:
        typed = read(text, today=timezone.localdate())
    except BoxError:
        return Typed(kind, text)
    return typed if typed.kind == kind else Typed(kind, text)


def _known(person: InsuredPerson | None, how: str) -> Patient:
    if person is None:
        raise Refused(Refusal.PATIENT_UNKNOWN)
    return Patient(person, how)
