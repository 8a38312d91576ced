"""From a request with a key to its one answer, and from a refusal to a problem."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from pydantic import BaseModel

from accounts import limits, throttling
from claims import bills, keyed, patients
from claims.api.bodies import ByCard, ByVoucher
from claims.api.problems import CONTENT_TYPE, Problem
from claims.keyed import Answer, Done
from claims.models import Provider, ProviderKey, Settlement
from claims.refusals import Refusal, Refused
from family import references
from insurance.models import InsuredPerson

# Refusals that say nothing about a bill. The key stays free: the same request may find somebody later, and the reason may pass.
NOT_KEPT = frozenset(
    {
        Refusal.PATIENT_UNKNOWN,
        Refusal.TOO_MANY_UNKNOWN,
        Refusal.TOO_MANY_QUOTES,
        Refusal.UNKNOWN_SETTLEMENT,
    }
)
# What the verbs call otherwise than the body does.
FIELDS = {"amount_fen": "personal_burden_fen"}

Act = Callable[[InsuredPerson], Done]


@dataclass(frozen=True)
class Call:
    """`text` is what two equal requests have in common: the address' own part and the body."""

    by: ProviderKey
    key: str
    verb: str
    text: str

    @property
    def provider(self) -> Provider:
        return self.by.provider


def call(by: ProviderKey, key: str, verb: str, body: BaseModel | None, ref: str = "") -> Call:
    sent = body.model_dump(mode="json") if body else {}
    return Call(by, key, verb, bills.canonical({"ref": ref, "body": sent}))


def once(of: Call, do: Callable[[], Done]) -> HttpResponse:
    """What `do` answers, now and whenever it is asked again. Raise `Problem` for what is not kept, `Conflict`."""
    return _response(
        keyed.once(
            provider=of.provider,
            key=of.key,
            verb=of.verb,
            body=of.text,
            do=do,
            refused=lambda error: _kept(error, of.provider),
        )
    )


def for_patient(of: Call, who: ByVoucher | ByCard, act: Act) -> HttpResponse:
    """`act` on the patient, once. A voucher is used up with it; a card was looked up before, because misses are counted."""
    before = _known(of)
    if before is not None:
        return _response(before)
    if isinstance(who, ByVoucher):
        code = who.voucher
        return once(of, lambda: act(patients.by_voucher(code).person))
    person = patients.by_card(provider=of.provider, id_number=who.id_number, card=who.card).person
    return once(of, lambda: act(person))


def for_shown_patient(of: Call, who: ByVoucher | ByCard, act: Act) -> HttpResponse:
    """`act` outside any transaction, its answer kept after it: a quote takes nothing, and counts itself."""
    before = _known(of)
    if before is not None:
        return _response(before)
    if isinstance(who, ByVoucher):
        found = patients.shown_by_voucher(who.voucher)
    else:
        found = patients.by_card(provider=of.provider, id_number=who.id_number, card=who.card)
    try:
        made = act(found.person)
    except Refused as error:
        made = _kept(error, of.provider, found.person)
    return once(of, lambda: made)


def settlement_of(provider: Provider, ref: str) -> Settlement:
    """By its reference, to the letter; another provider's is none. Raise `Refused`."""
    found = Settlement.objects.of_provider(provider.pk).filter(reference=ref)
    # Whatever is no reference is not asked for: PostgreSQL takes offence at some characters.
    row = found.first() if references.normalise(ref) == ref else None
    if row is None:
        raise Refused(Refusal.UNKNOWN_SETTLEMENT)
    return row


def done(status: int, body: BaseModel, settlement: Settlement | None = None) -> Done:
    return Done(status, body.model_dump_json(), settlement)


def shown(body: BaseModel) -> HttpResponse:
    """What was only looked up."""
    return HttpResponse(body.model_dump_json(), content_type="application/json")


def problem_of(error: Refused, provider: Provider, person: InsuredPerson | None = None) -> Problem:
    """With the time to wait, where it was refused for coming too often."""
    wait = None
    if error.code == Refusal.TOO_MANY_UNKNOWN:
        wait = throttling.wait_seconds(limits.WRONG_PATIENTS, str(provider.pk))
    if error.code == Refusal.TOO_MANY_QUOTES and person is not None:
        wait = throttling.wait_seconds(limits.QUOTE_PATIENT, str(person.reference))
    field = FIELDS.get(error.field, error.field)
    errors = [{"field": field, "reason": "refused"}] if field else []
    return Problem(error.code, wait_seconds=wait, errors=errors)


def _known(of: Call) -> Answer | None:
    return keyed.known(provider=of.provider, key=of.key, verb=of.verb, body=of.text)


def _kept(error: Refused, provider: Provider, person: InsuredPerson | None = None) -> Done:
    problem = problem_of(error, provider, person)
    if error.code in NOT_KEPT:
        raise problem
    return Done(problem.status, problem.text())


def _response(answer: Answer) -> HttpResponse:
    good = answer.status < HTTPStatus.BAD_REQUEST
    return HttpResponse(
        answer.text,
        status=answer.status,
        content_type="application/json" if good else CONTENT_TYPE,
    )
