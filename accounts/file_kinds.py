"""What a sent file is, judged by its bytes alone, and what makes us refuse one.

Its name and the type the browser claims are written by whoever sends it: neither is looked at and neither is kept.
"""

from enum import StrEnum

MEBIBYTE = 1024 * 1024
# Photos of phones at full resolution have 4 to 8 MB, scans of a few pages less.
MAX_FILE_BYTES = 10 * MEBIBYTE
# Both sides of three papers: a household book's two pages, two ID cards, a letter.
MAX_FILES = 6


class Kind(StrEnum):
    """Values are media types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


class Refusal(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TYPE = "type"
    HEIC = "heic"
    PIXELS = "pixels"
    PAGES = "pages"
    ANIMATED = "animated"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    BROKEN = "broken"


class FileRefused(ValueError):
    """`code` says why; the sentences for people are in `accounts.uploads`."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


# ISO base media files say what they are in the bytes 8 to 12: these are photos of iPhones and some Androids.
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
    | {b"mif1", b"msf1", b"avif", b"avis"}
)


def kind_of(data: bytes) -> Kind:
    """Raises `FileRefused` for whatever is none of the four."""
    if not data:
        raise FileRefused(Refusal.EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    # Readers find this mark anywhere in the first kilobyte; a file that is also something else relies on that.
    if data.startswith(b"%PDF-"):
        return Kind.PDF
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        raise FileRefused(Refusal.HEIC)
    raise FileRefused(Refusal.TYPE)
