"""What callers were told: a file for each worker, on the disk before the worker goes on.

A line before an operation says that it begins, and when its bill was written; a line after it is the acknowledgement. Whoever
was killed finds the operation that has no second line, and asks again.
"""

import json
import os
from dataclasses import dataclass

BEGUN, TOLD = "begun", "told"


@dataclass(frozen=True)
class Answer:
    """`rows` are (model, filter) of what must be found. `request` is (verb, body) of a request with a key."""

    status: int
    text: str
    rows: tuple = ()
    key: str = ""
    provider: int = 0
    request: tuple = ("", "")
    bills: int = 1
    settled: int = 0
    again: bool = False


class Log:
    """Of one worker. `synced`: each acknowledgement waits for the disk."""

    def __init__(self, path, *, synced):
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._synced = synced

    def begin(self, number, at):
        self._write({"is": BEGUN, "n": number, "at": at})

    def tell(self, number, verb, answer):
        self._write(
            {
                "is": TOLD,
                "n": number,
                "op": verb,
                "status": answer.status,
                "text": answer.text,
                "rows": answer.rows,
                "key": answer.key,
                "provider": answer.provider,
                "request": answer.request,
            }
        )
        if self._synced:
            os.fsync(self._file)

    def skip(self, number):
        """It was refused, or there was nothing to do: nothing was promised."""
        self._write({"is": TOLD, "n": number, "op": ""})

    def _write(self, line):
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")


def where_it_stopped(path):
    """(number of the next operation, moment of its bill if it was begun)."""
    number, at = 0, None
    for line in lines(path):
        if line["is"] == BEGUN:
            number, at = line["n"], line["at"]
        else:
            number, at = line["n"] + 1, None
    return number, at


def lines(path, start=0):
    """Whole lines only: the last one may be half of one."""
    return [line for line, _end in lines_and_ends(path, start)]


def lines_and_ends(path, start=0):
    try:
        with open(path, "rb") as file:
            file.seek(start)
            end = start
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                end += len(raw)
                yield json.loads(raw), end
    except FileNotFoundError:
        return


def told(path, start=0):
    """The acknowledgements from that place on, and where to go on."""
    found, end = [], start
    for line, ends in lines_and_ends(path, start):
        end = ends
        if line["is"] == TOLD and line["op"]:
            found.append(line)
    return found, end
