"""What the pages about one's own login show."""

from dataclasses import dataclass
from datetime import datetime

from accounts import privacy
from accounts.models import SignIn, User
from accounts.recipients import phone_of

OPEN_SHOWN = 20  # more places than anybody can tell apart


@dataclass(frozen=True)
class Place:
    """One sign-in: when, with what, and roughly from where."""

    started_at: datetime
    last_seen_at: datetime
    device: str
    address: str
    method: str
    is_here: bool


@dataclass(frozen=True)
class OwnLogin:
    """`phone` is masked, "" when there is none; `last` is the sign-in before this one, None the first time."""

    name: str
    phone: str
    last: Place | None
    places: list[Place]
    others: int


def own_login(user: User, *, session_key: str | None, last: SignIn | None) -> OwnLogin:
    rows = list(SignIn.objects.filter(user=user).open()[:OPEN_SHOWN])
    places = [_place(row, session_key) for row in rows]
    return OwnLogin(
        name=privacy.mask_name(user.name),
        phone=privacy.mask_phone(phone_of(user)),
        last=_place(last, session_key) if last else None,
        places=places,
        others=sum(not place.is_here for place in places),
    )


def _place(row: SignIn, session_key: str | None) -> Place:
    return Place(
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        device=row.device,
        address=short_address(row.ip_address),
        method=str(row.get_method_display()),
        is_here=row.session_key == session_key,
    )


def short_address(address: str | None) -> str:
    """Enough to recognise one's own network: 203.0.113.*; "" when it is not known."""
    if not address:
        return ""
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":*"
    return ".".join([*address.split(".")[:3], "*"])
