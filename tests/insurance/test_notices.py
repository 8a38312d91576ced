import re

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from accounts import audit
from accounts.display import local_path
from accounts.models import SmsMessage
from insurance import inbox, notices
from insurance.models import InsuredPerson, Notice
from insurance.notices import TEXTS, Text
from tests import cast
from tests.factories import insurance as register
from tests.factories.accounts import make_staff, together
from tests.house.test_words import ASCII_MARK

PHONE = "13800005678"
ENDED = Text(
    title=gettext_lazy("%(giver_name)s的钱不能再用"),
    body=gettext_lazy("%(giver_name)s从%(last_day)s起停用，%(relation)s，还剩 %(left_fen)s。"),
    sms=gettext_lazy("家人的钱从%(last_day)s起停用。"),
)
PARAMS = {
    "giver_name": "张*国",
    "last_day": "2026-11-21",
    "left_fen": 12000,
    "relation": gettext_lazy("灵活就业"),
}


@pytest.fixture(autouse=True)
def text(monkeypatch):
    monkeypatch.setitem(TEXTS, "test.ended", ENDED)


@pytest.fixture
def reader(db):
    return cast.zhang()


@pytest.fixture
def page(client, reader):
    return cast.sign_in(client, reader[0])


def tell(person, **more):
    return notices.tell(**{"person": person, "kind": "test.ended", "params": PARAMS, **more})


def faults(text):
    """What is wrong with the sentences of one kind."""
    parts = [str(part) for part in (text.title, text.body, text.sms)]
    if not all(parts):
        yield "a part is missing"
    if notices.LINK.search(parts[2]):
        yield "a link in a short message"
    if not parts[2].endswith("。") or "【" in parts[2]:
        yield "the short message does not end with its sentence"
    if ASCII_MARK.search("\n".join(parts)):
        yield "punctuation"
    if re.search(r"%(?!\(\w+\)s|%)", "".join(parts)):
        yield "a parameter without a name"


def test_every_kind_has_three_whole_parts_and_no_link():
    assert not {kind: found for kind, text in TEXTS.items() if (found := list(faults(text)))}


@pytest.mark.parametrize(
    ("sms", "fault"),
    [
        ("", "a part is missing"),
        ("停用了，见 gongji.gov.cn。", "a link in a short message"),
        ("停用了", "the short message does not end with its sentence"),
        ("停用了,请看。", "punctuation"),
        ("%s停用了。", "a parameter without a name"),
    ],
)
def test_a_fault_of_a_text_is_seen(sms, fault):
    assert fault in list(faults(Text("停用", "停用了。", sms)))


def test_the_inbox_tells_all_and_the_message_tells_what_happened_without_a_link(reader):
    with translation.override("en"):
        notice = tell(reader[1], link="queries:balance", about=reader[1])
    assert notice.title == "张*国的钱不能再用"
    assert notice.body == "张*国从2026年11月21日起停用，灵活就业，还剩 120.00 元。"
    assert (notice.link, notice.sms) == ("/balance/", "queued")
    assert notice.about_ref == str(reader[1].reference)
    sent = SmsMessage.objects.get()
    assert sent.phone == cast.ZHANG_PHONE
    assert sent.body == "家人的钱从2026年11月21日起停用。打开本站“消息”查看。【共济】"


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "0551-62220000"])
def test_nobody_without_a_mobile_phone_gets_a_message_and_it_is_kept_for_a_letter(phone):
    assert tell(register.make_person(phone=phone)).sms == "no_phone"
    assert tell(register.make_person(phone=PHONE), sms=False).sms == "none"
    assert not SmsMessage.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"params": PARAMS | {"giver_name": "张建国"}}, audit.PersonalDataError),
        ({"params": PARAMS | {"relation": f"电话{PHONE}"}}, audit.PersonalDataError),
        ({"params": {}}, KeyError),
        ({"kind": "test.unknown"}, KeyError),
        ({"once": "张建国"}, audit.PersonalDataError),
        ({"once": "x" * 81}, ValueError),
        ({"link": "//evil.example/"}, ValueError),
        ({"link": f"/family/{PHONE}/"}, audit.PersonalDataError),
        ({"params": PARAMS | {"last_day": "https://evil.example"}}, notices.LinkInMessage),
    ],
)
def test_what_must_not_be_told_is_refused_before_anything_is_written(wrong, error):
    with pytest.raises(error):
        tell(register.make_person(phone=PHONE), **wrong)
    assert not Notice.objects.exists()
    assert not SmsMessage.objects.exists()


