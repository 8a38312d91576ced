"""PDFs are kept as they came, so the ones that can do something are refused.

Two looks, because they miss different things. The bytes: names anywhere in the file, also in revisions that a later one hides and in
objects that no table lists. The structure, as a reader of PDFs follows it: also what is packed into compressed objects.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from accounts.file_kinds import FileRefused, Refusal

MAX_PAGES = 100  # a stay in hospital with all its bills
# A hundred pages of a word processor have some thousand; each costs some 30 microseconds.
MAX_OBJECTS = 20_000

# Names that start programs, carry files, send forms or fetch something from elsewhere.
ACTIVE = (
    *("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "Rendition", "XFA"),
    *("SubmitForm", "ImportData", "GoToE", "GoToR"),
)
# Two letters are found by chance in the bytes of a picture, so this one counts in the structure only.
_ACTIVE_NAMES = frozenset(f"/{name}" for name in (*ACTIVE, "JS"))
_ACTIVE_BYTES = re.compile(
    rb"/(?:%s)(?=[\x00\t\n\f\r ()<>\[\]{}/%%]|\Z)" % "|".join(ACTIVE).encode()
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_HEAD = re.compile(rb"%PDF-[12]\.\d")
_END = b"%%EOF"
# A ZIP is found from its end, which stands in the last 64 KiB and 22 bytes of a file.
_ZIP_END, _ZIP_REACH = b"PK\x05\x06", 65_557


def check(data: bytes) -> None:
    """Raises `FileRefused` unless this is a whole, plain PDF: readable by everybody, with pages and without actions."""
    end = data.rfind(_END)
    if not _HEAD.match(data) or end < 0 or data[end + len(_END) :].strip(b"\0\t\n\f\r "):
        raise FileRefused(Refusal.BROKEN)
    if _ZIP_END in data[-_ZIP_REACH:] or _ACTIVE_BYTES.search(_without_escapes(data)):
        raise FileRefused(Refusal.ACTIVE)
    try:
        _follow(PdfReader(io.BytesIO(data)))
    except FileRefused:
        raise
    # Readers raise a dozen kinds of error, and run out of stack, on bytes that somebody made up.
    except Exception as error:
        raise FileRefused(Refusal.BROKEN) from error


def _without_escapes(data: bytes) -> bytes:
    """`/J#61vaScript` is the same name as `/JavaScript`."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _follow(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise FileRefused(Refusal.ENCRYPTED)
    catalogue: Any = reader.trailer["/Root"]
    pages = int(catalogue["/Pages"]["/Count"])
    if not 1 <= pages <= MAX_PAGES:
        raise FileRefused(Refusal.PAGES if pages > MAX_PAGES else Refusal.BROKEN)
    for name in _names(reader):
        if name in _ACTIVE_NAMES:
            raise FileRefused(Refusal.ACTIVE)


def _names(reader: PdfReader) -> Iterator[str]:
    """Every name that can be reached from the trailer."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            if len(seen) > MAX_OBJECTS:
                raise FileRefused(Refusal.BROKEN)
            one = one.get_object()
        if isinstance(one, NameObject):
            yield str(one)
        elif isinstance(one, DictionaryObject):
            yield from (str(key) for key in one)
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list.__iter__(one)
