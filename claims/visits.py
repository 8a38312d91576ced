"""Patients who stand at a desk: what the pages of one bill hand on to each other.

It lies encrypted in the session of the clerk, under a number that tells nothing and stands in the addresses: two windows of one
browser then never mix up two patients. One visit charges one bill, however often and in however many windows somebody presses:
its number is the idempotency key.
"""

import json
import secrets
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts import keys
from accounts.crypto import CryptoError
from claims.bills import Bill, Proxy

SESSION_KEY = "desk"
PLACE = "session.desk"
# A long bill is typed in this time; whoever comes back after it shows the code again.
LIFETIME = timedelta(minutes=15)
# Patients whom one desk has before it; the session is read with every request.
MOST = 10
KEY_PREFIX = "desk-"

Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Visit:
    """`how` is one of `claims.patients`. `quote` is sealed, "" before it is made and where none may be made any more.

    `turn` counts the quotes: a page that shows an older one is told so.
    """

    number: str
    provider_id: int
    person_id: int
    how: str
    since: datetime
    bill: Bill | None = None
    quote: str = ""
    turn: int = 0

    @property
    def key(self) -> str:
        return KEY_PREFIX + self.number


def begin(session: Session, *, provider_id: int, person_id: int, how: str) -> Visit:
    visit = Visit(secrets.token_urlsafe(16), provider_id, person_id, how, timezone.now())
    keep(session, visit)
    return visit


def find(session: Session, number: str, *, provider_id: int) -> Visit | None:
    """None for a number that is none, is over, or was begun at another provider."""
    return next((one for one in waiting(session, provider_id) if one.number == number), None)


def waiting(session: Session, provider_id: int) -> Iterator[Visit]:
    """Those who still stand there, in the order in which they came."""
    for number, sealed in session.get(SESSION_KEY, {}).items():
        visit = _opened(number, sealed)
        if visit and visit.provider_id == provider_id and timezone.now() - visit.since < LIFETIME:
            yield visit


def quoted(visit: Visit, bill: Bill, quote: str) -> Visit:
    """The visit with this bill, and one turn further."""
    return replace(visit, bill=bill, quote=quote, turn=visit.turn + 1)


def keep(session: Session, visit: Visit) -> None:
    held = dict(session.get(SESSION_KEY, {}))
    held[visit.number] = keys.field_keys().encrypt(
        json.dumps(_plain(visit)), place=f"{PLACE}.{visit.number}"
    )
    session[SESSION_KEY] = dict(list(held.items())[-MOST:])


def finish(session: Session, number: str) -> None:
    held = dict(session.get(SESSION_KEY, {}))
    held.pop(number, None)
    session[SESSION_KEY] = held


def plain_bill(bill: Bill | None) -> dict[str, Any] | None:
    """As JSON has it, the same for the same bill."""
    if bill is None:
        return None
    return {
        "use": bill.use,
        "amount_fen": bill.amount_fen,
        "bill_no": bill.bill_no,
        "occurred_at": bill.occurred_at.isoformat(),
        "proxy": bill.proxy and [bill.proxy.name, bill.proxy.id_number],
    }


def _plain(visit: Visit) -> dict[str, Any]:
    return {
        "provider": visit.provider_id,
        "person": visit.person_id,
        "how": visit.how,
        "since": visit.since.isoformat(),
        "quote": visit.quote,
        "turn": visit.turn,
        "bill": plain_bill(visit.bill),
    }


def _opened(number: str, sealed: str) -> Visit | None:
    try:
        kept = json.loads(keys.field_keys().decrypt(sealed, place=f"{PLACE}.{number}"))
    except CryptoError:
        return None
    bill = kept["bill"]
    return Visit(
        number=number,
        provider_id=kept["provider"],
        person_id=kept["person"],
        how=kept["how"],
        since=datetime.fromisoformat(kept["since"]),
        bill=bill
        and Bill(
            use=bill["use"],
            amount_fen=bill["amount_fen"],
            bill_no=bill["bill_no"],
            occurred_at=datetime.fromisoformat(bill["occurred_at"]),
            proxy=Proxy(*bill["proxy"]) if bill["proxy"] else None,
        ),
        quote=kept["quote"],
        turn=kept["turn"],
    )
