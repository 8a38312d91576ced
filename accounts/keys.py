"""The key rings of the settings, parsed once for each value they take."""

from functools import lru_cache

from django.conf import settings

from accounts.crypto import KeyRing

parse = lru_cache(maxsize=16)(KeyRing.parse)


def field_keys() -> KeyRing:
    """Encrypts personal data at rest."""
    return parse(settings.FIELD_KEYS)


def index_keys() -> KeyRing:
    """Makes the digests that identifiers are found by."""
    return parse(settings.INDEX_KEYS)


def seal_keys() -> KeyRing:
    """Seals closed ranges of the audit log and the ledger."""
    return parse(settings.SEAL_KEYS)