def case_tellings(about, link, giver, other):
    """What is common is the same object for all of them; the patient's params are others."""
    common = {"last_day": "2026-11-21", "relation": gettext_lazy("灵活就业")}
    named = common | {"giver_name": "张*国"}
    return [
        notices.Telling(giver, "test.alone", common, about, link, own={"left_fen": 100}),
        notices.Telling(giver, "test.ended", named, about, link, own={"left_fen": 0}),
        notices.Telling(other, "test.ended", named, about, link, sms=False, own={"left_fen": 7}),
        notices.Telling(other, "test.ended", named, about, link, own={"left_fen": 123456789}),
    ]


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_several_are_told_what_each_would_be_told(language, monkeypatch):
    alone = Text("停用", "%(relation)s停用。", "停用%(left_fen)s。")
    monkeypatch.setitem(TEXTS, "test.alone", alone)
    one, other = register.make_person(phone=PHONE), register.make_person(phone="0551-62220000")
    cases = [(None, ""), (one, "/balance/"), (other, "/balance/"), (other, "/notices/")]
    tellings = [
        telling
        for about, link in cases
        for telling in case_tellings(about, link, *(one, other)[:: -1 if about else 1])
    ]
    names = [
        *("person_id", "kind", "params", "title", "body", "about_kind", "about_ref"),
        *("link", "once", "sms", "read_at"),
    ]
    with translation.override(language):
        notices.tell_many(tellings)
        together = list(Notice.objects.order_by("pk").values_list(*names))
        messages = list(SmsMessage.objects.order_by("pk").values_list("phone", "body", "state"))
        Notice.objects.all().delete()
        SmsMessage.objects.all().delete()
        for telling in tellings:
            person, kind, params, about, link, sms, own = telling
            both = {**params, **own}
            notices.tell(person=person, kind=kind, params=both, about=about, link=link, sms=sms)
    assert together == list(Notice.objects.order_by("pk").values_list(*names))
    assert messages == list(SmsMessage.objects.order_by("pk").values_list("phone", "body", "state"))
    assert len(messages) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"own": {"left_fen": 13800005678}}, audit.PersonalDataError),
        ({"own": {"left_fen": 1, "giver_name": "张建国"}}, audit.PersonalDataError),
        ({"own": {"left_fen": 1, "giver_name": 7}}, audit.PersonalDataError),
        ({"own": {}}, KeyError),
        ({"kind": "test.unknown"}, KeyError),
        ({"link": "//evil.example/"}, ValueError),
        ({"link": f"/family/{PHONE}/"}, audit.PersonalDataError),
        ({"about": ("test.case", PHONE)}, audit.PersonalDataError),
        ({"about": ("test.case", "x" * 65)}, ValueError),
        ({"own": {"left_fen": 1, "last_day": "https://evil.example"}}, notices.LinkInMessage),
    ],
)
def test_one_of_several_that_must_not_be_told_keeps_all_from_being_told(wrong, error):
    person = register.make_person(phone=PHONE)
    good = notices.Telling(person, "test.ended", PARAMS, about=person, link="/balance/")
    params = {key: value for key, value in PARAMS.items() if key != "left_fen"}
    bad = good._replace(**{"params": params, "own": {"left_fen": 1}, **wrong})
    with pytest.raises(error):
        notices.tell_many([good, bad, good])
    assert not Notice.objects.exists()
    assert not SmsMessage.objects.exists()


@given(st.from_regex(notices.PLAIN_PATH, fullmatch=True))
def test_a_plain_path_is_a_path_of_this_site(path):
    assert local_path(path, default="") == path


