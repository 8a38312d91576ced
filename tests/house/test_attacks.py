"""docs/attacks.md promises nothing that no test holds."""

import ast
import re

from tests.house.source import ROOT

CLASSES = 28
ROW = re.compile(r"^\| (\d+) \|(.+)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows():
    text = (ROOT / "docs/attacks.md").read_text(encoding="utf-8")
    return [(int(number), TEST.findall(cells)) for number, cells in ROW.findall(text)]


def written(path):
    """The names of a file's tests, without running it; none where there is no such file."""
    file = ROOT / path
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.exists() else []
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_every_class_of_attack_has_its_row():
    assert [number for number, _tests in rows()] == list(range(1, CLASSES + 1))


def test_every_class_of_attack_names_a_test():
    assert not [number for number, tests in rows() if not tests]


def test_every_test_that_is_named_exists():
    named = [one for _number, tests in rows() for one in tests]
    assert not [
        f"{path}::{test}"
        for path, test in named
        if not test.startswith("test_") or test not in written(path)
    ]
