"""Looking for malware in what people send, by a scanner that stands beside us."""

import socket
import struct
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


class Scanner(Protocol):
    """`UPLOAD_SCANNER` is the dotted path of such a class, or empty for none."""

    def scan(self, content: bytes) -> Verdict:
        """Never raises: whatever keeps it from a verdict is `UNAVAILABLE`."""


def scanner() -> Scanner | None:
    """A fresh instance; None when none is configured."""
    if not settings.UPLOAD_SCANNER:
        return None
    made: Scanner = import_string(settings.UPLOAD_SCANNER)()
    return made


class ClamdScanner:
    """ClamAV's daemon at `CLAMD_ADDRESS`, "unix:/path" or "tcp:host:port", by its INSTREAM command.

    The protocol takes thirty lines; the packages that speak it are GPL, or have been left alone for ten years.
    """

    # Ten MB take clamd about a second; a person is waiting for the answer.
    TIMEOUT_SECONDS = 10
    CHUNK_BYTES = 64 * 1024
    LONGEST_ANSWER = 4096

    def scan(self, content: bytes) -> Verdict:
        try:
            answer = self._ask(content)
        except (OSError, ValueError):  # down, too slow, or an address that is none
            return Verdict.UNAVAILABLE
        # "stream: OK" or "stream: Some.Name FOUND"; anything else, such as "size limit exceeded", is no verdict.
        if answer == b"stream: OK":
            return Verdict.CLEAN
        is_found = answer.startswith(b"stream: ") and answer.endswith(b" FOUND")
        return Verdict.INFECTED if is_found else Verdict.UNAVAILABLE

    def _ask(self, content: bytes) -> bytes:
        with self._connection() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), self.CHUNK_BYTES):
                chunk = content[start : start + self.CHUNK_BYTES]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            with connection.makefile("rb") as answer:
                return answer.read(self.LONGEST_ANSWER).rstrip(b"\0\n")

    def _connection(self) -> socket.socket:
        way, _, place = settings.CLAMD_ADDRESS.partition(":")
        if way == "tcp":
            host, _, port = place.rpartition(":")
            return socket.create_connection((host, int(port)), timeout=self.TIMEOUT_SECONDS)
        if way != "unix":
            raise ValueError("CLAMD_ADDRESS reads unix:/path or tcp:host:port")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.TIMEOUT_SECONDS)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
