"""Until the law of November 2021 no document says from which age a minor acts alone: nobody guesses one."""

import datetime as dt

import pytest

from family import acting, jobs, presence
from family.acting import NotAllowed
from insurance.models import Notice
from tests.factories.agreeing import make_guardianship, make_member

pytestmark = pytest.mark.usefixtures("rules")
BEFORE, AFTER = dt.date(2021, 10, 31), dt.date(2021, 11, 1)


@pytest.fixture
def youth():
    """Sixteen on both days."""
    return make_member(name="张小宝", born="20050301", scheme="resident")


@pytest.mark.parametrize(("day", "alone"), [(BEFORE, False), (AFTER, True)])
def test_a_minor_speaks_alone_at_the_counter_only_where_a_rule_says_so(youth, day, alone):
    assert presence.speaks_alone(youth, day) is alone
    assert presence.speaks_alone(make_member(born="20031031"), day)


@pytest.mark.parametrize(("day", "count"), [(BEFORE, 0), (AFTER, 1)])
def test_no_birthday_is_announced_that_no_rule_names(youth, day, count):
    make_guardianship(guardian=make_member(), child=youth)
    assert jobs.run("birthdays", day).failed == ()
    assert Notice.objects.filter(person=youth, kind="age.speaks_too").count() == count


def test_whoever_has_a_recorded_guardian_leaves_it_to_the_guardian(youth):
    make_guardianship(guardian=make_member(), child=youth)
    acting._may_act_alone(youth, AFTER)
    with pytest.raises(NotAllowed):
        acting._may_act_alone(youth, BEFORE)
