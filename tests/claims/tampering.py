"""What somebody with the owner's rights could do to the world of `money_world`, each with the fault it must be named by."""

import datetime as dt
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F

from accounts import append_only
from accounts.models import AuditEntry
from claims.models import Deduction, KeyedRequest, Refund, RefundPart, Settlement, WalletTransfer
from family.models import (
    Binding,
    BindingEvent,
    CapUse,
    Consent,
    DeductionOrder,
    OrderPlace,
    OrderVersion,
)
from insurance import ledger
from insurance.models import LedgerEntry, PersonalAccount
from insurance.periods import Month
from tests.factories.insurance import at

LATER = at(2026, 11, 20)


@contextmanager
def tampered():
    """What somebody with the owner's rights on the database could do; afterwards all is as before."""
    with transaction.atomic():
        append_only.lift(connection)
        yield
        transaction.set_rollback(True)


def entry(world, name, tail):
    return LedgerEntry.objects.filter(source_ref=f"{world.made[name]}/{tail}")


def shares(world, name):
    return Deduction.objects.filter(settlement__reference=world.made[name])


def of(world, name):
    return Settlement.objects.filter(reference=world.made[name])


def binding(world, giver, beneficiary):
    return Binding.objects.filter(pk=world.ties[giver, beneficiary].pk)


def history(world, giver, beneficiary):
    return BindingEvent.objects.filter(binding=world.ties[giver, beneficiary])


def told(world, name, change):
    """Turns the explanation of a settlement by `change`."""
    row = of(world, name).get()
    change(row.told)
    row.save(update_fields=["told"])


def move_on(world, giver, beneficiary, state):
    """As if the binding had gone into another state before the bills came."""
    bound = binding(world, giver, beneficiary)
    events = history(world, giver, beneficiary)
    events.filter(to_state="active").update(to_state=state)
    bound.update(state=state, paused_by="giver")


def change_event(world, giver, beneficiary, moment, **details):
    """The giver has changed the terms, by what is written."""
    bound = binding(world, giver, beneficiary)
    bound.update(version=F("version") + 1)
    one = bound.get()
    BindingEvent.objects.create(
        binding=one,
        number=one.version,
        move="change",
        from_state=one.state,
        to_state=one.state,
        side="giver",
        channel="web",
        details=details,
        happened_at=moment,
    )


def copy_of(row, **changes):
    """The row once more, with a key of its own."""
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def reserve_elsewhere(world):
    """The money that Dan set aside, let go without the binding knowing."""
    account = PersonalAccount.objects.get(person=world.people["dan"])
    ledger.release(account_id=account.pk, amount_fen=1, source_kind="family_limit", source_ref="x")


def hold_elsewhere(world):
    account = PersonalAccount.objects.get(person=world.people["dan"])
    ledger.hold(
        account_id=account.pk, amount_fen=1, source_kind="settlement", source_ref="x/1/hold"
    )


def spend_without_receipt(world):
    account = PersonalAccount.objects.get(person=world.people["dan"])
    ledger.post(
        account_id=account.pk,
        kind="spend_aid",
        amount_fen=-1,
        source_kind="settlement",
        source_ref="GJ-2026-1116-0000-0000-0/1",
    )


def refund_without_receipt(world):
    account = PersonalAccount.objects.get(person=world.people["dan"])
    ledger.post(
        account_id=account.pk,
        kind="refund",
        amount_fen=1,
        source_kind="refund",
        source_ref="GJ-2026-1116-0000-0000-0/1",
    )


def wallet_without_transfer(world):
    account = PersonalAccount.objects.get(person=world.people["dan"])
    ledger.post(
        account_id=account.pk,
        kind="wallet_in",
        amount_fen=1,
        source_kind="wallet_transfer",
        source_ref="GJ-2026-1116-0000-0000-0",
    )


