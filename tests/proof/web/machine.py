"""A provider's machine on the wire: one connection, JSON, and the same question again until there is an answer."""

import http.client
import json
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# A worker that was killed is replaced within this time.
PATIENCE_SECONDS = 30.0
WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Answer:
    """`body` is what came over the wire, byte for byte."""

    status: int
    body: bytes

    @property
    def said(self):
        return json.loads(self.body)


@dataclass
class Machine:
    """Not for two threads at once. `asked_again` counts answers that never came."""

    port: int
    certificate: Path
    key: str
    asked_again: int = 0
    _line: http.client.HTTPSConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> Answer:
        return self._until_answered("GET", path, None, {})

    def post(self, path: str, body: object = None, *, key: str) -> Answer:
        """Under this idempotency key, until there is an answer that is one."""
        return self._until_answered("POST", path, _bytes(body), _headers(body, key))

    def post_and_go(self, path: str, body: object, *, key: str) -> None:
        """Send it and cut the line before the answer; it may not have arrived either."""
        with suppress(OSError, http.client.HTTPException):
            line = self._connected()
            line.request("POST", f"/api/v1/{path}", _bytes(body), self._named(_headers(body, key)))
        self.hang_up()

    def hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None

    def _until_answered(self, verb, path, body, headers) -> Answer:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                line = self._connected()
                line.request(verb, f"/api/v1/{path}", body, self._named(headers))
                got = line.getresponse()
                answer = Answer(got.status, got.read())
                if answer.status < 500:
                    return answer
            except (OSError, http.client.HTTPException):
                pass
            if time.monotonic() > end:
                raise TimeoutError(path)
            self.asked_again += 1
            self.hang_up()
            time.sleep(WAIT_SECONDS)

    def _connected(self) -> http.client.HTTPSConnection:
        if self._line is None:
            trust = ssl.create_default_context(cafile=self.certificate)
            self._line = http.client.HTTPSConnection(
                "127.0.0.1", self.port, context=trust, timeout=10
            )
        return self._line

    def _named(self, headers):
        return {"Authorization": f"Bearer {self.key}"} | headers


def _bytes(body: object) -> bytes | None:
    return None if body is None else json.dumps(body).encode()


def _headers(body: object, key: str) -> dict[str, str]:
    said = {} if body is None else {"Content-Type": "application/json"}
    return said | {"Idempotency-Key": key}
