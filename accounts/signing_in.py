"""The door: one try with a password, counted before it is made, and letting somebody in.

Nothing in here may depend on whether somebody was found: neither the number of queries, nor the number of hashes (one), nor
the answer.
"""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts import audit, backends, client, limits, recipients, sessions, throttling
from accounts.boxes import Typed
from accounts.limits import Limit
from accounts.models import SignIn, User


@dataclass(frozen=True)
class Attempt:
    """`left`: tries for this number from this address before it has to wait, the same for somebody and nobody."""

    user: User | None
    is_blocked: bool = False
    left: int = 0


@sensitive_variables("password")
def attempt(
    request: HttpRequest,
    *,
    identifier: Typed,
    second: Typed | None,
    password: str,
    at_work: bool,
) -> Attempt:
    """One try with a password. The caller lets `user` in; None is nobody, for whatever reason."""
    user = backends.only(backends.find_users(identifier, second), at_work=at_work)
    nets = _nets(request, identifier, user)
    subject = user or None
    if not throttling.spend_all(list(nets.items())):
        audit.record(actor=None, action="sign_in.refuse", subject=subject, request=request)
        return Attempt(None, is_blocked=True)
    if not backends.verified(user, password):
        audit.record(actor=None, action="sign_in.fail", subject=subject, request=request)
        return Attempt(None, left=throttling.left(limits.SIGN_IN_PAIR, nets[limits.SIGN_IN_PAIR]))
    throttling.clear(limits.SIGN_IN_PAIR, nets.pop(limits.SIGN_IN_PAIR))
    for limit, key in nets.items():
        throttling.give_back(limit, key)
    return Attempt(user)


def _nets(request: HttpRequest, identifier: Typed, user: User | None) -> dict[Limit, str]:
    """What this try counts against. Keyed by what was typed, so that no lock tells which numbers are one person's.

    A known device has a count of its own and meets no other: neither an attack from elsewhere nor one from behind the same
    address keeps the owner out. Nobody has one for a login that isn't theirs, so it tells a stranger nothing.
    """
    address = client.network(client.ip_address(request))
    account = f"{identifier.kind} {identifier.value}"
    if sessions.is_known_device(request, user or nobody()):
        return {limits.SIGN_IN_PAIR: f"{account} known device"}
    return {
        limits.SIGN_IN_PAIR: f"{account} {address}",
        limits.SIGN_IN_IP: address,
        limits.SIGN_IN_ACCOUNT: account,
    }


def let_in(request: HttpRequest, user: User, *, method: str) -> SignIn:
    """Sign in, and write it down."""
    with transaction.atomic():
        row = sessions.sign_in(request, user, method)
        audit.record(
            actor=user,
            action="sign_in.succeed",
            subject=user,
            details={"method": str(method)},
            request=request,
        )
    return row


def nobody() -> User:
    """Stands in where a query must be made for nobody as for somebody."""
    return User(pk=0)


def of_family(request: HttpRequest, phone: Typed, second: Typed) -> User | None:
    """Whom the second number names among the people of one phone, whose code was right; counted like a password."""
    address = client.network(client.ip_address(request))
    key = f"family {phone.value} {address}"
    if not throttling.spend(limits.SIGN_IN_PAIR, key):
        return None
    user = recipients.one_of_family(phone, second)
    if user is not None:
        throttling.clear(limits.SIGN_IN_PAIR, key)
    return user
