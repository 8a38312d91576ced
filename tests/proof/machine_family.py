"""Bindings: confirmed, paused, resumed, stopped by the register, changed, ended, taken back, made anew, and put in another order."""

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from family import bindings, changing, orders
from family.changing import Terms
from family.models import Binding, Channel
from family.moves import Side
from tests.proof.choosing import outcome, pick, places, sides
from tests.proof.pencil import Tie, month_of
from tests.proof.world import COOL_DOWN_HOURS

INVITED_FOR = dt.timedelta(days=7)
UNDO_WITHIN = dt.timedelta(minutes=10)
caps = st.none() | st.integers(1, 4_000)


class FamilySteps:
    def party(self, tie, side):
        return tie.giver if side is Side.GIVER else tie.beneficiary

    def by(self, tie, side):
        name = self.party(tie, side)
        return {"person": self.world.people[name], **self.world.pressed(name)}

    def in_force(self):
        return {pk: tie for pk, tie in self.book.ties.items() if tie.in_force}

    # --- there and gone

    @precondition(lambda self: any(one.state == "waiting" for one in self.book.ties.values()))
    @rule(place=places)
    def confirm(self, place):
        waiting = {pk: tie for pk, tie in self.book.ties.items() if tie.state == "waiting"}
        pk, tie = pick(waiting.items(), place)
        if self.now >= tie.proposed_at + INVITED_FOR:
            _made, no = outcome(lambda: self.world.confirm(pk, tie.beneficiary))
            assert no == "Expired"
            bindings.lapse(binding_id=pk)
            tie.state = "lapsed"
            self.did("binding.lapse")
            return
        wanted = None if self.book.may_bind(tie) else "NotPossible"
        made, no = outcome(lambda: self.world.confirm(pk, tie.beneficiary))
        assert no == wanted
        if made:
            self.book.begin(pk, self.now, COOL_DOWN_HOURS)
            self.did("binding.confirm")

    @precondition(lambda self: any(one.is_over for one in self.book.ties.values()))
    @rule(place=places, limit_fen=st.integers(1, 3_000))
    def propose_and_confirm(self, place, limit_fen):
        over = [one for one in self.book.ties.values() if one.is_over]
        old = pick(over, place)
        if any(
            (one.giver, one.beneficiary) == (old.giver, old.beneficiary) and not one.is_over
            for one in self.book.ties.values()
        ):
            return
        said = {"limit_fen": limit_fen} if old.model == "limit" else {}
        tie = Tie(
            old.giver, old.beneficiary, old.model, ("CARE", "DRUG"), limit=said.get("limit_fen")
        )
        tie.proposed_at = self.now
        made, no = outcome(lambda: self.world.propose(old.giver, old.beneficiary, **said))
        assert no == (None if self.book.may_bind(tie, proposing=True) else "NotPossible")
        if made:
            self.book.ties[made.pk] = tie
            self.did("binding.propose")
            self.confirm(place=list(self.waiting()).index(made.pk))

    def waiting(self):
        return [pk for pk, tie in self.book.ties.items() if tie.state == "waiting"]

    @precondition(lambda self: any(one.in_force or one.ended for one in self.book.ties.values()))
    @rule(place=places, side=sides)
    def end_or_undo(self, place, side):
        begun = [(pk, one) for pk, one in self.book.ties.items() if one.in_force or one.ended]
        pk, tie = pick(begun, place)
        if tie.ended:
            self.undo(pk, tie, side)
            return
        changing.end(binding_id=pk, **self.by(tie, side))
        self.book.end(pk, side, self.now)
        self.did("binding.end")

    def undo(self, pk, tie, side):
        by, at = tie.ended
        made, no = outcome(lambda: changing.undo(binding_id=pk, **self.by(tie, side)))
        if by is not side or self.now - at >= UNDO_WITHIN:
            assert no == "WrongMove"
            return
        assert no == (None if self.book.may_bind(tie) else "NotPossible")
        if made:
            self.book.undo(pk)
            self.did("binding.undo")

    # --- on and off

    @precondition(lambda self: self.in_force())
    @rule(
        place=places,
        step=st.sampled_from(["pause", "pause", "resume", "resume", "suspend", "lift"]),
        side=sides,
    )
    def stop_or_go(self, place, step, side):
        pk, tie = pick(self.in_force().items(), place)
        if step in ("suspend", "lift"):
            self.suspend_or_lift(pk, tie, step == "suspend")
        else:
            self.pause_or_resume(pk, tie, side, step == "pause")

    def pause_or_resume(self, pk, tie, side, pauses):
        verb = changing.pause if pauses else changing.resume
        made, no = outcome(lambda: verb(binding_id=pk, **self.by(tie, side)))
        # The giver's pause stands before the beneficiary's.
        top = max(tie.paused, default=None)
        if pauses:
            assert made
            if side not in tie.paused:
                tie.paused.append(side)
                self.did("binding.pause")
        elif top is not side:
            assert no == "WrongMove"
        else:
            assert made
            tie.paused.remove(side)
            self.did("binding.resume")

    def suspend_or_lift(self, pk, tie, stops):
        verb = changing.suspend if stops else changing.lift
        reason = {"reason": "account_freeze"} if stops else {}
        _made, no = outcome(lambda: verb(binding_id=pk, **reason))
        assert no == (None if stops or tie.suspended else "WrongMove")
        if no is None and tie.suspended is not stops:
            tie.suspended = stops
            self.did("binding.suspend" if stops else "binding.lift")

    # --- terms and order

    @precondition(lambda self: self.in_force())
    @rule(place=places, month=caps, bill=caps, limit_fen=st.integers(1, 4_000), close=st.booleans())
    def change(self, place, month, bill, limit_fen, close):
        pk, tie = pick(self.in_force().items(), place)
        if close and month is not None:
            # Not far above what is used, so that the next bills meet it.
            month = tie.used[month_of(self.now)] + 1 + month // 10
        terms = replace(
            Terms.of(Binding.objects.get(pk=pk)), cap_month_fen=month, cap_bill_fen=bill
        )
        more = 0
        if tie.model == "limit":
            terms, more = replace(terms, limit_fen=limit_fen), limit_fen - tie.limit
        wanted = None
        if tie.model == "limit" and limit_fen < max(tie.limit_used, 1):
            wanted = "ValueError"
        elif more > 0 and not self.book.may_bind(tie, more=more):
            wanted = "NotPossible"
        before = (tie.cap_month, tie.cap_bill, 0)
        _made, no = outcome(
            lambda: changing.change(binding_id=pk, terms=terms, **self.by(tie, Side.GIVER))
        )
        assert no == wanted
        if no is None:
            tie.cap_month, tie.cap_bill = month, bill
            if tie.model == "limit":
                tie.limit = limit_fen
                self.book.purses[tie.purse].reserved += more
            if (month, bill, more) != before:
                self.did("binding.change")

    @rule(
        name=st.sampled_from(["ann", "cai"]),
        turn=st.integers(1, 5),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def reorder(self, name, turn, behind):
        versions = self.book.orders[name]
        listed = versions[-1]
        if len(listed) < 2:
            return
        cut = turn % len(listed)
        wanted = listed[cut:] + listed[:cut]
        _made, no = outcome(
            lambda: orders.reorder(
                person=self.world.people[name],
                binding_ids=wanted,
                expected_version=len(versions) - 1 - behind,
                channel=Channel.WEB,
                by=self.world.users[name],
            )
        )
        assert no == ("Stale" if behind else None)
        if no is None and wanted != listed:
            versions.append(wanted)
            self.did("order.change")
