"""One answer for one key of a provider, for ever: whoever doesn't know what became of a request makes it again.

The answer is written in the transaction of what it answers, so there is never one without the other.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import keys, statements
from accounts.statements import Asked, Query, ahead, bundles, cursors
from claims import retrying
from claims.models import KeyedRequest, Provider, Settlement
from claims.refusals import Refused

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


def once(
    *,
    provider: Provider,
    key: str,
    verb: str,
    body: str,
    do: Callable[[], Done],
    refused: Callable[[Refused], Done] | None = None,
) -> Answer:
    """Do it, or give the answer of the first time; raise `Conflict` for another verb or body under this key.

    `body` is the canonical text of the request. What `do` raises takes everything back, a voucher that was used included; of
    `Refused` the answer that `refused` makes is kept, and given again. Requests of one key wait for each other. For one that was
    answered before, `do` may begin: it goes no further than its first locks, and is taken back.
    """
    request = _Request(provider, key, verb, f"{verb} {body}")

    def answer() -> Answer:
        try:
            return retrying.until_free(lambda: _guarded(request, do))
        except Refused as error:
            if refused is None:
                raise
            done = refused(error)
        # Everything was taken back, the turn as well: whoever of this key came in between has answered.
        return _once(request, lambda: done)

    return retrying.whole(answer)


def known(*, provider: Provider, key: str, verb: str, body: str) -> Answer | None:
    """The answer of before, without waiting for anybody; raise `Conflict` as `once` does.

    For what must be done outside the transaction of the answer, and only the first time.
    """
    request = _Request(provider, key, verb, f"{verb} {body}")
    return _known(request, _ask(request))


@dataclass(frozen=True)
class _Request:
    provider: Provider
    key: str
    verb: str
    text: str


def _guarded(request: _Request, do: Callable[[], Done]) -> Answer:
    """Raise `Taken` for a number that was taken in this moment: the writes of `do` may go with the answer."""
    try:
        return _once(request, do)
    except IntegrityError as error:
        retrying.raise_if_taken(error)
        raise


class _Before(Exception):
    """There is an answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def _once(request: _Request, do: Callable[[], Done]) -> Answer:
    try:
        return _new(request, do)
    except _Before as found:
        return found.answer


def _ask_in_turn(request: _Request) -> Asked:
    """Two statements: one that waited sees what was there when it began."""
    _wait_turn(request)
    return _ask(request)


def _look(request: _Request, asked: Asked) -> None:
    before = _known(request, asked)
    if before is not None:
        raise _Before(before)


@transaction.atomic
def _new(request: _Request, do: Callable[[], Done]) -> Answer:
    """Raise `_Before`, which takes back whatever `do` has begun."""
    asking = ahead.of(lambda: _ask_in_turn(request), lambda asked: _look(request, asked))
    with asking, bundles.put_off():
        done = do()
        made = done.settlement.pk if done.settlement else None
        row = statements.new(
            KeyedRequest,
            provider_id=request.provider.pk,
            key=request.key,
            verb=request.verb,
            request_digest=_digests(request.text)[0],
            status=done.status,
            answer=done.text,
            settlement_id=made,
            answered_at=timezone.now(),
        )
        with statements.together():
            statements.insert([row], keys=False)
    return Answer(done.status, done.text, made, again=False)


def _ask(request: _Request) -> Asked:
    return _KNOWN.ask(request.provider.pk, request.key)


def _known(request: _Request, asked: Asked) -> Answer | None:
    for kept, status, answer, settlement_id in asked.rows():
        if not any(hmac.compare_digest(kept, one) for one in _digests(request.text)):
            raise Conflict
        return Answer(status, answer, settlement_id, again=True)
    return None


def _wait_turn(request: _Request) -> None:
    """On SQLite the transaction began as the only writer. On PostgreSQL there is no row yet that could be locked."""
    if cursors.own().vendor != "postgresql":
        return
    name = keys.index_keys().digest(f"{request.provider.pk} {request.key}", purpose="keyed turn")
    number = int.from_bytes(bytes.fromhex(name[:LOCK_HEX_DIGITS]), "big", signed=True)
    statements.sent("SELECT pg_advisory_xact_lock(%s)", [number])


def _digests(request: str) -> list[str]:
    """By every key of the ring, the one that writes first: a rotation makes no conflict."""
    ring = keys.index_keys()
    versions = [ring.current, *(version for version in ring.keys if version != ring.current)]
    return [ring.digest(request, purpose=PURPOSE, version=version) for version in versions]


_KNOWN = Query(
    lambda provider_id, key: KeyedRequest.objects.filter(provider=provider_id, key=key).values_list(
        "request_digest", "status", "answer", "settlement_id"
    )
)
