"""A month's credits for everybody: by the rules of the month, once, and nothing where no rule settles it."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from insurance import credits, ledger, ledger_check
from insurance.credit_lanes import Turn
from insurance.credit_plan import Planner
from insurance.credit_sets import Answers
from insurance.credit_words import REASONS
from insurance.models import CreditRun, InsuredPerson, LedgerEntry, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from tests.factories.credits import fail_at
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
    pytest.mark.usefixtures("fixed_day", "rules"),
]
OCTOBER = Month.of(2026, 10)
BEIJING, NANJING, HEFEI = "110000", "320100", "340100"


@pytest.fixture
def rules():
    publish_all()


def insured(*, area=NANJING, base_fen=800_000, paid=True, account=True, born=None, **enrolment):
    """Somebody in service in October 2026, paid for and with an open account."""
    place = make_area(code=area)
    person = make_person(birth_date=born)
    make_enrolment(person=person, area=place, **enrolment)
    if paid:
        month = (2026, 10)
        make_period(person=person, area=place, first=month, last=month, base_fen=base_fen)
    if account:
        make_account(person=person, area=place)
    return person


def retired(*, born, area=BEIJING, **more):
    return insured(area=area, paid=False, person_type="retired", born=born, **more)


def run(month="2026-10", **options):
    """What the command says."""
    out = StringIO()
    call_command("post_credits", month=month, quiet=True, stdout=out, **options)
    return out.getvalue()


def credited(person):
    rows = LedgerEntry.objects.filter(account__person=person, for_month=OCTOBER)
    return list(rows.order_by("pk").values_list("kind", "amount_fen"))


def reasons():
    return CreditRun.objects.get().not_credited


def test_in_service_the_own_share_of_the_base_comes_in():
    person = insured()
    assert "划入 1 人，共 160.00 元" in run()
    entry = LedgerEntry.objects.get(account__person=person)
    assert (entry.kind, entry.amount_fen, entry.for_month) == ("credit_own", 16_000, OCTOBER)
    assert (entry.source_kind, entry.source_ref) == ("credit", f"2026-10/{person.pk}")
    assert entry.balance_after_fen == entry.account.balance_fen == 16_000
    assert list(ledger_check.faults()) == []


@pytest.mark.parametrize(("base_fen", "fen"), [(823_424, 16_468), (823_425, 16_469)])
def test_half_a_fen_is_rounded_up(base_fen, fen):
    # 2 % of 8,234.24 is 164.6848 and of 8,234.25 exactly 164.685.
    person = insured(base_fen=base_fen)
    run()
    assert credited(person) == [("credit_own", fen)]


@pytest.mark.parametrize(
    ("born", "fen"), [(dt.date(1956, 11, 1), 10_000), (dt.date(1956, 10, 1), 11_000)]
)
def test_the_retired_get_the_amount_of_their_age(born, fen):
    person = retired(born=born)
    run()
    assert credited(person) == [("credit_retiree", fen)]


def test_a_birthday_that_changes_the_amount_within_the_month_is_left_to_staff():
    person = retired(born=dt.date(1956, 10, 15))
    run()
    assert (credited(person), reasons()) == ([], {"birthday_changes_amount": 1})


def test_a_split_account_takes_it_as_money_of_this_year():
    person = insured(account=False)
    for part in (AccountPart.PRIOR_YEARS, AccountPart.CURRENT_YEAR, AccountPart.WALLET):
        make_account(person=person, area=make_area(code=NANJING), part=part)
    run()
    assert LedgerEntry.objects.get().account.part == AccountPart.CURRENT_YEAR


def test_what_no_rule_settles_is_not_posted_and_the_reason_is_counted():
    person = retired(born=dt.date(1950, 1, 1), area=NANJING)
    assert "1  evidence_not_found  当地规定没有查到" in run()
    assert credited(person) == []
    assert reasons() == {"evidence_not_found": 1}


def test_a_month_before_the_reform_is_not_guessed():
    person = insured(area=BEIJING, paid=False)
    make_period(
        person=person, area=make_area(code=BEIJING), first=(2022, 8), last=(2022, 8), base_fen=500
    )
    run("2022-08")
    assert reasons() == {"before_reform": 1}


def _died(person):
    make_fact(person=person, kind="death", from_day=dt.date(2026, 9, 30))


def _frozen(person):
    make_fact(person=person, kind="account_freeze")


def _leaves(person):
    make_fact(person=person, kind="transfer_out", other_area=make_area(code=HEFEI))


def _paid_once_more(person):
    place = make_area(code=NANJING)
    make_period(person=person, area=place, first=(2026, 10), last=(2026, 10), base_fen=1)


def _retires(person):
    place = make_area(code=NANJING)
    start = dt.date(2026, 10, 31)
    make_enrolment(person=person, area=place, person_type="retired", starts_on=start)


def _has_it_by_file(person):
    post(person.accounts.get(), EntryKind.CREDIT_OWN, 9, for_month=OCTOBER)


def _was_corrected(person):
    entry = post(person.accounts.get(), EntryKind.CREDIT_OWN, 9, for_month=OCTOBER)
    ledger.reverse(entry_id=entry.pk, source_ref="fix")


@pytest.mark.parametrize(
    ("reason", "facts", "then"),
    [
        ("unpaid", {"paid": False}, None),
        ("base_not_known", {"base_fen": None}, None),
        ("nothing_due", {"base_fen": 0}, None),
        ("no_open_account", {"account": False}, None),
        ("scheme_has_no_account", {"scheme": "resident", "person_type": "resident"}, None),
        ("scheme_has_no_account", {"has_account": False}, None),
        ("not_enrolled", {"ends_on": dt.date(2026, 9, 30)}, None),
        ("enrolment_changed", {}, _retires),
        ("died", {}, _died),
        ("account_frozen", {}, _frozen),
        ("moving", {}, _leaves),
        ("paid_twice", {}, _paid_once_more),
        ("credited_by_file", {}, _has_it_by_file),
        ("corrected", {}, _was_corrected),
    ],
)
def test_whoever_gets_nothing_is_counted_by_the_reason(reason, facts, then):
    person = insured(**facts)
    if then:
        then(person)
    before = LedgerEntry.objects.count()
    run()
    assert reasons() == {reason: 1}
    assert LedgerEntry.objects.count() == before
    assert reason in REASONS


@pytest.mark.parametrize(
    ("paid", "reason"),
    [
        ({"area": HEFEI}, "paid_elsewhere"),
        ({"kind": "unemployment_fund"}, "may_bring_nothing"),
        ({"kind": "deemed"}, "unpaid"),
        ({"status": "pending"}, "unpaid"),
        ({"scheme": "resident"}, "unpaid"),
    ],
)
def test_only_one_paid_record_of_the_right_place_and_kind_brings_money(paid, reason):
    person = insured(paid=False)
    place = make_area(code=paid.pop("area", NANJING))
    month = (2026, 10)
    make_period(person=person, area=place, first=month, last=month, base_fen=800_000, **paid)
    run()
    assert reasons() == {reason: 1}


def test_money_does_not_go_to_an_account_of_another_place():
    person = insured(account=False)
    make_account(person=person, area=make_area(code=HEFEI))
    run()
    assert reasons() == {"account_elsewhere": 1}


def test_run_again_it_posts_nothing_twice_and_takes_who_paid_late():
    first, late = insured(), insured(paid=False)
    run()
    assert reasons() == {"unpaid": 1}
    month = (2026, 10)
    make_period(
        person=late, area=make_area(code=NANJING), first=month, last=month, base_fen=500_000
    )
    assert "划入 1 人，共 100.00 元；早已划入 1 人；没有划入 0 人" in run()
    assert credited(first) == [("credit_own", 16_000)]
    assert credited(late) == [("credit_own", 10_000)]
    row = CreditRun.objects.get()
    assert (row.credited, row.same, row.not_credited, bool(row.versions)) == (1, 1, {}, True)


def test_the_next_month_is_another_credit():
    person = insured()
    place, september = make_area(code=NANJING), (2026, 9)
    make_period(person=person, area=place, first=september, last=september, base_fen=500_000)
    for month in ("2026-09", "2026-10"):
        run(month)
    entries = LedgerEntry.objects.filter(account__person=person).order_by("sequence")
    assert list(entries.values_list("amount_fen", flat=True)) == [10_000, 16_000]


def test_stopped_between_chunks_it_goes_on_where_it_was():
    people = [insured() for _number in range(5)]
    posting = credits.post_all(credits.begin(month=OCTOBER), chunk=2)
    assert next(posting) == 2
    posting.close()
    row = CreditRun.objects.get()
    assert (row.credited, row.last_person, row.finished_at) == (2, people[1].pk, None)
    assert "划入 5 人，共 800.00 元；早已划入 0 人" in run()
    assert [len(credited(one)) for one in people] == [1] * 5
    assert CreditRun.objects.get().finished_at is not None
    assert list(ledger_check.faults()) == []


def test_a_chunk_that_fails_leaves_nothing_behind(monkeypatch):
    people = [insured() for _number in range(4)]
    fail_at(people[3], OCTOBER, monkeypatch)
    assert [len(credited(one)) for one in people] == [1, 1, 0, 0]
    run()
    assert [len(credited(one)) for one in people] == [1] * 4
    assert CreditRun.objects.get().credited == 4


@pytest.mark.parametrize(
    "meanwhile", [{"last_person": 10**9}, {"finished_at": at(2026, 11, 16)}], ids=["on", "done"]
)
def test_a_chunk_that_another_run_was_faster_with_leaves_nothing_behind(meanwhile):
    person = insured()
    row = credits.begin(month=OCTOBER)
    answers = Answers(Planner(OCTOBER, credits.Rules(row.day).policy_of))

    class Overtaken(Turn):
        def wait(self):
            CreditRun.objects.update(**meanwhile)

    with pytest.raises(credits._Overtaken):
        credits._post_chunk(row.pk, answers, credits.Rules(row.day), 6, Overtaken())
    assert credited(person) == []
    run()
    assert credited(person) == [("credit_own", 16_000)]
    assert CreditRun.objects.get().credited == 1


def test_a_chunk_takes_the_same_few_statements_for_any_number_of_people(
    django_assert_max_num_queries,
):
    for _number in range(6):
        insured()
    row = credits.begin(month=OCTOBER)
    rules = credits.Rules(row.day)
    rules.policy_of(NANJING)
    answers = Answers(Planner(OCTOBER, rules.policy_of))
    with django_assert_max_num_queries(16):
        assert credits._post_chunk(row.pk, answers, rules, 6, Turn()) == 6


def test_more_accounts_than_one_statement_takes():
    # SQLite joins 500 SELECTs at most.
    people = InsuredPerson.objects.bulk_create(
        InsuredPerson(person_number=f"M{number}", name="", certificate="01")
        for number in range(501)
    )
    accounts = PersonalAccount.objects.bulk_create(
        PersonalAccount(person=one, area=make_area(), opened_on=dt.date(2020, 1, 1))
        for one in people
    )
    line = ledger.Line(kind="interest", amount_fen=1, source_kind="test", source_ref="many")
    ledger.post_to_many(lines=[(one.pk, line) for one in accounts])
    assert PersonalAccount.objects.filter(balance_fen=1).count() == 501
    assert list(ledger_check.faults()) == []


def test_a_dry_run_writes_nothing(tmp_path):
    insured()
    retired(born=dt.date(1950, 1, 1), area=NANJING)
    audited = AuditEntry.objects.count()
    said = run(dry_run=True, report=tmp_path / "not.csv")
    assert "划入 1 人，共 160.00 元；早已划入 0 人；没有划入 1 人" in said
    assert not LedgerEntry.objects.exists()
    assert not CreditRun.objects.exists()
    assert AuditEntry.objects.count() == audited


def test_the_report_names_everybody_who_got_nothing_and_why(tmp_path):
    insured()
    unpaid, unknown = insured(paid=False), retired(born=dt.date(1950, 1, 1), area=NANJING)
    path = tmp_path / "not.csv"
    said = run(report=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert rows == [
        [unpaid.person_number, "unpaid", "这个月没有已缴的记录"],
        [unknown.person_number, "evidence_not_found", "当地规定没有查到"],
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert unpaid.person_number not in said


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "October"])
def test_a_month_to_come_or_none_at_all_is_refused(month):
    with pytest.raises(CommandError):
        run(month)
    assert not CreditRun.objects.exists()


def test_credit_goes_into_an_account_whose_last_entry_is_ahead_of_the_clock():
    person = insured()
    post(person.accounts.get(), EntryKind.INTEREST, 1, posted_at=at(2026, 11, 16, 11))
    run()
    assert credited(person) == [("credit_own", 16_000)]
    assert list(ledger_check.faults()) == []
