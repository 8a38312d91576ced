"""The rows of one statement as one parameter: a JSON text of records, taken apart by PostgreSQL."""

import json
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from itertools import repeat
from typing import Any

import orjson
from django.db import DataError
from psycopg.types.json import Json, Jsonb

# What a column may hold, that JSON has no form for, and PostgreSQL reads as it is printed.
AS_TEXT = (IPv4Address, IPv6Address)


def packed(columns: Sequence[Sequence[Any]]) -> Any:
    """One parameter. Raise `DataError` for what no column holds, as half a character or a huge number; the server refuses the rest.

    Of a moment's offset the seconds are rounded away, which clocks had before there were time zones: ours have none.
    """
    # Mapped, as every row of every table comes by here.
    rows = list(map(dict, map(zip, repeat(key_names(len(columns))), zip(*columns, strict=True))))
    try:
        # The driver takes the bytes as they are: as a text they would be decoded here and encoded there.
        return Json(orjson.dumps(rows, default=_plain), dumps=bytes)
    except orjson.JSONEncodeError as error:
        raise DataError(str(error)) from error


@cache
def key_names(count: int) -> tuple[str, ...]:
    return tuple(f"k{number}" for number in range(count))


def _plain(value: Any) -> Any:
    """What the driver wraps, and what is text to the server. What else there may be is a mistake."""
    if isinstance(value, Jsonb):
        return _document(value)
    if isinstance(value, AS_TEXT):
        return str(value)
    raise TypeError


def _document(value: Jsonb) -> orjson.Fragment:
    """As the field itself would write it: also what orjson refuses, and NaN, of which it would make null and PostgreSQL an error."""
    try:
        text = orjson.dumps(value.obj)
    except orjson.JSONEncodeError:
        text = b"null"
    return orjson.Fragment(text if b"null" not in text else (value.dumps or json.dumps)(value.obj))
