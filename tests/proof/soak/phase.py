"""One phase in a process of its own: the rows of a world, a crew on it, its outcome as JSON on the last line.

DATABASE_URL=... python -m tests.proof.soak.phase '{"folder": ..., "plan": {...}}'
"""

import json
import logging
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path

from tests.proof.soak.dressing import dress

dress()

from django.db import connection  # noqa: E402

from tests.proof.soak import rules, servers, world  # noqa: E402
from tests.proof.soak.clock import BEFORE, Clock  # noqa: E402
from tests.proof.soak.crew import Crew, Plan  # noqa: E402
from tests.proof.soak.nemesis import Faults  # noqa: E402
from tests.proof.soak.report import say  # noqa: E402


def main(told):
    folder = Path(told["folder"])
    logging.basicConfig(filename=folder / "log", level=logging.WARNING)
    rules.lift_limits()
    made = in_a_child(lambda: _build(told), folder / "world.json")
    plan = Plan(
        **told["plan"]
        | {
            "faults": Faults(**told["plan"]["faults"]),
            "expects": frozenset(told["plan"]["expects"]),
        }
    )
    server = servers.attached(told["server"]) if told["server"] else None
    crew = Crew(
        plan,
        world.World.from_json(made),
        folder,
        server=server,
        database=told["database"],
        small_disk=told["small_disk"],
    )
    say(json.dumps(asdict(crew.work()), ensure_ascii=False))


def in_a_child(job, path):
    """What the job gives, by a file: this process never has a connection."""
    pid = os.fork()
    if not pid:
        status = 1
        try:
            path.write_text(json.dumps(job()), encoding="utf-8")
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    _pid, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit("the world could not be built")
    return json.loads(path.read_text(encoding="utf-8"))


def _build(told):
    Clock(BEFORE).set_out()
    made = world.build(families=told["families"])
    connection.close()
    return made.to_json()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
