"""One-time slips: the counter saw the person and the papers, and hands over a secret on paper.

It opens a login for somebody whose phone the register does not hold, and gives a new password to somebody who lost both
password and phone.
"""

import hmac
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import audit, client, credentials, keys, limits, throttling
from accounts.models import User
from insurance import linking
from insurance.models import ActivationSlip, IdentityLink, InsuredPerson

# Without 0, O, 1 and I, which look alike on paper: 32 characters, ten of them are 50 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10
GROUP = 5
# Carried home, and a child who helps with the phone comes at the weekend.
LIFETIME = timedelta(days=7)
# Nobody guesses 50 bits in any number of tries; this many wrong ones mean that the slip is being attacked. Not fewer:
# a relative who knows the ID number could otherwise spoil it from the sofa.
MAX_TRIES = 20
PERMISSION = "insurance.add_activationslip"

audit.LABELS.update(
    {
        "slip.issue": _("窗口发出一次性凭条"),
        "slip.use": _("使用一次性凭条"),
        "slip.fail": _("一次性凭条输错"),
    }
)


class SlipOver(Exception):
    """Used, expired or replaced since it was checked."""


def live() -> QuerySet[ActivationSlip]:
    return ActivationSlip.objects.filter(used_at=None, expires_at__gt=timezone.now())


def issue_slip(
    *, person: InsuredPerson, by: User, reason: str, request: HttpRequest | None = None
) -> str:
    """Make a slip and return its secret, grouped for reading; it is stored nowhere. Earlier ones end.

    Raise `PermissionDenied` for a role that may not, `ValueError` without a reason or for a dead person.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    if not reason.strip():
        raise ValueError("a slip needs a reason")
    if not linking.living().filter(pk=person.pk).exists():
        raise ValueError("nobody can sign in for a dead person")
    secret = "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))
    with transaction.atomic():
        InsuredPerson.objects.select_for_update().get(pk=person.pk)
        live().filter(person=person).update(expires_at=timezone.now())
        ActivationSlip.objects.create(
            person=person,
            secret_digest=digests(secret)[0],
            issued_by=by,
            expires_at=timezone.now() + LIFETIME,
        )
        audit.record(actor=by, action="slip.issue", subject=person, reason=reason, request=request)
    return f"{secret[:GROUP]}-{secret[GROUP:]}"


def check(request: HttpRequest, *, id_number: str, secret: str) -> ActivationSlip | None:
    """The slip, not yet used up, when number and secret fit; one try is counted first, for nobody as for somebody.

    `secret` has ten characters of the alphabet. The count is one statement, so parallel guesses can't share a try.
    """
    address = client.network(client.ip_address(request))
    nets = [(limits.SLIP_IP, address), (limits.SLIP_TRIES, f"{id_number} {address}")]
    if not throttling.spend_all(nets):
        return None
    # Reading the encrypted columns takes time, and only for somebody.
    person = linking.records_of(id_number).only("reference").first()
    slip = live().filter(person_id=person.pk if person else 0).order_by("-id").first()
    counted = ActivationSlip.objects.filter(
        pk=slip.pk if slip else 0, wrong_tries__lt=MAX_TRIES
    ).update(wrong_tries=F("wrong_tries") + 1)
    fits = [hmac.compare_digest(slip.secret_digest if slip else "", one) for one in digests(secret)]
    if not (counted and any(fits)):
        audit.record(actor=None, action="slip.fail", subject=person, request=request)
        return None
    return slip


@sensitive_variables("password")
def redeem(*, slip: ActivationSlip, password: str, request: HttpRequest) -> User:
    """Use the slip up: open the person's login, or give it a new password when there is one. Raise `SlipOver`.

    A login keeps its phone: it was proven once, and its owner can change it after signing in.
    """
    with transaction.atomic():
        if live().filter(pk=slip.pk).update(used_at=timezone.now()) == 0:
            raise SlipOver
        user = login_of(slip.person)
        if user is None:
            user = linking.open_login(
                person=slip.person,
                password=password,
                channel=IdentityLink.Channel.SLIP,
                phone="",
                request=request,
            )
        else:
            credentials.set_password(
                user=user, password=password, by=user, action="password.reset", request=request
            )
        audit.record(actor=user, action="slip.use", subject=slip.person, request=request)
    return user


def login_of(person: InsuredPerson) -> User | None:
    link = IdentityLink.objects.filter(person=person, ended_at=None).select_related("user").first()
    return link.user if link else None


def digests(secret: str) -> list[str]:
    """By every key of the ring, the one that writes first: a rotation voids no paper."""
    ring = keys.index_keys()
    versions = [ring.current, *(version for version in ring.keys if version != ring.current)]
    return [ring.digest(secret, purpose="activation slip", version=version) for version in versions]
