"""Before sign-in nobody learns who exists: not from the answer, not from the work that it costs."""

import re
from contextlib import contextmanager

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import backends, limits
from accounts.models import OneTimeCode, SmsMessage
from tests import cast
from tests.accounts.outbox import letters
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.insurance import make_fact, make_id_number, make_person

pytestmark = pytest.mark.django_db


def number(sequence):
    return make_id_number(area="110000", born="19900101", sequence=sequence)


NOBODY, CITIZEN, OFF, DEAD, UNLINKED, STAFF, NO_PHONE = (number(n) for n in range(1, 8))
PHONES = dict(
    zip((CITIZEN, OFF, DEAD, UNLINKED, STAFF), range(15400000011, 15400000016), strict=True)
)
FIRST = number(90)
NAME = "张建国"
# Whatever differs between two copies of one page.
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def sign_up(key, **typed):
    return {
        "name": NAME,
        "id_number": key,
        "phone": str(PHONES.get(key, 15400000099)),
        **typed,
    }


@pytest.fixture
def people(fixed_day):
    """Somebody of every kind, and nobody. The counters that all share have been used by others before."""
    for key in (CITIZEN, OFF, DEAD):
        user, person = cast.citizen(name=NAME, id_number=key, phone=str(PHONES[key]))
        if key == OFF:
            user.is_active = False
            user.save()
        if key == DEAD:
            make_fact(person=person, kind="death")
    cast.citizen(name=NAME, id_number=NO_PHONE)
    make_person(name=NAME, id_number=UNLINKED, phone=str(PHONES[UNLINKED]))
    make_staff(id_number=STAFF, phone=str(PHONES[STAFF]))
    cast.citizen(name=NAME, id_number=FIRST, phone="15400000090")
    for path, typed in (
        ("/accounts/sign-in/", {"box": FIRST, "password": "wrong wrong"}),
        ("/accounts/sign-in/sms/", {"box": FIRST}),
        ("/accounts/sign-in/sms/", {"box": number(91)}),
        ("/accounts/reset/", {"box": FIRST}),
        ("/accounts/sign-up/", sign_up(FIRST)),
        ("/accounts/sign-up/slip/", {"id_number": FIRST, "slip": "ABCDE-FGHJK"}),
    ):
        Client().post(path, typed)
    SmsMessage.objects.all().delete()
    OneTimeCode.objects.all().delete()


ALL = (NOBODY, CITIZEN, OFF, DEAD, UNLINKED, STAFF, NO_PHONE)


@contextmanager
def hashes_counted(monkeypatch):
    """How many password hashes are computed, made or checked."""
    done = []
    hasher = type(hashers.get_hasher())
    backends.nobodys_password(hasher.algorithm)  # made once in a process, not in every try
    for name in ("encode", "verify"):
        work = getattr(hasher, name)

        def spy(self, *args, _work=work, _name=name, **more):
            if not getattr(self, "_inside", False):
                done.append(_name)
            self._inside = True
            try:
                return _work(self, *args, **more)
            finally:
                self._inside = False

        monkeypatch.setattr(hasher, name, spy)
    yield done
    monkeypatch.undo()


def look(path, typed, *, client=None, before=()):
    """(status, address of a redirect, body without what was typed, headers, number of queries)."""
    client = client or Client()
    for step in before:
        client.post(*step)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post(path, typed)
    body = TOKENS.sub(r"\1", answer.content.decode())
    for value in typed.values():
        body = body.replace(value, "")
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, getattr(answer, "url", ""), body, headers, len(queries)


def all_alike(seen):
    first = seen[0]
    for other in seen[1:]:
        assert other == first
    return first


@pytest.mark.both_databases
def test_a_wrong_password_gets_one_answer_at_one_price(people, monkeypatch):
    seen = []
    for box in ALL:
        with hashes_counted(monkeypatch) as done:
            seen.append(look("/accounts/sign-in/", {"box": box, "password": "wrong wrong"}))
        assert len(done) == 1
    status, _url, body, _headers, _queries = all_alike(seen)
    assert status == 200
    assert "号码和密码对不上" in body


def test_a_phone_of_nobody_one_and_two_gets_one_answer_at_one_price(people, monkeypatch):
    cast.zhang()
    cast.li()
    seen = []
    for box in ("15400000099", str(PHONES[CITIZEN]), str(PHONES[OFF]), cast.ZHANG_PHONE):
        for more in ({}, {"second": number(91)}):
            with hashes_counted(monkeypatch) as done:
                typed = {"box": box, "password": "wrong wrong", **more}
                seen.append((bool(more), look("/accounts/sign-in/", typed)))
            assert len(done) == 1
    for with_second in (False, True):
        all_alike([page for had, page in seen if had is with_second])


