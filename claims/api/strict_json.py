"""JSON as RFC 8259 says it should be, and not as Python takes it. Pure.

Two readers of one body must never disagree about what it says: of doubled keys some take the first and some the last, of numbers
beyond a double some lose the end, and NaN is no JSON at all.
"""

import json
from typing import Any, NoReturn

# The longest whole number anybody sends is a sum in fen; a thousand digits take time to read and mean nothing.
MAX_DIGITS = 20


class NotStrict(ValueError):
    """The message says what is wrong and quotes nothing."""


def loads(raw: bytes) -> Any:
    """The value; raise `NotStrict` for all that is not UTF-8 (no BOM), well-formed, of single keys and of storable characters."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_single,
            parse_int=_whole,
            parse_constant=_refuse,
        )
        _storable(value)
    except RecursionError:
        raise NotStrict("nested too deep") from None
    except NotStrict:
        raise
    except ValueError:
        raise NotStrict("not JSON") from None
    return value


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrict("a key twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise NotStrict("a number too long")
    return int(digits)


def _refuse(_constant: str) -> NoReturn:
    raise NotStrict("NaN or infinity")


def _storable(value: Any) -> None:
    """No half of a character, which UTF-8 can't write, and no NUL, which PostgreSQL can't keep."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value):
            raise NotStrict("a character that is none")
    elif isinstance(value, dict):
        for key, one in value.items():
            _storable(key)
            _storable(one)
    elif isinstance(value, list):
        for one in value:
            _storable(one)
