"""What PostgreSQL does for whole sets is what is done for each person, about whatever the register says."""

import datetime as dt
from collections import Counter
from itertools import combinations, pairwise

import pytest

from insurance import (
    credit_rows,
    credit_sets,
    credits,
    ledger,
    ledger_check,
    ledger_sets,
    ledger_steps,
)
from insurance.credit_plan import CreditCase, Enrolled, Paid, Planner
from insurance.models import CreditRun, LedgerEntry, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from insurance.rules import monthly_credit
from insurance.rules.monthly_credit import IN_SERVICE, CreditFacts
from tests.factories.insurance import (
    at,
    make_account,
    make_area,
    make_enrolment,
    make_fact,
    make_period,
    make_person,
    post,
)
from tests.factories.rules import publish_all

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("fixed_day"),
]
OCTOBER = Month.of(2026, 10)
BEIJING, NANJING, HEFEI = "110000", "320100", "340100"
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
DAY, LONG_AGO = dt.timedelta(days=1), dt.date(2010, 7, 1)
COLUMNS = [one.attname for one in LedgerEntry._meta.concrete_fields if one.attname != "id"]


class One:
    """Somebody in service in Nanjing, paid for in October and with a whole account, until a quirk says otherwise."""

    def __init__(self, *quirks):
        self.person = {"birth_date": dt.date(1956, 10, 15)}
        self.enrolments = [{"area": NANJING}]
        self.periods = [{"area": NANJING, "base_fen": 823_425}]
        self.accounts = [{"area": NANJING}]
        self.facts, self.then = [], []
        for quirk in quirks:
            quirk(self)

    def make(self):
        person = make_person(**self.person)
        for one in self.enrolments:
            if one.get("ends_on", LAST) < one.get("starts_on", LONG_AGO):
                one["ends_on"] = one["starts_on"]
            make_enrolment(person=person, **one | {"area": make_area(code=one["area"])})
        for one in self.periods:
            months = {"first": (2026, 10), "last": (2026, 10)}
            make_period(person=person, **months | one | {"area": make_area(code=one["area"])})
        for one in self.facts:
            make_fact(person=person, **one)
        for one in self.accounts:
            make_account(person=person, **one | {"area": make_area(code=one["area"])})
        for then in self.then:
            if account := person.accounts.first():
                then(person, account)
        return person


def fact(kind="account_freeze", **fields):
    return lambda one: one.facts.append({"kind": kind} | fields)


def leaves(one):
    one.facts.append({"kind": "transfer_out", "other_area": make_area(code=HEFEI)})


def enrolled(**fields):
    return lambda one: [row.update(fields) for row in one.enrolments]


def enrolled_too(**fields):
    return lambda one: one.enrolments.append({"area": NANJING, "tier": "another"} | fields)


def paid(**fields):
    return lambda one: [row.update(fields) for row in one.periods]


def paid_too(**fields):
    return lambda one: one.periods.append({"area": NANJING, "base_fen": 700_000} | fields)


def nothing(name):
    return lambda one: getattr(one, name).clear()


def parts(*names, area=NANJING):
    def quirk(one):
        one.accounts = [{"area": area, "part": part} for part in names]

    return quirk


def retired(born, area=BEIJING):
    def quirk(one):
        one.person["birth_date"] = born
        for row in one.enrolments[:1]:
            row |= {"area": area, "person_type": "retired"}
        for row in one.accounts:
            row["area"] = area
        one.periods.clear()

    return quirk


def then(do):
    return lambda one: one.then.append(do)


def had_it_by_file(person, account):
    post(account, EntryKind.CREDIT_OWN, 9, for_month=OCTOBER)


def had_it_by_a_run(person, account):
    ledger.post(
        account_id=account.pk,
        kind=EntryKind.CREDIT_OWN,
        amount_fen=9,
        source_kind="credit",
        source_ref=f"2026-10/{person.pk}",
        for_month=OCTOBER,
    )


def had_it_and_it_was_corrected(person, account):
    entry = post(account, EntryKind.CREDIT_OWN, 9, for_month=OCTOBER)
    ledger.reverse(entry_id=entry.pk, source_ref=f"fix-{entry.pk}")


def had_it_by_a_run_and_it_was_corrected(person, account):
    had_it_by_a_run(person, account)
    entry = LedgerEntry.objects.of(account.pk).newest_first().first()
    ledger.reverse(entry_id=entry.pk, source_ref=f"fix-{entry.pk}")


def had_interest_for_it(person, account):
    post(account, EntryKind.INTEREST, 9, for_month=OCTOBER)


def had_september(person, account):
    post(account, EntryKind.CREDIT_OWN, 9, for_month=Month.of(2026, 9))


def was_ahead_of_the_clock(person, account):
    post(account, EntryKind.INTEREST, 1, posted_at=at(2026, 11, 16, 23))


