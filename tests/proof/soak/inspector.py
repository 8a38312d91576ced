"""Asks the fourteen invariants of the database while the workers go on, and once more when they have stopped.

Each inspection is a process of its own, so that a server that is restarted under it breaks nothing else: it is then made again.
What one inspection has to tell the next (how far the acknowledgements were read, the reports to ask again) is in a file.
"""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
from django.db import Error, connection, connections

from claims import keyed
from claims.models import Provider
from tests.proof import invariants, reading_side
from tests.proof.invariants import Broken
from tests.proof.soak import acknowledged, carrier

# Reports that are asked again, the oldest of them from the beginning of the phase.
REPORTS = 4
ASKED_AGAIN = 500


class Interrupted(Exception):
    """The connection was lost: the inspection is made again."""


class Inspector:
    """In the folder of a phase. `deaths` is how many processes were killed so far, None where a full disk may have undone what they wrote."""

    def __init__(self, folder, clock, workers):
        self.folder, self.clock = Path(folder), clock
        self.logs = [str(self.folder / f"worker-{one}.log") for one in range(workers)]
        self.state = self.folder / "inspected.json"

    def inspect(self, *, deaths, final):
        """In a process of its own; what it found is in a file. Raise `Interrupted` where the server went away."""
        try:
            self._inspect(deaths, final)
        except (Error, psycopg.Error) as error:
            if final:
                raise
            raise Interrupted from error

    def _inspect(self, deaths, final):
        if connection.vendor == "sqlite":
            # A reader of one picture, beside whoever writes.
            connections["default"].settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
        self.clock.set_out()
        before = self._before()
        begun = time.monotonic()
        told, ends = self._told(before, everything=final)
        taken = carrier.taken(self.folder / "messages") if final else None
        broken = invariants.check_all(
            acknowledged=told,
            reports=[reading_side.Report(**one) for one in before["reports"]],
            carried=None if taken is None else (taken, deaths),
        )
        if final:
            broken += list(self._halves()) + list(self._asked_again(told))
        now = self.clock.now()
        self._keep(before, ends, now)
        result = {
            "broken": [asdict(one) for one in broken],
            "lost": sum(one.invariant == "I9" for one in broken),
            "seconds": time.monotonic() - begun,
            "acknowledged": len(told),
        }
        _write(self.folder / "found.json", result)

    def _before(self):
        try:
            return json.loads(self.state.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"ends": [0] * len(self.logs), "reports": [], "seen": None}

    def _told(self, before, *, everything):
        starts = [0] * len(self.logs) if everything else before["ends"]
        told, ends = [], []
        for path, start in zip(self.logs, starts, strict=True):
            lines, end = acknowledged.told(path, start)
            told += lines
            ends.append(end)
        return told, ends

    def _keep(self, before, ends, now):
        """A report as of the inspection before this one: whoever was writing then is done."""
        reports = before["reports"]
        if before["seen"] is not None:
            moment = datetime.fromtimestamp(before["seen"], tz=UTC)
            made = asdict(reading_side.report(moment))
            reports = [*reports[:1], *reports[1:][-(REPORTS - 2) :], made] if reports else [made]
        _write(self.state, {"ends": ends, "reports": reports, "seen": now})

    def _halves(self):
        """I9, of what was begun and never answered: each is there as a whole or not at all."""
        for path in self.logs:
            open_ones = {}
            for line in acknowledged.lines(path):
                if line["is"] == acknowledged.BEGUN:
                    open_ones[line["n"]] = line
                else:
                    open_ones.pop(line["n"], None)
            if len(open_ones) > 1:
                yield Broken("I9", f"{path} has {len(open_ones)} operations without an end")

    def _asked_again(self, told):
        """I8: the same request gives the same bytes, whoever asks; nothing is done for it."""

        def do():
            Provider.objects.exists()  # it may come to its first statement, and no further
            raise AssertionError("done a second time")

        with_keys = [one for one in told if one["key"]]
        chosen = Random(len(with_keys)).sample(with_keys, min(len(with_keys), ASKED_AGAIN))
        providers = Provider.objects.in_bulk()
        for one in chosen:
            verb, body = one["request"]
            try:
                got = keyed.once(
                    provider=providers[one["provider"]], key=one["key"], verb=verb, body=body, do=do
                )
            except (AssertionError, keyed.Conflict) as error:
                yield Broken("I8", f"{one['key']}: {error!r}")
                continue
            if (got.status, got.text) != (one["status"], one["text"]):
                yield Broken("I8", f"{one['key']} gives {got.text} after {one['text']}")


def found(folder):
    """What the last inspection found, and forget it; None where it did not come to its end."""
    path = Path(folder) / "found.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    path.unlink()
    return told


def _write(path, told):
    half = path.with_suffix(".half")
    half.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    half.rename(path)
