"""Bills: charged, held, asked for twice, quoted, taken, let go and given back."""

import datetime as dt
from itertools import accumulate

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from claims import batches, holds, keyed, refunds, settlement
from claims.batches import Item
from claims.bills import OLDEST
from tests.factories.claims import make_bill
from tests.proof.choosing import beside, fens, outcome, patients, pick, places, uses
from tests.proof.pencil import ENDLESS, Receipt

# A machine gives back what it charged within a quarter.
REFUNDABLE = dt.timedelta(days=90)
PARTS = """
SELECT part.account_id, part.binding_id, part.amount_fen, part.from_limit, made.cash_fen, made.order_version
FROM claims_deduction AS part JOIN claims_settlement AS made ON made.id = part.settlement_id
WHERE made.id = %s ORDER BY part.position
"""


class BillSteps:
    # --- bills

    def bill(self, fen, use):
        return make_bill(fen, use=use, bill_no=f"M{self.fresh():05d}")

    def receipt(self, pk, patient, provider, bill, planned, *, held=None):
        parts, cash = planned
        state = "held" if held else "settled"
        made = Receipt(
            pk,
            patient,
            provider.pk,
            bill.bill_no,
            bill.amount_fen,
            cash,
            parts,
            state,
            self.now,
            self.now,
            held,
        )
        self.book.take(made)
        if not held:
            self.told_settled(made)
        self.did("settlement.hold" if held else "settlement.settle")
        return made

    def told_settled(self, made):
        givers = {one.tie for one in made.parts if one.tie is not None}
        self.book.notices.update(["claims.settled", *["claims.used"] * len(givers)])

    def is_as_planned(self, pk, patient, planned):
        parts, cash = planned
        with connection.cursor() as cursor:
            cursor.execute(PARTS, [pk])
            rows = cursor.fetchall()
        version = len(self.book.orders[patient]) - 1
        wanted = [
            (self.accounts[one.purse], one.tie, one.fen, one.limit, cash, version) for one in parts
        ]
        assert [(*row[:3], bool(row[3]), *row[4:]) for row in rows] == wanted

    def at_an_edge(self, patient, use, place, more):
        """A bill that ends where some payer has given all he may, by his money, his cap or his limit; or beside that."""
        parts, _cash = self.book.plan(patient, use, ENDLESS, self.now)
        edges = list(accumulate(one.fen for one in parts)) or [1]
        return max(pick(edges, place) + more, 1)

    @rule(patient=patients, fen=fens, use=uses, hold=st.booleans(), hours=st.integers(1, 30))
    def charge(self, patient, fen, use, hold, hours):
        self.charged(patient, fen, use, hours if hold else 0)

    @rule(patient=patients, fen=fens, use=uses)
    def settle(self, patient, fen, use):
        self.charged(patient, fen, use, 0)

    @rule(patient=patients, place=places, more=beside, use=uses)
    def settle_at_an_edge(self, patient, place, more, use):
        self.charged(patient, self.at_an_edge(patient, use, place, more), use, 0)

    @rule(
        patient=patients,
        place=places,
        more=beside,
        use=uses,
        ends=st.booleans(),
        takes=st.booleans(),
    )
    def hold_at_an_edge(self, patient, place, more, use, ends, takes):
        """Half of what is held is taken or let go before anything else happens."""
        made = self.charged(patient, self.at_an_edge(patient, use, place, more), use, 1)
        if made and ends:
            self.decide(made, takes)

    @rule(
        patient=patients,
        places=st.lists(st.tuples(places, beside), min_size=2, max_size=2),
        use=uses,
    )
    def settle_many_at_edges(self, patient, places, use):
        """Each is planned on what those before it left; the second, too, is beside an edge of what there was before both."""
        self.settled_many([(patient, self.at_an_edge(patient, use, *one), use) for one in places])

    def charged(self, patient, fen, use, hours):
        provider = self.world.pharmacy if use == "DRUG" else self.world.hospital
        bill, person = self.bill(fen, use), self.world.people[patient]
        planned = self.book.plan(patient, use, fen, self.now)
        hold_for = dt.timedelta(hours=hours)

        def do():
            asked = {"provider": provider, "patient": person, "bill": bill, "guarded": True}
            verb = holds.hold if hours else settlement.settle
            made = verb(**asked, **({"hold_for": hold_for} if hours else {}))
            return keyed.Done(201, made.reference, made)

        request = {
            "provider": provider,
            "key": f"key-{self.number:05d}",
            "verb": "charge",
            "body": bill.bill_no,
            "do": do,
            "refused": lambda error: keyed.Done(422, str(error.code)),
        }
        answer = keyed.once(**request)
        self.answers.append((request, (answer.status, answer.text, answer.settlement_id)))
        if no := self.book.refusal(patient, provider.pk, bill.bill_no):
            assert (answer.status, answer.text) == (422, no)
            return None
        assert (answer.status, answer.again) == (201, False)
        held = self.now + min(hold_for, holds.HOLD_FOR) if hours else None
        made = self.receipt(answer.settlement_id, patient, provider, bill, planned, held=held)
        self.is_as_planned(answer.settlement_id, patient, planned)
        return made

    @precondition(lambda self: self.answers)
    @rule(place=places)
    def ask_again_with_the_same_key(self, place):
        request, said = pick(self.answers, place)
        answer = keyed.once(**request)
        assert answer.again
        assert (answer.status, answer.text, answer.settlement_id) == said

    @rule(bills=st.lists(st.tuples(patients, fens, uses), min_size=2, max_size=3))
    def settle_many(self, bills):
        self.settled_many(bills)

    def settled_many(self, bills):
        provider = self.world.hospital
        items = [Item(self.world.people[who], self.bill(fen, use)) for who, fen, use in bills]
        made = batches.settle_many(provider=provider, items=items)
        for (who, fen, use), item, one in zip(bills, items, made, strict=True):
            no = self.book.refusal(who, provider.pk, item.bill.bill_no)
            assert (str(one.refused.code) if one.refused else None) == no
            if no is None:
                planned = self.book.plan(who, use, fen, self.now)
                self.receipt(one.settlement.pk, who, provider, item.bill, planned)
                self.is_as_planned(one.settlement.pk, who, planned)

    @rule(patient=patients, fen=fens, use=uses)
    def quote(self, patient, fen, use):
        provider, bill = self.world.hospital, self.bill(fen, use)
        asked = {"provider": provider, "patient": self.world.people[patient], "bill": bill}
        made, no = outcome(lambda: settlement.quote(**asked))
        assert no == self.book.refusal(patient, provider.pk, bill.bill_no)
        if made:
            planned = self.book.plan(patient, use, fen, self.now)
            assert made.cash_fen == planned[1]
            self.quotes.append((asked, patient, made, planned))

    @precondition(lambda self: self.quotes)
    @rule(place=places)
    def settle_what_was_quoted(self, place):
        asked, patient, expected, quoted = pick(self.quotes, place)
        bill, provider = asked["bill"], asked["provider"]
        planned = self.book.plan(patient, bill.use, bill.amount_fen, self.now)
        made, no = outcome(lambda: settlement.settle(**asked, expected=expected))
        wanted = self.book.refusal(patient, provider.pk, bill.bill_no)
        if wanted != "BILL_ALREADY_SETTLED" and self.now - bill.occurred_at > OLDEST:
            wanted = "BAD_BILL"
        assert no == (wanted or (None if planned == quoted else "DIFFERS"))
        if made:
            self.receipt(made.pk, patient, provider, bill, planned)

    # --- what becomes of them

    @precondition(lambda self: self.book.receipts)
    @rule(place=places, takes=st.booleans())
    def post_or_void(self, place, takes):
        held = [one for one in self.book.receipts.values() if one.state == "held"]
        self.decide(pick(held or self.book.receipts.values(), place), takes)

    def decide(self, one, takes):
        verb = holds.post if takes else holds.void
        wanted = None
        if one.state == "expired" or (takes and one.state == "held" and one.held_until <= self.now):
            wanted = "HOLD_OVER"
        elif one.state != "held":
            wanted = "WRONG_STATE"
        made, no = outcome(lambda: verb(provider=self.provider_of(one), settlement_id=one.pk))
        assert no == wanted
        if made and takes:
            self.book.post(one, self.now)
            self.told_settled(one)
        elif made:
            self.book.let_go(one, "voided")
        if made:
            self.did("settlement.post" if takes else "settlement.void")

    def provider_of(self, one):
        found = (self.world.hospital, self.world.pharmacy)
        return next(provider for provider in found if provider.pk == one.provider)

    @precondition(lambda self: self.book.receipts)
    @rule(place=places, fen=st.none() | fens)
    def give_back(self, place, fen):
        one = pick(self.book.receipts.values(), place)
        wanted = one.left if fen is None else fen
        no = None
        if one.state != "settled":
            no = "WRONG_STATE"
        elif not 1 <= wanted <= one.left:
            no = "REFUND_TOO_MUCH"
        elif self.now > one.settled_at + REFUNDABLE:
            no = "REFUND_TOO_LATE"
        elif self.book.closed_among(one, wanted):
            no = "ACCOUNT_CLOSED"
        made, said = outcome(
            lambda: refunds.reverse(
                provider=self.provider_of(one),
                settlement_id=one.pk,
                amount_fen=fen,
                by_key=self.world.key,
            )
        )
        assert said == no
        if made:
            cash, back = self.book.refund(one, wanted)
            rows = made.parts.values_list("deduction__position", "amount_fen")
            assert (made.cash_fen, {position - 1: part for position, part in rows}) == (cash, back)
            givers = {one.parts[at].tie for at in back} - {None}
            self.did("settlement.refund", "claims.refunded", *["claims.given_back"] * len(givers))

    @rule(minutes=st.sampled_from([5, 11, 180, 180, 26 * 60, 17 * 24 * 60]))
    def time_passes(self, minutes):
        self.traveller.shift(dt.timedelta(minutes=minutes))
        due = [
            one
            for one in self.book.receipts.values()
            if one.state == "held" and one.held_until <= self.now
        ]
        assert holds.expire_due() == len(due)
        for one in due:
            self.book.let_go(one, "expired")
            self.did("settlement.expire")
