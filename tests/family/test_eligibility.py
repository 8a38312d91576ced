"""Every cause that stands in the way is found, by name, with whose record it lies in."""

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import names
from family import eligibility
from family.eligibility import Case, Whose
from family.moves import Side
from family.reasons import REASONS, Code
from family.records import UNINSURED, AgeGroup, Party, Said, Ties, age_on, party
from tests.factories import agreeing
from tests.factories import insurance as register

pytestmark = pytest.mark.usefixtures("rules")
DAY = dt.date(2026, 11, 16)
HEFEI, BOZHOU, NANJING, SHANGHAI = "340100", "341600", "320100", "310000"


def giver(**more):
    return Party(
        **{"person_id": 1, "scheme": "employee", "area": HEFEI, "free": {"whole": 5000}, **more}
    )


def beneficiary(**more):
    return Party(**{"person_id": 2, "scheme": "resident", "area": HEFEI, **more})


def check(mine=None, theirs=None, **more):
    case = {"relation": "spouse", "day": DAY, **more}
    return eligibility.check(
        Case(giver=mine or giver(), beneficiary=theirs or beneficiary(), **case)
    )


def codes(found):
    return [str(one.code) for one in found.problems]


def sides(found):
    return {str(one.code): one.side for one in found.problems}


def test_a_couple_in_one_place_may_share():
    found = check()
    assert (found.verdict, found.money_model, codes(found)) == ("yes", "direct_debit", [])
    assert [one.code for one in found.hints] == [Code.CAP_NOT_FOUND]


@pytest.mark.parametrize(
    ("more", "code", "whose"),
    [
        ({"mine": giver(scheme="resident", has_account=False)}, "giver_scheme", Whose.GIVER),
        ({"mine": giver(has_account=False)}, "giver_no_account", Whose.GIVER),
        ({"mine": giver(scheme=UNINSURED, area="")}, "giver_not_insured", Whose.GIVER),
        (
            {"theirs": beneficiary(scheme=UNINSURED, area="")},
            "beneficiary_not_insured",
            Whose.BENEFICIARY,
        ),
        ({"relation": "parent_in_law"}, "relation", Whose.BOTH),
        ({"mine": giver(stops=(("account_freeze", DAY),))}, "frozen", Whose.GIVER),
        ({"mine": giver(stops=(("death", DAY),))}, "dead", Whose.GIVER),
        ({"theirs": beneficiary(stops=(("death", DAY),))}, "dead", Whose.BENEFICIARY),
        (
            {"theirs": beneficiary(stops=(("settlement_suspension", DAY),))},
            "settlement_suspended",
            Whose.BENEFICIARY,
        ),
        (
            {"mine": giver(stops=(("transfer_out", DAY),))},
            "transfer_under_way",
            Whose.GIVER,
        ),
        ({"theirs": beneficiary(person_id=1)}, "self", Whose.BOTH),
        ({"theirs": beneficiary(born=dt.date(2015, 3, 1))}, "minor", Whose.BENEFICIARY),
        ({"ties": Ties(pair_models=frozenset({"direct_debit"}))}, "already_bound", Whose.BOTH),
        ({"to_day": DAY - dt.timedelta(days=1)}, "dates", Whose.BOTH),
        ({"from_day": dt.date(2027, 2, 1), "to_day": dt.date(2027, 1, 1)}, "dates", Whose.BOTH),
    ],
)
def test_a_cause_alone_is_named_and_is_the_whole_answer(more, code, whose):
    found = check(**more)
    assert (codes(found), found.verdict) == ([code], "no")
    assert sides(found)[code] == whose


def test_all_causes_are_told_and_the_one_that_makes_others_idle_comes_first():
    dead_and_frozen = giver(stops=(("account_freeze", DAY), ("death", DAY)), free={"whole": 0})
    found = check(
        dead_and_frozen,
        beneficiary(scheme=UNINSURED, area="", stops=(("settlement_suspension", DAY),)),
        relation="child_in_law",
        to_day=dt.date(2026, 1, 1),
    )
    assert codes(found) == [
        "dead",
        "relation",
        "beneficiary_not_insured",
        "frozen",
        "settlement_suspended",
        "dates",
    ]
    assert Code.NO_MONEY in {one.code for one in found.hints}


