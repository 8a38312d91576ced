"""Which verbs meet: pairs and triples on one family's money."""

from dataclasses import replace

from claims import holds, keyed, refunds, settlement
from family import changing, orders
from family.models import Channel
from insurance import ledger
from insurance.models.ledger import EntryKind
from tests.proof.soak import families


def settling(patient, amount_fen, name):
    def job(family):
        bill = family.bill(amount_fen, name)
        who = getattr(family, patient)
        return lambda: settlement.settle(provider=family.provider, patient=who, bill=bill)

    return job


mine = settling("me", 40_000, "mine")
small = settling("me", 12_500, "small")
sisters = settling("sister", 45_000, "sisters")
wifes = settling("wife", 55_000, "wifes")


def keyed_twice(family):
    """Both ask with the same key."""
    bill = family.bill(13_000, "keyed")

    def do():
        made = settlement.settle(
            provider=family.provider, patient=family.me, bill=bill, guarded=True
        )
        return keyed.Done(201, str(made.paid_fen), made)

    key = f"key-{family.me.pk:08d}"
    return lambda: (
        keyed.once(provider=family.provider, key=key, verb="settle", body="{}", do=do).text
    )


def reordering(family):
    return lambda: orders.reorder(
        person=family.me,
        binding_ids=[family.by_father.pk, family.by_wife.pk],
        expected_version=2,
        channel=Channel.WEB,
        by=family.login,
    )


def by_wife(family):
    return {"by": family.wife_login, "channel": Channel.WEB}


def pausing(family):
    return lambda: changing.pause(
        binding_id=family.by_wife.pk, person=family.wife, **by_wife(family)
    )


def pausing_all(family):
    return lambda: changing.pause_all(person=family.wife, **by_wife(family))


def ending(family):
    return lambda: changing.end(binding_id=family.by_wife.pk, person=family.wife, **by_wife(family))


def capping(family):
    terms = replace(changing.Terms.of(family.by_wife), cap_month_fen=2_000)
    return lambda: changing.change(
        binding_id=family.by_wife.pk, person=family.wife, terms=terms, **by_wife(family)
    )


def refunding(family):
    return lambda: refunds.reverse(
        provider=family.provider, settlement_id=family.settled.pk, amount_fen=5_000
    )


def expiring(family):
    return lambda: holds.expire_due()


def posting(family):
    return lambda: holds.post(provider=family.provider, settlement_id=family.held.pk)


def voiding(family):
    return lambda: holds.void(provider=family.provider, settlement_id=family.held.pk)


def holding(family):
    bill = family.bill(20_000, "hold")
    return lambda: holds.hold(provider=family.provider, patient=family.me, bill=bill)


def crediting(family):
    account = family.wife.accounts.get()
    return lambda: ledger.post(
        account_id=account.pk,
        kind=EntryKind.CREDIT_OWN,
        amount_fen=3_000,
        source_kind="soak",
        source_ref="month",
    )


def nothing(family):
    """As the family was made."""


# Name → (what happened before, who meets). The couple pay for each other.
SCENARIOS = {
    "settle|settle shared giver": (nothing, (mine, sisters)),
    "settle|settle same patient": (nothing, (mine, small)),
    "settle|settle couple": (nothing, (mine, wifes)),
    "settle|settle same key": (nothing, (keyed_twice, keyed_twice)),
    "settle|reorder": (nothing, (mine, reordering)),
    "settle|pause": (nothing, (mine, pausing)),
    "settle|pause all": (nothing, (sisters, pausing_all)),
    "settle|cap": (nothing, (mine, capping)),
    "settle|refund": (families.with_settlement, (small, refunding)),
    "settle|expire": (families.with_hold, (mine, expiring)),
    "credit|settle": (nothing, (crediting, sisters)),
    "end|settle": (nothing, (ending, mine)),
    "refund|refund": (families.with_settlement, (refunding, refunding)),
    "post|void": (families.with_fresh_hold, (posting, voiding)),
    "post|settle": (families.with_fresh_hold, (posting, sisters)),
    "settle|settle|settle": (nothing, (mine, sisters, wifes)),
    "settle|refund|cap": (families.with_settlement, (sisters, refunding, capping)),
    "settle|reorder|pause": (nothing, (mine, reordering, pausing)),
    "hold|settle|credit": (nothing, (holding, sisters, crediting)),
    "end|settle|refund": (families.with_settlement, (ending, small, refunding)),
}
