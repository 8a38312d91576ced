"""Keys and the two things done with them: sealing text and making digests for look-up.

A key ring is written "2:base64,1:base64", the newest first: the first key writes, all of them read.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
VERSION_BYTES = 2
LARGEST_VERSION = 32767  # what the version columns hold
NONCE_BYTES = 12  # what AES-GCM is specified for; random nonces stay safe below 2**32 a key


class CryptoError(ValueError):
    """A key ring that can't be read, or a text that this ring didn't write for this place."""


@dataclass(frozen=True)
class KeyRing:
    """`current` writes, all of `keys` read. The keys are left out of the repr, which error reports print."""

    keys: Mapping[int, bytes] = field(repr=False)
    current: int

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        keys: dict[int, bytes] = {}
        for part in text.split(","):
            number, _, encoded = part.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
                version = int(number)
            except (binascii.Error, ValueError) as error:
                raise CryptoError("a key reads number:base64") from error
            if not 1 <= version <= LARGEST_VERSION:
                raise CryptoError(f"the number of a key is between 1 and {LARGEST_VERSION}")
            if len(key) != KEY_BYTES or version in keys:
                raise CryptoError(f"key {version} must be {KEY_BYTES} bytes, and once in the ring")
            keys[version] = key
        return cls(keys, next(iter(keys)))

    def key(self, version: int) -> bytes:
        try:
            return self.keys[version]
        except KeyError:
            raise CryptoError(f"key {version} is not in the ring") from None

    @cached_property
    def _ciphers(self) -> dict[int, AESGCM]:
        """Made once: to make one takes longer than to seal a name."""
        return {version: AESGCM(key) for version, key in self.keys.items()}

    def _cipher(self, version: int) -> AESGCM:
        self.key(version)
        return self._ciphers[version]

    def encrypt(self, text: str, *, place: str) -> str:
        """Return "version:base64"; `place` (model and field) is bound in, so a value can't move."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, text.encode(), place.encode())
        return f"{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def encrypt_many(self, texts: Sequence[str], *, place: str) -> list[str]:
        """`encrypt` for each, in their order.

        The nonces are drawn at once, here, and none is left over: a store of them would be copied by a fork and used twice.
        """
        seal, bound, version = self._ciphers[self.current].encrypt, place.encode(), self.current
        drawn = os.urandom(NONCE_BYTES * len(texts))
        sealed = []
        for number, text in enumerate(texts):
            nonce = drawn[number * NONCE_BYTES : (number + 1) * NONCE_BYTES]
            written = binascii.b2a_base64(nonce + seal(nonce, text.encode(), bound), newline=False)
            sealed.append(f"{version}:{written.decode()}")
        return sealed

    def decrypt(self, stored: str, *, place: str) -> str:
        """Raise `CryptoError` when the text was changed, moved or written with another key."""
        version, _, encoded = stored.partition(":")
        try:
            raw = base64.b64decode(encoded, validate=True)
            aead = self._cipher(int(version))
            text = aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise CryptoError(f"{place} holds a value that can't be read") from error
        # Base64 has spare bits and numbers have leading noughts: only the one way we write it is taken.
        if stored != f"{int(version)}:{base64.b64encode(raw).decode()}":
            raise CryptoError(f"{place} holds a value that was changed")
        return text

    def encrypt_bytes(self, data: bytes, *, place: str) -> bytes:
        """As `encrypt`, for files: the version in two bytes, then nonce and sealed bytes."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, data, place.encode())
        return self.current.to_bytes(VERSION_BYTES, "big") + nonce + sealed

    def decrypt_bytes(self, stored: bytes, *, place: str) -> bytes:
        """Raise `CryptoError` as `decrypt` does."""
        version, raw = int.from_bytes(stored[:VERSION_BYTES], "big"), stored[VERSION_BYTES:]
        try:
            aead = AESGCM(self.key(version))
            return aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise CryptoError(f"{place} holds bytes that can't be read") from error

    def digest(self, text: str, *, purpose: str, version: int | None = None) -> str:
        """A keyed HMAC-SHA-256 in hex; `purpose` keeps equal texts of different kinds apart."""
        key = self.key(self.current if version is None else version)
        return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
