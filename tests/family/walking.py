"""A family that does one thing after the other, and what has to hold after each.

What is refused leaves everything as it was; what stops money is never refused.
"""

from collections import Counter
from dataclasses import replace

from django.db.models import F
from django.utils import timezone

from family import bindings, changing, life_events, limits, moves, orders
from family.changing import Terms
from family.models import (
    Binding,
    Channel,
    Invitation,
    OrderPlace,
    OrderVersion,
)
from family.moves import IN_FORCE, LIVE, PARTIES, Move, Side, State
from insurance import ledger, ledger_check
from insurance.models import PersonalAccount, RegisterFact
from insurance.models.ledger import EntryKind
from tests.factories import insurance as register
from tests.factories.accounts import make_staff
from tests.factories.agreeing import login_of, make_member, make_proposal

HEFEI, NANJING = "340100", "320100"
CAP = 2
REFUSALS = (
    moves.WrongMove,
    bindings.NotPossible,
    bindings.AlreadyProposed,
    bindings.NotAllowed,
    bindings.Expired,
    bindings.Stale,
)


class Family:
    """Four people in two provinces; one giver's list of members is capped at two."""

    def __init__(self):
        self.people = [
            make_member(name="张一", balance_fen=5000),
            make_member(name="张二", balance_fen=1000),
            make_member(name="张三", area=NANJING, balance_fen=3000),
            make_member(name="张四", scheme="resident", area=NANJING),
        ]
        self.clerk = make_staff()
        self.bills = 0

    def person(self, number):
        return self.people[number % len(self.people)]

    def pick(self, number, *states):
        """One in these states where there is one, at every fourth number any one."""
        rows = list(Binding.objects.order_by("pk"))
        found = [one for one in rows if one.state in states and number % 4] or rows
        return found[number % len(found)]

    def press(self, verb, binding, person, *, must=False, **more):
        """The verb by that person's own login; refused is as if nothing had been pressed."""
        if person is None:
            return
        before = Binding.objects.filter(pk=binding.pk).values().get()
        by = login_of(person)
        try:
            verb(binding_id=binding.pk, person=person, by=by, channel=Channel.WEB, **more)
        except REFUSALS:
            assert not must
            assert Binding.objects.filter(pk=binding.pk).values().get() == before

    # coming about

    def propose(self, one, other, side, *, fen=300, called=True):
        """`called` by the right name; else staff have to compare."""
        initiator, them = self.person(one), self.person(other)
        said = {"relation": "sibling", "limit_fen": fen, "name": them.name if called else "王五"}
        try:
            bindings.propose(
                initiator=initiator,
                side=side,
                proposal=make_proposal(them, **said),
                signed_name=initiator.name,
                by=login_of(initiator),
                channel=Channel.WEB,
            )
        except REFUSALS:
            return

    def answer(self, number, verb=bindings.confirm):
        binding = self.pick(number, State.WAITING)
        typed = Invitation.objects.get(binding=binding).id_number
        invited = next(one for one in self.people if one.id_number == typed)
        more = {"signed_name": invited.name} if verb is bindings.confirm else {}
        self.press(verb, binding, invited, **more)

    def agree(self, one, other, side, **more):
        """Both steps at once, so that walks come further."""
        self.propose(one, other, side, **more)
        self.answer(1)

    def decide(self, number):
        binding = self.pick(number, State.WITH_STAFF)
        verb = bindings.refuse if number % 3 == 0 else bindings.approve
        try:
            verb(binding_id=binding.pk, reason="papers", by=self.clerk)
        except REFUSALS:
            return

    # the two sides

    def withdraw(self, number, side):
        binding = self.pick(number, State.WAITING, State.WITH_STAFF)
        self.press(bindings.withdraw, binding, getattr(binding, side))

    def pause(self, number, side):
        binding = self.pick(number, *IN_FORCE)
        stops = binding.state in IN_FORCE
        self.press(changing.pause, binding, getattr(binding, side), must=stops)

    def pause_all(self, number, side):
        person = self.person(number)
        changing.pause_all(person=person, by=login_of(person), channel=Channel.WEB)
        rows = Binding.objects.in_force().given_by(person.pk)
        assert not rows.filter(state=State.ACTIVE).exists()
        assert not rows.exclude(paused_by=Side.GIVER).exists()

    def resume(self, number, side):
        binding = self.pick(number, State.PAUSED)
        if binding.paused_by and number % 3:
            side = Side(binding.paused_by)
        self.press(changing.resume, binding, getattr(binding, side))

    def end(self, number, side):
        binding = self.pick(number, *IN_FORCE)
        stops = binding.state in IN_FORCE
        self.press(changing.end, binding, getattr(binding, side), must=stops)

    def undo(self, number, side):
        binding = self.pick(number, State.ENDED, State.ENDING)
        last = binding.events.latest("number")
        if number % 3 and last.side in PARTIES:
            side = last.side
        self.press(changing.undo, binding, getattr(binding, side))

    # terms, money and order

    def change(self, number, fen):
        binding = self.pick(number, *IN_FORCE)
        limit_fen = max(fen, binding.limit_used_fen) if binding.limit_fen else None
        terms = replace(Terms.of(binding), cap_month_fen=fen, limit_fen=limit_fen)
        self.press(changing.change, binding, binding.giver, terms=terms)

    def spend(self, number, fen):
        """A bill paid out of a limit."""
        binding = self.pick(number, State.ACTIVE)
        fen = min(fen, limits.unused_fen(binding))
        if binding.state != State.ACTIVE or fen <= 0:
            return
        self.bills += 1
        line = ledger.Line(
            kind=EntryKind.SPEND_AID,
            amount_fen=-fen,
            reserved_change_fen=-fen,
            source_kind="test",
            source_ref=f"bill-{self.bills}",
        )
        ledger.post_many(account_id=binding.limit_account_id, lines=[line])
        binding.limit_used_fen += fen
        binding.save(update_fields=["limit_used_fen"])

    def reorder(self, number, fen):
        for person in self.people:
            listed = orders.current(person.pk)
            if len(listed) > 1:
                latest = OrderVersion.objects.filter(order__person=person).latest("number")
                orders.reorder(
                    person=person,
                    binding_ids=listed[::-1],
                    expected_version=latest.number,
                    channel=Channel.WEB,
                    by=login_of(person),
                )
                assert orders.current(person.pk) == listed[::-1]

    # the world, and the jobs that follow it

    def fact(self, number, kind):
        """It holds from today, or was wrong when it is there already."""
        person, today = self.person(number), timezone.localdate()
        there = RegisterFact.objects.holding_on(today).filter(person=person, kind=kind)
        if not there.update(withdrawn_at=timezone.now()):
            register.make_fact(person=person, kind=kind, from_day=today)
        self.follow()

    def move(self, number):
        person = self.person(number)
        person.enrolments.update(area=NANJING if number % 2 else HEFEI)
        self.follow()

    def follow(self):
        today, now = timezone.localdate(), timezone.now()
        for binding in life_events.touched(today):
            life_events.follow(binding.pk, today)
        waiting = Binding.objects.filter(state=State.WAITING)
        for binding in waiting.filter(invitation__expires_at__lte=now):
            bindings.lapse(binding_id=binding.pk)
        for binding in life_events.ending(today):
            changing.finish(binding_id=binding.pk)

    # what always holds

    def expect_sound(self):
        rows = list(
            Binding.objects.select_related("invitation").prefetch_related("events", "consents")
        )
        for one in rows:
            _expect_moves_lead_to_state(one)
            assert (one.invitation.ended_at is None) == (one.state == State.WAITING)
            assert (one.seat is not None) == (one.state in LIVE)
            if one.state in LIVE:
                assert {each.side for each in one.consents.all()} == {"giver", "beneficiary"}
        _expect_pairs_and_seats_once([one for one in rows if one.state in LIVE])
        in_force = [one for one in rows if one.state in IN_FORCE]
        _expect_limits_set_aside(in_force, self.people)
        _expect_orders_of(in_force)
        assert list(ledger_check.faults()) == []


