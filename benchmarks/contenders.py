"""Whoever is measured in a round: pgbench, or clients that stay and are told how long to work."""

import json
import os
import re
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from benchmarks.postgres import Server
from config import gunicorn

TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
DONE = re.compile(r"transactions actually processed: ([0-9]+)")
FAILED = re.compile(r"number of failed transactions: ([0-9]+)")
CLOSE_SECONDS = 30
# Until the server has counted the time of the processes that served pgbench.
REAPED_SECONDS = 0.3


@dataclass(frozen=True)
class Measured:
    """Of one round: operations a second, and microseconds of processor for one, at the client and in the server."""

    per_second: float
    client_us: float
    server_us: float


class Contender(Protocol):
    def run(self, seconds: float) -> Measured:
        """Work for so long."""


@dataclass(frozen=True)
class Pgbench:
    """`variables` are set in the script."""

    server: Server
    database: str
    script: Path
    clients: int
    variables: Mapping[str, int]

    def run(self, seconds: float) -> Measured:
        """pgbench counts whole seconds."""
        before, work = self.server.cpu_seconds(), _children()
        done = subprocess.run(
            [*self._command(), "-T", str(max(1, round(seconds)))],
            check=False,
            text=True,
            capture_output=True,
        )
        count = int(_found(DONE, done.stdout))
        time.sleep(REAPED_SECONDS)
        if done.returncode or int(_found(FAILED, done.stdout)) or not count:
            raise SystemExit(done.stdout + done.stderr)
        return Measured(
            per_second=float(_found(TPS, done.stdout)),
            client_us=(_children() - work) / count * 1e6,
            server_us=(self.server.cpu_seconds() - before) / count * 1e6,
        )

    def _command(self) -> list[str]:
        threads = min(self.clients, os.cpu_count() or 1)
        variables = [f"-D{name}={value}" for name, value in self.variables.items()]
        address = ["-h", str(self.server.folder), "-U", "postgres", self.database]
        program = self.server.program("pgbench")
        counts = ["-c", str(self.clients), "-j", str(threads)]
        return [
            program,
            "-n",
            "-M",
            "prepared",
            "-f",
            str(self.script),
            *counts,
            *variables,
            *address,
        ]


def _found(wanted: re.Pattern[str], text: str) -> str:
    match = wanted.search(text)
    return match.group(1) if match else "0"


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Clients:
    """Processes that read a number of seconds from their input, work, and answer as `benchmarks.settling` does."""

    def __init__(self, server: Server, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._server, self._processes = server, processes

    def run(self, seconds: float) -> Measured:
        before = self._server.cpu_seconds()
        for one in self._processes:
            _pipe(one.stdin).write(f"{seconds}\n")
            _pipe(one.stdin).flush()
        told = [json.loads(_pipe(one.stdout).readline()) for one in self._processes]
        done = sum(one["done"] for one in told)
        return Measured(
            per_second=sum(one["done"] / one["seconds"] for one in told),
            client_us=sum(one["cpu_seconds"] for one in told) / done * 1e6,
            server_us=(self._server.cpu_seconds() - before) / done * 1e6,
        )


@contextmanager
def clients(
    server: Server, command: Sequence[str], count: int, environment: Mapping[str, str]
) -> Iterator[Clients]:
    """`count` of them, spread over processes as gunicorn would; each process gets its number of threads as last argument."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(_process([*command, str(threads)], environment))
            for threads in shares(count)
        ]
        for one in processes:
            if _pipe(one.stdout).readline().strip() != "ready":
                raise SystemExit(f"{command} did not start")
        yield Clients(server, processes)


def shares(count: int) -> list[int]:
    """Threads of each process: as many processes as production has, threads enough for everybody who waits."""
    workers = min(count, gunicorn.workers)
    return [count // workers + (place < count % workers) for place in range(workers)]


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    started = subprocess.Popen(
        command,
        env=os.environ | environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield started
    finally:
        _pipe(started.stdin).close()
        try:
            started.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _pipe(one: IO[str] | None) -> IO[str]:
    if one is None:
        raise ValueError("the process has no pipe")
    return one
