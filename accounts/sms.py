"""Outgoing short messages: a queue in the database, and back ends that empty it.

Requests only write a row, the same for somebody and for nobody, so that neither the page nor its timing tells who exists. In
production `deliver_sms --watch` sends. A back end may ask to be used at once after the commit, as the console does.
"""

import logging
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import privacy, statements
from accounts.models import SmsMessage

logger = logging.getLogger(__name__)

# A message is tried at once, and again so many seconds after the first and the second try: longer than a carrier takes.
AGAIN_AFTER_SECONDS = (20, 40)
MOST_TRIES = 1 + len(AGAIN_AFTER_SECONDS)
# A code lives for five minutes; what could not be sent in twice that only confuses.
GIVE_UP_SECONDS = 10 * 60
NOBODY = "0" * 11  # a decoy names nobody, and is as long as a number
KEEP_BODY = timedelta(
    hours=1
)  # the development outbox shows it that long; sent messages elsewhere lose it at once
KEEP_ROW = timedelta(days=30)  # somebody who was bothered by messages complains within a month

State = SmsMessage.State


class Backend(Protocol):
    """Hands one message to whoever carries it. `SMS_BACKEND` is the dotted path of such a class.

    `at_once`: deliver in the process of the request, right after its commit. `keeps_body`: a sent message stays readable for
    the outbox page. Both are for development.
    """

    at_once: bool
    keeps_body: bool

    def send(self, *, phone: str, body: str) -> None:
        """Return when the carrier took the message; raise anything else."""


class ConsoleBackend:
    """Development: prints to the terminal, every number masked."""

    at_once = True
    keeps_body = True

    def send(self, *, phone: str, body: str) -> None:
        sys.stdout.write(f"SMS {privacy.mask_phone(phone)}: {privacy.mask_numbers(body)}\n")
        sys.stdout.flush()


def backend() -> Backend:
    """A fresh instance of the class that SMS_BACKEND names."""
    made: Backend = import_string(settings.SMS_BACKEND)()
    return made


def queue(*, phone: str, body: str, deliverable: bool = True) -> SmsMessage:
    """Write a message; it leaves after the commit. Not deliverable: the same work, but for nobody."""
    message = SmsMessage.objects.create(
        phone=phone if deliverable else NOBODY,
        body=body,
        state=State.WAITING if deliverable else State.DECOY,
    )
    transaction.on_commit(lambda: _deliver_at_once(message.pk), robust=True)
    return message


class Outgoing(NamedTuple):
    """One of several messages, deliverable."""

    phone: str
    body: str


def queue_many(messages: Sequence[Outgoing]) -> None:
    """As `queue` for each, in one statement."""
    made = statements.insert(
        [
            statements.new(SmsMessage, phone=one.phone, body=one.body, state=State.WAITING)
            for one in messages
        ]
    )
    if made:
        transaction.on_commit(
            lambda: _deliver_all_at_once([one.pk for one in made if one.pk]), robust=True
        )


def _deliver_all_at_once(keys: Sequence[int]) -> None:
    if backend().at_once:
        for pk in keys:
            _deliver_at_once(pk)


def deliver_waiting(*, most: int = 100) -> int:
    """Send what is due, oldest first; return how many were sent. Safe to run in several processes.

    A message is locked while it is on its way, and others skip it. Should the process die, or the database refuse to write down that
    it was sent, it is sent again at its next try if it has one left: better than never. Not inside a transaction.
    """
    give_up(now=timezone.now())
    sent = 0
    carrier = backend()
    for _turn in range(most):
        message = _begin_try(_due(timezone.now()))
        if message is None:
            break
        sent += _deliver(message, carrier)
    return sent


def give_up(*, now: datetime) -> int:
    """Mark as failed, and blank, what nobody needs any more; return how many."""
    return SmsMessage.objects.filter(
        state=State.WAITING, created_at__lte=now - timedelta(seconds=GIVE_UP_SECONDS)
    ).update(state=State.FAILED, body="")


def prune(*, now: datetime) -> int:
    """Blank old bodies and delete old rows; return how many were deleted."""
    give_up(now=now)
    old = SmsMessage.objects.filter(created_at__lt=now - KEEP_BODY)
    old.exclude(state=State.WAITING).update(body="")
    deleted, _by_model = SmsMessage.objects.filter(created_at__lt=now - KEEP_ROW).delete()
    return deleted


def _due(now: datetime) -> QuerySet[SmsMessage]:
    waited = Q(tries=0)
    for tries, seconds in enumerate(AGAIN_AFTER_SECONDS, start=1):
        waited |= Q(tries=tries) & ~Q(tried_at__gt=now - timedelta(seconds=seconds))
    return SmsMessage.objects.filter(waited, state=State.WAITING).order_by("id")


def _deliver_at_once(pk: int) -> None:
    """Decoys go the same way up to the last step, so that the answer takes as long."""
    carrier = backend()
    if not carrier.at_once:
        return
    unsent = SmsMessage.objects.filter(pk=pk, state__in=[State.WAITING, State.DECOY])
    message = _begin_try(unsent)
    if message is not None:
        _deliver(message, carrier)


@transaction.atomic(durable=True)
def _begin_try(messages: QuerySet[SmsMessage]) -> SmsMessage | None:
    """Take the first of them and write the try down, before the carrier hears of it.

    Where nothing can be written, as on a full disk, nothing is sent either: else the same message would go out again and again.
    From here on the message isn't due, so nobody else takes it up.
    """
    message = messages.select_for_update(skip_locked=True).first()
    if message is not None:
        message.tries, message.tried_at = message.tries + 1, timezone.now()
        message.save(update_fields=["tries", "tried_at"])
    return message


@transaction.atomic(durable=True)
def _deliver(begun: SmsMessage, carrier: Backend) -> bool:
    """Whether it was sent now; not where it was given up, or tried again, since the try began."""
    unsent = SmsMessage.objects.filter(pk=begun.pk, tries=begun.tries, state=begun.state)
    # Not skipped where it is locked: whoever looked for due ones holds it for a moment, and leaves it.
    message = unsent.select_for_update().first()
    if message is None:
        return False
    if message.state == State.WAITING:
        try:
            carrier.send(phone=message.phone, body=message.body)
        except (
            Exception
        ) as error:  # whatever a carrier's client raises, the next message must still go
            # The carrier's words may repeat number and code: only the kind of the fault is told.
            logger.warning("Message %s was not taken: %s", message.pk, type(error).__name__)
            if message.tries >= MOST_TRIES:
                message.state, message.body = State.FAILED, ""
        else:
            message.state, message.sent_at = State.SENT, timezone.now()
            if not carrier.keeps_body:
                message.body = ""
    message.save(update_fields=["state", "sent_at", "body"])
    return message.state == State.SENT