def _expect_moves_lead_to_state(binding):
    told = sorted(binding.events.all(), key=lambda one: one.number)
    assert [one.number for one in told] == list(range(1, binding.version + 1))
    before = None
    for one in told:
        assert one.from_state == (before or "")
        after = State(one.to_state)
        moves.check(Move(one.move), state=before, to=after, by=Side(one.side))
        before = after
    assert before == binding.state


def _expect_pairs_and_seats_once(live):
    pairs = Counter((one.giver_id, one.beneficiary_id, one.money_model) for one in live)
    seats = Counter((one.giver_id, one.seat) for one in live)
    assert max([*pairs.values(), *seats.values()], default=1) == 1
    assert all(seat in range(1, CAP + 1) for _giver, seat in seats)


def _expect_limits_set_aside(in_force, people):
    due = Counter()
    for one in in_force:
        if one.limit_fen is not None:
            due[one.limit_account_id] += one.limit_fen - one.limit_used_fen
    stored = PersonalAccount.objects.filter(person__in=people)
    reserved = dict(stored.values_list("pk", "reserved_fen"))
    assert reserved == {pk: due[pk] for pk in reserved}


def _expect_orders_of(in_force):
    places = OrderPlace.objects.filter(version__number=F("version__order__version"))
    listed = places.values_list("version__order__person", "binding")
    assert sorted(listed) == sorted((one.beneficiary_id, one.pk) for one in in_force)
