"""Policy files: text in, checked values out, and back. Pure.

Every fault is told with its line; a file with a fault is refused whole.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance import areas
from insurance.policy_entries import Entry, entry_faults, pair_faults, read_value
from insurance.policy_names import LOCAL, NATIONAL, names_of_scope
from insurance.policy_units import read_day
from insurance.policy_values import SOURCE_KINDS, Source, Value, thaw

SCHEMA = "policy-file/1"
SOURCES_SCHEMA = "policy-sources/1"
HEADER_KEYS = ("schema", "area", "name_zh", "name_en", "listed", "checked_on")
SOURCE_KEYS = ("id", "kind", "title", "number", "date", "url", "how")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong, in the file and on the line where it stands."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyFileError(ValueError):
    """A file was refused; `faults` says why, in the order of the lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class PolicyFile:
    """One area's rules. `listed` areas answer every local name; others carry only what a document said of them."""

    file: str
    area: str
    name_zh: str
    name_en: str
    listed: bool
    checked_on: date
    values: tuple[Value, ...]
    digest: str
    values_line: int


def digest_of(area: str, checked_on: date, values: Sequence[Value]) -> str:
    """SHA-256 of what the file says; spaces, line breaks and the area's names are not part of it."""
    said = _objects([as_raw(value, checked_on) for value in values])
    return hashlib.sha256(f"{area} {checked_on} {said}".encode()).hexdigest()


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twins = {key for key in keys if keys.count(key) > 1}
    if twins:
        raise ValueError(f"同一项写了两次：{min(twins)}")
    return dict(pairs)


def _parts(text: str, file: str, key: str) -> tuple[dict[str, Any], int, list[tuple[int, Any]]]:
    """The header, the line of the list under `key` and each item of it with its line."""
    decoder = json.JSONDecoder(object_pairs_hook=_refuse_twins)
    # A quotation mark inside a JSON string is escaped, so this finds a key and no text.
    start = re.search(rf'[{{,]\s*"{key}"\s*:\s*\[', text)
    line = text.count("\n", 0, start.end()) + 1 if start else 1
    items: list[tuple[int, Any]] = []
    try:
        whole = json.loads(text)
        if not start or not isinstance(whole, dict) or not isinstance(whole.get(key), list):
            raise PolicyFileError([Fault(file, 1, f"应为对象，并有列表 {key}")])
        position = start.end()
        while len(items) < len(whole[key]):
            position += len(re.match(r"[\s,]*", text[position:]).group())  # type: ignore[union-attr]
            line_here = text.count("\n", 0, position) + 1
            item, position = decoder.raw_decode(text, position)
            items.append((line_here, item))
        header = {name: one for name, one in decoder.decode(text).items() if name != key}
    except json.JSONDecodeError as error:
        raise PolicyFileError(
            [Fault(file, error.lineno, f"不是合格的 JSON：{error.msg}")]
        ) from None
    except PolicyFileError:
        raise
    except ValueError as error:
        here = items[-1][0] if items else 1
        raise PolicyFileError([Fault(file, here, str(error))]) from None
    return header, line, items


def _header_faults(header: Mapping[str, Any], file: str) -> Iterator[Fault]:
    if set(header) != set(HEADER_KEYS) or header.get("schema") != SCHEMA:
        yield Fault(file, 1, f"开头应有 {'、'.join(HEADER_KEYS)}，schema 为 {SCHEMA}")
        return
    code = header["area"]
    if not isinstance(code, str) or not areas.is_known(code):
        yield Fault(file, 1, "area 的前两位不是省份代码")
    elif file != f"{code}.json":
        yield Fault(file, 1, f"文件名应为 {code}.json")
    if not all(isinstance(header[key], str) and header[key] for key in ("name_zh", "name_en")):
        yield Fault(file, 1, "name_zh、name_en 不能空")
    if not isinstance(header["listed"], bool):
        yield Fault(file, 1, "listed 应为 true 或 false")
    if not read_day(header["checked_on"]):
        yield Fault(file, 1, "checked_on 应为日期")


def parse(text: str, *, file: str, sources: Mapping[str, Source]) -> PolicyFile:
    """Read one area's file. `file` is its name, 320100.json. Raises PolicyFileError with every fault found."""
    header, values_line, items = _parts(text, file, "values")
    faults = list(_header_faults(header, file))
    if faults:
        raise PolicyFileError(faults)
    entries = [Entry(line, raw, header["area"], header["checked_on"]) for line, raw in items]
    faults = [
        Fault(file, entry.line, message)
        for entry in entries
        for message in entry_faults(entry, sources)
    ]
    if faults:
        raise PolicyFileError(faults)
    values = tuple(read_value(entry, sources) for entry in entries)
    lines = [entry.line for entry in entries]
    faults = [Fault(file, line, message) for line, message in pair_faults(lines, values)]
    if faults:
        raise PolicyFileError(faults)
    checked_on = date.fromisoformat(header["checked_on"])
    return PolicyFile(
        file=file,
        area=header["area"],
        name_zh=header["name_zh"],
        name_en=header["name_en"],
        listed=header["listed"],
        checked_on=checked_on,
        values=values,
        digest=digest_of(header["area"], checked_on, values),
        values_line=values_line,
    )


