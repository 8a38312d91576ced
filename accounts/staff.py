"""Logins for work: of staff, and of those who take bills for a provider."""

import base64
import secrets
from urllib.parse import quote, urlencode

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, passwords, sessions
from accounts.models import IdentifierKind, LoginIdentifier, SignIn, TotpDevice, User
from accounts.roles import AT_WORK, STAFF

SECRET_BYTES = 20  # what RFC 4226 recommends, and what authenticator apps expect
ISSUER = "Gongji"
PAPER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
GROUP = 4

audit.LABELS.update({"user.renew": _("重新发放密码和动态口令")})


class OwnLogin(ValueError):
    """Nobody changes or switches off the login they are working with."""


def create_staff(
    *,
    name: str,
    role: str,
    id_number: str,
    password: str,
    by: User | None,
    phone: str = "",
    request: HttpRequest | None = None,
    is_handed_over: bool = False,
) -> tuple[User, TotpDevice]:
    """Open a login for work with its authenticator; numbers are normalised, the password is validated.

    `is_handed_over`: somebody else knows the password, so the staff site asks for a new one first. Raises `ValueError` for a
    citizen's role and `IntegrityError` when another login has this ID number.
    """
    if role not in AT_WORK:
        raise ValueError("citizens open their own logins")
    with transaction.atomic():
        changed_at = None if is_handed_over else timezone.now()
        user = User(name=name, role=role, password_changed_at=changed_at)
        user.set_password(password)
        user.save()
        add_identifier(user, IdentifierKind.ID_NUMBER, id_number)
        if phone:
            add_identifier(user, IdentifierKind.PHONE, phone)
        device = _add_authenticator(user)
        audit.record(
            actor=by, action="user.create", subject=user, details={"role": role}, request=request
        )
    return user, device


def change_staff(
    *, user: User, role: str, is_active: bool, by: User, request: HttpRequest | None = None
) -> bool:
    """Give a login another role, or switch it off or on; its sessions end. False when nothing was to change."""
    if role not in STAFF or user.role not in STAFF:
        raise ValueError(
            "by another role nobody comes into the agency or leaves it, neither citizen nor clerk of a provider"
        )
    if user == by:
        raise OwnLogin
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = (locked.role, locked.is_active)
        if before == (role, is_active):
            return False
        locked.role, locked.is_active = role, is_active
        locked.save(update_fields=["role", "is_active"])
        sessions.end_all(locked, ended_by=SignIn.End.OTHER)
        gone = before[1] and not is_active
        audit.record(
            actor=by,
            action="user.deactivate" if gone else "user.change",
            subject=locked,
            details={"role": str(role), "role_before": str(before[0]), "is_active": is_active},
            request=request,
        )
    return True


def renew_credentials(
    *, user: User, by: User, request: HttpRequest | None = None
) -> tuple[str, TotpDevice]:
    """A first password and a new authenticator for whoever lost theirs, in person; the sessions end.

    Both are returned to be handed over at once, and stored nowhere in plain text.
    """
    if user == by:
        raise OwnLogin
    password = first_password()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(password)
        locked.password_changed_at = None
        locked.save(update_fields=["password", "password_changed_at"])
        TotpDevice.objects.filter(user=locked).delete()
        device = _add_authenticator(locked)
        sessions.end_all(locked, ended_by=SignIn.End.PASSWORD)
        audit.record(actor=by, action="user.renew", subject=locked, request=request)
    return password, device


def first_password() -> str:
    """Sixteen characters in four groups, without those that look alike on paper; three kinds of them at least."""
    while True:
        letters = "".join(secrets.choice(PAPER_ALPHABET) for _letter in range(4 * GROUP))
        if passwords.classes(letters) >= passwords.STAFF_CLASSES:
            return "-".join(letters[start : start + GROUP] for start in range(0, 4 * GROUP, GROUP))


def _add_authenticator(user: User) -> TotpDevice:
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return TotpDevice.objects.create(user=user, name="totp", secret=secret)


def add_identifier(user: User, kind: str, value: str) -> LoginIdentifier:
    """Let the login be found by a normalised number."""
    row = LoginIdentifier(user=user, value=value)
    row.set_value(kind, value)
    row.save()
    return row


def provisioning_uri(user: User, device: TotpDevice) -> str:
    """What an authenticator app reads from a QR code; it names the login by its number, not the person."""
    label = quote(f"{ISSUER}:{str(user.public_id)[:8]}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": device.secret, "issuer": ISSUER})
