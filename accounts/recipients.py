"""Who a code goes to, found in the same number of queries whether there is anybody or not."""

from dataclasses import dataclass

from accounts import backends
from accounts.boxes import PHONE, Typed
from accounts.models import LoginIdentifier, User
from accounts.models.identifiers import digest

DECOY_DIGITS = 11  # the length of a phone, so that a stored decoy looks like the rest


@dataclass(frozen=True)
class Recipient:
    """`user` None and deliverable: a family's phone. Not deliverable: a decoy, which costs the same work."""

    phone: str
    user: User | None
    deliverable: bool


def recipient_of(typed: Typed) -> Recipient:
    """Citizens only: staff prove themselves with an authenticator, never with a message."""
    citizens = [user for user in backends.find_users(typed) if user.is_citizen]
    user = citizens[0] if len(citizens) == 1 else None
    own = phone_of(user)
    phone = typed.value if typed.is_phone and citizens else own
    if phone is None:
        return decoy(typed)
    return Recipient(phone=phone, user=user, deliverable=True)


def one_of_family(phone: Typed, second: Typed) -> User | None:
    """The one citizen with this phone whom the second number names too."""
    return backends.only(u for u in backends.find_users(phone, second) if u.is_citizen)


def phone_of(user: User | None) -> str | None:
    """The login's own phone; None when it has none."""
    rows = LoginIdentifier.objects.live().filter(kind=PHONE, user_id=user.pk if user else 0)
    row = rows.first()
    return row.value if row else None


def decoy(typed: Typed) -> Recipient:
    """Nobody, always the same for the same text, so that the limits of a phone work for nobody as for somebody.

    Not the phone that was typed: asking in vain must not use up the messages of whoever has that phone.
    """
    phone = str(int(digest("decoy", typed.value), 16))[-DECOY_DIGITS:]
    return Recipient(phone=phone, user=None, deliverable=False)
