"""The operations of a stream, done by the verbs that the desk, the machines and the pages call.

What comes out is an acknowledgement: what a caller would have been told, and by which rows it can be found again.
"""

import datetime as dt
import json
from dataclasses import replace
from random import Random

from django.utils import timezone

from accounts import sealing, sms
from claims import batches, holds, keyed, refunds, settlement, wallets
from claims.batches import Item
from claims.bills import Bill, canonical
from claims.models import KeyedRequest, ProviderKey, Settlement, WalletTransfer
from claims.refusals import Refused
from family import changing, orders
from family.models import Binding, Channel, OrderVersion
from family.moves import State
from insurance import ledger, sealed_ledger
from insurance.models import InsuredPerson
from insurance.models.ledger import EntryKind
from tests.factories.agreeing import login_of
from tests.proof.soak import world as worlds
from tests.proof.soak.acknowledged import Answer
from tests.proof.soak.stream import CAPS, HOLD_SECONDS, MOST_FEN

# A credit for about four bills, and for what batches take besides: so accounts are neither full nor empty for long.
CREDIT_TIMES = 4
SEAL_AFTER = dt.timedelta(seconds=5)


class Nothing(Exception):
    """The operation came back to something that isn't there: no act, and no acknowledgement."""


class Acts:
    """In one process, on one world. `at` is the provider's moment of the bill, an ISO text: a second asking has the same."""

    def __init__(self, world, *, bills=0):
        self.world, self.bills = world, bills
        self.providers = worlds.providers_of(world)
        keys = ProviderKey.objects.in_bulk(world.provider_keys)
        self.keys = [keys[pk] for pk in world.provider_keys]
        people = {*world.patients} | {one.giver for one in world.pairs}
        self.people = InsuredPerson.objects.in_bulk(people)
        self.logins = {pk: login_of(one) for pk, one in self.people.items()}

    def perform(self, op, at):
        return getattr(self, f"_{op.verb}")(op, at)

    def ask_again(self, op, at):
        """The same request once more; only for what has a key. None for what has none."""
        return self.perform(op, at) if op.verb in KEYED else None

    def _settle(self, op, at, expected=None):
        bill = self._bill(op, at)

        def do():
            made = settlement.settle(
                provider=self._provider(op),
                patient=self._patient(op),
                bill=bill,
                by_key=self._key(op),
                expected=expected,
                guarded=True,
            )
            return keyed.Done(201, _told(made), made)

        return self._once(op, "settle", _body(bill, self._patient(op)), do)

    def _quote_settle(self, op, at):
        try:
            quote = settlement.quote(
                provider=self._provider(op), patient=self._patient(op), bill=self._bill(op, at)
            )
        except Refused:
            quote = None  # asked again after it was settled: the key has the answer
        return self._settle(op, at, quote)

    def _hold(self, op, at):
        bill = self._bill(op, at)
        seconds = HOLD_SECONDS[op.choice % len(HOLD_SECONDS)]

        def do():
            made = holds.hold(
                provider=self._provider(op),
                patient=self._patient(op),
                bill=bill,
                by_key=self._key(op),
                hold_for=dt.timedelta(seconds=seconds),
                guarded=True,
            )
            return keyed.Done(201, _told(made), made)

        return self._once(op, "hold", _body(bill, self._patient(op)), do)

    def _post(self, op, at):
        return self._on_held(op, "post", holds.post)

    def _void(self, op, at):
        return self._on_held(op, "void", holds.void)

    def _on_held(self, op, name, verb):
        found = self._settled_by(op)

        def do():
            made = verb(provider=self._provider(op), settlement_id=found.pk, by_key=self._key(op))
            return keyed.Done(200, json.dumps({"ref": made.reference, "state": made.state}), made)

        return self._once(op, name, canonical({"of": op.about}), do)

    def _refund(self, op, at):
        found = self._settled_by(op)
        # Half of them take back all that is left.
        amount = None if op.choice % 2 else 1 + op.choice % found.amount_fen

        def do():
            made = refunds.reverse(
                provider=self._provider(op),
                settlement_id=found.pk,
                amount_fen=amount,
                by_key=self._key(op),
            )
            told = {"refund": made.reference, "amount": made.amount_fen, "cash": made.cash_fen}
            return keyed.Done(201, json.dumps(told), found)

        return self._once(op, "refund", canonical({"of": op.about, "amount": amount}), do)

    def _credit(self, op, at):
        times = CREDIT_TIMES + self.bills
        account = self.world.accounts[op.account]
        made = ledger.post(
            account_id=account,
            kind=EntryKind.CREDIT_OWN,
            amount_fen=op.amount_fen * times,
            source_kind="soak",
            source_ref=op.key,
        )
        rows = ((("insurance.LedgerEntry"), {"account": account, "source_ref": op.key}),)
        return Answer(200, str(made.sequence), rows=rows)

    def _wallet(self, op, at):
        pair = self._pair(op)
        made = wallets.transfer(
            binding_id=self._binding(pair).pk,
            person=self.people[pair.giver],
            amount_fen=op.amount_fen,
            **self._pressed(pair.giver),
        )
        rows = (("claims.WalletTransfer", {"reference": made.reference}),)
        return Answer(201, made.reference, rows=rows)

    def _wallet_back(self, op, at):
        pair = self._pair(op)
        last = WalletTransfer.objects.filter(
            binding__giver=pair.giver, binding__beneficiary=pair.beneficiary
        ).first()
        if last is None:
            raise Nothing
        made = wallets.give_back(
            transfer_id=last.pk,
            person=self.people[pair.beneficiary],
            amount_fen=op.amount_fen,
            **self._pressed(pair.beneficiary),
        )
        return Answer(200, str(made.returned_fen))

    def _reorder(self, op, at):
        person = self._patient(op)
        listed = list(orders.current(person.pk))
        Random(op.choice).shuffle(listed)
        holds_now = OrderVersion.objects.filter(order__person=person).order_by("number").last()
        if holds_now is None:
            raise Nothing
        made = orders.reorder(
            person=person,
            binding_ids=listed,
            expected_version=holds_now.number,
            **self._pressed(person.pk),
        )
        rows = (("family.OrderVersion", {"order__person": person.pk, "number": made.number}),)
        return Answer(200, str(made.number), rows=rows)

    def _pause(self, op, at):
        pair = self._pair(op)
        made = changing.pause(
            binding_id=self._binding(pair).pk,
            person=self.people[pair.giver],
            **self._pressed(pair.giver),
        )
        return _moved(made)

    def _resume(self, op, at):
        """Of all that is paused the one that its number falls on: else everything would be paused in the end."""
        paused = list(Binding.objects.filter(state=State.PAUSED).order_by("pk"))
        if not paused:
            raise Nothing
        one = paused[op.choice % len(paused)]
        made = changing.resume(
            binding_id=one.pk,
            person=self.people[one.giver_id],
            **self._pressed(one.giver_id),
        )
        return _moved(made)

    def _cap(self, op, at):
        pair = self._pair(op)
        binding = self._binding(pair)
        terms = replace(
            changing.Terms.of(binding),
            cap_month_fen=(CAPS * 2)[op.choice % 7],
            cap_bill_fen=CAPS[op.choice % 4],
        )
        made = changing.change(
            binding_id=binding.pk,
            person=self.people[pair.giver],
            terms=terms,
            **self._pressed(pair.giver),
        )
        return _moved(made)

    def _end(self, op, at):
        pair = self._pair(op)
        made = changing.end(
            binding_id=self._binding(pair).pk,
            person=self.people[pair.beneficiary],
            **self._pressed(pair.beneficiary),
        )
        return _moved(made)

    def _bind(self, op, at):
        """Whoever has ended binds again, or takes the end back while that is possible."""
        for pair in self.world.pairs:
            if worlds.live_binding(pair) is not None:
                continue
            ended = Binding.objects.filter(
                giver=pair.giver, beneficiary=pair.beneficiary, state=State.ENDED
            ).last()
            if ended and op.choice % 2:
                made = changing.undo(
                    binding_id=ended.pk,
                    person=self.people[pair.beneficiary],
                    **self._pressed(pair.beneficiary),
                )
                return _moved(made)
            return _moved(worlds.bind(pair))
        raise Nothing

    def _expire(self, op, at):
        return Answer(200, str(holds.expire_due()))

    def _deliver(self, op, at):
        return Answer(200, str(sms.deliver_waiting(most=20)))

    def _seal(self, op, at):
        return Answer(200, str(sealing.seal(sealed_ledger.LOG, now=timezone.now() - SEAL_AFTER)))

    def _batch(self, op, at):
        draw = Random(op.choice)
        items = [
            Item(
                self.people[draw.choice(self.world.patients)],
                Bill("CARE", draw.randint(1, MOST_FEN), f"{op.key}-{place}", _moment(at)),
            )
            for place in range(self.bills)
        ]
        if self._provider(op).kind == "pharmacy":
            items = [Item(one.patient, replace(one.bill, use="DRUG")) for one in items]
        made = batches.settle_many(provider=self._provider(op), items=items, by_key=self._key(op))
        found = [one.settlement.reference for one in made if one.settlement]
        rows = tuple(("claims.Settlement", {"reference": one}) for one in found)
        return Answer(200, str(len(found)), rows=rows, bills=len(items), settled=len(found))

    def _once(self, op, verb, body, do):
        provider = self._provider(op)
        got = keyed.once(
            provider=provider,
            key=op.key,
            verb=verb,
            body=body,
            do=do,
            refused=lambda error: keyed.Done(409, json.dumps({"code": str(error.code)})),
        )
        return Answer(
            got.status,
            got.text,
            key=op.key,
            provider=provider.pk,
            request=(verb, body),
            settled=int(verb == "settle" and got.status == 201),
            again=got.again,
        )

    def _settled_by(self, op):
        """What the operation that it is about made, or `Nothing`."""
        found = KeyedRequest.objects.filter(provider=self._provider(op), key=op.about)
        pk = found.values_list("settlement", flat=True).first()
        if pk is None:
            raise Nothing
        return Settlement.objects.get(pk=pk)

    def _bill(self, op, at):
        use = "DRUG" if self._provider(op).kind == "pharmacy" else op.use
        return Bill(use, op.amount_fen, op.key, _moment(at))

    def _provider(self, op):
        return self.providers[op.provider]

    def _key(self, op):
        return self.keys[op.provider]

    def _patient(self, op):
        return self.people[self.world.patients[op.patient]]

    def _pair(self, op):
        return self.world.pairs[op.pair]

    def _binding(self, pair):
        found = worlds.live_binding(pair)
        if found is None:
            raise Nothing
        return found

    def _pressed(self, person_id):
        return {"by": self.logins[person_id], "channel": Channel.WEB}


KEYED = frozenset({"settle", "quote_settle", "hold", "post", "void", "refund"})


def _moment(at):
    return dt.datetime.fromisoformat(at)


def _told(made):
    return json.dumps({"ref": made.reference, "paid": made.paid_fen, "cash": made.cash_fen})


def _body(bill, patient):
    return canonical(
        {
            "patient": patient.pk,
            "use": bill.use,
            "amount": bill.amount_fen,
            "bill_no": bill.bill_no,
            "at": bill.occurred_at.isoformat(),
        }
    )


def _moved(binding):
    row = {"binding": binding.pk, "number": binding.version}
    return Answer(200, f"{binding.pk} {binding.version}", rows=(("family.BindingEvent", row),))
