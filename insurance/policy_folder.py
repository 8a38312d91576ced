"""The policy files as they lie in a folder, read together and checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from insurance.policy_schema import (
    Fault,
    PolicyFile,
    PolicyFileError,
    missing_faults,
    parse,
    parse_sources,
)
from insurance.policy_values import Source

DATA = Path(__file__).parent / "policy_data"
SOURCES = "sources.json"


@dataclass(frozen=True)
class PolicyFolder:
    """`files` in the order in which they can be loaded: nation, provinces, cities."""

    sources: Mapping[str, Source]
    files: tuple[PolicyFile, ...]


def read_text(path: Path) -> str:
    """UTF-8 with or without a byte order mark. Raises PolicyFileError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise PolicyFileError([Fault(path.name, 1, "读不了：应为 UTF-8 的文件")]) from None


def read(folder: Path = DATA) -> PolicyFolder:
    """Every file of the folder. Raises PolicyFileError with the faults of all of them."""
    sources = parse_sources(read_text(folder / SOURCES), file=SOURCES)
    files: list[PolicyFile] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.json")):
        if path.name == SOURCES:
            continue
        try:
            files.append(parse(read_text(path), file=path.name, sources=sources))
        except PolicyFileError as error:
            faults += error.faults
    # A file that was refused would show as missing names of the areas below it.
    faults = faults or missing_faults(files)
    if faults:
        raise PolicyFileError(faults)
    return PolicyFolder(
        sources, tuple(sorted(files, key=lambda one: (not one.area.endswith("0000"), one.area)))
    )
