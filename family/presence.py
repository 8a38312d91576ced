"""How somebody at the window is known to be there: the card with a code on the own phone, or the papers in the clerk's hands.

The clerk never sees the code, and what was compared is kept with everything that is done in that time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, code_steps, limits, names, phones, privacy, recipients, throttling
from accounts.models import IdentifierKind, LoginIdentifier, OneTimeCode, User
from accounts.recipients import Recipient
from family.models import Binding, Guardianship
from family.place_rules import place_rules
from family.records import age_on, born
from insurance import linking, policy_reading
from insurance.areas import NATION
from insurance.models import InsuredPerson, PersonIdentifier

CARD_AND_CODE, IDENTITY_CHECK = "card_and_code", "identity_check"
PURPOSE = OneTimeCode.Purpose.COUNTER
KEPT = "family_presence"
# To read out the questions and the letter takes a while with somebody of eighty; after that the person has left.
PRESENT_SECONDS = 30 * 60
MOST_PRESENT = 4  # a couple with a parent, and the child they speak for
TAIL = 4

audit.LABELS.update(
    {
        "counter.presence": _("窗口核对来人"),
        "counter.presence_fail": _("窗口核对来人，没有对上"),
        "counter.code": _("窗口给您的手机发验证码"),
    }
)


class OwnCase(Exception):
    """The clerk, or somebody of the clerk's family, is a party."""


class Blocked(Exception):
    """Too many cards or papers that don't fit; the security administrator can lift it."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """`how` is one of the two codes; `seen` are codes of what was looked at; `guardian` came in the person's place."""

    how: str
    seen: Mapping[str, Any] = field(default_factory=dict)
    grounds: str = ""
    guardian: InsuredPerson | None = None


def expect_neutral(clerk: User, *people: InsuredPerson) -> None:
    """Nobody serves themselves or their family at work. Raises `OwnCase`. Three queries at most."""
    numbers = [
        row.value
        for row in LoginIdentifier.objects.live().filter(user=clerk, kind=IdentifierKind.ID_NUMBER)
    ]
    wanted = {one.pk for one in people}
    for number in numbers:
        own = PersonIdentifier.objects.live().for_value(IdentifierKind.ID_NUMBER, number)
        for person_id in own.values_list("person_id", flat=True):
            if person_id in wanted or wanted & _family_of(person_id):
                raise OwnCase


def phone_of(speaker: InsuredPerson) -> str | None:
    """The phone of the own login, which was proven, else the register's; None where there is none."""
    link = speaker.identity_links.filter(ended_at=None).select_related("user").first()
    own = recipients.phone_of(link.user) if link else None
    return own or phones.normalise(speaker.phone)


def send_code(request: HttpRequest, *, speaker: InsuredPerson, clerk: User) -> bool:
    """To the phone of whoever is there; False where there is none, or too many were sent."""
    phone = phone_of(speaker)
    if phone is None or not throttling.spend(limits.COUNTER_CODES_HOUR, str(clerk.pk)):
        return False
    code_steps.begin(request, PURPOSE, {"speaker": str(speaker.reference)})
    audit.record(actor=clerk, action="counter.code", subject=speaker, request=request)
    recipient = Recipient(phone=phone, user=None, deliverable=True)
    return code_steps.send(request, PURPOSE, recipient, subject=str(speaker.reference))


def fits_card(*, speaker: InsuredPerson, card: str, clerk: User, request: HttpRequest) -> bool:
    """Whether the register knows this card as that person's. Raises `Blocked`."""
    kind = IdentifierKind.SOCIAL_SECURITY_CARD
    known = PersonIdentifier.objects.live().for_value(kind, card).filter(person=speaker)
    return _count(speaker, known.exists(), clerk, request)


def fits_papers(
    *, speaker: InsuredPerson, full_name: str, tail: str, clerk: User, request: HttpRequest
) -> bool:
    """Whether the name on the paper is the register's, and the number ends as it does there. Raises `Blocked`."""
    number = speaker.id_number
    fits = bool(number) and tail == number[-TAIL:] and names.same(full_name, speaker.name)
    return _count(speaker, fits, clerk, request)