@pytest.mark.django_db
@pytest.mark.both_databases
def test_nothing_of_the_words_can_be_read_in_the_table():
    tell(register.make_person(phone=PHONE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM insurance_notice")
        stored = " ".join(map(str, cursor.fetchone()))
    assert "test.ended" in stored
    assert not [word for word in ("张", "停用", "灵活", "giver") if word in stored]


@pytest.mark.django_db
def test_what_was_told_stays_as_it_was_told(monkeypatch):
    person = register.make_person()
    notice = tell(person)
    for act in (notice.save, notice.delete):
        with pytest.raises(TypeError):
            act()
    with translation.override("en"):
        translated = inbox.page(person.pk).lines[0]
        monkeypatch.setitem(TEXTS, "test.ended", Text("新的说法", "新的说法。", "新的。"))
        line = inbox.page(person.pk).lines[0]
    assert "21 November 2026" in translated.body
    assert "120.00 yuan" in translated.body
    assert not translated.only_chinese
    assert line.only_chinese
    assert (line.title, line.body) == (notice.title, notice.body)


@pytest.mark.django_db
def test_the_same_once_is_told_once_to_each():
    one, other = register.make_person(phone=PHONE), register.make_person()
    first = tell(one, once="2026")
    assert tell(one, once="2026").pk == first.pk
    assert len({tell(one, once="2027").pk, tell(other, once="2026").pk, tell(one).pk}) == 3
    assert tell(one).pk != tell(one).pk
    assert SmsMessage.objects.count() == 5


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_at_a_time_tell_once():
    person = register.make_person(phone=PHONE)
    told = together(*[lambda: tell(person, once="2026")] * 4)
    assert {notice.pk for notice in told} == {Notice.objects.get().pk}
    assert SmsMessage.objects.count() == 1


def test_the_unread_are_marked_in_words_until_the_button_says_read(page, reader):
    notice = tell(reader[1], link="/balance/")
    shown = page.get("/notices/").content.decode()
    assert "有 1 条未读" in shown
    assert ">未读</span>" in shown
    assert 'href="/balance/"' in shown
    assert "您有 1 条未读消息" in page.get("/home/").content.decode()
    answer = page.post(f"/notices/{notice.reference}/read/?before=99", follow=True)
    assert answer.redirect_chain == [("/notices/?before=99", 302)]
    assert notice.title in answer.content.decode()
    assert "未读" not in answer.content.decode()
    assert "未读消息" not in page.get("/home/").content.decode()


def test_all_are_marked_up_to_the_newest_that_stood_there(page, reader):
    old, seen, later = (tell(reader[1]) for _ in range(3))
    page.post("/notices/read/", {"newest": seen.pk})
    assert list(Notice.objects.unread()) == [later]
    for wrong in ("", "x", "9" * 30):
        page.post("/notices/read/", {"newest": wrong})
    assert Notice.objects.unread().exists()
    first = Notice.objects.get(pk=old.pk).read_at
    page.post(f"/notices/{old.reference}/read/")
    assert Notice.objects.get(pk=old.pk).read_at == first


def test_somebody_elses_notice_is_not_there(page, reader):
    foreign = tell(cast.li()[1])
    assert page.post(f"/notices/{foreign.reference}/read/").status_code == 404
    page.post("/notices/read/", {"newest": foreign.pk})
    assert Notice.objects.unread().count() == 1
    assert foreign.title not in page.get("/notices/").content.decode()
    assert "还没有消息" in page.get("/notices/").content.decode()


def test_a_page_holds_twenty_newest_first_and_costs_the_same(
    page, reader, django_assert_num_queries
):
    rows = [register.make_notice(person=reader[1], title=f"第{n}条。") for n in range(21)]
    with django_assert_num_queries(4):
        shown = page.get("/notices/").content.decode()
    assert shown.index("第20条。") < shown.index("第1条。")
    assert "第0条。" not in shown
    older = page.get(f"/notices/?before={rows[1].pk}").content.decode()
    assert "第0条。" in older
    assert "第1条。" not in older
    assert "没有更早的了" in page.get(f"/notices/?before={rows[0].pk}").content.decode()


def test_words_of_a_notice_are_no_markup(page, reader):
    register.make_notice(person=reader[1], title="<b>x</b>", body="<script>alert(1)</script>")
    shown = page.get("/notices/").content.decode()
    assert "<b>x" not in shown
    assert "<script>alert" not in shown


def test_staff_have_no_inbox(client, db):
    assert cast.sign_in(client, make_staff()).get("/notices/").status_code == 403
    assert not InsuredPerson.objects.exists()
