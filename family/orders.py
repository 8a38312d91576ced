"""Whose money first: the beneficiary's list of payers, and every change of it as a version of its own.

A settlement names the version it used, so versions are never changed, and numbers have no gap.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.privacy import mask_name
from family import notes
from family.acting import Act, Pressed, act_for
from family.models import DeductionOrder, OrderPlace, OrderVersion
from family.moves import Side
from family.payer_words import OrderReason
from insurance import notices
from insurance.models import InsuredPerson

# As for the end of a binding: long enough to see a slip on the receipt, too short for a bill to be planned around it.
UNDO_WITHIN = timedelta(minutes=10)
CHANGE, UNDO, WARD = "order.change", "order.undo", "order.ward"
audit.LABELS.update(
    {
        CHANGE: _("改先用谁的钱"),
        UNDO: _("撤销刚改的先用谁的钱"),
        "payers.ask": _("试算谁来付"),
    }
)
_BODY = _("现在是第 %(number)s 版。不是您改的，马上打 12393，再改密码。")
notices.TEXTS.update(
    {
        CHANGE: notices.Text(_("先用谁的钱，改了"), _BODY, _("先用谁的钱改了。")),
        UNDO: notices.Text(_("先用谁的钱，改回去了"), _BODY, _("先用谁的钱改回去了。")),
        WARD: notices.Text(
            _("%(child_name)s先用谁的钱，改了"),
            _(
                "%(child_name)s看病买药先用谁的钱，改了，现在是第 %(number)s 版。您是监护人，所以也告诉您。"
            ),
            _("%(child_name)s先用谁的钱改了。"),
        ),
    }
)


class Stale(Exception):
    """The list was changed since the page was made; `version` is the one that holds now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"the order is at version {version}")


class WrongList(Exception):
    """Not the same payers as in the list that holds, each once."""


class NothingToUndo(Exception):
    """The last change is no new order of one's own, or more than ten minutes old."""


def lock(person_ids: Iterable[int]) -> dict[int, DeductionOrder]:
    """The rows that stand for these people's lists, locked by person id; made where there are none.

    They come before every other lock, and whatever is decided by is read after this.
    """
    wanted = sorted(set(person_ids))
    known = DeductionOrder.objects.filter(person__in=wanted).values_list("person_id", flat=True)
    missing = sorted(set(wanted) - set(known))
    # Made before anything is locked: so nobody who waits here holds what another waits for.
    DeductionOrder.objects.bulk_create(
        [DeductionOrder(person_id=one) for one in missing], ignore_conflicts=True
    )
    rows = DeductionOrder.objects.select_for_update().filter(person__in=wanted)
    return {row.person_id: row for row in rows.order_by("person_id")}


def current(person_id: int) -> tuple[int, ...]:
    """Ids of the bindings, the first to be asked first; empty where there never was a list."""
    places = OrderPlace.objects.filter(
        version__order__person=person_id, version__number=F("version__order__version")
    )
    return tuple(places.order_by("position").values_list("binding_id", flat=True))


@transaction.atomic
def append(
    *, person_id: int, binding_id: int, channel: str, by: User | None = None
) -> OrderVersion | None:
    """Put a payer at the end, or where it stood if it left with the last change; None where it is in the list.

    For whoever starts or revives a binding, inside those locks.
    """
    order = lock([person_id])[person_id]
    held = _places(person_id)
    listed = held.get(order.version, ())
    if binding_id in listed:
        return None
    before = held.get(order.version - 1, ())
    place = before.index(binding_id) if set(before) == {*listed, binding_id} else len(listed)
    reason = OrderReason.RETURN if binding_id in before else OrderReason.JOIN
    return _add(order, (*listed[:place], binding_id, *listed[place:]), reason, channel, by)


@transaction.atomic
def remove(
    *, person_id: int, binding_id: int, channel: str, by: User | None = None
) -> OrderVersion | None:
    """Take a payer out, inside the locks of whoever ends the binding; None where it isn't in the list."""
    order = lock([person_id])[person_id]
    listed = _places(person_id).get(order.version, ())
    if binding_id not in listed:
        return None
    left = tuple(one for one in listed if one != binding_id)
    return _add(order, left, OrderReason.LEAVE, channel, by)