def test_a_frozen_account_keeps_nobody_from_using_the_money_of_others():
    assert check(theirs=beneficiary(stops=(("account_freeze", DAY),))).verdict == "yes"


@pytest.mark.parametrize(
    ("day", "area", "verdict", "code"),
    [
        (dt.date(2024, 12, 8), BOZHOU, "unknown", "area_unknown"),
        (dt.date(2024, 12, 9), BOZHOU, "yes", None),
        (dt.date(2024, 12, 1), NANJING, "no", "area"),
        (dt.date(2026, 1, 8), NANJING, "unknown", "area_unknown"),
        (dt.date(2026, 1, 9), NANJING, "staff_decides", "area_staff"),
    ],
)
def test_the_day_decides_between_two_places(day, area, verdict, code):
    found = check(theirs=beneficiary(area=area), day=day, limit_fen=100)
    assert (found.verdict, set(codes(found))) == (verdict, {code} if code else set())


def test_what_is_open_in_one_place_alone_is_told_to_who_is_insured_there():
    agreeing.publish(HEFEI, limit_live_from="2026-02-01")
    agreeing.publish(NANJING, limit_live_from="2027-02-01")
    found = check(theirs=beneficiary(area=NANJING), limit_fen=100)
    assert sides(found) == {"area": Whose.BENEFICIARY}
    assert found.hides_from(Side.GIVER)
    assert found.told_to(Side.GIVER) == ()


def test_across_provinces_the_giver_sets_a_limit_that_the_free_money_covers():
    for area in (HEFEI, NANJING):
        agreeing.publish(area, limit_live_from="2026-02-01")
    other = beneficiary(area=NANJING)
    assert check(theirs=other, limit_fen=5000).money_model == "limit"
    assert codes(check(theirs=other)) == ["limit_missing"]
    assert codes(check(theirs=other, asks_limit=False)) == []
    assert codes(check(theirs=other, limit_fen=5001)) == ["limit_not_covered"]
    agreeing.publish(HEFEI, limit_live_from="2026-02-01", min_kept_fen=1)
    assert codes(check(theirs=other, limit_fen=5000)) == ["limit_not_covered"]


def test_a_full_list_of_members_is_the_givers_own_matter():
    agreeing.publish(HEFEI, max_members=2)
    assert check(ties=Ties(members=1, seats=frozenset({2}))).seat == 1
    found = check(ties=Ties(members=2, seats=frozenset({1, 2})))
    assert sides(found) == {"member_cap": Whose.GIVER}
    assert found.problems[0].params == {"max": 2, "now": 2}


def test_staff_decide_where_several_numbers_are_said_and_the_lowest_is_reached():
    version = agreeing.publish(HEFEI, max_members=5)
    agreeing.add_value(version, "max_members", 7)
    assert codes(check(ties=Ties(members=4))) == []
    found = check(ties=Ties(members=5))
    assert (codes(found), found.verdict) == (["member_cap_staff"], "staff_decides")


def test_after_an_end_a_place_may_want_a_wait():
    ended = Ties(ended_on=DAY - dt.timedelta(days=9))
    assert codes(check(ties=ended)) == []
    agreeing.publish(HEFEI, rebinding_wait_days=10)
    found = check(ties=ended)
    assert found.problems[0].params == {"until": DAY + dt.timedelta(days=1)}
    assert codes(check(ties=Ties(ended_on=DAY - dt.timedelta(days=10)))) == []


def test_the_same_pair_may_be_bound_once_more_by_another_money_model():
    assert check(ties=Ties(pair_models=frozenset({"limit"}))).verdict == "yes"


def test_a_name_that_differs_is_for_staff_to_compare():
    called = beneficiary(name="李梅")
    found = check(theirs=called, invited=Side.BENEFICIARY, typed_name="李 梅")
    assert found.verdict == "yes"
    found = check(theirs=called, invited=Side.BENEFICIARY, typed_name="李玫")
    assert (sides(found), found.verdict) == (
        {"name_differs": Whose.BENEFICIARY},
        "staff_decides",
    )
    assert names.same("李·梅", "李梅")


