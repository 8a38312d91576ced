"""The list of mutants fits the code of today, and the tools that make and judge them do what they say."""

import ast
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.mutants import verdict
from tests.mutants.child import Outcome
from tests.mutants.mutant import Kind, stale
from tests.mutants.pattern import Stale, swap
from tests.mutants.running import Run
from tests.mutants.seeded import MUTANTS

LEAST, MOST_KILLERS = 60, 6


def test_every_mutant_fits_the_code_and_differs_from_every_other():
    assert not list(stale(MUTANTS))
    assert len({one.says() for one in MUTANTS}) == len(MUTANTS) >= LEAST
    assert len({one.name for one in MUTANTS}) == len(MUTANTS)
    assert {one.kind for one in MUTANTS} == set(Kind)


def test_every_mutant_names_tests_that_there_are():
    known = {}
    for one in MUTANTS:
        assert 1 <= len(one.killers) <= MOST_KILLERS
        for killer in one.killers:
            path, _, test = killer.partition("::")
            if path not in known:
                tree = ast.parse(text(path))
                known[path] = {node.name for node in tree.body if hasattr(node, "name")}
            assert test.partition("[")[0] in known[path], killer


def test_the_paper_counts_them():
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \|", text("docs/proof.md"), re.MULTILINE)
    counted = Counter(str(one.kind) for one in MUTANTS)
    assert {kind: int(number) for kind, number in rows if kind in set(Kind)} == counted


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def changed(code, old, new):
    tree = ast.parse(code)
    swap(tree, old, new)
    return ast.unparse(ast.fix_missing_locations(tree))


@pytest.mark.parametrize(
    ("code", "old", "new", "made"),
    [
        ("a = rows.lock(x=1, y=2).all()", "X_.lock(...)", "X_", "a = rows.all()"),
        ("a = max(b, key=c)", "max(...)", "min(...)", "a = min(b, key=c)"),
        ("a = f(b, c=d)", "_(c=d)", "_(c=-d)", "a = f(b, c=-d)"),
        ("if a <   b:\n    raise C(1)", "if a < b:\n    A_", "pass", "pass"),
        ("with a():\n    b()\n    c()", "with a():\n    A_", "A_", "b()\nc()"),
        ("f()\ng()", "f()", "pass", "pass\ng()"),
        ("a = f()\nb = a", "a = f()\nb = a", "b = f()", "b = f()"),
    ],
)
def test_a_pattern_is_found_by_what_it_says(code, old, new, made):
    assert changed(code, old, new) == made


def test_a_decorator_is_taken_off():
    tree = ast.parse("@atomic\n@other\ndef f():\n    pass")
    swap(tree.body[0], "@atomic", "")
    assert ast.unparse(tree) == "@other\ndef f():\n    pass"


@pytest.mark.parametrize("code", ["a = b > c", "a = b < c\nd = b < c", "a = c < b"])
def test_a_place_that_is_not_there_or_not_the_only_one_is_stale(code):
    with pytest.raises(Stale):
        changed(code, "b < c", "b <= c")


def test_a_list_that_lost_its_code_is_stale():
    lost = replace(MUTANTS[0], change=(("nothing_like_this()", "pass"),))
    nowhere = replace(MUTANTS[0], where="insurance.ledger:nobody")
    same = replace(MUTANTS[0], change=())
    assert len(list(stale([lost, nowhere, same, MUTANTS[0]]))) == 3


def judged(raises=(), seconds=1, **outcome):
    run = Run("x", [], replace(MUTANTS[0], raises=raises), seconds=seconds, folder=Path())
    run.outcome = Outcome(**outcome) if outcome else None
    return verdict.of(run).word


def test_only_a_failed_assertion_or_a_declared_exception_kills():
    assert judged(failures=[["t", "AssertionError", ""]]) == verdict.KILLED
    assert judged(failures=[["t", "Failed", "DID NOT RAISE"]]) == verdict.KILLED
    assert judged(failures=[["t", "IntegrityError", ""]]) == verdict.CRASHED
    assert judged(("IntegrityError",), failures=[["t", "IntegrityError", ""]]) == verdict.KILLED
    # What came first decides: a crash that drags an assertion after it proves nothing.
    first = [["t", "NameError", ""], ["t", "AssertionError", ""]]
    assert judged(failures=first) == verdict.CRASHED


def test_what_never_ran_or_never_ended_is_no_kill():
    failed = [["t", "AssertionError", ""]]
    assert judged(ran=3) == verdict.SURVIVED
    assert judged(failures=failed, crashes=["no such test"]) == verdict.CRASHED
    assert judged(failures=failed, mutated=False) == verdict.CRASHED
    assert (judged(), judged(seconds=1_000)) == (verdict.CRASHED, verdict.HUNG)
