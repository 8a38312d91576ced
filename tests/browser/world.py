"""The people who look at the pages, and what there is to see."""

import datetime as dt

from django.utils import timezone

from claims import refunds, settlement
from claims.models import Settlement
from family import adding, bindings, letter
from family.models import Binding, Channel, GrantKind
from family.moves import Side, State
from insurance.models import InsuredPerson, PoolingArea
from tests import cast
from tests.factories import claims, family, insurance, reading
from tests.factories.rules import publish_all

DALIAN = "210200"
# Of a binding by which the citizen uses somebody's money, and of one the other way round.
USED, GIVEN = "GJ-2026-0105-0042-0001-7", "GJ-2026-0105-0042-0002-5"
# Paused by the citizen; proposed by the citizen; to the citizen, as somebody who uses money and as somebody who gives it.
PAUSED, PROPOSED = "GJ-2026-0105-0042-0003-3", "GJ-2026-0105-0042-0004-1"
OFFERED, WANTED = "GJ-2026-0105-0042-0005-0", "GJ-2026-0105-0042-0006-8"
SISTER_ID, BROTHER_ID = (
    insurance.make_id_number(area="210000", born="19780101", sequence=one) for one in (51, 52)
)
# Whom the citizen helps.
HELPED = "6f1d5a0e-3c1b-4a53-9a36-1d3f0c5e7a21"
# A proposal for a child.
ASKED = "GJ-2026-1116-0042-0003-6"
# What the citizen paid at the desk of the cashier, and what the daughter paid with a lender's money.
SETTLED, LENT = "GJ-2026-0105-0042-0007-6", "GJ-2026-0105-0042-0008-4"
ANSWERS = {
    "side": {"side": "giver"},
    "relation": {"relative": "spouse"},
    "insured": {"scheme": "resident", "area": DALIAN},
    "who": {"name": "吴秀兰", "id_number": cast.LI_ID},
    "sees": {"shows_amounts": False},
    "terms": {"cap_month_fen": 30000, "uses": ("CARE", "DRUG")},
    "letter": {"signed_name": "周建军", "letter": letter.CURRENT},
}


def people():
    """Users by the key that `tests/browser/pages.py` calls them by; areas and published rules are loaded."""
    publish_all()
    area = PoolingArea.objects.get(code=DALIAN)
    wife, wife_person = cast.li()
    zhang = citizen(area, relative=wife_person)
    aunt = lender(area)
    return {
        "citizen": zhang,
        "lender": aunt,
        "cashier": desk(area, zhang.identity_links.get().person),
        "resident": resident(area),
        "newcomer": wife,
        "asker": asker(area),
    }


def citizen(area, *, relative):
    """In service for years, with a gap, a frozen part and more entries than one page holds."""
    user, person = cast.zhang(sex="male", birth_date=dt.date(1971, 8, 12))
    insurance.make_enrolment(person=person, area=area)
    insurance.make_period(person=person, area=area, first=(2012, 3), last=(2018, 6))
    insurance.make_period(person=person, area=area, first=(2019, 1), last=(2026, 10))
    insurance.make_fact(person=person, from_day=dt.date(2026, 9, 1))
    reading.fill(
        insurance.make_account(person=person, area=area, balance_fen=512345), 90, relative=relative
    )
    insurance.make_notice(person=person, title="张*国请您确认", link="/home/")
    insurance.make_notice(
        person=person, title="已经停用", body="从今天起不再扣。", read_at=insurance.at(2026, 11, 2)
    )
    relatives(person)
    waiting(person)
    return user


def relatives(person):
    """Two who pay for the citizen, one of them with amounts, and one who uses the citizen's money."""
    wife, son, daughter = (
        family.make_insured(name=name, area=DALIAN, balance_fen=balance_fen)
        for name, balance_fen in (("孙春梅", 250_00), ("张小军", 8_000_00), ("张小红", 0))
    )
    family.make_binding(giver=wife, beneficiary=person, reference=USED)
    family.make_binding(
        giver=son, beneficiary=person, relation="parent", shows_amounts=True, cap_month_fen=500_00
    )
    family.make_binding(giver=person, beneficiary=daughter, relation="child", reference=GIVEN)
    insurance.post(wife.accounts.get(), "spend_aid", -35_50, place="定点药店", used_by=person)


