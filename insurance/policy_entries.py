"""Entries of a policy file: what is wrong with one, and what is wrong between two. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance import areas
from insurance.policy_names import CATALOGUE, NATIONAL
from insurance.policy_units import fault_in, read_day
from insurance.policy_values import (
    CONFIDENCES,
    DISPUTED,
    EMPTINESSES,
    EVIDENCES,
    LIST_KINDS,
    NONE_REQUIRED,
    OFFICIAL,
    SEED_ONLY,
    Citation,
    Source,
    Value,
    freeze,
)

KEYS = {
    "name",
    "value",
    "unit",
    "list_kind",
    "emptiness",
    "valid_from",
    "valid_to",
    "stated_validity_until",
    "confidence",
    "mark",
    "evidence",
    "checked_on",
    "sources",
    "note",
}
DAYS = ("valid_from", "valid_to", "stated_validity_until", "checked_on")
# What an authority itself has said; everything else is somebody's report of it.
AUTHORITATIVE = {"law", "normative", "notice", "page"}


@dataclass(frozen=True)
class Entry:
    """A raw entry, the line it starts on and what its file says of all entries."""

    line: int
    raw: Any
    area: str
    checked_on: str


def _source_faults(raw: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[str]:
    cited = raw.get("sources", [])
    if not isinstance(cited, list) or not all(
        isinstance(one, dict)
        and {"id"} <= set(one) <= {"id", "article"}
        and all(isinstance(text, str) and text for text in one.values())
        for one in cited
    ):
        yield "sources 应为列表，每项有 id，可以有 article"
        return
    yield from (f"没有登记的来源：{one['id']}" for one in cited if one["id"] not in sources)
    if len({tuple(sorted(one.items())) for one in cited}) < len(cited):
        yield "同一来源写了两次"


def _evidence_faults(raw: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[str]:
    confidence, evidence = raw.get("confidence"), raw.get("evidence")
    if not raw.get("sources"):
        yield "有值就要有来源；没有来源，就写 null 和 emptiness"
    if confidence not in CONFIDENCES:
        yield f"confidence 应为 {'、'.join(CONFIDENCES)} 之一"
    if evidence not in EVIDENCES:
        yield f"evidence 应为 {'、'.join(EVIDENCES)} 之一"
    kinds = {sources[one["id"]].kind for one in raw.get("sources", []) if one["id"] in sources}
    if confidence == OFFICIAL and kinds and not kinds & AUTHORITATIVE:
        yield "official 至少要有一个官方来源"
    if kinds and (confidence == SEED_ONLY) != (kinds == {"article"}):
        yield "seed_only 是而且只是网络文章的说法"


def _blank_faults(raw: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[str]:
    emptiness = raw.get("emptiness")
    if emptiness not in EMPTINESSES:
        yield f"value 是 null 时，emptiness 应为 {'、'.join(EMPTINESSES)} 之一"
    if not raw.get("note"):
        yield "空着要在 note 里写明原因"
    if emptiness == NONE_REQUIRED:
        yield from _evidence_faults(raw, sources)
    elif raw.get("confidence") or raw.get("evidence"):
        yield "空着的值没有 confidence 和 evidence"


def _day_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    days = {key: read_day(raw[key]) for key in DAYS if key in raw}
    yield from (f"{key} 应为日期，例如 2026-11-21" for key, day in days.items() if day is None)
    start, end = days.get("valid_from"), days.get("valid_to")
    if start and end and end < start:
        yield f"valid_to {end} 早于 valid_from {start}"


def entry_faults(entry: Entry, sources: Mapping[str, Source]) -> list[str]:
    """All that is wrong with one entry by itself; nothing where it may be read."""
    raw = entry.raw
    if not isinstance(raw, dict) or not {"name", "value", "unit"} <= set(raw):
        return ["每一条应有 name、value、unit"]
    if set(raw) - KEYS:
        return [f"没有这一项：{min(set(raw) - KEYS)}"]
    name = CATALOGUE.get(raw["name"]) if isinstance(raw["name"], str) else None
    if name is None:
        return [f"目录里没有这个名称：{raw['name']}"]
    faults = list(_source_faults(raw, sources))
    if faults:
        return faults
    if raw["unit"] != name.unit:
        faults.append(f"{name.name} 的单位应为 {name.unit}")
    if name.scope == NATIONAL and entry.area != areas.NATION:
        faults.append(f"{name.name} 只能由国家一级规定")
    if not isinstance(raw.get("note", ""), str):
        faults.append("note 应为文字")
    if raw.get("mark", DISPUTED) != DISPUTED:
        faults.append("mark 只能是 disputed")
    faults += _day_faults(raw)
    if raw["value"] is None:
        return faults + list(_blank_faults(raw, sources))
    fault = fault_in(name, raw["value"])
    if fault:
        faults.append(f"{name.name}：{fault}")
    if "emptiness" in raw:
        faults.append("有值就没有 emptiness")
    if (raw.get("list_kind") in LIST_KINDS) != (name.unit == "list"):
        faults.append(f"列表要有 list_kind（{'、'.join(LIST_KINDS)}），其他的没有")
    return faults + list(_evidence_faults(raw, sources))


def read_value(entry: Entry, sources: Mapping[str, Source]) -> Value:
    """The value of an entry without faults."""
    raw = entry.raw
    days = {key: date.fromisoformat(raw[key]) for key in DAYS if key in raw}
    texts = ("name", "unit", "confidence", "evidence", "mark", "emptiness", "list_kind", "note")
    told: dict[str, Any] = {key: raw.get(key, "") for key in texts} | days
    told.setdefault("checked_on", date.fromisoformat(entry.checked_on))
    return Value(
        area=entry.area,
        level=areas.level_of(entry.area),
        value=freeze(raw["value"]),
        citations=tuple(
            Citation(sources[one["id"]], one.get("article", "")) for one in raw.get("sources", [])
        ),
        **told,
    )


def _meet(one: Value, other: Value) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_to or date.max, other.valid_to or date.max)


def _pair_fault(early: Value, late: Value) -> tuple[str, bool]:
    """`early` starts no later than `late`. Why both cannot hold, or "", and whether `early` is the one to mend."""
    claims = [one.confidence == SEED_ONLY for one in (early, late)]
    if early.is_blank or late.is_blank:
        # An article may claim what no document was found for.
        if any(claims):
            return "", False
        return "同一时间又有值又空着，或空了两次", False
    if early.mark == late.mark == DISPUTED:
        return "", False
    better = CONFIDENCES.index(late.confidence) <= CONFIDENCES.index(early.confidence)
    # A claim of an article is rejected, never superseded.
    succeeds = better and claims[0] == claims[1]
    if early.valid_to is None and succeeds and late.valid_from not in (None, early.valid_from):
        return f"valid_to 空着，但从 {late.valid_from} 起有新的值", True
    shared = {one.source.id for one in early.citations} & {one.source.id for one in late.citations}
    if early.confidence == late.confidence or shared:
        return '时间重叠；确有争议的，两条都写 "mark": "disputed"', False
    return "", False


def pair_faults(lines: Sequence[int], values: Sequence[Value]) -> list[tuple[int, str]]:
    """What is wrong between entries of one name, each with the line of the entry to mend."""
    groups: dict[str, list[tuple[date, int, Value]]] = defaultdict(list)
    for line, value in zip(lines, values, strict=True):
        groups[value.name].append((value.valid_from or date.min, line, value))
    faults = []
    for name, group in groups.items():
        group.sort(key=lambda row: row[:2])
        for index, (_, line, late) in enumerate(group):
            for _, early_line, early in group[:index]:
                fault, of_early = _pair_fault(early, late) if _meet(early, late) else ("", False)
                here, there = (early_line, line) if of_early else (line, early_line)
                if fault:
                    faults.append((here, f"{name}：{fault}（另见第 {there} 行）"))
    return faults
