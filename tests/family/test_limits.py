"""Across provinces: what the giver sets aside is gone for the giver, and what is not used comes back."""

from dataclasses import replace

import pytest

from family import bindings, changing, eligibility, joining, limits
from family.acting import act_for
from family.changing import Terms
from family.models import Binding
from family.reasons import Code
from insurance import ledger, ledger_check
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.factories.agreeing import confirm, make_binding, make_member, pressed, propose

pytestmark = [pytest.mark.usefixtures("open_everywhere"), pytest.mark.both_databases]
HEFEI, NANJING = "340100", "320100"


@pytest.fixture
def open_everywhere(rules):
    for area in (HEFEI, NANJING):
        agreeing.publish(area, limit_live_from="2026-02-01")


@pytest.fixture
def giver(open_everywhere):
    return make_member(balance_fen=100000)


@pytest.fixture
def relative(open_everywhere):
    return make_member(name="李梅", born="19730405", scheme="resident", area=NANJING)


def amounts(giver):
    account = giver.accounts.get()
    return account.balance_fen, account.reserved_fen, account.available_fen


def press(verb, binding, person, **more):
    return verb(binding_id=binding.pk, person=person, **{**pressed(person), **more})


def use(binding, fen):
    """What a settlement does: the money leaves the account and what was set aside together."""
    line = ledger.Line(
        kind=EntryKind.SPEND_AID,
        amount_fen=-fen,
        reserved_change_fen=-fen,
        source_kind="test",
        source_ref=f"bill-{binding.reference}-{binding.limit_used_fen}",
        used_by=binding.beneficiary,
    )
    ledger.post_many(account_id=binding.limit_account_id, lines=[line])
    binding.limit_used_fen += fen
    binding.save(update_fields=["limit_used_fen"])


def test_in_force_the_limit_is_set_aside_and_the_three_numbers_stay_three(giver, relative):
    waiting = propose(giver, relative, limit_fen=30000)
    assert amounts(giver) == (100000, 0, 100000)
    bound = confirm(waiting, relative)
    assert (bound.money_model, bound.limit_account) == ("limit", giver.accounts.get())
    assert amounts(giver) == (100000, 30000, 70000)


def test_direct_debit_sets_nothing_aside_and_keeps_no_limit(giver):
    bound = make_binding(giver=giver, limit_fen=30000)
    assert (bound.money_model, bound.limit_fen, bound.limit_account) == ("direct_debit", None, None)
    assert amounts(giver) == (100000, 0, 100000)


def test_a_giver_who_is_invited_names_the_limit_with_the_yes(giver, relative):
    waiting = propose(giver, relative, side=bindings.Side.BENEFICIARY)
    with pytest.raises(bindings.NotPossible) as refused:
        confirm(waiting, giver)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_MISSING]
    assert confirm(waiting, giver, limit_fen=20000).limit_fen == 20000
    assert amounts(giver) == (100000, 20000, 80000)


def test_a_limit_that_the_money_does_not_cover_is_refused(giver, relative):
    with pytest.raises(bindings.NotPossible) as refused:
        propose(giver, relative, limit_fen=100001)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_NOT_COVERED]


def test_money_that_is_gone_by_the_second_consent_leaves_all_as_it_was(
    giver, relative, monkeypatch
):
    """The check reads the balance before the ledger locks it."""
    waiting = propose(giver, relative, limit_fen=90000)
    account = giver.accounts.get()

    def spend_first(**more):
        register.post(account, EntryKind.SPEND_CARE, -20000)
        return reserve(**more)

    reserve = ledger.reserve
    monkeypatch.setattr(ledger, "reserve", spend_first)
    with pytest.raises(bindings.NotPossible) as refused:
        confirm(waiting, relative)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_NOT_COVERED]
    found = Binding.objects.get(pk=waiting.pk)
    assert (found.state, found.beneficiary, found.consents.count()) == ("waiting", None, 1)
    assert amounts(giver) == (80000, 0, 80000)


def test_an_account_that_is_closed_by_the_second_consent_leaves_the_proposal_waiting(
    giver, relative, monkeypatch
):
    waiting = propose(giver, relative, limit_fen=30000)
    account = giver.accounts.get()

    def close_first(*arguments, **more):
        register.post(account, EntryKind.SPEND_CARE, -100000)
        ledger.close_account(account_id=account.pk, closed_on=agreeing.dt.date(2026, 11, 16))
        return reserve(*arguments, **more)

    reserve = limits.reserve
    monkeypatch.setattr(joining.limits, "reserve", close_first)
    with pytest.raises(bindings.NotPossible) as refused:
        confirm(waiting, relative)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_NOT_COVERED]
    assert Binding.objects.get(pk=waiting.pk).state == "waiting"