def waiting(person):
    """What waits for somebody, and a mother whom the citizen helps in everything."""
    mother = family.make_insured(name="钱桂芳", area=DALIAN, balance_fen=88_00)
    InsuredPerson.objects.filter(pk=mother.pk).update(reference=HELPED)
    mother.refresh_from_db()
    paused = family.make_binding(
        giver=person,
        beneficiary=mother,
        relation="parent",
        reference=PAUSED,
        state=State.PAUSED,
        paused_by=Side.GIVER,
    )
    family.use_cap(paused, month=(2026, 10), used_fen=120_50)
    sister, brother = (
        family.make_insured(
            person=insurance.make_person(name=name, id_number=number), area=DALIAN, balance_fen=0
        )
        for name, number in (("张小云", SISTER_ID), ("张小雷", BROTHER_ID))
    )
    family.make_invitation(
        initiator=sister, side=Side.GIVER, invited=person, reference=OFFERED, cap_bill_fen=60_00
    )
    family.make_invitation(
        initiator=brother, side=Side.BENEFICIARY, invited=person, reference=WANTED
    )
    family.make_invitation(initiator=person, side=Side.GIVER, invited=brother, reference=PROPOSED)
    for kind in GrantKind:
        family.make_grant(owner=mother, helper=person, kind=kind)


def lender(area):
    """The citizen's daughter uses her money."""
    user, person = cast.citizen(
        name="陈国英",
        id_number=insurance.make_id_number(area="210000", born="19750607", sequence=63),
    )
    family.make_insured(person=person, area=area.code, balance_fen=30_00)
    daughter = InsuredPerson.objects.get(used_bindings__reference=GIVEN)
    family.make_binding(giver=person, beneficiary=daughter, relation="parent")
    return user


def desk(area, patient):
    """Takes bills at a hospital, where the citizen and the daughter have paid today."""
    clerk = claims.make_clerk(claims.make_provider(name="大连海湾人民医院", area=area))
    daughter = InsuredPerson.objects.get(used_bindings__reference=GIVEN)
    for person, reference, fen in ((patient, SETTLED, 5_400_00), (daughter, LENT, 66_00)):
        made = settlement.settle(
            provider=clerk.provider,
            patient=person,
            bill=claims.make_bill(fen, bill_no=f"MZ-{fen}"),
            by_user=clerk.user,
        )
        refunds.reverse(
            provider=clerk.provider, settlement_id=made.pk, amount_fen=made.cash_fen + 5_00
        )
        Settlement.objects.filter(pk=made.pk).update(reference=reference)
    return clerk.user


def resident(area):
    """Insured as a resident, who has no account at all."""
    user, person = cast.citizen(
        name="王秀英",
        id_number=insurance.make_id_number(area="210000", born="19510203", sequence=44),
    )
    insurance.make_enrolment(person=person, area=area, scheme="resident", person_type="resident")
    # Nothing to give: the answer comes after two questions.
    half_done(user, person, "side", "relation")
    return user


def asker(area):
    """Has proposed for a child, and filled in a form for a wife as far as it goes."""
    user, person = cast.citizen(
        name="周建军",
        id_number=insurance.make_id_number(area="210000", born="19800102", sequence=55),
    )
    family.make_insured(person=person, area=area.code, balance_fen=30000)
    made = bindings.propose(
        initiator=person,
        side=Side.GIVER,
        proposal=bindings.Proposal(
            relation="child",
            name="周小宝",
            id_number=cast.BOY_ID,
            uses=("CARE", "DRUG"),
            from_day=timezone.localdate(),
        ),
        signed_name=person.name,
        by=user,
        channel=Channel.WEB,
    )
    Binding.objects.filter(pk=made.pk).update(reference=ASKED)
    half_done(user, person, *adding.Step)
    return user


def half_done(user, person, *steps):
    place = adding.Place(user, person)
    adding.begin(place)
    for step in steps:
        adding.answer(place, adding.Step(step), ANSWERS[step])
