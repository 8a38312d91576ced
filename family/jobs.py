"""What goes on without anybody pressing a button. Every job can be stopped anywhere and run again.

An invitation is matched with the register here and nowhere else: the page of the initiator never depends on it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models.identifiers import IdentifierQuerySet
from family import bindings, changing, life_events, notes
from family.models import Binding, Invitation
from family.models.bindings import SUBJECT
from family.moves import Side, State, WrongMove
from family.moving import Stale
from insurance import linking, policy_reading
from insurance.areas import NATION
from insurance.models import Notice
from insurance.rules.evidence import read

logger = logging.getLogger(__name__)


Rows = QuerySet[Any]
# News of an end that is older helps nobody, and the query stays small.
END_IS_NEWS = timedelta(days=30)
ENDINGS = {State.WITHDRAWN: "withdrawn_invited", State.LAPSED: "lapsed_invited"}


@dataclass(frozen=True)
class Job:
    """`find` says what is due on a day; `do` does it for one id, in a transaction of its own."""

    find: Callable[[date], Rows]
    do: Callable[[int, date], object]


@dataclass(frozen=True)
class Outcome:
    """`failed` are the ids that nobody has an answer for yet; the log says why."""

    done: int
    failed: tuple[int, ...]


def run(name: str, day: date, *, tell: Callable[[], object] = lambda: None) -> Outcome:
    """Do one job to its end. What fails is logged and left for the next run, and stops nothing else."""
    job = JOBS[name]
    done, failed = 0, []
    for pk in list(job.find(day).order_by("pk").values_list("pk", flat=True)):
        try:
            job.do(pk, day)
        except (WrongMove, Stale):
            # Somebody pressed a button meanwhile, which is as good.
            logger.info("%s: %s had moved on", name, pk)
        except Exception:  # whatever is wrong with one, the next family must not wait for it
            logger.exception("%s: %s failed", name, pk)
            failed.append(pk)
            continue
        done += 1
        tell()
    return Outcome(done, tuple(failed))


def _waiting(day: date) -> IdentifierQuerySet[Invitation]:
    return Invitation.objects.live().filter(binding__state=State.WAITING)


def _unannounced(day: date) -> Rows:
    return _waiting(day).filter(announced_at=None)


def _lapsing(day: date) -> Rows:
    answer = policy_reading.values_on(NATION, day).get("family_aid.reminder_days")
    until = timezone.now() + timedelta(days=read(answer, day).settled or 0)
    return _waiting(day).filter(reminded_at=None, announced_at__isnull=False, expires_at__lte=until)


def _lapsed(day: date) -> Rows:
    return Binding.objects.filter(
        state=State.WAITING, invitation__ended_at=None, invitation__expires_at__lte=timezone.now()
    )


def _announce(invitation_id: int, day: date) -> None:
    """Tell whoever was invited, if the register knows them under the number that was typed."""
    _tell_once(invitation_id, "announced_at", "invited")


def _remind(invitation_id: int, day: date) -> None:
    """Both sides, a few days before the end."""
    _tell_once(invitation_id, "reminded_at", "remind_invited")


def _lapse(binding_id: int, day: date) -> None:
    bindings.lapse(binding_id=binding_id)


def _ended(day: date) -> Rows:
    """Ended before the other came, and told as an invitation: nobody hears the end of what they never heard of."""
    ended = Invitation.objects.filter(
        Q(binding__giver=None) | Q(binding__beneficiary=None),
        ended_at__gte=timezone.now() - END_IS_NEWS,
        announced_at__isnull=False,
        binding__state__in=ENDINGS,
    )
    about = Notice.objects.filter(about_kind=SUBJECT, about_ref=OuterRef("binding__reference"))
    return ended.filter(
        Exists(about.filter(kind="binding.invited")),
        ~Exists(about.filter(kind__in=[f"binding.{one}" for one in ENDINGS.values()])),
    )


@transaction.atomic
def _announce_end(invitation_id: int, day: date) -> None:
    """The request that ended it asked no register: who was invited is told here."""
    found = Invitation.objects.select_related("binding").get(pk=invitation_id)
    person = linking.find(found.id_number)
    if person is not None:
        kind = ENDINGS[State(found.binding.state)]
        notes.tell_invited(found.binding, person, kind, once=f"{found.pk}-{kind}")


def _finish(binding_id: int, day: date) -> None:
    changing.finish(binding_id=binding_id)


@transaction.atomic
def _tell_once(invitation_id: int, mark: str, kind: str) -> None:
    found = Invitation.objects.select_for_update().filter(pk=invitation_id, **{mark: None}).first()
    # Answered or taken back between the query and the lock.
    if found is None or found.ended_at is not None or found.binding.state != State.WAITING:
        return
    setattr(found, mark, timezone.now())
    found.save(update_fields=[mark])
    once = f"{found.pk}-{kind}"
    person = linking.find(found.id_number)
    if person is not None:
        notes.tell_invited(found.binding, person, kind, once=once)
    if kind == "remind_invited":
        notes.tell(found.binding, Side(found.binding.initiator), "remind", once=once)


JOBS = {
    "announce_invitations": Job(_unannounced, _announce),
    "announce_ends": Job(_ended, _announce_end),
    "remind": Job(_lapsing, _remind),
    "lapse_due": Job(_lapsed, _lapse),
    "follow_register": Job(life_events.touched, life_events.follow),
    "end_estranged": Job(life_events.estranged, life_events.end_estranged),
    "finish_endings": Job(life_events.ending, _finish),
    "birthdays": Job(life_events.guarded, life_events.follow_birthdays),
    "ask_yearly": Job(life_events.unreviewed, life_events.ask_to_review),
}
# These are waited for; the others have a day's time.
QUICK = ("announce_invitations", "lapse_due", "announce_ends")
