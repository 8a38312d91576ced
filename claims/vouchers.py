"""The code on the patient's own screen: sixty seconds, one use, kept as a keyed digest."""

import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts import keys
from claims.models import EVoucher
from insurance.models import InsuredPerson

# Digits and letters that a scanner and a tired clerk tell apart: twelve of them are 60 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
LIFETIME = timedelta(seconds=60)
PURPOSE = "e-voucher"


def show(*, person: InsuredPerson, now: datetime | None = None) -> str:
    """A new code; it is stored nowhere. The one before stays good for its own sixty seconds: it may be under the scanner."""
    now = now or timezone.now()
    EVoucher.objects.filter(person=person, expires_at__lte=now).delete()
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    EVoucher.objects.create(
        person=person,
        digest=keys.index_keys().digest(code, purpose=PURPOSE),
        shown_at=now,
        expires_at=now + LIFETIME,
    )
    return code


def peek(code: str, *, now: datetime | None = None) -> InsuredPerson | None:
    """Whose it is, for a quote; it stays good. None for a used, an old and an unknown one alike."""
    row = _live(code, now or timezone.now()).select_related("person").first()
    return row.person if row else None


def use(code: str, *, now: datetime | None = None) -> InsuredPerson | None:
    """Use it up in the caller's transaction; of many at once one gets the person. None as for `peek`."""
    now = now or timezone.now()
    live = _live(code, now)
    # One statement: whoever waits for the row sees that it was used.
    if live.update(used_at=now) == 0:
        return None
    return EVoucher.objects.select_related("person").get(digest__in=_digests(code)).person


def _live(code: str, now: datetime) -> QuerySet[EVoucher]:
    return EVoucher.objects.filter(
        digest__in=_digests(code), used_at=None, shown_at__lte=now, expires_at__gt=now
    )


def _digests(code: str) -> list[str]:
    ring = keys.index_keys()
    tidy = code.strip().upper()
    return [ring.digest(tidy, purpose=PURPOSE, version=version) for version in ring.keys]
