"""The keys of providers' machines: shown once, kept as a keyed digest, exchanged without a pause."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, keys
from accounts.models import User
from claims.models import Provider, ProviderKey

# So that a key is known for one wherever it turns up.
PREFIX = "gjpk_"
RANDOM_BYTES = 32
MOST_CHARACTERS = 100  # whatever is longer was not made here
LIFETIME = timedelta(days=365)
# A provider changes the key of all its machines within a week.
OVERLAP = timedelta(days=7)
PURPOSE = "provider key"

audit.LABELS.update(
    {
        "provider_key.issue": _("发放定点机构密钥"),
        "provider_key.rotate": _("更换定点机构密钥"),
        "provider_key.revoke": _("停用定点机构密钥"),
    }
)


class Scope(StrEnum):
    QUOTE = "quote"
    SETTLE = "settle"
    REFUND = "refund"
    RECONCILE = "reconcile"


class UnknownScope(ValueError):
    """Not one of `Scope`, or none at all."""


def issue(
    *,
    provider: Provider,
    scopes: Iterable[str] = tuple(Scope),
    by: User | None,
    lifetime: timedelta = LIFETIME,
    request: HttpRequest | None = None,
) -> tuple[ProviderKey, str]:
    """A new key and its text, which is stored nowhere. `by` None is a command. Raise `UnknownScope`."""
    return _make(provider, scopes, by, lifetime, "provider_key.issue", request)


def authenticate(text: str) -> ProviderKey | None:
    """The live key with its provider, one query; None for anything else."""
    if not text.startswith(PREFIX) or len(text) > MOST_CHARACTERS:
        return None
    ring = keys.index_keys()
    digests = [ring.digest(text, purpose=PURPOSE, version=version) for version in ring.keys]
    live = ProviderKey.objects.live(timezone.now())
    return live.filter(digest__in=digests).select_related("provider").first()


@transaction.atomic
def rotate(
    *,
    key_id: int,
    by: User | None,
    overlap: timedelta = OVERLAP,
    request: HttpRequest | None = None,
) -> tuple[ProviderKey, str]:
    """A new key of the same scopes; the old one ends after the overlap, or when it would have ended anyway.

    Raise ProviderKey.DoesNotExist for a key that is over.
    """
    now = timezone.now()
    old = ProviderKey.objects.live(now).select_for_update(of=("self",)).get(pk=key_id)
    old.expires_at = min(old.expires_at, now + overlap)
    old.save(update_fields=["expires_at"])
    return _make(old.provider, old.scopes, by, LIFETIME, "provider_key.rotate", request)


@transaction.atomic
def revoke(
    *, key_id: int, by: User | None, reason: str, request: HttpRequest | None = None
) -> None:
    """End a key at once; one that is over stays as it is."""
    key = ProviderKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is not None:
        return
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    audit.record(
        actor=by, action="provider_key.revoke", subject=key, reason=reason, request=request
    )


@transaction.atomic
def _make(
    provider: Provider,
    scopes: Iterable[str],
    by: User | None,
    lifetime: timedelta,
    action: str,
    request: HttpRequest | None,
) -> tuple[ProviderKey, str]:
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(Scope):
        raise UnknownScope(", ".join(wanted))
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    key = ProviderKey.objects.create(
        provider=provider,
        digest=keys.index_keys().digest(text, purpose=PURPOSE),
        scopes=wanted,
        issued_by=by,
        expires_at=timezone.now() + lifetime,
    )
    audit.record(actor=by, action=action, subject=key, details={"scopes": wanted}, request=request)
    return key, text
