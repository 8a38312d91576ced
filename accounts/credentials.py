"""A login's own proofs: its password and its phone. Whoever loses one by it is told by message."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import audit, backends, limits, passwords, sms, throttling
from accounts.boxes import PHONE
from accounts.models import LoginIdentifier, User
from accounts.recipients import phone_of

PASSWORD_CHANGED = _(
    "您的登录密码刚刚改过，其他设备都已退出。不是您本人改的，请马上拨打 12393。【共济】"
)
PHONE_CHANGED = _(
    "您的登录手机号已换成尾号 %(tail)s 的号码。不是您本人换的，请马上拨打 12393。【共济】"
)


@sensitive_variables("password")
def set_password(*, user: User, password: str, by: User, action: str, request: HttpRequest) -> None:
    """A validated password, and a message that it was changed. The other sessions end.

    `action` is what `accounts.passwords.change` takes.
    """
    with transaction.atomic():
        passwords.change(user=user, password=password, by=by, action=action, request=request)
        phone = phone_of(user)
        if phone:
            sms.queue(phone=phone, body=str(PASSWORD_CHANGED))


def change_phone(*, user: User, phone: str, by: User, request: HttpRequest) -> None:
    """Take another phone for the login, proven by a code to it. The old one is told, the register's stays as it is."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        old = phone_of(user)
        LoginIdentifier.objects.live().filter(user=user, kind=PHONE).update(ended_at=timezone.now())
        add_phone(user=user, phone=phone)
        audit.record(actor=by, action="phone.change", subject=user, request=request)
        if old:
            sms.queue(phone=old, body=str(PHONE_CHANGED) % {"tail": phone[-4:]})


def add_phone(*, user: User, phone: str) -> LoginIdentifier:
    """`phone` is normalised and proven to be theirs."""
    row = LoginIdentifier(user=user, value=phone)
    row.set_value(PHONE, phone)
    row.save()
    return row


@sensitive_variables("password")
def knows_password(user: User, password: str) -> bool:
    """Counted before it is looked at: a session that was left open is no licence to guess."""
    key = str(user.pk)
    if not throttling.spend(limits.CHANGE_PASSWORD_TRIES, key):
        return False
    if not backends.verified(user, password):
        return False
    throttling.clear(limits.CHANGE_PASSWORD_TRIES, key)
    return True
