"""Finding one person at the window: by an exact number, with a reason, on record."""

import datetime as dt

import pytest

from accounts import limits
from accounts.models import AuditEntry, Throttle
from accounts.roles import Role
from insurance import ledger, register
from insurance.models import ActivationSlip, InsuredPerson
from insurance.models.ledger import EntryKind
from tests import cast
from tests.factories.insurance import (
    at,
    line,
    make_account,
    make_area,
    make_enrolment,
    make_fact,
    make_id_number,
    make_period,
    make_person,
)

pytestmark = pytest.mark.django_db

FIND = "/admin/insurance/insuredperson/find/"
REASON = "本人到窗口打印缴费记录"
NAME = "欧阳建国"
ID_NUMBER = make_id_number(area="340104", born="19710812", sequence=13)
PHONE = "13900000031"
CARD = "D20010031"


@pytest.fixture
def person():
    person = make_person(
        name=NAME,
        person_number="34010000031",
        id_number=ID_NUMBER,
        phone=PHONE,
        social_security_card=CARD,
        birth_date=dt.date(1971, 8, 12),
    )
    make_account(person=person, balance_fen=123_456)
    return person


def page_of(person):
    return f"/admin/insurance/insuredperson/{person.pk}/change/"


def find(client, number, reason=REASON):
    return client.post(FIND, {"number": number, "reason": reason})


def looks():
    return list(
        AuditEntry.objects.filter(action__startswith="person.")
        .order_by("id")
        .values_list("action", "subject_ref", "reason")
    )


@pytest.mark.parametrize(
    "number", [ID_NUMBER, PHONE, CARD, "34010000031", f" {ID_NUMBER[:6]} {ID_NUMBER[6:]} "]
)
def test_a_person_is_found_by_any_whole_number_and_each_look_is_on_record(clerk, person, number):
    answer = find(clerk, number)
    assert answer.url == page_of(person)
    page = clerk.get(answer.url).content.decode()
    assert "1,234.56 元" in page
    assert looks() == [
        ("person.find", "", REASON),
        ("person.look", str(person.reference), REASON),
    ]
    clerk.get(answer.url)
    assert len(looks()) == 3
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor, entry.actor_role, entry.ip_address) == (
        clerk.user,
        Role.WINDOW_CLERK,
        "127.0.0.1",
    )


@pytest.mark.parametrize(
    "number", [ID_NUMBER[:17], PHONE[:10], "3401000003", NAME, "%", "", ID_NUMBER[:-1] + "*"]
)
def test_a_part_of_a_number_and_a_name_find_nobody(clerk, person, number):
    answer = find(clerk, number)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not [look for look in looks() if look[0] == "person.look"]


@pytest.mark.parametrize("reason", ["", "x", "   "])
def test_without_a_reason_nobody_is_looked_for(clerk, person, reason):
    found = find(clerk, ID_NUMBER, reason).content.decode()
    nobody = find(clerk, "34010009999", reason).content.decode()
    assert "没有这个号码" not in found + nobody
    assert clerk.get(page_of(person)).context["submit"] == "查看"


def test_the_number_is_in_no_address_and_no_record(clerk, person):
    answer = find(clerk, ID_NUMBER, f"{REASON}，号码 {ID_NUMBER}")
    assert ID_NUMBER not in answer.url
    stored = str(list(AuditEntry.objects.values()))
    assert ID_NUMBER not in stored
    assert PHONE not in stored


def test_the_page_shows_masks_and_nothing_whole(clerk, person):
    find(clerk, ID_NUMBER)
    page = clerk.get(page_of(person)).content.decode()
    assert "欧阳*国" in page
    assert f"{ID_NUMBER[0]}{'*' * 16}{ID_NUMBER[-1]}" in page
    for whole in (NAME, ID_NUMBER, PHONE, CARD, "8月12日", "1971-08-12"):
        assert whole not in page


def test_a_page_opened_by_its_address_asks_for_the_reason_first(clerk, person):
    page = clerk.get(page_of(person))
    assert "为什么要查看这位参保人" in page.content.decode()
    assert "1,234.56" not in page.content.decode()
    assert looks() == []
    assert "理由太短" in clerk.post(page_of(person), {"reason": "x"}).content.decode()
    answer = clerk.post(page_of(person), {"reason": REASON})
    assert answer.url == page_of(person)
    assert "1,234.56 元" in clerk.get(answer.url).content.decode()


def test_a_reason_is_good_for_one_person_and_one_session(clerk, at_work, person):
    find(clerk, ID_NUMBER)
    other = make_person(name="李梅")
    assert "为什么要查看" in clerk.get(page_of(other)).content.decode()
    colleague = at_work(Role.WINDOW_CLERK, name="王五")
    assert "为什么要查看" in colleague.get(page_of(person)).content.decode()


def test_an_account_opens_under_the_reason_of_its_person(clerk, person):
    account = person.accounts.get()
    address = f"/admin/insurance/personalaccount/{account.pk}/change/"
    assert "为什么要查看" in clerk.get(address).content.decode()
    find(clerk, ID_NUMBER)
    assert "期初余额" in clerk.get(address).content.decode()
    assert looks()[-1] == ("person.look", str(person.reference), REASON)


