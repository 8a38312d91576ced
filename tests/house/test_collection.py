"""A test that nobody runs is worse than none."""

import ast
import subprocess
import sys

from tests.house.source import ROOT, files, name


def test_every_test_file_is_collected():
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    collected = {line.partition("::")[0] for line in run.stdout.splitlines() if "::" in line}
    assert run.returncode == 0, run.stdout + run.stderr
    assert collected == {
        name(path) for path in files(".py", "tests") if path.name.startswith("test_")
    }


def test_tests_stand_in_files_that_pytest_reads():
    lost = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in (*files(".py"), *files(".py", "tests", "benchmarks"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not (path.name.startswith("test_") and path.is_relative_to(ROOT / "tests"))
    ]
    assert not lost


def test_no_test_function_is_written_twice_in_one_file():
    twice = []
    for path in files(".py", "tests"):
        seen = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                if node.name in seen:
                    twice.append(f"{name(path)}:{node.lineno} {node.name}")
                seen.add(node.name)
    assert not twice