def has_money_spoken_for(person, account):
    post(account, EntryKind.INTEREST, 50)
    source = {"account_id": account.pk, "source_kind": "test", "source_ref": "memo"}
    ledger.reserve(**source, amount_fen=20)
    ledger.hold(**source | {"source_ref": "hold"}, amount_fen=10)


def closed(person, account):
    PersonalAccount.objects.filter(pk=account.pk).update(closed_on=FIRST)


def closed_after_it_came(person, account):
    had_it_by_a_run(person, account)
    closed(person, account)
    make_account(person=person, area=account.area)


QUIRKS = [
    nothing("enrolments"),
    nothing("periods"),
    nothing("accounts"),
    fact(from_day=LAST),
    fact(from_day=LAST + DAY),
    fact(from_day=FIRST - 9 * DAY, to_day=FIRST),
    fact(from_day=FIRST - 8 * DAY, to_day=FIRST - DAY),
    fact(withdrawn_at=at(2026, 10, 1)),
    fact("death", from_day=FIRST - DAY),
    fact("death", from_day=FIRST),
    fact("settlement_suspension"),
    leaves,
    enrolled(starts_on=LAST),
    enrolled(starts_on=LAST + DAY),
    enrolled(ends_on=FIRST),
    enrolled(ends_on=FIRST - DAY),
    enrolled(person_type="flexible"),
    enrolled(has_account=False),
    enrolled(scheme="resident", person_type="resident", has_account=False),
    enrolled(area=HEFEI),
    enrolled_too(),
    enrolled_too(area=HEFEI, tier="other"),
    enrolled_too(scheme="resident", person_type="resident", tier="third"),
    paid(area=HEFEI),
    paid(scheme="resident"),
    paid(status="pending"),
    paid(kind="backpaid"),
    paid(kind="deemed"),
    paid(kind="unemployment_fund"),
    paid(kind="post_retirement_monthly"),
    paid(base_fen=None),
    paid(base_fen=0),
    paid(first=(2020, 1), last=(2026, 10)),
    paid(first=(2026, 10), last=(2026, 12)),
    paid(first=(2026, 11), last=(2026, 12)),
    paid(first=(2026, 8), last=(2026, 9)),
    paid_too(),
    paid_too(status="refunded"),
    parts(AccountPart.PRIOR_YEARS, AccountPart.CURRENT_YEAR, AccountPart.WALLET),
    parts(AccountPart.WALLET),
    parts(AccountPart.WHOLE, area=HEFEI),
    retired(dt.date(1956, 10, 1)),
    retired(dt.date(1956, 10, 15)),
    retired(dt.date(1956, 11, 1)),
    retired(None),
    retired(dt.date(1950, 1, 1), area=NANJING),
    then(had_it_by_file),
    then(had_it_by_a_run),
    then(had_it_and_it_was_corrected),
    then(had_it_by_a_run_and_it_was_corrected),
    then(had_interest_for_it),
    then(had_september),
    then(was_ahead_of_the_clock),
    then(has_money_spoken_for),
    then(closed),
    then(closed_after_it_came),
]


@pytest.fixture(params=["its own way", "one by one"])
def way(request, monkeypatch):
    """On PostgreSQL both ways; SQLite has one."""
    if request.param == "one by one":
        monkeypatch.setattr(credit_sets, "is_possible", lambda: False)


def everybody(*, every=6):
    """Each quirk alone, and in turn with a part of the others; their keys."""
    pairs = list(combinations(QUIRKS, 2))[::every]
    groups = [(), *((one,) for one in QUIRKS), *pairs]
    return [One(*quirks).make().pk for quirks in groups]


@pytest.fixture
def planner():
    publish_all()
    return Planner(OCTOBER, credits.Rules(FIRST).policy_of)


def expected(people, planner):
    """One by one and in memory: what everybody gets, and the entries that this makes."""
    within = credit_rows.Span(people[0], people[-1])
    chunk = credit_rows.people(within)
    accounts = credit_rows.taking(credit_rows.open_accounts(chunk))
    cases = credit_rows.cases(chunk, accounts, OCTOBER)
    told = {one.id: planner.answer(case) for one, case in zip(chunk, cases, strict=True)}
    entries = {}
    for person_id, answer in told.items():
        if not answer.reason:
            line = ledger.Line(
                kind=answer.kind,
                amount_fen=answer.fen,
                source_kind="credit",
                source_ref=f"2026-10/{person_id}",
                for_month=OCTOBER,
            )
            entry = ledger_steps.next_entry(accounts[person_id], line)
            entry.recorded_at = at(2026, 11, 16, 10)
            entries[entry.account_id] = [getattr(entry, name) for name in COLUMNS]
    return told, entries