def test_an_end_gives_back_what_was_not_used_at_once(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    use(bound, 12000)
    assert amounts(giver) == (88000, 18000, 70000)
    press(changing.end, bound, relative)
    assert amounts(giver) == (88000, 0, 88000)
    kinds = LedgerEntry.objects.filter(account=bound.limit_account).values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["limit_reserve", "spend_aid", "limit_release"]
    assert list(ledger_check.faults()) == []


def test_an_end_that_waits_gives_it_back_at_once_too(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    agreeing.publish(bound_at_least_days=30)
    assert press(changing.end, bound, giver).state == "ending"
    assert amounts(giver) == (100000, 0, 100000)


def test_an_end_of_what_was_used_up_moves_nothing(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=12000), relative)
    use(bound, 12000)
    press(changing.end, bound, giver)
    assert amounts(giver) == (88000, 0, 88000)


def test_taking_an_end_back_sets_the_rest_aside_again(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    use(bound, 12000)
    press(changing.end, bound, giver)
    press(changing.undo, bound, giver)
    assert amounts(giver) == (88000, 18000, 70000)


def test_what_was_used_stays_written_where_the_money_flows_another_way_now(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    use(bound, 12000)
    press(changing.end, bound, giver)
    ended = Binding.objects.get(pk=bound.pk)
    check = eligibility.examine(ended, day=agreeing.dt.date(2026, 11, 16))
    act = act_for(giver, bindings.Side.GIVER, **pressed(giver))
    joining.take_part(ended, replace(check, money_model="direct_debit"), act)
    ended.save()
    assert (ended.limit_fen, ended.limit_used_fen) == (12000, 12000)
    assert amounts(giver) == (88000, 0, 88000)


def test_an_end_is_not_taken_back_when_the_money_is_gone(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    press(changing.end, bound, giver)
    register.post(giver.accounts.get(), EntryKind.SPEND_CARE, -70001)
    with pytest.raises(changing.NotPossible) as refused:
        press(changing.undo, bound, giver)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_NOT_COVERED]
    assert Binding.objects.get(pk=bound.pk).state == "ended"


@pytest.mark.parametrize(
    ("limit_fen", "reserved"),
    [(50000, 38000), (20000, 8000), (12000, 0), (30001, 18001), (29999, 17999)],
)
def test_the_giver_moves_the_limit_up_and_down(giver, relative, limit_fen, reserved):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    use(bound, 12000)
    terms = replace(Terms.of(bound), limit_fen=limit_fen)
    press(changing.change, bound, giver, terms=terms)
    assert amounts(giver) == (88000, reserved, 88000 - reserved)


def test_a_limit_does_not_go_below_what_was_used_nor_above_the_money(giver, relative):
    bound = confirm(propose(giver, relative, limit_fen=30000), relative)
    use(bound, 12000)
    for limit_fen in (11999, None):
        with pytest.raises(ValueError, match="limit_fen"):
            press(
                changing.change, bound, giver, terms=replace(Terms.of(bound), limit_fen=limit_fen)
            )
    with pytest.raises(changing.NotPossible):
        press(changing.change, bound, giver, terms=replace(Terms.of(bound), limit_fen=100001))
    assert amounts(giver) == (88000, 18000, 70000)


def test_a_place_that_lends_the_years_gone_by_sets_those_aside(relative, open_everywhere):
    agreeing.publish(HEFEI, limit_live_from="2026-02-01", shared_part="prior_years")
    person = make_member(name="王芳", balance_fen=0)
    person.accounts.all().delete()
    area = register.make_area(code=HEFEI)
    register.make_account(person=person, part="current_year", balance_fen=50000, area=area)
    prior = register.make_account(person=person, part="prior_years", balance_fen=40000, area=area)
    bound = confirm(propose(person, relative, relation="sibling", limit_fen=40000), relative)
    assert bound.limit_account == prior
    # There is money enough, but not in the part that is lent.
    other = make_member(name="李强", scheme="resident", area=NANJING)
    with pytest.raises(bindings.NotPossible) as refused:
        propose(person, other, relation="sibling", limit_fen=1000)
    assert [one.code for one in refused.value.check.problems] == [Code.LIMIT_NOT_COVERED]
