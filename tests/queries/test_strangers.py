"""An address of somebody else's money is not there for anybody else: page, paper, file and entry alike."""

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from insurance import ledger
from insurance.models.ledger import AccountPart, EntryKind
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in

OWN_PAGES = (
    "/home/",
    "/balance/",
    "/balance/statement/",
    "/balance/statement/print/",
    "/balance/statement/csv/",
    "/balance/statement/1/",
    "/balance/credits/",
    "/contributions/",
)
SECRETS = ("777.77", "秘密厂", "定点牙科")


@pytest.fixture
def rich(db):
    """Somebody with a wallet, 40 entries and figures that stand on no other page."""
    person = register.make_person(name="周富贵")
    register.make_enrolment(person=person, employer="秘密厂")
    register.make_period(person=person, payer="秘密厂")
    whole = register.make_account(person=person, balance_fen=77777)
    wallet = register.make_account(person=person, part=AccountPart.WALLET, balance_fen=77777)
    for account, kind in ((whole, EntryKind.SPEND_CARE), (wallet, EntryKind.WALLET_OUT)):
        lines = [register.line(kind, -1, f"{kind}-{one}", place="定点牙科") for one in range(40)]
        ledger.post_many(account_id=account.pk, lines=lines)
    return person


@pytest.fixture
def stranger(client, rich):
    """Signed in, with one account of one entry."""
    person = register.make_person(name="张建国")
    register.make_enrolment(person=person)
    register.make_account(person=person, balance_fen=100)
    return sign_in(client, make_citizen(person=person))


def body(answer):
    return b"".join(answer).decode()


@pytest.mark.parametrize("path", OWN_PAGES)
def test_a_stranger_sees_nothing_of_it_at_the_same_address(stranger, rich, path):
    answer = stranger.get(path)
    assert answer.status_code == 200
    shown = body(answer)
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize(
    "path",
    [
        "/balance/statement/2/",
        "/balance/statement/41/",
        "/balance/statement/1/?part=wallet",
        "/balance/statement/?part=wallet",
        "/balance/statement/print/?part=wallet",
        "/balance/statement/csv/?part=wallet",
        "/balance/statement/csv/?part=whole-1",
    ],
)
def test_what_only_the_other_person_has_is_404(client, rich, stranger, path):
    assert stranger.get(path).status_code == 404
    owner = sign_in(client, make_citizen(person=rich))
    if "whole-1" not in path:
        assert owner.get(path).status_code == 200


def test_internal_numbers_open_nothing(stranger, rich):
    for account in rich.accounts.all():
        for name in ("part", "account", "account_id", "person"):
            answer = stranger.get("/balance/statement/csv/", {name: account.pk})
            assert answer.status_code == 404 or not any(one in body(answer) for one in SECRETS)


@pytest.mark.parametrize("path", OWN_PAGES)
def test_nobody_reads_without_signing_in(client, rich, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/sign-in/")


@pytest.mark.parametrize("path", OWN_PAGES)
def test_staff_have_no_account_here(client, db, path):
    clerk = User(name="窗口", role=Role.WINDOW_CLERK)
    clerk.set_unusable_password()
    clerk.save()
    assert sign_in(client, clerk).get(path).status_code == 403


@pytest.mark.parametrize("path", OWN_PAGES)
def test_nothing_is_written_through_a_page_that_reads(stranger, path):
    assert stranger.post(path).status_code == 405


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_with_data_are_kept_nowhere(stranger, path):
    assert "no-store" in stranger.get(path)["Cache-Control"]


@pytest.mark.both_databases
@pytest.mark.parametrize("path", OWN_PAGES)
def test_whose_link_has_ended_sees_nothing_of_the_person(client, rich, path):
    user = make_citizen(person=rich)
    reader = sign_in(client, user)
    assert reader.get(path).status_code == 200
    user.identity_links.update(ended_at=timezone.now())
    answer = reader.get(path)
    assert answer.status_code == 403
    assert not [secret for secret in SECRETS if secret in body(answer)]


@pytest.mark.both_databases
def test_what_changed_a_moment_ago_is_on_the_next_page(client, rich):
    reader = sign_in(client, make_citizen(person=rich))
    assert "777.37" in body(reader.get("/balance/"))
    account = rich.accounts.get(part=AccountPart.WHOLE)
    line = register.line(EntryKind.CREDIT_OWN, 100, "fresh")
    ledger.post_many(account_id=account.pk, lines=[line])
    register.make_fact(person=rich, kind="account_freeze")
    shown = body(reader.get("/balance/"))
    assert "778.37" in shown
    assert "账户被冻结" in shown
