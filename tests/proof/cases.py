"""Every verb that moves money, each as often as asked for: a case is made, done, and cleared away so that the next finds the same."""

from dataclasses import dataclass, replace
from itertools import count

from django.utils import timezone

from claims import batches, holds, keyed, patients, refunds, settlement, vouchers, wallets
from claims.batches import Item
from claims.models import Settlement, WalletTransfer
from family import changing
from family.changing import Terms
from family.models import Binding
from insurance import credits, ledger
from insurance.ledger import Line
from insurance.models import CreditRun, LedgerEntry
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories.claims import make_bill

numbers = count(1)
# Ann's own 200 yuan, 30 of Bob's by his monthly cap, 40 of Dan's limit, and 5 in cash.
BILL_FEN = 27_500


@dataclass(frozen=True)
class Case:
    """`call` is asked again with the same content by whoever doesn't know; `clear` is for the next case."""

    call: object
    clear: object = lambda: None


class Cases:
    """`make(name)` for each of `NAMES`."""

    def __init__(self, world):
        self.world = world
        self.hospital, self.ann = world.hospital, world.people["ann"]

    def make(self, name):
        return getattr(self, name)()

    # --- bills

    def _once(self, verb, do):
        """As a provider's machine asks: with a key, which stays the same when it asks again."""
        key = f"key-{next(numbers):06d}"

        def call():
            return keyed.once(
                provider=self.hospital,
                key=key,
                verb=verb,
                body=key,
                do=lambda: keyed.Done(201, "", do()),
            )

        return call

    def _bill(self, fen=BILL_FEN):
        return make_bill(fen, bill_no=f"C{next(numbers):06d}")

    def _give_back(self, bill_no):
        """What the case took, if it is there."""
        for pk in Settlement.objects.filter(bill_no=bill_no, state="settled").values_list(
            "pk", flat=True
        ):
            refunds.reverse(provider=self.hospital, settlement_id=pk)

    def settle_with_a_key_and_a_voucher(self):
        bill, code = self._bill(), vouchers.show(person=self.ann)

        def do():
            patient = patients.by_voucher(code).person
            return settlement.settle(
                provider=self.hospital, patient=patient, bill=bill, guarded=True
            )

        return Case(self._once("settle", do), lambda: self._give_back(bill.bill_no))

    def settle(self):
        bill = self._bill()
        asked = {"provider": self.hospital, "patient": self.ann, "bill": bill}
        return Case(lambda: settlement.settle(**asked), lambda: self._give_back(bill.bill_no))

    def settle_what_was_quoted(self):
        bill = self._bill()
        asked = {"provider": self.hospital, "patient": self.ann, "bill": bill}
        quoted = settlement.quote(**asked)
        return Case(
            lambda: settlement.settle(**asked, expected=quoted),
            lambda: self._give_back(bill.bill_no),
        )

    def settle_many(self):
        bills = [self._bill(), self._bill(1_000), self._bill(50)]
        who = [self.ann, self.world.people["cai"], self.ann]
        items = [Item(one, bill) for one, bill in zip(who, bills, strict=True)]

        def clear():
            for bill in reversed(bills):
                self._give_back(bill.bill_no)

        return Case(lambda: batches.settle_many(provider=self.hospital, items=items), clear)

    # --- holds

    def _held(self):
        return holds.hold(provider=self.hospital, patient=self.ann, bill=self._bill())

    def _ended(self, verb, do):
        """A hold, and a call with a key that ends it."""
        made = self._held()
        asked = {"provider": self.hospital, "settlement_id": made.pk}

        def ask():
            do(**asked)
            return made

        return Case(self._once(verb, ask), lambda: self._give_back(made.bill_no))

    def hold(self):
        bill = self._bill()

        def do():
            return holds.hold(provider=self.hospital, patient=self.ann, bill=bill, guarded=True)

        def clear():
            made = Settlement.objects.get(bill_no=bill.bill_no)
            holds.void(provider=self.hospital, settlement_id=made.pk)

        return Case(self._once("hold", do), clear)

    def post(self):
        return self._ended("post", holds.post)

    def void(self):
        return self._ended("void", holds.void)

    def expire(self):
        self._held()
        later = timezone.now() + holds.HOLD_FOR
        return Case(lambda: holds.expire_due(now=later))

    # --- back

    def _settled(self):
        return settlement.settle(provider=self.hospital, patient=self.ann, bill=self._bill())

    def refund(self):
        return self._refund(None)

    def refund_of_a_part(self):
        return self._refund(1_500)

    def _refund(self, fen):
        made = self._settled()

        def do():
            refunds.reverse(provider=self.hospital, settlement_id=made.pk, amount_fen=fen)
            return made

        clear = (lambda: None) if fen is None else (lambda: self._give_back(made.bill_no))
        return Case(self._once("refund", do), clear)

    def wallet_transfer(self):
        """Without a key: whoever doesn't know looks whether it is there."""
        binding = self.world.ties["eve", "ann"]
        before = set(WalletTransfer.objects.values_list("pk", flat=True))

        def made():
            return WalletTransfer.objects.exclude(pk__in=before).first()

        def call():
            return made() or wallets.transfer(
                binding_id=binding.pk,
                person=self.world.people["eve"],
                amount_fen=500,
                **self.world.pressed("eve"),
            )

        return Case(call, lambda: self._return(made().pk))

    def wallet_return(self):
        made = self.wallet_transfer().call()

        def call():
            made.refresh_from_db()
            return made if made.returned_fen else self._return(made.pk)

        return Case(call)

    def _return(self, pk):
        pressed = self.world.pressed("ann")
        return wallets.give_back(transfer_id=pk, person=self.ann, **pressed)

    # --- the ledger alone

    def _source(self):
        return {"source_kind": "proof", "source_ref": f"case-{next(numbers)}"}

    def _account(self, name, part="whole"):
        return self.world.people[name].accounts.get(part=part, closed_on=None).pk

    def ledger_post(self):
        account_id, source = self._account("eve"), self._source()

        def post(fen, kind, source):
            return ledger.post(account_id=account_id, amount_fen=fen, kind=kind, **source)

        return Case(
            lambda: post(700, EntryKind.INTEREST, source),
            lambda: post(-700, EntryKind.SPEND_CARE, self._source()),
        )

    def ledger_post_to_many(self):
        accounts = [self._account("eve"), self._account("ann")]

        def lines(fen, kind):
            return [(pk, Line(kind=kind, amount_fen=fen, **self._source())) for pk in accounts]

        came = lines(700, EntryKind.INTEREST)
        went = lines(-700, EntryKind.SPEND_CARE)
        return Case(
            lambda: ledger.post_to_many(lines=came), lambda: ledger.post_to_many(lines=went)
        )

    def ledger_post_many(self):
        account_id = self._account("eve")
        came = [Line(kind=EntryKind.INTEREST, amount_fen=fen, **self._source()) for fen in (3, 4)]
        went = [Line(kind=EntryKind.SPEND_CARE, amount_fen=-7, **self._source())]
        return Case(
            lambda: ledger.post_many(account_id=account_id, lines=came),
            lambda: ledger.post_many(account_id=account_id, lines=went),
        )

    def ledger_reverse(self):
        made = self.ledger_post().call()
        ref = self._source()["source_ref"]
        return Case(lambda: ledger.reverse(entry_id=made.pk, source_ref=ref))

    def ledger_transfer(self):
        one, other = self._account("bob", "current_year"), self._account("bob", "prior_years")
        ref, back = self._source()["source_ref"], self._source()["source_ref"]

        def move(giving, taking, ref):
            return ledger.transfer(
                from_account_id=giving, to_account_id=taking, amount_fen=30, source_ref=ref
            )

        return Case(lambda: move(one, other, ref), lambda: move(other, one, back))

    def credits(self):
        """A month that nobody had yet; what it brought is spent again."""
        month = Month.of(2020, 1) + CreditRun.objects.count()

        def call():
            CreditRun.objects.get_or_create(month=month.index, defaults={"day": month.first_day})
            # In one lane: what is broken off is the test's own connection.
            list(credits.post_all(CreditRun.objects.get(month=month.index), lanes=False))

        def clear():
            for one in LedgerEntry.objects.filter(for_month=month.index):
                ledger.post(
                    account_id=one.account_id,
                    amount_fen=-one.amount_fen,
                    kind=EntryKind.SPEND_CARE,
                    **self._source(),
                )

        return Case(call, clear)

    # --- limits of bindings

    def _press(self, verb, pk, name, **more):
        people = self.world.people
        return verb(binding_id=pk, person=people[name], **self.world.pressed(name), **more)

    def _proposed(self):
        return self.world.propose("dan", "bob", limit_fen=900)

    def confirm(self):
        made = self._proposed()
        return Case(
            lambda: self.world.confirm(made.pk, "bob"),
            lambda: self._press(changing.end, made.pk, "bob"),
        )

    def end(self):
        made = self.world.confirm(self._proposed().pk, "bob")
        return Case(lambda: self._press(changing.end, made.pk, "dan"))

    def change_of_a_limit(self):
        pk = self.world.ties["dan", "cai"].pk
        now = Terms.of(Binding.objects.get(pk=pk))

        def change(terms):
            return self._press(changing.change, pk, "dan", terms=terms)

        return Case(lambda: change(replace(now, limit_fen=3_600)), lambda: change(now))