@pytest.mark.parametrize(
    ("born", "guarded", "problem", "hint"),
    [
        (dt.date(2012, 11, 17), False, ["minor"], False),
        (dt.date(2012, 11, 17), True, [], False),
        (dt.date(2012, 11, 16), False, [], True),
        (dt.date(2008, 11, 17), False, [], True),
        (dt.date(2008, 11, 16), False, [], False),
    ],
)
def test_the_birthday_itself_opens_the_next_age(born, guarded, problem, hint):
    guardians = frozenset({Side.BENEFICIARY} if guarded else ())
    found = check(theirs=beneficiary(born=born), guarded=guardians)
    assert codes(found) == problem
    assert (Code.YOUTH in {one.code for one in found.hints}) is hint


@pytest.mark.parametrize(
    ("day", "born", "guarded", "problem"),
    [
        (dt.date(2021, 10, 31), dt.date(2015, 3, 1), False, ["minor_staff"]),
        (dt.date(2021, 10, 31), dt.date(2004, 3, 1), False, ["minor_staff"]),
        (dt.date(2021, 10, 31), dt.date(2015, 3, 1), True, []),
        (dt.date(2021, 10, 31), dt.date(2003, 10, 31), False, []),
        (dt.date(2021, 11, 1), dt.date(2015, 3, 1), False, ["minor"]),
        (dt.date(2021, 11, 1), dt.date(2004, 3, 1), False, []),
    ],
)
def test_before_a_law_named_the_age_staff_decide_about_a_minor(day, born, guarded, problem):
    guardians = frozenset({Side.BENEFICIARY} if guarded else ())
    found = check(theirs=beneficiary(born=born), guarded=guardians, day=day)
    assert codes(found) == problem
    assert found.verdict == {"minor_staff": "staff_decides", "minor": "no"}.get(
        "".join(problem), "yes"
    )


def test_a_notice_to_a_guardian_is_promised_only_where_there_is_one():
    """Most people of sixteen have nobody recorded."""
    (youth,) = (
        one
        for one in check(theirs=beneficiary(born=dt.date(2010, 1, 1))).hints
        if one.code == Code.YOUTH
    )
    assert youth.sentence(Side.BENEFICIARY).startswith("您还没满18岁。登记了监护人的，")


def test_nobody_has_a_birthday_on_29_february_in_other_years():
    born = dt.date(2012, 2, 29)
    assert [age_on(born, dt.date(2026, 2, 28)), age_on(born, dt.date(2026, 3, 1))] == [13, 14]


def test_a_child_of_whom_is_only_said_stops_nobody_from_proposing():
    found = check(theirs=Said("child", "resident", HEFEI, AgeGroup.CHILD).party, relation="child")
    assert found.verdict == "yes"
    assert Code.MINOR in {one.code for one in found.hints}


def test_without_the_numbers_of_the_service_nothing_is_guessed():
    agreeing.withdraw_rules()
    with pytest.raises(ImproperlyConfigured, match=r"family_aid\.cool_down_hours"):
        check()


def test_a_record_is_read_from_the_register():
    person = agreeing.make_member(balance_fen=700)
    register.make_fact(person=person, kind="account_freeze", from_day=DAY)
    register.make_account(
        person=person, balance_fen=99, part="wallet", area=register.make_area(code=HEFEI)
    )
    found = party(person, DAY)
    assert (found.scheme, found.area, found.has_account) == ("employee", HEFEI, True)
    # The wallet holds what others gave.
    assert found.free == {"whole": 700}
    assert found.stops == (("account_freeze", DAY),)
    assert party(person, DAY - dt.timedelta(days=1)).stops == ()


def test_a_transfer_that_is_over_stops_nobody():
    person = agreeing.make_member()
    register.make_fact(
        person=person,
        kind="transfer_out",
        from_day=DAY,
        other_area=register.make_area(code=NANJING),
    )
    assert [kind for kind, _day in party(person, DAY).stops] == ["transfer_out"]
    old = person.enrolments.get()
    old.ends_on = DAY - dt.timedelta(days=1)
    old.save()
    register.make_enrolment(person=person, area=register.make_area(code=NANJING), starts_on=DAY)
    assert party(person, DAY).stops == ()


def test_a_beneficiary_without_an_account_is_read_as_such():
    found = party(agreeing.make_member(scheme="resident"), DAY)
    assert (found.scheme, found.has_account) == ("resident", False)
    assert party(agreeing.make_member(scheme=""), DAY).scheme == UNINSURED


