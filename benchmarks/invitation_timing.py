"""Does the time of an answer tell an initiator who exists? Nobody, and people of several kinds, are named in turn.

    python -m benchmarks.invitation_timing [TURNS]

DATABASE_URL names an *empty* database; without it a SQLite file is made and thrown away. Goal: by the Mann-Whitney test no kind is
told apart from nobody (p above 0.01) at any step, in 200 turns. One comparison in a hundred fails by chance: run it again before
believing it.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.sign_in_timing import LEAST_P, PAIRS, SHORTEST, WARM_UP, p_value

NOBODY = "nobody"
KINDS = ("insured", "resident", "dead", "bound")
NAME = "李梅"
SEQUENCES = 999  # of one day of birth in one place
ANSWERS: dict[str, dict[str, Any]] = {
    "side": {"side": "giver"},
    "relation": {"relative": "sibling"},
    "insured": {"scheme": "resident", "area": "340000"},
    "who": {"name": NAME},
    "sees": {"sees": "enough"},
    "terms": {"cap_month_fen": "300", "uses": ["CARE", "DRUG"]},
    "letter": {"signed_name": "张建国"},
}
WHO, PROPOSE, RECEIPT = "the name and number", "the proposal", "the receipt"


@contextmanager
def world() -> Iterator[None]:
    """The published rules; nothing is limited."""
    with tempfile.TemporaryDirectory(prefix="timing-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'timing.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        os.environ["SMS_BACKEND"] = "benchmarks.sign_in_timing.LaterBackend"
        import django  # noqa: PLC0415  settings read the database from the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        from accounts import limits  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        call_command("load_areas", verbosity=0)
        call_command("load_policies", publish=True, verbosity=0)
        for limit in limits.LIMITS:
            name = limit.name.replace("-", "_").upper()
            setattr(limits, name, replace(limit, count=10**9))
        try:
            yield
        finally:
            connections.close_all()


def number(turn: int, place: int) -> str:
    """A number of its own for each kind and turn."""
    from tests.factories import insurance  # noqa: PLC0415  after django.setup()

    day, sequence = divmod(turn, SEQUENCES)
    return insurance.make_id_number(
        area="340104", born=f"19{70 + place}01{day + 1:02d}", sequence=sequence
    )


def make(kind: str, id_number: str) -> None:
    """Somebody of that kind with that number."""
    from tests.factories import agreeing, insurance  # noqa: PLC0415  after django.setup()

    if kind == NOBODY:
        return
    person = insurance.make_person(name=NAME, id_number=id_number)
    scheme = "resident" if kind == "resident" else "employee"
    insurance.make_enrolment(
        person=person,
        area=insurance.make_area(),
        scheme=scheme,
        person_type="resident" if scheme == "resident" else "in_service",
    )
    if scheme == "employee":
        insurance.make_account(person=person)
    if kind == "dead":
        insurance.make_fact(person=person, kind="death")
    if kind == "bound":
        agreeing.propose(agreeing.make_member(name="王芳"), person, relation="sibling")


def way(asker: Any, id_number: str) -> dict[str, float]:
    """Seconds of work, not of the clock, at the steps that hear the number or show what became of it."""
    from django.test import Client  # noqa: PLC0415  after django.setup()

    from family import adding  # noqa: PLC0415
    from tests import cast  # noqa: PLC0415
    from tests.factories import agreeing  # noqa: PLC0415

    user = agreeing.login_of(asker)
    client: Any = cast.sign_in(Client(), user)
    client.post("/family/add/")
    taken: dict[str, float] = {}
    for step, typed in ANSWERS.items():
        more = {"id_number": id_number} if step == "who" else {}
        path = f"/family/add/?step={step}"
        spent, _answer = timed(lambda path=path, fields=typed | more: client.post(path, fields))
        if step == "who":
            taken[WHO] = spent
    now = adding.kept(adding.Place(user, asker))
    assert now is not None
    fields = {"form": now.form, "version": str(now.version)}
    taken[PROPOSE], answer = timed(lambda: client.post("/family/add/check/", fields))
    taken[RECEIPT], _page = timed(lambda: client.get(answer.url))
    assert "/receipt/" in answer.url, answer.url
    return taken


def timed(work: Any) -> tuple[float, Any]:
    start = time.process_time()
    answer = work()
    return max(time.process_time() - start, SHORTEST), answer


def main(turns: int) -> int:
    worst = 1.0
    kinds = (NOBODY, *KINDS)
    taken: dict[str, dict[str, list[float]]] = {
        step: {kind: [] for kind in kinds} for step in (WHO, PROPOSE, RECEIPT)
    }
    with world():
        from tests.factories import agreeing  # noqa: PLC0415  after django.setup()

        for turn in range(WARM_UP + turns):
            asker = agreeing.make_member(name="张建国", born="19710812")
            numbers = {kind: number(turn, place) for place, kind in enumerate(kinds)}
            for kind, id_number in numbers.items():
                make(kind, id_number)
            first = turn % len(kinds)
            for kind in kinds[first:] + kinds[:first]:
                for step, spent in way(asker, numbers[kind]).items():
                    if turn >= WARM_UP:
                        taken[step][kind].append(spent)
    for step, by_kind in taken.items():
        for kind in KINDS:
            p = p_value(by_kind[NOBODY], by_kind[kind])
            worst = min(worst, p)
            medians = [statistics.median(by_kind[one]) * 1000 for one in (NOBODY, kind)]
            words = f"nobody {medians[0]:7.2f} ms  {kind} {medians[1]:7.2f} ms"
            print(f"{step:20} {words}  p={p:.3f}")  # noqa: T201
    return table.ending(worst > LEAST_P)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS))