def parse_sources(text: str, *, file: str = "sources.json") -> dict[str, Source]:
    """The source register by id. Raises PolicyFileError."""
    header, _, items = _parts(text, file, "sources")
    faults = (
        []
        if header == {"schema": SOURCES_SCHEMA}
        else [Fault(file, 1, f"schema 应为 {SOURCES_SCHEMA}")]
    )
    found: dict[str, Source] = {}
    for line, raw in items:
        if not isinstance(raw, dict) or not {"id", "kind", "title", "how"} <= set(raw) <= set(
            SOURCE_KEYS
        ):
            faults.append(Fault(file, line, "来源应有 id、kind、title、how"))
        elif not all(isinstance(one, str) and one.strip() for one in raw.values()):
            faults.append(Fault(file, line, "来源的每一项都是不空的文字，不知道的不写"))
        elif raw["kind"] not in SOURCE_KINDS:
            faults.append(Fault(file, line, f"没有这种来源：{raw['kind']}"))
        elif raw["id"] in found:
            faults.append(Fault(file, line, f"来源 {raw['id']} 写了两次"))
        elif "url" in raw and not re.fullmatch(r"https?://[!-~]+", raw["url"]):
            faults.append(Fault(file, line, "网址应以 http:// 或 https:// 开头"))
        else:
            found[raw["id"]] = Source(**raw)
    if faults:
        raise PolicyFileError(faults)
    return found


def missing_faults(files: Sequence[PolicyFile]) -> list[Fault]:
    """Names that a listed area, or the nation, leaves without a value and without an explicit blank."""
    answered = {one.area: {value.name for value in one.values} for one in files}
    faults = []
    for one in files:
        known: set[str] = set()
        for code in areas.chain(one.area):
            # The nation's principle is no answer to what each place decides for itself.
            known |= (
                answered.get(code, set()) if code != areas.NATION or one.area == code else set()
            )
        wanted = names_of_scope(NATIONAL) if one.area == areas.NATION else names_of_scope(LOCAL)
        if one.listed or one.area == areas.NATION:
            faults += [
                Fault(one.file, one.values_line, f"缺少 {name.name}：写上值，或写明为什么空着")
                for name in wanted
                if name.name not in known and name.or_else not in known
            ]
    return faults


def _line(key: str, value: Any) -> str:
    return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"


def _objects(rows: Sequence[Mapping[str, Any]]) -> str:
    blocks = (
        "    {\n" + ",\n".join(f"      {_line(key, row[key])}" for key in row) + "\n    }"
        for row in rows
    )
    return "[\n" + ",\n".join(blocks) + "\n  ]" if rows else "[]"


def as_raw(value: Value, checked_on: date) -> dict[str, Any]:
    """One value as it stands in a file; what goes without saying is left out."""
    days = ("valid_from", "valid_to", "stated_validity_until")
    raw: dict[str, Any] = {"name": value.name, "value": thaw(value.value), "unit": value.unit}
    raw |= {key: getattr(value, key) for key in ("list_kind", "emptiness")}
    raw |= {day: getattr(value, day).isoformat() for day in days if getattr(value, day)}
    raw |= {key: getattr(value, key) for key in ("confidence", "mark", "evidence")}
    if value.checked_on != checked_on:
        raw["checked_on"] = value.checked_on.isoformat()
    raw["sources"] = [
        {"id": one.source.id} | ({"article": one.article} if one.article else {})
        for one in value.citations
    ]
    raw["note"] = value.note
    return {
        key: one
        for key, one in raw.items()
        if key in {"name", "value", "unit"} or one not in ("", [])
    }


def dump(policy: PolicyFile) -> str:
    """The canonical text of a file: dumping what was parsed gives the same bytes."""
    header = {
        "schema": SCHEMA,
        "area": policy.area,
        "name_zh": policy.name_zh,
        "name_en": policy.name_en,
        "listed": policy.listed,
        "checked_on": policy.checked_on.isoformat(),
    }
    lines = [f"  {_line(key, value)}" for key, value in header.items()]
    rows = [as_raw(value, policy.checked_on) for value in policy.values]
    return "{\n" + ",\n".join(lines) + f',\n  "values": {_objects(rows)}\n}}\n'


def dump_sources(sources: Sequence[Source]) -> str:
    rows = [{key: getattr(one, key) for key in SOURCE_KEYS if getattr(one, key)} for one in sources]
    return f'{{\n  "schema": "{SOURCES_SCHEMA}",\n  "sources": {_objects(rows)}\n}}\n'