# --- what the initiator is told before anybody was asked


def pre(person, side=Side.GIVER, **said):
    said = {"relation": "spouse", "scheme": "resident", "area": HEFEI, **said}
    return eligibility.precheck(person=person, side=side, said=Said(**said), day=DAY)


def test_the_precheck_goes_by_the_own_record_and_by_what_is_said():
    person = agreeing.make_member()
    assert pre(person).verdict == "yes"
    assert codes(pre(person, scheme="none", area="")) == ["beneficiary_not_insured"]
    resident = agreeing.make_member(name="王芳", scheme="resident")
    assert codes(pre(resident)) == ["giver_scheme"]
    assert pre(resident, side=Side.BENEFICIARY, scheme="employee").verdict == "yes"
    assert codes(pre(person, side=Side.BENEFICIARY)) == ["giver_scheme"]


def test_what_nobody_said_is_a_hint_and_settles_no_money_model():
    found = pre(agreeing.make_member(), scheme="", area="")
    assert (found.verdict, found.money_model) == ("yes", "")
    assert Code.NOT_SAID in {one.code for one in found.hints}


def test_the_own_number_is_seen_without_a_look_up():
    person = agreeing.make_member()
    assert codes(pre(person, id_number=person.id_number)) == ["self"]


def test_the_precheck_asks_the_same_queries_whoever_the_other_is(django_assert_num_queries):
    person = agreeing.make_member()
    bound = agreeing.make_member(name="李梅", born="19730405")
    agreeing.make_binding(giver=person, beneficiary=bound)
    known = agreeing.make_member(name="王芳", scheme="resident")
    dead = agreeing.make_member(name="赵刚")
    register.make_fact(person=dead, kind="death", from_day=dt.date(2026, 1, 1))
    nobody = register.make_id_number(born="19600101", sequence=999)
    answers, asked = {}, {}
    for number in (known.id_number, dead.id_number, nobody):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers[number] = pre(person, id_number=number)
        asked[number] = [one["sql"] for one in queries.captured_queries]
    assert len({str(one) for one in asked.values()}) == 1
    assert len({str(one) for one in answers.values()}) == 1
    assert len(asked[nobody]) == 6
    # The own binding is the person's own to know.
    assert codes(pre(person, id_number=bound.id_number)) == ["already_bound"]


def test_both_records_are_examined_in_a_fixed_number_of_queries(django_assert_num_queries):
    person, other = agreeing.make_member(), agreeing.make_member(name="李梅", born="19730405")
    waiting = agreeing.propose(person, other)
    waiting.refresh_from_db()
    with django_assert_num_queries(12):
        eligibility.examine(waiting, day=DAY, joining=other)


# --- the words


TOLD = {
    "from_day": DAY,
    "until": DAY,
    "relation": "parent_in_law",
    "age": 14,
    "max": 5,
    "now": 5,
    "limit": 10000,
}


def test_every_cause_has_words_for_who_is_concerned_and_for_others():
    for code, side in product(Code, Whose):
        problem = eligibility.Problem(code, side, "no", TOLD)
        for reader in (Side.GIVER, Side.BENEFICIARY, None):
            sentence = problem.sentence(reader)
            assert sentence.endswith("。")
            assert "%(" not in sentence + problem.next_step(reader)
        assert problem.next_step(Side(side) if side != Whose.BOTH else Side.GIVER)


def test_the_other_side_is_spoken_of_in_the_third_person():
    problem = eligibility.Problem(Code.FROZEN, Whose.GIVER, "no", TOLD)
    assert "您" in problem.sentence(Side.GIVER)
    assert problem.sentence(Side.BENEFICIARY) == problem.sentence(None) == "出钱的人的账户冻结了。"


def test_the_numbers_for_the_hotline_are_each_of_one_cause():
    assert set(REASONS) == set(Code)
    assert len({one.number for one in REASONS.values()}) == len(REASONS)


@pytest.mark.parametrize("relation", ["parent_in_law", "child_in_law"])
def test_an_in_law_is_told_the_way_through_the_family(relation):
    found = check(relation=relation)
    assert "配偶" in found.problems[0].next_step(Side.GIVER)