def test_the_right_password_of_a_shared_phone_tells_nothing(people, monkeypatch):
    cast.zhang()
    cast.li()
    shared = look("/accounts/sign-in/", {"box": cast.ZHANG_PHONE, "password": PASSWORD})
    nobody = look("/accounts/sign-in/", {"box": "15400000099", "password": PASSWORD})
    assert shared == nobody


def test_the_right_password_of_a_dead_or_switched_off_login_tells_nothing(people):
    all_alike(
        [
            look("/accounts/sign-in/", {"box": box, "password": PASSWORD})
            for box in (NOBODY, OFF, DEAD, UNLINKED)
        ]
    )


def test_a_closed_door_looks_the_same_for_everybody(people, monkeypatch):
    seen = []
    for place, box in enumerate(ALL, start=1):
        typed = {"box": box, "password": "wrong wrong"}
        client = Client(REMOTE_ADDR=f"198.51.100.{place}")
        for _try in range(limits.SIGN_IN_PAIR.count):
            client.post("/accounts/sign-in/", typed)
        with hashes_counted(monkeypatch) as done:
            seen.append(look("/accounts/sign-in/", typed, client=client))
        assert done == []
    assert all_alike(seen)[0] == 429


def test_the_tries_that_are_left_are_told_to_everybody_alike(people):
    for _try in range(limits.SIGN_IN_PAIR.count):
        all_alike(
            [
                look("/accounts/sign-in/", {"box": box, "password": "wrong wrong"}, client=Client())
                for box in ALL
            ]
        )


@pytest.mark.parametrize("door", ["/accounts/sign-in/sms/", "/accounts/reset/"])
def test_asking_for_a_code_gets_one_answer_at_one_price(people, door):
    all_alike([look(door, {"box": box}) for box in ALL])
    phones = ["15400000099", *(str(PHONES[one]) for one in (UNLINKED, STAFF, OFF, DEAD))]
    all_alike([look(door, {"box": box}) for box in phones])
    assert [phone for phone, _body in letters()] == [str(PHONES[CITIZEN])]


@pytest.mark.parametrize("door", ["/accounts/sign-in/sms/", "/accounts/reset/"])
def test_a_wrong_code_gets_one_answer_at_one_price(people, door):
    seen = [look(f"{door}code/", {"code": "000000"}, before=[(door, {"box": box})]) for box in ALL]
    assert "验证码不对" in all_alike(seen)[2]


@pytest.mark.parametrize("door", ["/accounts/sign-in/sms/", "/accounts/reset/"])
def test_asking_again_too_soon_gets_one_answer(people, door):
    all_alike([look(f"{door}code/", {"again": "1"}, before=[(door, {"box": box})]) for box in ALL])


def test_signing_up_gets_one_answer_at_one_price(people):
    seen = [look("/accounts/sign-up/", sign_up(key)) for key in ALL]
    assert all_alike(seen)[1] == "/accounts/sign-up/code/"
    assert OneTimeCode.objects.filter(is_decoy=False).count() == 1


@pytest.mark.parametrize("wrong", [{"name": "李四"}, {"phone": "15400000098"}])
def test_one_wrong_thing_in_signing_up_gets_the_same_answer(people, wrong):
    all_alike([look("/accounts/sign-up/", sign_up(key, **wrong)) for key in ALL])


def test_the_code_page_of_signing_up_looks_the_same(people):
    seen = [
        look(
            "/accounts/sign-up/code/",
            {"code": "000000"},
            before=[("/accounts/sign-up/", sign_up(key))],
        )
        for key in ALL
    ]
    all_alike(seen)


def test_a_wrong_slip_gets_one_answer_at_one_price(people):
    all_alike(
        [look("/accounts/sign-up/slip/", {"id_number": key, "slip": "ABCDE-FGHJK"}) for key in ALL]
    )


def test_asking_in_vain_uses_up_nobodys_messages(people):
    """A stranger who types somebody's phone with a wrong ID number does not silence that phone."""
    for _turn in range(limits.SMS_PHONE_DAY.count):
        Client().post("/accounts/sign-up/", sign_up(NOBODY, phone=str(PHONES[UNLINKED])))
    Client().post("/accounts/sign-up/", sign_up(UNLINKED), REMOTE_ADDR="203.0.113.9")
    assert [phone for phone, _body in letters()] == [str(PHONES[UNLINKED])]


@pytest.mark.argon2
def test_the_real_hasher_is_used_once_for_nobody_and_for_somebody(people, monkeypatch):
    for box in (NOBODY, CITIZEN):
        with hashes_counted(monkeypatch) as done:
            look("/accounts/sign-in/", {"box": box, "password": "wrong wrong"})
        assert len(done) == 1
