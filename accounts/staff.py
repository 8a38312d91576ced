"""Logins of people who work here."""

import base64
import secrets
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import IdentifierKind, LoginIdentifier, TotpDevice, User
from accounts.roles import STAFF

SECRET_BYTES = 20  # what RFC 4226 recommends, and what authenticator apps expect
ISSUER = "Gongji"


def create_staff(
    *, name: str, role: str, id_number: str, password: str, by: User | None, phone: str = ""
) -> tuple[User, TotpDevice]:
    """Open a login for work with its authenticator; numbers are normalised, the password is validated.

    Raises `ValueError` for a citizen's role and `IntegrityError` when another login has this ID number.
    """
    if role not in STAFF:
        raise ValueError("citizens open their own logins")
    with transaction.atomic():
        user = User(name=name, role=role, password_changed_at=timezone.now())
        user.set_password(password)
        user.save()
        add_identifier(user, IdentifierKind.ID_NUMBER, id_number)
        if phone:
            add_identifier(user, IdentifierKind.PHONE, phone)
        secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        device = TotpDevice.objects.create(user=user, name="totp", secret=secret)
        audit.record(actor=by, action="user.create", subject=user, details={"role": role})
    return user, device


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
