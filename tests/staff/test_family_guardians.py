"""Who speaks for a child is recorded at the window from papers, and ends there."""

import datetime as dt

import pytest

from accounts.models import AuditEntry, Upload
from family.guardians import birthday
from family.models import Binding, Guardianship
from insurance.models import Notice
from tests import cast
from tests.factories import agreeing
from tests.factories.agreeing import login_of, make_member
from tests.staff.counter import (
    GROUNDS,
    at,
    check_papers,
    confirm,
    desk_of,
    errors,
    letter,
    open_desk,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def rules(db, fixed_day):
    agreeing.load_rules()


@pytest.fixture
def mother(rules):
    return make_member(name="李梅", born="19850405", phone="")


@pytest.fixture
def child(rules):
    return make_member(name="张小宝", born="20151001", scheme="resident", phone="")


def record(client, guardian, child, **typed):
    check_papers(client, guardian)
    sent = {"id_number": child.id_number, "seen": "household_book", "papers": letter()}
    return client.post(at(guardian, "guardian/"), {**sent, **typed})


@pytest.mark.both_databases
def test_the_book_makes_a_guardian_until_the_child_is_of_age(clerk, client, mother, child):
    assert record(clerk, mother, child).url == desk_of(mother)
    made = Guardianship.objects.get()
    assert (made.guardian, made.child, made.until, made.recorded_by) == (
        mother,
        child,
        dt.date(2033, 10, 1),
        clerk.user,
    )
    upload = Upload.objects.get()
    assert upload.subject == ("family.guardianship", str(made.pk))
    for person in (mother, child):
        assert "监护关系" in Notice.objects.of(person.pk).get().title
        cast.sign_in(client, login_of(person))
        looks = client.get("/accounts/looks/").content.decode()
        assert "登记监护关系" in looks
        assert GROUNDS in looks
    cast.sign_in(client, login_of(mother))
    assert client.get(f"/accounts/uploads/{upload.public_id}/").status_code == 200
    again = record(clerk, mother, child)
    assert "已经登记过" in str(errors(again))


def test_a_guardian_who_is_there_agrees_for_the_child(clerk, mother, child):
    father = make_member(name="张建国")
    waiting = agreeing.propose(father, child, relation="child")
    open_desk(clerk, child)
    assert clerk.get(at(child, "presence/")).url == desk_of(child)
    record(clerk, mother, child)
    assert check_papers(clerk, child, speaker=mother).url == desk_of(child)
    wrong = confirm(clerk, child, waiting)
    assert "和登记的姓名不一样" in str(errors(wrong))
    assert "receipt" in confirm(clerk, child, waiting, signer=mother).url
    done = Binding.objects.get()
    consent = done.consents.get(side="beneficiary")
    assert (done.state, consent.person, consent.by_guardian) == ("active", child, mother)
    event = done.events.latest("number")
    assert (event.channel, event.details["by_guardian"]) == ("counter", True)


def test_from_fourteen_on_child_or_guardian_comes(clerk, mother):
    youth = make_member(name="张小强", born="20111001", scheme="resident", phone="")
    record(clerk, mother, youth)
    open_desk(clerk, youth)
    page = clerk.get(at(youth, "presence/")).content.decode()
    assert "监护人：李*" in page
    assert "请选一项" in str(errors(check_papers(clerk, youth)))
    assert check_papers(clerk, youth, who="self").url == desk_of(youth)
    waiting = agreeing.propose(make_member(name="张建国"), youth, relation="child")
    assert "receipt" in confirm(clerk, youth, waiting).url
    assert Binding.objects.get().consents.get(side="beneficiary").by_guardian is None


def test_an_ended_guardianship_speaks_for_nobody(clerk, mother, child):
    record(clerk, mother, child)
    check_papers(clerk, child, speaker=mother)
    made = Guardianship.objects.get()
    stranger = make_member(name="王五", born="19800101")
    check_papers(clerk, stranger)
    address = f"guardian/{made.pk}/end/"
    assert clerk.post(at(stranger, address)).status_code == 404
    check_papers(clerk, mother)
    clerk.post(at(mother, address))
    assert Guardianship.objects.get().ended_at is not None
    waiting = agreeing.propose(make_member(name="张建国"), child, relation="child")
    answer = confirm(clerk, child, waiting, signer=mother)
    assert answer.url == desk_of(child)
    assert Binding.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("born", "sentence"), [("20000101", "已经成年"), ("19850405", "来人自己的号码")]
)
def test_who_needs_no_guardian_gets_none(clerk, mother, born, sentence):
    other = mother if born == "19850405" else make_member(name="张小强", born=born)
    assert sentence in str(errors(record(clerk, mother, other)))
    assert not Guardianship.objects.exists()
    assert not Upload.objects.exists()


def test_a_number_of_nobody_and_a_missing_book_change_nothing(clerk, mother, child):
    unknown = agreeing.register.make_id_number(born="20160101", sequence=999)
    assert "没有这个号码" in str(errors(record(clerk, mother, child, id_number=unknown)))
    assert errors(record(clerk, mother, child, papers="")) == ["请选择文件。"]
    assert not Guardianship.objects.exists()


@pytest.mark.both_databases
def test_papers_that_are_all_infected_show_nothing(clerk, mother, child, monkeypatch):
    states = iter([Upload.State.INFECTED, Upload.State.INFECTED, Upload.State.HELD])
    monkeypatch.setattr("accounts.uploads._state_after", lambda scanner, data: next(states))
    assert "文件带病毒，已经删除，没有登记" in str(errors(record(clerk, mother, child)))
    assert not Guardianship.objects.exists()
    assert not Notice.objects.of(child.pk).exists()
    assert Upload.objects.get().state == "infected"
    assert AuditEntry.objects.filter(action="upload.discard").count() == 1
    assert record(clerk, mother, child, papers=[letter(), letter()]).url == desk_of(mother)
    assert Guardianship.objects.count() == 1
    html = clerk.get(desk_of(mother)).content.decode()
    assert "有的文件带病毒，已经删除" in html
    assert "登记好了" in html


def test_who_was_born_on_the_29th_of_february_is_of_age_on_the_first_of_march():
    assert birthday(dt.date(2008, 2, 29), 18) == dt.date(2026, 3, 1)
    assert birthday(dt.date(2008, 2, 28), 18) == dt.date(2026, 2, 28)
