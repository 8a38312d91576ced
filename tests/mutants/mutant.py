"""What a mutant is: a place, what stands there, what stands there instead, and the tests that must notice."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from tests.mutants.pattern import Stale, swap

ROOT = Path(__file__).resolve().parents[2]


class Kind(StrEnum):
    """What sort of mistake it is."""

    LOCK = "lock"
    ORDER = "order of locks"
    READ = "read before the lock"
    ATOMIC = "atomic"
    CONSTRAINT = "constraint of the database"
    ONCE = "once only"
    ROUNDING = "rounding"
    SIGN = "sign and sum"
    EDGE = "edge"
    BOUND = "bound"
    STALE = "stale version"
    CLOCK = "clock"
    REFUND = "refund"
    CAP = "cap and limit"
    BARRED = "who may pay"
    OWNER = "owner"
    BOOK = "book and notices"


@dataclass(frozen=True)
class Mutant:
    """`where` is "module:function" ("module:Class.method", "module:" for the module's own level).

    `change` holds (what stands there, what is put there), one after the other. With `constraint` in place of it the code stays, and
    the database loses the constraint of that name of the model `where` names. `killers` are the ids of tests of which one must
    fail; a test fails by an assertion, or by an exception that `raises` names: anything else is a crash that proves nothing.
    `postgres`: rows are locked there alone.
    """

    name: str
    kind: Kind
    where: str
    change: tuple[tuple[str, str], ...] = ()
    _: KW_ONLY
    killers: tuple[str, ...]
    constraint: str = ""
    postgres: bool = False
    raises: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.where.partition(":")[0]

    @property
    def place(self) -> str:
        return self.where.partition(":")[2]

    @property
    def on_postgres(self) -> bool:
        return self.postgres or bool(self.constraint)

    @property
    def path(self) -> Path:
        return ROOT / (self.module.replace(".", "/") + ".py")

    def tree(self) -> ast.Module:
        """The module with the fault in it; raise `Stale`."""
        tree, _scope_in_it = self._made()
        return ast.fix_missing_locations(tree)

    def says(self) -> str:
        """What tells this mutant from every other one; raise `Stale` where the code is not what it was made for."""
        if self.constraint:
            model = _scope(ast.parse(_text(self.path)), self.place)
            if not any(_names(node, self.constraint) for node in ast.walk(model)):
                raise Stale(f"no constraint {self.constraint}")
            return f"{self.where} {self.constraint}"
        _tree, scope = self._made()
        said = ast.dump(scope)
        if said == ast.dump(_scope(ast.parse(_text(self.path)), self.place)):
            raise Stale("nothing changes")
        return f"{self.where} {said}"

    def _made(self) -> tuple[ast.Module, ast.AST]:
        tree = ast.parse(_text(self.path))
        scope = _scope(tree, self.place)
        for old, new in self.change:
            swap(scope, old, new)
        return tree, scope


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _scope(tree: ast.AST, name: str) -> ast.AST:
    for part in filter(None, name.split(".")):
        found = [
            node
            for node in ast.iter_child_nodes(tree)
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part
        ]
        if len(found) != 1:
            raise Stale(f"{part}: {len(found)} of this name")
        tree = found[0]
    return tree


def stale(mutants: Iterable[Mutant]) -> Iterator[str]:
    """A line for each that no longer matches the code."""
    for one in mutants:
        try:
            one.says()
        except Stale as error:
            yield f"STALE {one.name} ({one.where}): {error}"


def _names(node: ast.AST, constraint: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == constraint