def fits_code(request: HttpRequest, *, speaker: InsuredPerson, code: str) -> bool:
    """Whether this is the code that went to that person's phone from this very session; it is used up."""
    if code_steps.typed_in(request, PURPOSE) != {"speaker": str(speaker.reference)}:
        return False
    found = code_steps.check(request, PURPOSE, code)
    return found is not None and found.subject_ref == str(speaker.reference)


def speaks_alone(person: InsuredPerson, day: date) -> bool:
    """Whether somebody is old enough to say anything here; a small child is not. Where no rule names the age, it is full age."""
    born_on = born(person)
    rules = place_rules(policy_reading.values_on(NATION, day), day)
    age = rules.adult_age if rules.guardian_below_age is None else rules.guardian_below_age
    return born_on is None or age_on(born_on, day) >= age


def is_alive(person: InsuredPerson) -> bool:
    return linking.living().filter(pk=person.pk).exists()


def keep(
    request: HttpRequest, *, person: InsuredPerson, presence: Presence, clerk: User
) -> Presence:
    """Write down that the person, or the guardian, was there, and remember it for a while."""
    code_steps.end(request, PURPOSE)
    for one in filter(None, (person, presence.guardian)):
        audit.record(
            actor=clerk,
            action="counter.presence",
            subject=one,
            reason=presence.grounds,
            details={"presence": presence.how} | dict(presence.seen),
            request=request,
        )
    known: dict[str, Any] = request.session.get(KEPT, {})
    known.pop(str(person.pk), None)
    # A session is stored in plain text, and people type numbers into reasons.
    grounds = privacy.mask_numbers(privacy.one_line(presence.grounds))[: audit.MAX_REASON]
    known[str(person.pk)] = {
        "how": presence.how,
        "seen": dict(presence.seen),
        "grounds": grounds,
        "guardian": presence.guardian.pk if presence.guardian else None,
        "since": timezone.now().timestamp(),
    }
    request.session[KEPT] = dict(list(known.items())[-MOST_PRESENT:])
    return presence


def of(request: HttpRequest, person: InsuredPerson) -> Presence | None:
    """None before the proof, and some time after it. A query for a guardian."""
    found = request.session.get(KEPT, {}).get(str(person.pk))
    # A moment from the future (the clock was set back) proves nothing for years.
    if found is None or not 0 <= timezone.now().timestamp() - found["since"] < PRESENT_SECONDS:
        return None
    guardian = None
    if found["guardian"] is not None:
        guardian = InsuredPerson.objects.filter(pk=found["guardian"]).first()
        if guardian is None:
            return None
    return Presence(
        how=found["how"], seen=found["seen"], grounds=found["grounds"], guardian=guardian
    )


def leave(request: HttpRequest, person: InsuredPerson) -> None:
    """The person has been served."""
    known: dict[str, Any] = request.session.get(KEPT, {})
    known.pop(str(person.pk), None)
    request.session[KEPT] = known


def _count(speaker: InsuredPerson, fits: bool, clerk: User, request: HttpRequest) -> bool:
    """A try is spent before its answer is told, and given back where it was right."""
    key = str(speaker.pk)
    if not throttling.spend(limits.COUNTER_PROOFS, key):
        raise Blocked
    if fits:
        throttling.give_back(limits.COUNTER_PROOFS, key)
    else:
        audit.record(actor=clerk, action="counter.presence_fail", subject=speaker, request=request)
    return fits


def _family_of(person_id: int) -> set[int]:
    """With whom somebody ever shared a binding or a guardianship."""
    pairs = Binding.objects.of(person_id).values_list("giver_id", "beneficiary_id")
    wards = Guardianship.objects.filter(Q(guardian=person_id) | Q(child=person_id))
    found = {
        one for pair in (*pairs, *wards.values_list("guardian_id", "child_id")) for one in pair
    }
    return found - {None, person_id}
