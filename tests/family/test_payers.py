"""Who could pay, how much and why not, as it stands at this moment."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from family import payers
from family.deduction import Stop, plan
from family.models import Binding, MoneyModel
from family.moves import Side, State
from insurance.models import Enrolment, StoredDecision
from insurance.models.ledger import AccountPart, EntryKind
from tests.factories import insurance as register
from tests.factories.family import make_binding, make_insured, use_cap
from tests.factories.rules import publish_all
from tests.family.rules import rules_to_turn

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 16)
NOW = register.at(2026, 11, 16, 10)
PROVINCE, FAR = "340200", "210200"


@pytest.fixture
def turn(monkeypatch):
    return rules_to_turn(monkeypatch)


@pytest.fixture
def me(turn):
    return make_insured(balance_fen=12_000)


@pytest.fixture
def wife(turn):
    return make_insured(balance_fen=50_000, name="李梅")


@pytest.fixture
def binding(me, wife):
    return make_binding(giver=wife, beneficiary=me)


def ask(person, **more):
    return payers.payers(
        **{"beneficiary_id": person.pk, "use": "CARE", "day": DAY, "now": NOW} | more
    )


def usable(person, **more):
    return [(one.part, one.payer.usable_fen) for one in ask(person, **more).lines]


def stop_of(person, **more):
    """Why the last of the list pays nothing, None where it could."""
    return ask(person, **more).lines[-1].payer.barred


def change(binding, **fields):
    Binding.objects.filter(pk=binding.pk).update(**fields)


def test_the_own_account_comes_first_and_then_the_givers_in_their_order(me, binding):
    father = make_insured(balance_fen=700, name="张老爷子")
    second = make_binding(giver=father, beneficiary=me, relation="child")
    found = ask(me)
    assert [(one.is_own, one.name, one.relation, one.reference) for one in found.lines] == [
        (True, "", "", ""),
        (False, "李*", "spouse", binding.reference),
        (False, "张**子", "parent", second.reference),
    ]
    assert [one.payer.usable_fen for one in found.lines] == [12_000, 50_000, 700]
    assert (found.order_version, found.policies) == (2, (7,))
    turned = found.in_order([second.pk, binding.pk])
    assert [one.reference for one in turned.lines] == ["", second.reference, binding.reference]


@pytest.mark.parametrize(
    ("value", "first", "said"), [(True, True, True), (False, False, True), (None, True, False)]
)
def test_whether_the_own_account_comes_first_is_a_rule_and_else_practice(
    me, binding, turn, value, first, said
):
    turn(own_account_first=value)
    found = ask(me)
    assert found.lines[0].is_own is first
    assert (found.own_first, found.own_first_said) == (first, said)
    assert found.in_order([binding.pk]).lines == found.lines


def test_nobody_without_a_list_has_other_payers(turn):
    alone = make_insured(balance_fen=100)
    found = ask(alone)
    assert [one.part for one in found.lines] == ["whole"]
    assert (found.order_version, found.kept_unknown) == (0, False)


def test_who_has_no_account_is_told_so(turn):
    resident = make_insured(scheme="resident", person_type="resident")
    assert stop_of(resident) is None
    assert plan(100, ask(resident).payers).taken[0].stop is Stop.NO_ACCOUNT


def test_reserved_and_held_money_is_not_asked_for(me, wife, binding):
    account = wife.accounts.get()
    for verb, source in ((register.ledger.reserve, "a"), (register.ledger.hold, "b")):
        verb(account_id=account.pk, amount_fen=1_000, source_kind="test", source_ref=source)
    assert usable(me)[-1] == ("whole", 48_000)


def test_a_balance_that_moved_is_seen_by_the_next_question(me, wife, binding):
    assert usable(me)[-1] == ("whole", 50_000)
    register.post(wife.accounts.get(), EntryKind.SPEND_CARE, -1)
    assert usable(me)[-1] == ("whole", 49_999)


@pytest.mark.parametrize(("kept", "left"), [(0, 50_000), (49_999, 1), (60_000, 0), (None, 50_000)])
def test_what_must_stay_in_the_givers_account_stays(me, binding, turn, kept, left):
    turn(min_kept_fen=kept)
    assert usable(me) == [("whole", 12_000), ("whole", left)]
    assert ask(me).kept_unknown is (kept is None)


@pytest.mark.both_databases
def test_where_only_prior_years_are_shared_the_current_year_is_not_asked(me, turn):
    giver = make_insured(balance_fen=300, part=AccountPart.CURRENT_YEAR)
    register.make_account(person=giver, part=AccountPart.PRIOR_YEARS, balance_fen=4_000)
    make_binding(giver=giver, beneficiary=me)
    turn(shared_part="prior_years")
    assert usable(me)[1:] == [("prior_years", 4_000)]
    turn(shared_part=None)
    assert usable(me)[1:] == [("prior_years", 4_000)]
    turn(shared_part="all", min_kept_fen=4_100)
    assert usable(me)[1:] == [("prior_years", 0), ("current_year", 200)]
    turn(min_kept_fen=100)
    assert usable(me)[1:] == [("prior_years", 3_900), ("current_year", 300)]


def test_an_account_in_one_piece_says_nothing_about_prior_years(me, binding, turn):
    turn(shared_part="prior_years")
    assert stop_of(me) is Stop.RULE_UNKNOWN


def test_a_wallet_is_lent_to_nobody(me, turn):
    giver = make_insured(balance_fen=300, part=AccountPart.WALLET)
    make_binding(giver=giver, beneficiary=me)
    assert plan(100_000, ask(me).payers).taken[-1].stop is Stop.NO_ACCOUNT


def test_the_caps_hold_for_both_parts_of_an_account_together(me, turn):
    giver = make_insured(balance_fen=3_000, part=AccountPart.CURRENT_YEAR)
    register.make_account(person=giver, part=AccountPart.PRIOR_YEARS, balance_fen=4_000)
    both = make_binding(giver=giver, beneficiary=me, cap_month_fen=6_500, cap_bill_fen=9_000)
    use_cap(both, month=(2026, 11), used_fen=1_000)
    for amount, given in ((13_000, [1_000, 0]), (17_000, [4_000, 1_000]), (90_000, [4_000, 1_500])):
        made = plan(amount, ask(me).payers)
        assert [one.amount_fen for one in made.taken[1:]] == given
    change(both, cap_month_fen=None, cap_bill_fen=4_000)
    assert [one.amount_fen for one in plan(90_000, ask(me).payers).taken[1:]] == [4_000, 0]
    register.post(giver.accounts.get(part="prior_years"), EntryKind.SPEND_CARE, -4_000)
    for caps in ({"cap_bill_fen": 900}, {"cap_bill_fen": None, "cap_month_fen": 1_900}):
        change(both, **caps)
        assert [one.amount_fen for one in plan(90_000, ask(me).payers).taken[1:]] == [0, 900]


@pytest.mark.both_databases
def test_the_cap_of_the_month_counts_the_month_of_the_day(me, binding):
    change(binding, cap_month_fen=10_000)
    use_cap(binding, month=(2026, 10), used_fen=9_000)
    assert ask(me).payers[-1].month_left_fen == 10_000
    use_cap(binding, month=(2026, 11), used_fen=10_500)
    assert ask(me).payers[-1].month_left_fen == -500
    assert plan(100_000, ask(me).payers).taken[-1].stop is Stop.MONTH_CAP
    assert ask(me, day=dt.date(2026, 10, 31)).payers[-1].month_left_fen == 1_000


def test_what_is_left_of_a_limit_is_what_can_be_used(me, turn):
    son = make_insured(area=FAR, balance_fen=50_000)
    limit = make_binding(
        giver=son,
        beneficiary=me,
        relation="parent",
        money_model=MoneyModel.LIMIT,
        limit_fen=9_000,
        limit_used_fen=1_500,
        limit_account=son.accounts.get(),
    )
    payer = ask(me).payers[-1]
    assert (payer.usable_fen, payer.from_limit) == (7_500, True)
    change(limit, uses=["RESIDENT_PREMIUM", "CARE"])
    assert stop_of(me, use="RESIDENT_PREMIUM") is Stop.USE_NOT_PAYABLE


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("part", "lent"), [("prior_years", "all"), ("current_year", "prior_years")]
)
def test_a_limit_is_in_the_account_where_it_was_set_aside(me, turn, part, lent):
    turn(shared_part=lent)
    giver = make_insured(area=FAR, balance_fen=300, part=AccountPart.CURRENT_YEAR)
    register.make_account(person=giver, part=AccountPart.PRIOR_YEARS, balance_fen=400)
    account = giver.accounts.get(part=part)
    money = {"money_model": MoneyModel.LIMIT, "limit_fen": 200, "limit_account": account}
    make_binding(giver=giver, beneficiary=me, **money)
    assert usable(me)[1:] == [(part, 200)]


def test_the_wallet_is_ones_own_money(me, turn):
    giver = make_insured(area=FAR, balance_fen=50_000)
    make_binding(giver=giver, beneficiary=me, money_model=MoneyModel.WALLET_TRANSFER)
    register.make_account(person=me, part=AccountPart.WALLET, balance_fen=222)
    assert usable(me) == [("whole", 12_000), ("wallet", 222), ("whole", 0)]
    assert stop_of(me) is Stop.BY_WALLET


BARS = (
    ({"state": State.PAUSED, "paused_by": "giver"}, Stop.PAUSED),
    ({"state": State.SUSPENDED}, Stop.SUSPENDED),
    ({"state": State.ENDING}, Stop.ENDED),
    ({"state": State.WITH_STAFF}, Stop.NOT_CONSENTED),
    ({"from_day": dt.date(2026, 11, 17)}, Stop.NOT_STARTED),
    ({"from_day": dt.date(2026, 11, 16)}, None),
    ({"to_day": dt.date(2026, 11, 15)}, Stop.ENDED),
    ({"to_day": dt.date(2026, 11, 16)}, None),
    ({"usable_from": NOW + dt.timedelta(seconds=1)}, Stop.COOLING_DOWN),
    ({"usable_from": NOW}, None),
    ({"usable_from": None}, None),
    ({"uses": ["DRUG"]}, Stop.USE_NOT_COVERED),
    ({"uses": []}, Stop.USE_NOT_COVERED),
    ({"relation": "sibling"}, Stop.AREA),
    ({"money_model": MoneyModel.LIMIT}, Stop.AREA),
)


@pytest.mark.parametrize(("fields", "stop"), BARS)
def test_what_stands_in_the_binding_stops_it(me, binding, fields, stop):
    change(binding, **fields)
    assert stop_of(me) is stop
    assert (usable(me)[-1][1] == 0) is (stop is not None)


@pytest.mark.parametrize("side", [Side.GIVER, Side.BENEFICIARY])
def test_both_must_have_agreed_themselves(me, wife, side):
    make_binding(giver=wife, beneficiary=me, consents=[side])
    assert stop_of(me) is Stop.NOT_CONSENTED


def test_the_yes_of_somebody_else_is_none(me, wife):
    made = make_binding(giver=wife, beneficiary=me, consents=[Side.BENEFICIARY])
    wrong = made.consents.get()
    wrong.pk, wrong.side, wrong.person = None, Side.GIVER, register.make_person()
    wrong.save(force_insert=True)
    assert stop_of(me) is Stop.NOT_CONSENTED


FACTS = (
    ("giver", "death", Stop.DEAD),
    ("giver", "account_freeze", Stop.FROZEN),
    ("giver", "settlement_suspension", Stop.SETTLEMENT_SUSPENDED),
    ("giver", "transfer_out", Stop.AREA),
    ("giver", "transfer_in", None),
    ("me", "death", Stop.DEAD),
    ("me", "account_freeze", None),
    ("me", "settlement_suspension", Stop.SETTLEMENT_SUSPENDED),
)


@pytest.mark.both_databases
@pytest.mark.parametrize(("whose", "kind", "stop"), FACTS)
def test_what_the_register_says_of_either_stops_it_while_it_holds(
    me, wife, binding, whose, kind, stop
):
    person = wife if whose == "giver" else me
    fact = register.make_fact(person=person, kind=kind, from_day=dt.date(2026, 11, 16))
    assert stop_of(me) is stop
    assert stop_of(me, day=dt.date(2026, 11, 15)) is None
    fact.to_day = fact.from_day
    fact.save()
    assert stop_of(me, day=dt.date(2026, 11, 17)) is None
    fact.withdrawn_at = NOW
    fact.save()
    assert stop_of(me) is None


@pytest.mark.parametrize(
    ("kind", "stop"),
    [
        ("death", Stop.DEAD),
        ("account_freeze", Stop.FROZEN),
        ("settlement_suspension", Stop.SETTLEMENT_SUSPENDED),
        ("transfer_out", None),
    ],
)
def test_ones_own_account_is_stopped_by_ones_own_facts(me, kind, stop):
    register.make_fact(person=me, kind=kind)
    assert ask(me).lines[0].payer.barred is stop


@pytest.mark.parametrize("whose", ["giver", "me"])
def test_who_is_no_longer_insured_in_the_same_place_is_out(me, wife, binding, whose):
    person = wife if whose == "giver" else me
    Enrolment.objects.filter(person=person).update(ends_on=dt.date(2026, 11, 15))
    assert stop_of(me) is Stop.AREA
    register.make_enrolment(person=person, area=register.make_area(code=PROVINCE, name_zh="芜湖"))
    assert stop_of(me) is Stop.AREA


def test_ones_own_money_is_ones_own_without_insurance(me):
    Enrolment.objects.filter(person=me).update(ends_on=dt.date(2026, 11, 15))
    assert usable(me) == [("whole", 12_000)]


def test_ones_own_account_goes_by_the_place_of_insurance_and_without_one_by_its_own(me, turn):
    turn("340100", care=[])
    Enrolment.objects.filter(person=me).update(ends_on=dt.date(2026, 11, 15))
    assert stop_of(me) is Stop.USE_NOT_PAYABLE
    register.make_enrolment(person=me, area=register.make_area(code=PROVINCE, name_zh="芜湖"))
    assert stop_of(me) is None


def test_a_transfer_that_has_arrived_stops_nothing(me, wife, binding):
    register.make_fact(
        person=wife, kind="transfer_out", other_area=register.make_area(), from_day=DAY
    )
    assert stop_of(me) is None


def test_a_giver_who_became_a_resident_gives_nothing(me, wife, binding):
    Enrolment.objects.filter(person=wife).update(scheme="resident", has_account=False)
    assert stop_of(me) is Stop.AREA


def kept(verdict):
    return StoredDecision.objects.create(
        subject_kind="family.binding",
        subject_ref="x",
        rule="family_aid",
        area="340100",
        on=DAY,
        verdict=verdict,
        told={},
        versions=[],
    )


def test_rules_that_do_not_decide_stop_what_staff_did_not_agree_to(me, binding, turn):
    turn(same_area=None)
    assert stop_of(me) is Stop.RULE_UNKNOWN
    change(binding, staff_reason="area_staff", decision=kept("staff_decides"))
    assert stop_of(me) is None


def test_staff_who_judged_something_else_did_not_decide_for_the_rules(me, binding, turn):
    turn(same_area=None)
    change(binding, staff_reason="name_differs", decision=kept("yes"))
    assert stop_of(me) is Stop.RULE_UNKNOWN


@pytest.mark.parametrize(
    ("use", "designated", "own", "given"),
    [
        ("CARE", True, None, None),
        ("CARE", False, Stop.USE_NOT_PAYABLE, Stop.USE_NOT_PAYABLE),
        ("CARE", None, Stop.RULE_UNKNOWN, Stop.RULE_UNKNOWN),
        ("RESIDENT_PREMIUM", None, Stop.USE_NOT_PAYABLE, None),
        ("LTC_PREMIUM", None, Stop.RULE_UNKNOWN, Stop.RULE_UNKNOWN),
        ("CASH", True, Stop.USE_NOT_PAYABLE, Stop.USE_NOT_COVERED),
    ],
)
def test_what_an_account_may_pay_for_oneself_and_for_relatives(
    me, binding, use, designated, own, given
):
    found = ask(me, use=use, designated=designated)
    assert [one.payer.barred for one in found.lines] == [own, given]


def test_the_giver_alone_decides_whether_amounts_are_shown(me, binding):
    assert [one.shows_amounts for one in ask(me).lines] == [True, False]
    change(binding, shows_amounts=True)
    assert [one.shows_amounts for one in ask(me).lines] == [True, True]


@pytest.mark.both_databases
def test_six_queries_at_one_and_at_fifty_payers(db):
    publish_all()
    me = make_insured(balance_fen=12_000)
    counts = []
    for more in (1, 49):
        for _ in range(more):
            make_binding(giver=make_insured(balance_fen=50_000), beneficiary=me)
        with CaptureQueriesContext(connection) as made:
            found = ask(me)
        counts.append(len(made))
        assert {one.payer.barred for one in found.lines} == {None}
        assert found.kept_unknown
    assert len(found.lines) == 51
    # The rules, two more queries, are read at the first time and kept.
    assert counts == [8, 6]
