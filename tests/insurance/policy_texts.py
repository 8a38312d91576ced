"""Policy files made the short way, for the tests of reading and refusing them."""

import json

from insurance.policy_schema import parse, parse_sources

SOURCES = parse_sources(
    json.dumps(
        {
            "schema": "policy-sources/1",
            "sources": [
                {"id": code, "kind": kind, "title": f"文件{code}", "how": "读过"}
                for code, kind in (
                    ("A1", "normative"),
                    ("A2", "page"),
                    ("P1", "press"),
                    ("SEED", "article"),
                )
            ],
        }
    )
)


def entry(*, name="rates.employer", value="0.07", unit="ratio", **rest):
    """An official value read in A1; a None takes a key away."""
    raw = {
        "name": name,
        "value": value,
        "unit": unit,
        "confidence": "official",
        "evidence": "read",
        "sources": [{"id": "A1"}],
    } | rest
    return {key: one for key, one in raw.items() if key == "value" or one is not None}


def blank(*, name="rates.employer", unit="ratio", emptiness="not_found", note="没有查到。", **rest):
    return {
        "name": name,
        "value": None,
        "unit": unit,
        "emptiness": emptiness,
        "note": note,
    } | rest


def text(*entries, area="320100", **header):
    """One entry a line from line 9 on, so that a test can name the line."""
    head = {
        "schema": "policy-file/1",
        "area": area,
        "name_zh": "南京市",
        "name_en": "Nanjing",
        "listed": False,
        "checked_on": "2026-11-21",
    } | header
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in entries)
    return "{\n" + ",\n".join(lines) + ',\n"values": [\n' + rows + "\n]}\n"


def read(*entries, area="320100", sources=SOURCES, **header):
    return parse(text(*entries, area=area, **header), file=f"{area}.json", sources=sources)
