"""One process of a web server that answers one page, in process through its WSGI handler, as long as it is told.

    python -m benchmarks.within paging make ENTRIES
    python -m benchmarks.within paging PATH SESSION THREADS

`make` fills an empty database with one citizen of so many entries, and prints the key of a session of theirs. Otherwise it answers as
`benchmarks.settling` does; DJANGO_SETTINGS_MODULE says whose page it is.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from tests.factories import insurance, reading

WARM_UP = 20


def main(arguments: list[str]) -> int:
    if arguments[0] == "make":
        print(make(int(arguments[1])))  # noqa: T201
        return 0
    page = Page(*arguments[:2])
    for _time in range(WARM_UP):
        page.get()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(json.dumps(page.run(float(line))), flush=True)  # noqa: T201
    return 0


def make(entries: int) -> str:
    person = insurance.make_person(phone="13800005678")
    insurance.make_enrolment(person=person)
    for year in range(1986, 2026):
        insurance.make_period(person=person, first=(year, 1), last=(year, 12))
    account = insurance.make_account(person=person, balance_fen=10**10)
    reading.fill(account, entries - 1, first_day=account.opened_on.replace(month=2))
    client = reading.sign_in(Client(), reading.make_citizen(person=person))
    return str(client.session.session_key)


class Page:
    def __init__(self, path: str, session: str) -> None:
        self._serve = get_wsgi_application()
        self._environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}",
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
        }

    def get(self) -> int:
        """Bytes of the page; raise SystemExit for anything but the page."""
        said: list[str] = []

        def start(status: str, _headers: Any, _failure: Any = None, /) -> Callable[[bytes], object]:
            said.append(status)
            return len  # nobody writes to it

        answer = self._serve(self._environ | {"wsgi.input": io.BytesIO()}, start)
        length = sum(len(one) for one in answer)
        answer.close()
        if not said[0].startswith(str(HTTPStatus.OK.value)):
            raise SystemExit(f"{self._environ['PATH_INFO']} answered {said[0]}")
        return length

    def run(self, seconds: float) -> dict[str, float]:
        start, work, done, length = time.perf_counter(), time.process_time(), 0, 0
        while (now := time.perf_counter()) < start + seconds:
            length = self.get()
            done += 1
        cpu = time.process_time() - work
        return {"done": done, "seconds": now - start, "cpu_seconds": cpu, "bytes": length}
