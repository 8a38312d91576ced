"""One answer for one key of a provider, for ever: whoever doesn't know what became of a request makes it again.

The answer is written in the transaction of what it answers, so there is never one without the other.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from accounts import keys
from claims.models import KeyedRequest, Provider, Settlement

PURPOSE = "keyed request"
# A lock of PostgreSQL is named by 64 bits with a sign; two keys that meet in one wait for each other and no more.
LOCK_HEX_DIGITS = 16


class Conflict(Exception):
    """The key was used for something else."""


@dataclass(frozen=True)
class Done:
    """What a verb answered. `settlement` None is an answer that wrote nothing else, such as a refusal."""

    status: int
    text: str
    settlement: Settlement | None = None


@dataclass(frozen=True)
class Answer:
    """`again`: the answer of before, given once more."""

    status: int
    text: str
    settlement_id: int | None
    again: bool


@transaction.atomic
def once(*, provider: Provider, key: str, verb: str, body: str, do: Callable[[], Done]) -> Answer:
    """Do it, or give the answer of the first time; raise `Conflict` for another verb or body under this key.

    `body` is the canonical text of the request. `do` runs in a savepoint of its own: what it answers is kept, refusals
    included; what it raises is not, and takes everything back. Requests of one key wait for each other.
    """
    request = f"{verb} {body}"
    _wait_turn(provider, key)
    known = KeyedRequest.objects.filter(provider=provider, key=key).first()
    if known is not None:
        if not any(hmac.compare_digest(known.request_digest, one) for one in _digests(request)):
            raise Conflict
        return Answer(known.status, known.answer, known.settlement_id, again=True)
    done = do()
    KeyedRequest.objects.create(
        provider=provider,
        key=key,
        verb=verb,
        request_digest=next(iter(_digests(request))),
        status=done.status,
        answer=done.text,
        settlement=done.settlement,
        answered_at=timezone.now(),
    )
    made = done.settlement.pk if done.settlement else None
    return Answer(done.status, done.text, made, again=False)


def _wait_turn(provider: Provider, key: str) -> None:
    """On SQLite the transaction began as the only writer. On PostgreSQL there is no row yet that could be locked."""
    if connection.vendor != "postgresql":
        return
    name = keys.index_keys().digest(f"{provider.pk} {key}", purpose="keyed turn")
    number = int.from_bytes(bytes.fromhex(name[:LOCK_HEX_DIGITS]), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _digests(request: str) -> list[str]:
    """By every key of the ring, the one that writes first: a rotation makes no conflict."""
    ring = keys.index_keys()
    versions = [ring.current, *(version for version in ring.keys if version != ring.current)]
    return [ring.digest(request, purpose=PURPOSE, version=version) for version in versions]
