"""What a password may not be, and the verb that sets one.

Citizens get length and a list of what is guessed first (ASVS 6.2); staff get the character classes that the classified-protection
standard wants (GB/T 22239 8.1.4.1 a). No rule limits which characters may be used.
"""

import re
import string
import unicodedata
from collections.abc import Iterator

from django.contrib.auth import get_backends
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, sessions
from accounts.models import LoginIdentifier, SignIn, User

# Words that everybody thinks of on this site.
SITE_WORDS = ("医保", "医疗保险", "共济", "社保", "yibao", "gongji", "shebao", "medicare", "12393")
# Guessed first in China and missing from Django's list, which is an English one.
_COMMON_HERE = (
    "woaini1314 woaini520 woaini521 woaiwojia 5201314520 a5201314 asd123456 abc123456 qq123456 wang123456 zhang123 "
    "li123456 aa123456 q123456789 1234567a 123456aa 1qaz2wsx3edc 1314520a wodemima mima123456 nihao123 zxcvbnm123 "
    "woaizhongguo zhongguo123 ilovechina 88888888a a88888888 66668888 88886666 13145200 11223344 147258369 741852963"
)
COMMON_HERE = frozenset(_COMMON_HERE.split())
# Six characters in a row of one's own number: the tail of an ID number, a birth date, the end of a telephone.
RUN = 6
FEWEST_DIFFERENT = 4  # aaaaaaaa, 12121212 and the like
STAFF_LENGTH = 12
STAFF_CLASSES = 3


class PersonalWordsValidator:
    """Refuses a password made of what the person's papers or this site's name say."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = unicodedata.normalize("NFKC", password).casefold()
        if any(word in plain for word in SITE_WORDS):
            raise ValidationError(
                _("密码里请不要有“医保”“共济”“社保”这类词，也不要有它们的拼音。"),
                code="password_site_word",
            )
        if any(part in plain for number in _numbers(user) for part in _runs(number)):
            raise ValidationError(
                _("密码里请不要有自己的证件号码、出生日期、手机号或卡号的一部分。"),
                code="password_personal",
            )
        if user and len(user.name) > 1 and user.name.casefold() in plain:
            raise ValidationError(_("密码里请不要有自己的姓名。"), code="password_personal")
        if plain in COMMON_HERE or len(set(plain)) < FEWEST_DIFFERENT:
            raise ValidationError(_("这个密码太常见，别人很容易猜到。"), code="password_too_common")

    def get_help_text(self) -> str:
        return _("不要用证件号码、出生日期、手机号、姓名，也不要用“医保”这类词。")


class StaffPasswordValidator:
    """For staff: twelve characters of three kinds. Citizens are left alone."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or not user.is_at_work:
            return
        if len(password) < STAFF_LENGTH or classes(password) < STAFF_CLASSES:
            raise ValidationError(
                _(
                    "工作人员的密码至少 12 个字符，并且要有大写字母、小写字母、数字、其他字符这四种里的三种。"
                ),
                code="password_staff",
            )

    def get_help_text(self) -> str:
        return _("工作人员：至少 12 个字符，大写字母、小写字母、数字、其他字符里至少三种。")


def classes(password: str) -> int:
    """How many of the four kinds occur: capital letters, small letters, digits, everything else."""
    kinds = (
        any(one in string.ascii_uppercase for one in password),
        any(one in string.ascii_lowercase for one in password),
        any(one in string.digits for one in password),
        any(one not in string.ascii_letters + string.digits for one in password),
    )
    return sum(kinds)


def change(
    *, user: User, password: str, by: User, action: str, request: HttpRequest | None = None
) -> None:
    """Set a validated password and end the other sessions; this one, if it is the user's own, lives on.

    `action` says how it came: password.change or password.reset.
    """
    is_own = request is not None and request.user == user
    with transaction.atomic():
        user.set_password(password)
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
        audit.record(actor=by, action=action, subject=user, request=request)
        if request is not None and is_own:
            sessions.end_others(request, ended_by=SignIn.End.PASSWORD)
            sessions.renew(request, user)
        else:
            sessions.end_all(user, ended_by=SignIn.End.PASSWORD)


def _numbers(user: User | None) -> Iterator[str]:
    """The person's own numbers: of the login, of what the floors above know, and what the caller says before there is a login.

    A backend that knows more has a method `personal_numbers(user)`. `user.personal_numbers` may hold what was just typed.
    """
    if user is None:
        return
    yield from getattr(user, "personal_numbers", ())
    if user.pk:
        for row in LoginIdentifier.objects.live().filter(user=user):
            yield row.value
        for backend in get_backends():
            yield from getattr(backend, "personal_numbers", lambda user: ())(user)


def _runs(number: str) -> set[str]:
    plain = re.sub(r"[^0-9a-z]", "", number.casefold())
    return {plain[start : start + RUN] for start in range(len(plain) - RUN + 1)}
