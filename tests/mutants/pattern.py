"""Find a piece of code by what it says, and say something else in its place.

A pattern is Python. In it `X_` (one capital, one underscore) stands for any expression, the same one each time, and as a
statement of its own for whatever follows in the block; `...` among arguments stands for all of them; `_(name=value)` is that one
argument of whatever call.
"""

import ast
import copy
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

HOLE = re.compile(r"[A-Z]_")
REST = "..."
# What of a node is layout, or follows from where it stands.
IGNORED = {"ctx", "type_comment", "kind"}
Holes = dict[str, Any]


class Stale(Exception):
    """The code is no longer what the pattern says."""


def swap(scope: ast.AST, old: str, new: str) -> None:
    """Change the one place below `scope`; raise `Stale` where there is none, or more than one."""
    if old.lstrip().startswith("@"):
        _undecorate(scope, old)
        return
    wanted, put = _parsed(old), _parsed(new)
    # What becomes a statement, or nothing, was one.
    is_expression = all(len(one) == 1 and isinstance(one[0], ast.Expr) for one in (wanted, put))
    found = list(_places(scope, wanted, is_expression))
    if len(found) != 1:
        raise Stale(f"{len(found)} places say: {old.strip()}")
    holder, name, place, length, holes = found[0]
    if length:
        block = getattr(holder, name)
        made = _filled_block(put, holes) or [ast.Pass()]
        block[place : place + length] = made
        return
    made_one = _filled(_argument(put) or put[0].value, holes)
    if place is None:
        setattr(holder, name, made_one)
    else:
        getattr(holder, name)[place] = made_one


def _parsed(text: str) -> list[Any]:
    return ast.parse(textwrap.dedent(text)).body


def _argument(statements: Sequence[Any]) -> ast.keyword | None:
    """`_(name=value)` says: this argument, in whatever call."""
    call = getattr(statements[0], "value", None)
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_":
        return call.keywords[0]
    return None


def _undecorate(scope: Any, old: str) -> None:
    wanted = _parsed(f"{old.strip()}\ndef f(): pass")[0].decorator_list[0]
    kept = [one for one in scope.decorator_list if not _same(wanted, one, {})]
    if len(kept) != len(scope.decorator_list) - 1:
        raise Stale(f"no place says: {old.strip()}")
    scope.decorator_list = kept


def _places(
    scope: ast.AST, wanted: list[Any], is_expression: bool
) -> Iterator[tuple[Any, str, int | None, int, Holes]]:
    """(node, field, place in it, statements to replace or 0 for an expression, holes)."""
    one = (_argument(wanted) or wanted[0].value) if is_expression else None
    for node in ast.walk(scope):
        for name, value in ast.iter_fields(node):
            if not is_expression and isinstance(value, list):
                for place in range(len(value)):
                    holes: Holes = {}
                    length = _block(wanted, value[place:], holes)
                    if length:
                        yield node, name, place, length, holes
            elif is_expression:
                items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
                for at, item in items:
                    holes = {}
                    if isinstance(item, ast.expr | ast.keyword) and _same(one, item, holes):
                        yield node, name, at, 0, holes


def _block(wanted: Sequence[Any], found: Sequence[Any], holes: Holes) -> int:
    """How many statements from the first on say it; 0 where they don't."""
    for place, one in enumerate(wanted):
        if isinstance(one, ast.Expr) and _is_hole(one.value):
            holes[one.value.id] = list(found[place:])
            return len(found)
        if place >= len(found) or not _same(one, found[place], holes):
            return 0
    return len(wanted)


def _is_hole(node: Any) -> bool:
    return isinstance(node, ast.Name) and HOLE.fullmatch(node.id) is not None


def _same(wanted: Any, found: Any, holes: Holes) -> bool:
    if _is_hole(wanted) and isinstance(found, ast.expr):
        before = holes.setdefault(wanted.id, found)
        return ast.dump(before) == ast.dump(found)
    if type(wanted) is not type(found):
        return False
    if isinstance(wanted, ast.Call) and _takes_rest(wanted):
        holes[REST] = (found.args, found.keywords)
        return _same(wanted.func, found.func, holes)
    if isinstance(wanted, ast.AST):
        return all(
            _same(getattr(wanted, name), getattr(found, name), holes)
            for name in wanted._fields
            if name not in IGNORED
        )
    if isinstance(wanted, list):
        if wanted and isinstance(wanted[0], ast.stmt):
            return _block(wanted, found, holes) == len(found)
        return len(wanted) == len(found) and all(
            _same(one, other, holes) for one, other in zip(wanted, found, strict=True)
        )
    return bool(wanted == found)


def _takes_rest(call: ast.Call) -> bool:
    return any(isinstance(one, ast.Constant) and one.value is ... for one in call.args)


def _filled_block(put: Sequence[Any], holes: Holes) -> list[Any]:
    made: list[Any] = []
    for one in put:
        if isinstance(one, ast.Expr) and _is_hole(one.value):
            made += copy.deepcopy(holes[one.value.id])
        else:
            made.append(_filled(one, holes))
    return made


def _filled(node: Any, holes: Holes) -> Any:
    return _Filler(holes).visit(copy.deepcopy(node))


class _Filler(ast.NodeTransformer):
    def __init__(self, holes: Holes) -> None:
        self._holes = holes

    def visit_Name(self, node: ast.Name) -> Any:
        return copy.deepcopy(self._holes[node.id]) if _is_hole(node) else node

    def visit_Call(self, node: ast.Call) -> Any:
        if _takes_rest(node):
            args, keywords = self._holes[REST]
            node.args, node.keywords = copy.deepcopy(args), copy.deepcopy(keywords)
            node.func = self.visit(node.func)
            return node
        return self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, name, _filled_block(value, self._holes))
        return super().generic_visit(node)
