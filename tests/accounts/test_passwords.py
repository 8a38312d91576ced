"""What a password may not be, for citizens and for staff."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.models import AuditEntry, SignIn, User
from tests.factories.accounts import PASSWORD, make_signed_in, make_staff, make_user

ID_NUMBER = "11010519491231002X"
PHONE = "13812345678"


def codes(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.fixture
def citizen(db):
    user = make_user(name="欧阳建国", phone=PHONE)
    user.personal_numbers = (ID_NUMBER,)
    return user


@pytest.mark.parametrize(
    "password",
    [
        "jintianhenre",
        "correct horse battery",
        "qingchen zao qi",
        "床前明月光疑是地上霜",
        "🐼🐯🦊🐻🐨🦁🐮🐷",
        "aB3$" * 2,
        "x y z 1 2 3",
        "p" * 3 + "quite long enough" * 8,
        "        leading and trailing   ",
    ],
)
def test_citizens_may_use_any_characters_and_no_mix_is_wanted(citizen, password):
    assert codes(password, citizen) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short77", "password_too_short"),
        ("password", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("woaini1314", "password_too_common"),
        ("WoAiNi1314", "password_too_common"),
        ("aaaaaaaaaa", "password_too_common"),
        ("1212121212", "password_too_common"),
        ("ｗｏａｉｎｉ１３１４", "password_too_common"),
        ("yibao202611", "password_site_word"),
        ("my-YiBao-card", "password_site_word"),
        ("我的医保密码一二三", "password_site_word"),
        ("gongji gongji x", "password_site_word"),
        ("社保社保社保卡x", "password_site_word"),
        ("wode12393haoma", "password_site_word"),
        ("zhang31002X", "password_personal"),
        ("zhang31002x!", "password_personal"),
        ("born19491231ok", "password_personal"),
        ("born491231ok", "password_personal"),
        ("xx110105xx", "password_personal"),
        ("tel345678tel", "password_personal"),
        ("ｔｅｌ３４５６７８ｔｅｌ", "password_personal"),
        (PHONE, "password_personal"),
        ("我是欧阳建国本人", "password_personal"),
    ],
)
def test_what_is_guessed_first_is_refused(citizen, password, code):
    assert code in codes(password, citizen)


@pytest.mark.parametrize("part", ["1002", "12345", "1949", "5678"])
def test_a_short_piece_of_ones_numbers_is_no_reason(citizen, part):
    assert codes(f"jintian henre {part}", citizen) == set()


def test_without_a_login_the_general_rules_hold():
    assert codes("yibao202611") == {"password_site_word"}
    assert codes("born19491231ok") == set()


def test_numbers_typed_at_sign_up_count_before_there_is_a_login():
    user = User(name="张三")
    user.personal_numbers = (ID_NUMBER,)
    assert codes("zhang31002X!", user) == {"password_personal"}


@pytest.mark.django_db
def test_a_backend_above_tells_what_the_register_knows(monkeypatch):
    class Register:
        def personal_numbers(self, user):
            return ("A12345678",)

    monkeypatch.setattr(passwords, "get_backends", lambda: [Register(), object()])
    assert codes("ka a12345678 ka", make_user()) == {"password_personal"}


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("Abcdefghij1", False),
        ("Abcdefghijk1", True),
        ("abcdefghijk1", False),
        ("abcdefghijk1!", True),
        ("ABCDEFGHIJK!", False),
        ("ABCDEFGHIJk!", True),
        ("correct horse battery", False),
        ("密码很长很长很长很长很长Aa", True),
    ],
)
@pytest.mark.django_db
def test_staff_need_twelve_characters_of_three_kinds(password, is_good):
    assert ("password_staff" not in codes(password, make_staff())) is is_good
    assert "password_staff" not in codes(password, make_user())


@pytest.mark.django_db
@pytest.mark.argon2
@pytest.mark.parametrize("password", ["🐼" * 128, " padded "])
def test_a_long_password_is_kept_whole(password):
    user = make_user(password=password)
    assert user.password.startswith("argon2")
    assert user.check_password(password)
    assert not user.check_password(password[:-1])


@pytest.mark.django_db
def test_changing_ones_own_password_keeps_this_session_and_ends_the_others():
    user = make_user()
    other = make_signed_in(user)
    request = make_signed_in(user)
    passwords.change(
        user=user,
        password="another one entirely",
        by=user,
        action="password.change",
        request=request,
    )
    user.refresh_from_db()
    assert user.check_password("another one entirely")
    assert not user.check_password(PASSWORD)
    assert user.password_changed_at
    assert list(Session.objects.values_list("pk", flat=True)) == [request.session.session_key]
    assert other.session.session_key != request.session.session_key
    assert SignIn.objects.open().get().session_key == request.session.session_key
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_ref) == (
        "password.change",
        user,
        str(user.public_id),
    )


@pytest.mark.django_db
def test_a_reset_ends_every_session():
    user = make_user()
    make_signed_in(user)
    make_signed_in(user)
    passwords.change(user=user, password="another one entirely", by=user, action="password.reset")
    assert not Session.objects.exists()
    assert set(SignIn.objects.values_list("ended_by", flat=True)) == {"password"}


def test_every_rule_is_told_before_one_types():
    for validator in (passwords.PersonalWordsValidator(), passwords.StaffPasswordValidator()):
        assert validator.get_help_text().endswith("。")
