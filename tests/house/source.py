"""The project's own files, as the house tests read them."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "queries", "claims", "family", "insurance", "accounts")
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
TEMPLATE_SYNTAX = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def files(suffix: str, *rooms: str) -> Iterator[Path]:
    """Files with that suffix in these folders (all floors when none is named), without migrations."""
    for room in rooms or FLOORS:
        for path in sorted((ROOT / room).rglob(f"*{suffix}")):
            if not {"migrations", "__pycache__"} & set(path.parts):
                yield path


def templates() -> Iterator[Path]:
    yield from files(".html", "templates", *FLOORS)
    yield from files(".txt", "templates")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a Python file with its line; patterns (raw strings) are left out."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Columns of the syntax tree count bytes.
            before = lines[node.lineno - 1].encode()[node.col_offset :]
            if not before.startswith((b"r'", b'r"', b"rf", b"fr")):
                yield node.lineno, node.value


def lines_matching(pattern: str | re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """`file:line text` for every line that matches."""
    compiled = re.compile(pattern)
    return [
        f"{name(path)}:{number} {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if compiled.search(line)
    ]