def test_all_entries_of_an_account_are_read_page_by_page(clerk, person):
    account = person.accounts.get()
    lines = [
        line(EntryKind.INTEREST, 1, f"interest-{number}", posted_at=at(2021, 1, 1))
        for number in range(120)
    ]
    ledger.post_many(account_id=account.pk, lines=lines)
    find(clerk, ID_NUMBER)
    address, seen = f"/admin/insurance/personalaccount/{account.pk}/change/", []
    query = ""
    while query is not None:
        sheet = clerk.get(address + query).context["sheet"]
        seen += [entry.sequence for entry in sheet.entries]
        query = f"?before={sheet.older}" if sheet.older else None
    assert seen == list(range(121, 0, -1))
    for nonsense in ("?before=x", "?before=-1", "?before=" + "9" * 30, "?before=１"):
        assert clerk.get(address + nonsense).status_code == 200


def test_a_family_of_one_phone_is_offered_for_choice_with_masks(clerk, person):
    make_person(name="李梅", phone=PHONE, birth_date=dt.date(1973, 4, 5), sex="female")
    page = find(clerk, PHONE).content.decode()
    assert "欧阳*国" in page
    assert "李*" in page
    assert "1973" in page
    assert PHONE not in page
    assert [look[0] for look in looks()] == ["person.find"]


def test_there_is_no_list_of_people_or_accounts(clerk, person):
    for kind in ("insuredperson", "personalaccount"):
        answer = clerk.get(f"/admin/insurance/{kind}/?q=34010000031")
        assert answer.url == FIND


def test_too_many_searches_in_an_hour_are_stopped(clerk, person):
    find(clerk, ID_NUMBER)
    Throttle.objects.filter(limit=limits.LOOK_UPS_HOUR.name).update(
        count=limits.LOOK_UPS_HOUR.count
    )
    answer = find(clerk, ID_NUMBER)
    assert answer.status_code == 200
    assert "次数太多" in answer.content.decode()


def test_the_page_asks_as_few_questions_for_much_as_for_little(
    clerk, person, django_assert_max_num_queries
):
    find(clerk, ID_NUMBER)
    for number in range(30):
        area = make_area(code=f"3401{number:02d}", name_zh=f"区{number}")
        make_enrolment(person=person, area=area, starts_on=dt.date(2000 + number, 1, 1))
        make_period(person=person, area=area, first=(2000 + number, 1), last=(2000 + number, 12))
        make_fact(person=person, from_day=dt.date(1990 + number, 1, 1), other_area=area)
    with django_assert_max_num_queries(16):
        page = clerk.get(page_of(person)).content.decode()
    assert "区29" in page


def test_a_slip_is_checked_then_shown_once(clerk, person):
    find(clerk, ID_NUMBER)
    address = f"/admin/insurance/insuredperson/{person.pk}/slip/"
    check = clerk.get(address).content.decode()
    assert "欧阳*国" in check
    assert not ActivationSlip.objects.exists()
    answer = clerk.post(address, {"reason": "核对了身份证原件"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in clerk.get(address).content.decode()
    assert secret not in clerk.get(page_of(person)).content.decode()
    slip = ActivationSlip.objects.get()
    assert (slip.person, slip.issued_by) == (person, clerk.user)
    entry = AuditEntry.objects.get(action="slip.issue")
    assert (entry.subject_ref, entry.reason) == (str(person.reference), "核对了身份证原件")


def test_a_slip_is_for_somebody_who_was_looked_at(clerk, person):
    address = f"/admin/insurance/insuredperson/{person.pk}/slip/"
    for answer in (clerk.get(address), clerk.post(address, {"reason": REASON})):
        assert answer.url == page_of(person)
    assert not ActivationSlip.objects.exists()


def test_a_slip_needs_a_reason_and_a_living_person(clerk, person):
    find(clerk, ID_NUMBER)
    address = f"/admin/insurance/insuredperson/{person.pk}/slip/"
    assert "请写理由" in clerk.post(address, {"reason": ""}).content.decode()
    register.record_fact(person=person, kind="death", from_day=dt.date(2026, 1, 1))
    assert "去世" in clerk.post(address, {"reason": REASON}).content.decode()
    assert not ActivationSlip.objects.exists()


def test_the_person_can_read_who_looked_and_why(clerk, client):
    user, person = cast.zhang()
    find(clerk, cast.ZHANG_ID)
    clerk.get(page_of(person))
    cast.sign_in(client, user)
    page = client.get("/accounts/looks/").content.decode()
    assert REASON in page
    assert "窗口经办人员" in page


@pytest.mark.parametrize("number", ["0", "987654", "x", "1%27"])
def test_a_person_that_is_not_there_is_not_found(clerk, number):
    for address in ("insuredperson/{}/change/", "personalaccount/{}/change/"):
        assert clerk.get("/admin/insurance/" + address.format(number)).status_code == 404


def test_a_name_that_would_be_code_is_shown_as_letters(clerk):
    person = make_person(name="<b>x</b>", person_number="P-1")
    InsuredPerson.objects.filter(pk=person.pk).update(person_number="<i>1</i>")
    make_enrolment(person=person, employer="<script>alert(1)</script>")
    find(clerk, "<i>1</i>")
    page = clerk.get(page_of(person)).content.decode()
    assert "<script>alert" not in page
    assert "<i>1" not in page
