"""Locks that the limits have put on somebody, found by what that somebody types, and lifted."""

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from accounts import audit, backends, client, limits, throttling
from accounts.boxes import Typed
from accounts.limits import Limit
from accounts.models import Throttle, User

# Counted by the login itself, whatever was typed.
BY_LOGIN = (
    limits.SECOND_FACTOR,
    limits.CHANGE_PASSWORD_TRIES,
    limits.LOOK_UPS_HOUR,
    limits.DESK_IDENTIFY,
)


def lift(
    *,
    typed: Typed | None,
    address: str,
    by: User,
    reason: str,
    request: HttpRequest | None = None,
) -> int:
    """Forget the counts of a number, of an address, or of both together; return how many there were.

    `address` "" is none. What is counted by number and address needs both.
    """
    wanted = Q(pk=None)
    for limit, key in _keys(typed, client.network(address) if address else ""):
        wanted |= Q(limit=limit.name, key_digest=throttling.key_digest(limit, key))
    with transaction.atomic():
        names = sorted(Throttle.objects.filter(wanted).values_list("limit", flat=True))
        Throttle.objects.filter(wanted).delete()
        audit.record(
            actor=by,
            action="throttle.lift",
            reason=reason,
            details={"limits": names, "by_number": typed is not None, "by_address": bool(address)},
            request=request,
        )
    return len(names)


def _keys(typed: Typed | None, network: str) -> list[tuple[Limit, str]]:
    """As `signing_in`, `codes` and the views build them."""
    keys: list[tuple[Limit, str]] = []
    if network:
        keys += [
            (limit, network)
            for limit in (limits.SIGN_IN_IP, limits.SIGN_UP_IP, limits.RESET_IP, limits.SLIP_IP)
        ]
    if typed is not None:
        account = f"{typed.kind} {typed.value}"
        keys.append((limits.SIGN_IN_ACCOUNT, account))
        for user in backends.find_users(typed):
            keys += [(limit, str(user.pk)) for limit in BY_LOGIN]
    if typed is not None and network:
        account = f"{typed.kind} {typed.value}"
        keys += [
            (limits.SIGN_IN_PAIR, f"{account} {network}"),
            (limits.RESET_PERSON, f"{account} {network}"),
            (limits.SIGN_UP_PERSON, f"{typed.value} {network}"),
            (limits.SLIP_TRIES, f"{typed.value} {network}"),
        ]
    return keys