def test_a_run_posts_what_each_case_brings_and_a_dry_run_says_so_before(planner, way):
    people = everybody()
    told, entries = expected(people, planner)
    numbers = credit_rows.numbers(credit_rows.Span(people[0], people[-1]))
    before = LedgerEntry.objects.order_by("pk").last().pk
    said = [one for answers in credits.look(month=OCTOBER, chunk=150) for one in answers]
    assert said == [(numbers[person_id], told[person_id]) for person_id in people]
    counts = list(credits.post_all(credits.begin(month=OCTOBER), chunk=150))
    assert sum(counts) == len(people)
    made = LedgerEntry.objects.filter(pk__gt=before)
    assert {one.account_id: [getattr(one, name) for name in COLUMNS] for one in made} == entries
    assert len(made) == len(entries)
    assert not list(ledger_check.faults())
    tally = credits.tally_of(CreditRun.objects.get())
    reasons = Counter(one.reason for one in told.values())
    assert (tally.credited, tally.same) == (reasons.pop(""), reasons.pop("already"))
    assert tally.reasons == reasons
    assert tally.amount_fen == sum(one.fen for one in told.values())
    # Enough of everything, so that the two are held against each other about it.
    assert len(reasons) > 12
    assert tally.credited > 60


def test_a_span_falls_into_a_few_parts_however_far_apart_its_keys_are():
    for first, last in ((1, 1), (1, 3), (7, 10), (5, 24), (1, 10**12)):
        parts = credit_rows.Span(first, last).parts(4)
        assert len(parts) <= 4
        assert (parts[0].first, parts[-1].last) == (first, last)
        assert all(one.last + 1 == two.first for one, two in pairwise(parts))
        assert all(one.first <= one.last for one in parts)


def test_run_again_everybody_who_got_it_has_it(planner, way):
    people = everybody(every=len(QUIRKS))
    list(credits.post_all(credits.begin(month=OCTOBER), chunk=25))
    first, entries = credits.tally_of(CreditRun.objects.get()), LedgerEntry.objects.count()
    list(credits.post_all(credits.begin(month=OCTOBER), chunk=25))
    second = credits.tally_of(CreditRun.objects.get())
    assert LedgerEntry.objects.count() == entries
    assert (second.credited, second.same) == (0, first.credited + first.same)
    assert second.reasons == first.reasons
    assert len(people) == second.same + second.reasons.total()


def test_the_rate_of_a_place_gives_what_its_rule_gives_for_each_base(planner):
    told = set()
    for area in (BEIJING, NANJING, HEFEI, "440300", "999999"):
        policy, enrolled_there = credits.Rules(FIRST).policy_of(area), Enrolled(area, False, True)
        for base_fen in (None, 0, 1, 25, 823_424, 823_425, 99_999_999):
            paid_there = Paid(area, "actual", base_fen)
            case = CreditCase(None, frozenset({enrolled_there}), (paid_there,), area)
            facts = CreditFacts(OCTOBER, IN_SERVICE, None, base_fen, paid=True)
            decision, answer = monthly_credit.decide(facts, policy, FIRST), planner.answer(case)
            if decision.verdict == "yes":
                assert answer.fen == decision.figures["expected_fen"]
            else:
                assert answer.reason in {one.code for one in decision.findings}
            told.add(answer.reason)
    assert {"", "nothing_due", "base_not_known"} < told


def pay_in(accounts, **fields):
    """By one statement on PostgreSQL, and by a book where there is none."""
    kind, fen = fields.get("kind", EntryKind.CREDIT_OWN), fields.get("amount_fen", 1)
    if credit_sets.is_possible():
        sent = ledger_sets.pay_in(
            account_ids=[one.pk for one in accounts],
            kinds=[kind] * len(accounts),
            amounts_fen=[fen] * len(accounts),
            for_month=OCTOBER,
            source_kind="test",
            source_start="set-",
            moment=at(2026, 11, 16),
        )
        sent.expect_all()
        return
    book = ledger.open_book(person_ids=[one.person_id for one in accounts])
    for one in accounts:
        line = {"kind": kind, "amount_fen": fen, "source_kind": "test", "source_ref": "set"}
        book.take(one.pk, ledger.Line(**line))


@pytest.mark.parametrize(
    ("kind", "amount_fen"),
    [("credit_own", 0), ("credit_own", -1), ("spend_care", 1), ("hold", 1), ("reversal", 1)],
)
def test_only_money_that_comes_in_is_posted_for_sets(kind, amount_fen):
    account = make_account(balance_fen=100)
    with pytest.raises(ledger.WrongShape):
        pay_in([account], kind=kind, amount_fen=amount_fen)
    pay_in([account])


def test_nothing_is_posted_to_a_closed_account_for_sets():
    good, gone = make_account(), make_account()
    ledger.close_account(account_id=gone.pk, closed_on=LAST)
    with pytest.raises(ledger.AccountClosed):
        pay_in([good, gone])
