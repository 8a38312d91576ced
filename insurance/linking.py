"""Which login is which person of the register: matching at sign-up, and opening the login.

Name and ID number are known to every relative and prove nothing; the proof is a code to the phone of the register, or a slip
from the counter (`insurance.slips`).
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import audit, code_steps, credentials, names, phones, recipients, sms
from accounts.boxes import ID_NUMBER, Typed
from accounts.models import OneTimeCode, User
from accounts.recipients import Recipient
from accounts.roles import Role
from insurance.models import IdentityLink, InsuredPerson, PersonIdentifier, RegisterFact
from insurance.models.facts import FactKind

ALREADY = _("您已经开通过登录，请直接登录。忘了密码，可以在登录页重设。【共济】")
audit.LABELS.update({"link.create": _("登录和参保人关联")})


class AlreadyLinked(Exception):
    """Somebody has opened a login for this person in the meantime."""


@dataclass(frozen=True)
class Match:
    """`person`: all three fit and a login may be opened. `is_linked`: all three fit and there is one. Neither: nobody."""

    person: InsuredPerson | None
    is_linked: bool


def living() -> QuerySet[InsuredPerson]:
    """People a login may stand for, each with `is_linked`."""
    deaths = RegisterFact.objects.holding_on(timezone.localdate()).filter(
        kind=FactKind.DEATH, person=OuterRef("pk")
    )
    links = IdentityLink.objects.filter(person=OuterRef("pk"), ended_at=None)
    return InsuredPerson.objects.filter(~Exists(deaths)).annotate(is_linked=Exists(links))


def records_of(id_number: str) -> QuerySet[InsuredPerson]:
    """The living person with this normalised number, if there is one."""
    records = PersonIdentifier.objects.live().for_value(ID_NUMBER, id_number)
    return living().filter(pk__in=records.values("person_id"))


def find(id_number: str) -> InsuredPerson | None:
    """One query, found or not."""
    return records_of(id_number).first()


def match(*, name: str, id_number: str, phone: str) -> Match:
    """Hold what was typed against the register; one query, whatever comes of it."""
    person = find(id_number)
    if person is None:
        return Match(None, is_linked=False)
    same_phone = phones.normalise(person.phone) == phone
    if not (names.same(person.name, name) and same_phone):
        return Match(None, is_linked=False)
    return Match(None, True) if person.is_linked else Match(person, False)  # type: ignore[attr-defined]


def send_code(request: HttpRequest, *, name: str, id_number: str, phone: str) -> None:
    """The code goes to the phone that the register holds, and nowhere else; who has a login is told so there.

    The same rows are written in all three cases.
    """
    found = match(name=name, id_number=id_number, phone=phone)
    if found.person or found.is_linked:
        recipient = Recipient(phone=phone, user=None, deliverable=found.person is not None)
    else:
        recipient = recipients.decoy(Typed(ID_NUMBER, id_number))
    subject = str(found.person.reference) if found.person else ""
    allowed = code_steps.send(request, OneTimeCode.Purpose.SIGN_UP, recipient, subject=subject)
    sms.queue(phone=phone, body=str(ALREADY), deliverable=found.is_linked and allowed)


@sensitive_variables("password")
def open_login(
    *, person: InsuredPerson, password: str, channel: str, phone: str, request: HttpRequest
) -> User:
    """Make the login, its link and its identifiers at once; raise `AlreadyLinked` when there is one.

    `phone` is the proven one, "" after a slip: the register's may be somebody else's by now. Nobody is signed in yet, so
    the new login itself stands as the one who did it.
    """
    try:
        with transaction.atomic():
            user = User.objects.create(
                name=person.name,
                role=Role.CITIZEN,
                password=make_password(password),
                password_changed_at=timezone.now(),
            )
            IdentityLink.objects.create(user=user, person=person, channel=channel)
            if phone:
                credentials.add_phone(user=user, phone=phone)
            audit.record(actor=user, action="user.create", subject=user, request=request)
            audit.record(
                actor=user,
                action="link.create",
                subject=person,
                details={"channel": str(channel)},
                request=request,
            )
    except IntegrityError as error:
        raise AlreadyLinked from error
    return user


def unsaved_login(person: InsuredPerson) -> User:
    """What the rules for passwords look at before there is a login."""
    user = User(name=person.name, role=Role.CITIZEN)
    numbers = (person.id_number, person.phone, person.social_security_card)
    user.personal_numbers = [number for number in numbers if number]  # type: ignore[attr-defined]
    return user
