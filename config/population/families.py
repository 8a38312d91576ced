"""Families of a made-up population: somebody with an account pays for the next one, as if both had agreed in January."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts import copying
from accounts.models import User
from accounts.roles import Role
from config.population.people import Person
from family import letter, references
from family.models import (
    Binding,
    BindingEvent,
    Channel,
    Consent,
    DeductionOrder,
    MoneyModel,
    OrderPlace,
    OrderVersion,
)
from family.moves import Move, Side, State
from family.payer_words import OrderReason
from family.relations import Relation
from insurance.models import InsuredPerson

AGREED = date(2026, 1, 5)
CAPS_FEN = (None, 50_000, 200_000)
USES = ["CARE", "DRUG"]
CLERK = "批量生成"
Both = tuple[Person, InsuredPerson]


def add(people: Sequence[Both], *, share: int, seed: int) -> None:
    """Of neighbours in the list the first pays for the second, where it has an account; `share` of a hundred pairs."""
    pairs = [
        (giver, user)
        for giver, user in zip(people[::2], people[1::2], strict=False)
        if giver[0].has_account and _is_drawn(seed, giver[0].number, share)
    ]
    if not pairs:
        return
    clerk = User.objects.filter(role=Role.CITIZEN, is_active=False).first()
    clerk = clerk or User.objects.create(
        name=CLERK, role=Role.CITIZEN, is_active=False, password="!"
    )  # nosec B106
    since = timezone.make_aware(datetime.combine(AGREED, time(9)))
    bindings = [_binding(giver, user, seed, since) for giver, user in pairs]
    copying.add(bindings)
    copying.add(
        [
            Consent(binding=one, side=side, person=row, channel=Channel.WEB, acted_by=clerk,
                    letter=letter.CURRENT, signed_name=person.name, given_at=since)
            for one, pair in zip(bindings, pairs, strict=True)
            for side, (person, row) in zip((Side.GIVER, Side.BENEFICIARY), pair, strict=True)
        ]
    )  # fmt: skip
    copying.add([made for one in bindings for made in _events(one, clerk, since)])
    _add_orders(bindings, clerk, since)


def _is_drawn(seed: int, number: int, share: int) -> bool:
    return Random(f"{seed}/family/{number}").randrange(100) < share


def _binding(giver: Both, user: Both, seed: int, since: datetime) -> Binding:
    random = Random(f"{seed}/binding/{giver[0].number}")
    return Binding(
        # Counted, not drawn: no two of them are the same.
        reference=references.make(AGREED, random=_Counted(giver[0].number)),
        giver=giver[1],
        beneficiary=user[1],
        initiator=Side.GIVER,
        relation=random.choice((Relation.SPOUSE, Relation.PARENT, Relation.CHILD)),
        money_model=MoneyModel.DIRECT_DEBIT,
        giver_area_id=giver[0].area,
        beneficiary_area_id=user[0].area,
        uses=USES,
        cap_month_fen=random.choice(CAPS_FEN),
        from_day=AGREED,
        usable_from=since + timedelta(days=1),
        state=State.ACTIVE,
        state_since=since,
        version=2,
    )


class _Counted(Random):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return self._number % start


def _events(one: Binding, clerk: User, since: datetime) -> list[BindingEvent]:
    moves = (
        (Move.PROPOSE, "", State.WAITING, Side.GIVER),
        (Move.CONFIRM, State.WAITING, State.ACTIVE, Side.BENEFICIARY),
    )
    return [
        BindingEvent(binding=one, number=number, move=move, from_state=before, to_state=after,
                     side=side, channel=Channel.WEB, acted_by=clerk, happened_at=since)
        for number, (move, before, after, side) in enumerate(moves, start=1)
    ]  # fmt: skip


def _add_orders(bindings: Sequence[Binding], clerk: User, since: datetime) -> None:
    orders = [DeductionOrder(person=one.beneficiary, version=1) for one in bindings]
    copying.add(orders)
    versions = [
        OrderVersion(order=order, number=1, reason=OrderReason.JOIN, channel=Channel.WEB,
                     acted_by=clerk, made_at=since)
        for order in orders
    ]  # fmt: skip
    copying.add(versions)
    copying.add(
        [
            OrderPlace(version=version, position=1, binding=one)
            for version, one in zip(versions, bindings, strict=True)
        ]
    )
