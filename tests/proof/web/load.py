"""Providers' machines that charge hot families through gunicorn while its workers are killed, and what is left of it at the end.

    python -m tests.proof.web.load --seconds 60 --seed 7

Every answer that arrived is kept. Afterwards each key is asked again and must give the same bytes, what the answers say of a
patient's money must be what the ledger says, and `verify_ledger` must be clean.
"""

import argparse
import json
import random
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.postgres import serving
from tests.proof.web.machine import Answer, Machine
from tests.proof.web.service import Failed, Service

FAMILIES, PROVIDERS, MACHINES = 3, 16, 6
# A worker needs a second or two to come up: with three of them somebody always answers.
KILL_SECONDS = 1.5
# Of a hundred bills so many are sent and the line is cut before the answer, and so many are sent twice at once.
CUT, TWICE = 8, 8
AMOUNTS = (100, 12_345, 30_000, 99_999)


@dataclass
class Found:
    """`acknowledged` is what arrived: key, path, body and answer."""

    acknowledged: list[tuple[Machine, str, str, object, Answer]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def report(self, seed: int) -> str:
        told = " ".join(
            f"{name}={self.counts[name]}" for name in ("keys", "kills", "cuts", "asked_again")
        )
        return f"seed={seed} {told} broken={len(self.faults)} lost_acks={self.counts['lost']}"


@contextmanager
def running(url: str) -> Iterator[tuple[Service, dict]]:
    """The site with its world, for as long as the block lasts."""
    service = Service(url)
    try:
        service.manage("migrate", "--verbosity", "0")
        world = service.python("-m", "tests.proof.web.world", str(FAMILIES), str(PROVIDERS))
        service.start()
        yield service, json.loads(world.splitlines()[-1])
    finally:
        service.stop()


def run(service: Service, world: dict, *, seconds: float, seed: int) -> Found:
    found = Found()
    over = threading.Event()
    lock = threading.Lock()
    machines = [
        threading.Thread(
            target=_charge,
            args=(service, world, random.Random(seed * 100 + one), over, lock, found),
        )
        for one in range(MACHINES)
    ]
    nemesis = threading.Thread(target=_kill, args=(service, random.Random(seed), over, found))
    for one in (*machines, nemesis):
        one.start()
    time.sleep(seconds)
    over.set()
    for one in (*machines, nemesis):
        one.join()
    service.wait()
    _ask_again(found)
    _look_at_the_money(service, world, found)
    return found


def _kill(service, dice, over, found) -> None:
    while not over.wait(KILL_SECONDS):
        if workers := service.workers():
            found.counts["kills"] += service.kill(dice.choice(workers))


def _charge(service, world, dice, over, lock, found) -> None:
    """One thread: bills of all families at all providers, some given back, some held and taken."""
    machines = [
        Machine(service.port, service.certificate, one["key"]) for one in world["providers"][1:]
    ]
    try:
        while not over.is_set():
            machine = dice.choice(machines)
            _one_bill(machine, dice.choice(world["families"])[0], dice, lock, found)
    except Exception as error:
        found.faults.append(f"a machine stopped: {error!r}")
        raise
    finally:
        with lock:
            found.counts["asked_again"] += sum(one.asked_again for one in machines)
        for one in machines:
            one.hang_up()


def _one_bill(machine, patient, dice, lock, found) -> None:
    number = f"{dice.randrange(10**12):012d}"
    body = bill(patient, number, dice.choice(AMOUNTS))
    path = "holds" if dice.random() < 0.2 else "settlements"
    key, chance = f"key-{number}", dice.randrange(100)
    if chance < CUT:
        machine.post_and_go(path, body, key=key)
        found.counts["cuts"] += 1
    elif chance < CUT + TWICE:
        machine.post_and_go(path, body, key=key)
        machine.post_and_go(path, body, key=key)
        found.counts["cuts"] += 2
    answer = _keep(machine, path, body, key, lock, found)
    if answer.status != 201:
        return
    ref = answer.said["ref"]
    if path == "holds":
        _keep(
            machine, f"holds/{ref}/{dice.choice(('post', 'void'))}", None, f"{key}-2", lock, found
        )
    elif dice.random() < 0.3:
        back = {"amount_fen": dice.choice((1, 5_000))} if dice.random() < 0.5 else {}
        _keep(machine, f"settlements/{ref}/reversals", back, f"{key}-3", lock, found)


def bill(patient, number: str, fen: int) -> dict:
    return {
        "patient": {"id_number": patient["id_number"], "card": patient["card"]},
        "use": "CARE",
        "personal_burden_fen": fen,
        "bill_no": f"MZ{number}",
        "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        "proxy": None,
    }


def _keep(machine, path, body, key, lock, found) -> Answer:
    answer = machine.post(path, body, key=key)
    with lock:
        found.counts[f"status {answer.status}"] += 1
        if answer.status != 429:  # "too often" keeps no key
            found.counts["keys"] += 1
            found.acknowledged.append((machine, path, key, body, answer))
    return answer


def _ask_again(found: Found) -> None:
    """The same key gives the same bytes; a limit of requests a minute is waited for."""
    for machine, path, key, body, before in found.acknowledged:
        answer = machine.post(path, body, key=key)
        while answer.status == 429:
            time.sleep(2)
            answer = machine.post(path, body, key=key)
        if (answer.status, answer.body) != (before.status, before.body):
            found.counts["lost"] += 1
            found.faults.append(f"{key}: {before.body!r} became {answer.status} {answer.body!r}")
        machine.hang_up()


def _look_at_the_money(service: Service, world: dict, found: Found) -> None:
    """Settlements of the ledger are those that were answered; the sums are the providers' own."""
    try:
        service.manage("verify_ledger")
    except Failed as error:
        found.faults.append(str(error))
    answered = Counter[str]()
    for machine, path, _key, _body, answer in found.acknowledged:
        if answer.status >= 300 or path == "holds" or path.endswith("/void"):
            continue
        sign = -1 if path.endswith("/reversals") else 1
        answered[machine.key] += sign * answer.said["paid_fen"]
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    for one in world["providers"][1:]:
        day = Machine(service.port, service.certificate, one["key"]).get(f"days/{today}")
        told = day.said["totals"]["net_fen"]
        if told != answered[one["key"]]:
            found.faults.append(
                f"{one['code']}: {told} fen of the day, {answered[one['key']]} answered"
            )


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--seed", type=int, default=zlib.crc32(str(time.time()).encode()) % 10_000)
    given = ask.parse_args()
    with serving() as server, running(server.get_uri()) as (service, world):
        found = run(service, world, seconds=given.seconds, seed=given.seed)
    for one in found.faults[:20]:
        sys.stderr.write(f"{one}\n")
    statuses = {name: n for name, n in sorted(found.counts.items()) if name.startswith("status")}
    sys.stdout.write(f"{statuses}\n{found.report(given.seed)}\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
