"""The people who look at the pages, and what there is to see."""

import datetime as dt

from django.core.management import call_command

from insurance.models import PoolingArea
from tests import cast
from tests.factories import family, insurance, reading

DALIAN = "210200"
# Of a binding by which the citizen uses somebody's money, and of one the other way round.
USED, GIVEN = "GJ-2026-0105-0042-0001-7", "GJ-2026-0105-0042-0002-5"


def people():
    """Users by the key that `tests/browser/pages.py` calls them by; areas and published rules are loaded."""
    call_command("load_areas", verbosity=0)
    call_command("load_policies", publish=True, verbosity=0)
    area = PoolingArea.objects.get(code=DALIAN)
    wife, wife_person = cast.li()
    return {
        "citizen": citizen(area, relative=wife_person),
        "resident": resident(area),
        "newcomer": wife,
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


def resident(area):
    """Insured as a resident, who has no account at all."""
    user, person = cast.citizen(
        name="王秀英",
        id_number=insurance.make_id_number(area="210000", born="19510203", sequence=44),
    )
    insurance.make_enrolment(person=person, area=area, scheme="resident", person_type="resident")
    return user