@transaction.atomic
def reorder(
    *,
    person: InsuredPerson,
    binding_ids: Sequence[int],
    expected_version: int,
    **pressed: Unpack[Pressed],
) -> OrderVersion:
    """The person's own new order; the version that holds where it is the same as now.

    Raise `NotAllowed`, `Stale` where `expected_version` no longer holds, `WrongList` for other payers than those in the list.
    """
    order = lock([person.pk])[person.pk]
    act = act_for(person, Side.BENEFICIARY, **pressed)
    if order.version != expected_version:
        raise Stale(order.version)
    listed = _places(person.pk).get(order.version, ())
    if not listed or sorted(binding_ids) != sorted(listed):
        raise WrongList
    if tuple(binding_ids) == listed:
        return OrderVersion.objects.get(order=order, number=order.version)
    made = _add(order, binding_ids, OrderReason.REORDER, act.channel, act.by)
    _tell(person, made, CHANGE, act)
    return made


@transaction.atomic
def undo_reorder(
    *,
    person: InsuredPerson,
    expected_version: int,
    **pressed: Unpack[Pressed],
) -> OrderVersion:
    """Back to the order before the last new one, within ten minutes. Raise `NotAllowed`, `Stale` or `NothingToUndo`."""
    order = lock([person.pk])[person.pk]
    act = act_for(person, Side.BENEFICIARY, **pressed)
    if order.version != expected_version:
        raise Stale(order.version)
    last = OrderVersion.objects.filter(order=order, number=order.version).first()
    if last is None or not may_undo(last):
        raise NothingToUndo
    before = _places(person.pk)[order.version - 1]
    made = _add(order, before, OrderReason.UNDO, act.channel, act.by)
    _tell(person, made, UNDO, act)
    return made


def may_undo(last: OrderVersion) -> bool:
    """Whether the version that holds is a new order that can still be taken back."""
    # A moment from the future (the clock was set back) is no reason to take something back for years.
    age = timezone.now() - last.made_at
    return last.reason == OrderReason.REORDER and timedelta(0) <= age < UNDO_WITHIN


def _places(person_id: int) -> dict[int, tuple[int, ...]]:
    """The lists of the version that holds and of the one before it, by number. One query."""
    rows = (
        OrderPlace.objects.filter(
            version__order__person=person_id,
            version__number__gte=F("version__order__version") - 1,
        )
        .order_by("version__number", "position")
        .values_list("version__number", "binding_id")
    )
    found: dict[int, tuple[int, ...]] = {}
    for number, binding_id in rows:
        found[number] = (*found.get(number, ()), binding_id)
    return found


def _add(
    order: DeductionOrder,
    binding_ids: Sequence[int],
    reason: OrderReason,
    channel: str,
    by: User | None,
) -> OrderVersion:
    order.version += 1
    order.save(update_fields=["version"])
    version = OrderVersion.objects.create(
        order=order,
        number=order.version,
        reason=reason,
        channel=channel,
        acted_by=by,
        made_at=timezone.now(),
    )
    OrderPlace.objects.bulk_create(
        OrderPlace(version=version, position=position, binding_id=binding_id)
        for position, binding_id in enumerate(binding_ids, start=1)
    )
    return version


def _tell(person: InsuredPerson, made: OrderVersion, action: str, act: Act) -> None:
    """In the visitors' book and in the inbox; no short message, for nothing was spent and no limit moved."""
    audit.record(
        actor=act.by,
        action=action,
        subject=person,
        reason=act.grounds,
        details={"version": made.number, "channel": str(made.channel)} | act.told,
        request=act.request,
    )
    params: dict[str, str | int] = {"number": made.number}
    notices.tell(person=person, kind=action, params=params, link="family:order", sms=False)
    told = params | {"child_name": mask_name(person.name)}
    for guardian in notes.guardians_of(person):
        notices.tell(person=guardian, kind=WARD, params=told, link=notes.LINK, sms=False)