def credit_again(world):
    """A second account of the same person takes the same month once more."""
    first = LedgerEntry.objects.filter(source_kind="credit").order_by("pk").first()
    person = first.account.person
    area = first.account.area
    PersonalAccount.objects.filter(pk=first.account_id).update(closed_on=dt.date(2026, 11, 1))
    again = PersonalAccount.objects.create(
        person=person, part="whole", area=area, opened_on=dt.date(2026, 11, 2)
    )
    ledger.post(
        account_id=again.pk,
        kind=first.kind,
        amount_fen=first.amount_fen,
        for_month=first.for_month,
        source_kind=first.source_kind,
        source_ref=first.source_ref,
    )


def gone(rows):
    """Deleted past everything that refers to them."""
    rows._raw_delete(rows.db)


def swap_givers(rows):
    rows[2], rows[-1] = rows[-1], rows[2]


def last_gives(rows):
    """The first payer is said to have been asked no further, and yet the next one gave."""
    rows[0]["stop"] = "bill_paid"


def barred_gives(rows):
    rows[-1]["stop"] = "frozen"


# By check: what somebody does to the world, and the fault that must be named. `...` as the subject is any.
CORRUPTIONS = {
    "ledger": [
        (lambda w: entry(w, "ann", "1").update(balance_after_fen=7), "balance"),
        (lambda w: gone(entry(w, "ann", "1")), "account"),
        (lambda w: PersonalAccount.objects.filter(part="wallet").update(balance_fen=1), "account"),
    ],
    "sums": [
        (lambda w: shares(w, "ann").filter(position=2).update(amount_fen=1), "paid"),
        (lambda w: shares(w, "ann").filter(position=2).update(position=5), "position"),
        (lambda w: of(w, "ann").update(refunded_fen=1), "refunded"),
        (lambda w: of(w, "refunded").update(state="voided"), "refund_state"),
        (
            lambda w: Refund.objects.filter(amount_fen=200).update(cash_fen=F("amount_fen")),
            "refund_parts",
        ),
        (
            lambda w: shares(w, "refunded").filter(position=1).update(refunded_fen=1),
            "refunded_share",
        ),
    ],
    "conservation": [
        (lambda w: entry(w, "ann", "1").update(amount_fen=-1), "entry"),
        (lambda w: entry(w, "ann", "1").update(source_ref="x"), "entry"),
        (
            lambda w: (
                shares(w, "ann").filter(position=2).update(account=shares(w, "ann")[0].account_id)
            ),
            "entry",
        ),
        (spend_without_receipt, "unowned"),
        (refund_without_receipt, "unowned"),
        (lambda w: of(w, "ann").update(state="voided"), "wrong_state"),
        (lambda w: RefundPart.objects.update(amount_fen=F("amount_fen") + 1), "other_amount"),
        (lambda w: entry(w, "voided", "1/free").update(held_change_fen=-1), "other_amount"),
        (
            lambda w: of(w, "cai").update(paid_fen=F("paid_fen") - 1, cash_fen=F("cash_fen") + 1),
            "total",
        ),
    ],
    "transfers": [
        (lambda w: WalletTransfer.objects.update(amount_fen=F("amount_fen") + 1), "transfer_out"),
        (lambda w: WalletTransfer.objects.update(returned_fen=199), "transfer_returned"),
        (lambda w: WalletTransfer.objects.update(binding=w.ties["bob", "ann"]), "transfer_giver"),
        (wallet_without_transfer, "unowned"),
    ],
    "limits": [
        (
            lambda w: CapUse.objects.filter(binding=w.ties["bob", "ann"]).update(used_fen=1),
            "cap_use",
        ),
        (lambda w: CapUse.objects.filter(binding=w.ties["bob", "cai"]).delete(), "cap_use"),
        (lambda w: CapUse.objects.update(month=Month.of(2026, 10)), "cap_use"),
        (lambda w: binding(w, "dan", "cai").update(limit_used_fen=1), "limit_used"),
        (reserve_elsewhere, "reserved"),
        (lambda w: binding(w, "dan", "cai").update(state="ended"), "reserved"),
        (hold_elsewhere, "held"),
    ],
    "caps": [
        (lambda w: binding(w, "bob", "ann").update(cap_month_fen=999), "month_cap"),
        (
            lambda w: change_event(w, "bob", "ann", LATER, cap_month_fen=[999, 3_000]),
            "month_cap",
        ),
    ],
    "order": [
        (lambda w: told(w, "cai", swap_givers), "told"),
        (lambda w: told(w, "cai", lambda rows: rows.pop()), "told"),
        (lambda w: told(w, "cai", last_gives), "out_of_turn"),
        (lambda w: told(w, "cai", barred_gives), "out_of_turn"),
        (
            lambda w: told(w, "ann", lambda rows: rows[-1].update(stop="bill_paid")),
            "cash_too_early",
        ),
        (lambda w: entry(w, "ann", "1").update(balance_after_fen=1), "not_used_up"),
        (lambda w: of(w, "cai").update(order_version=1), "order_places"),
        (lambda w: OrderVersion.objects.update(made_at=LATER), "order_version"),
        (lambda w: DeductionOrder.objects.update(version=9), "order_gap"),
        (lambda w: OrderPlace.objects.filter(position=1).update(position=7), "order_place_gap"),
    ],
    "consent": [
        (lambda w: Consent.objects.filter(side="giver").delete(), "consent_giver"),
        (lambda w: Consent.objects.filter(side="beneficiary").delete(), "consent_beneficiary"),
        (lambda w: Consent.objects.update(given_at=LATER), "consent_late"),
        (lambda w: Consent.objects.update(person=w.people["eve"]), "consent_giver"),
        (lambda w: move_on(w, "bob", "ann", "paused"), "state"),
        (lambda w: history(w, "bob", "ann").update(happened_at=LATER), "state"),
        (lambda w: binding(w, "bob", "ann").update(usable_from=LATER), "cooling_down"),
        (lambda w: binding(w, "bob", "ann").update(to_day=dt.date(2026, 11, 15)), "days"),
        (lambda w: binding(w, "bob", "ann").update(from_day=dt.date(2026, 11, 17)), "days"),
        (lambda w: binding(w, "bob", "ann").update(uses=["DRUG"]), "use"),
        (lambda w: binding(w, "bob", "cai").update(cap_bill_fen=1), "bill_cap"),
        (lambda w: change_event(w, "bob", "cai", LATER, cap_bill_fen=[1, 700]), "bill_cap"),
        (lambda w: shares(w, "ann").update(month=Month.of(2026, 10)), "month"),
        (lambda w: shares(w, "ann").filter(position=2).update(binding=None), "own_account"),
        (lambda w: binding(w, "bob", "ann").update(giver=w.people["eve"]), "parties"),
    ],
    "histories": [
        (lambda w: history(w, "bob", "ann").filter(number=2).update(number=3), "event_number"),
        (lambda w: history(w, "bob", "ann").filter(number=2).delete(), "binding_state"),
        (
            lambda w: history(w, "bob", "ann").filter(number=2).update(from_state="paused"),
            "event_state",
        ),
        (lambda w: binding(w, "bob", "ann").update(state="ended"), "binding_state"),
    ],
    "keys": [
        (lambda w: copy_of(KeyedRequest.objects.get(), key="another-key"), "two_keys"),
        (lambda w: KeyedRequest.objects.update(settlement=of(w, "cai").get()), "answer"),
        (lambda w: KeyedRequest.objects.update(provider=w.pharmacy), "other_provider"),
    ],
    "credits": [
        (credit_again, "credit_twice"),
        (
            lambda w: LedgerEntry.objects.filter(source_kind="credit").update(source_ref="x"),
            "credit_ref",
        ),
        (
            lambda w: LedgerEntry.objects.filter(source_kind="credit").update(kind="interest"),
            "credit_kind",
        ),
    ],
    "trail": [
        (lambda w: AuditEntry.objects.filter(action="settlement.settle").delete(), "audit"),
        (lambda w: copy_of(AuditEntry.objects.filter(action="settlement.refund")[0]), "audit"),
        (lambda w: of(w, "held").update(held_until=None, state="settled"), "audit"),
    ],
}
