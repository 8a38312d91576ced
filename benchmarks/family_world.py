"""Families that can pay: a child without an account, and three relatives who each pay a third of every bill.

    python -m benchmarks.within family_world FAMILIES

Rows are written as they stand after everybody agreed, on the published rules of Hangzhou, into an empty database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from claims import provider_keys
from claims.models import Provider
from family.models import (
    Binding,
    Channel,
    Consent,
    DeductionOrder,
    MoneyModel,
    OrderPlace,
    OrderVersion,
)
from family.moves import Side, State
from insurance import ledger
from insurance.models import Enrolment, InsuredPerson, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind

AREA = "330100"
SINCE = datetime(2025, 1, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OPENED = date(2020, 1, 1)
# Hangzhou splits accounts by years and lends the years gone by.
PART = AccountPart.PRIOR_YEARS
# What the child is to each of the three.
RELATIONS = ("child", "child", "paternal_grandchild")
# So much that no round uses it up.
BALANCE_FEN = 10**12
# The first two give no more for one bill; the third pays the rest, which is as much.
CAP_BILL_FEN = 1_000
AMOUNT_FEN = CAP_BILL_FEN * len(RELATIONS)
CAP_MONTH_FEN = BALANCE_FEN
USES = ["CARE", "DRUG"]
BATCH = 1_000


@dataclass(frozen=True)
class Family:
    child: InsuredPerson
    givers: tuple[InsuredPerson, ...]


def main(arguments: list[str]) -> int:
    """A world of so many families."""
    wanted = int(arguments[0])
    call_command("load_areas", verbosity=0)
    call_command("load_policies", "--publish", verbosity=0)
    provider = Provider.objects.create(
        code="H33010000001",
        name="样例医院",
        kind="institution",
        area_id=AREA,
        designated_from=OPENED,
    )
    provider_keys.issue(provider=provider, by=None)
    clerk = User.objects.create(name="经手人")
    for start in range(0, wanted, BATCH):
        with transaction.atomic():
            families = _families(start, min(BATCH, wanted - start))
            _open_accounts(families)
            _bind(families, clerk)
    return 0


def _families(start: int, count: int) -> list[Family]:
    each = 1 + len(RELATIONS)
    people = InsuredPerson.objects.bulk_create(
        InsuredPerson(
            person_number=f"B{number:08d}",
            name="样例",
            certificate=InsuredPerson.Certificate.PASSPORT,
            phone=f"154{number:08d}",
        )
        for number in range(start * each, (start + count) * each)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            person=one,
            area_id=AREA,
            scheme="employee" if place % each else "resident",
            person_type="in_service" if place % each else "resident",
            has_account=bool(place % each),
            starts_on=OPENED,
        )
        for place, one in enumerate(people)
    )
    starts = range(0, len(people), each)
    return [Family(people[one], tuple(people[one + 1 : one + each])) for one in starts]


def _open_accounts(families: Sequence[Family]) -> None:
    accounts = PersonalAccount.objects.bulk_create(
        PersonalAccount(person=giver, part=PART, area_id=AREA, opened_on=OPENED)
        for one in families
        for giver in one.givers
    )
    opening = [
        ledger.Line(
            kind=EntryKind.OPENING,
            amount_fen=BALANCE_FEN,
            posted_at=SINCE,
            source_kind="benchmark",
            source_ref="opening",
        )
    ]
    ledger.post_to_many(lines=[(account.pk, line) for account in accounts for line in opening])


def _bind(families: Sequence[Family], clerk: User) -> None:
    bindings = Binding.objects.bulk_create(
        _binding(one, place, relation)
        for one in families
        for place, relation in enumerate(RELATIONS)
    )
    Consent.objects.bulk_create(
        Consent(
            binding=one,
            side=side,
            person=person,
            channel=Channel.WEB,
            acted_by=clerk,
            letter="1",
            signed_name="样例",
            given_at=SINCE,
        )
        for one in bindings
        for side, person in ((Side.GIVER, one.giver), (Side.BENEFICIARY, one.beneficiary))
    )
    lists = DeductionOrder.objects.bulk_create(
        DeductionOrder(person=one.child, version=1) for one in families
    )
    versions = OrderVersion.objects.bulk_create(
        OrderVersion(
            order=one, number=1, reason="joined", channel=Channel.WEB, acted_by=clerk, made_at=SINCE
        )
        for one in lists
    )
    each = len(RELATIONS)
    OrderPlace.objects.bulk_create(
        OrderPlace(version=version, position=place + 1, binding=bindings[number * each + place])
        for number, version in enumerate(versions)
        for place in range(each)
    )


def _binding(one: Family, place: int, relation: str) -> Binding:
    giver = one.givers[place]
    last = place == len(RELATIONS) - 1
    return Binding(
        reference=f"GJ-BENCH-{giver.pk}",
        giver=giver,
        beneficiary=one.child,
        initiator=Side.GIVER,
        relation=relation,
        money_model=MoneyModel.DIRECT_DEBIT,
        giver_area_id=AREA,
        beneficiary_area_id=AREA,
        uses=USES,
        cap_bill_fen=None if last else CAP_BILL_FEN,
        cap_month_fen=CAP_MONTH_FEN,
        from_day=SINCE.date(),
        usable_from=SINCE,
        state=State.ACTIVE,
        state_since=SINCE,
    )
