"""Pictures are painted anew: what we keep holds the pixels that were seen, and nothing else that was sent.

Whatever hides behind, before or between the pixels (scripts, archives, the place where the photo was taken) stays behind.
"""

import io
import re
import threading

from PIL import Image

from accounts.file_kinds import FileRefused, Kind, Refusal

# What the sensors of ordinary phones give at most; a JPEG is read at the size we need, and takes 200 MB of memory.
MAX_PIXELS = 8192 * 6144
# The others are read whole, at 20 bytes a pixel: an A4 page at 400 dots an inch, or a photo of an ordinary phone.
MAX_PIXELS_READ_WHOLE = 16_000_000
# An A4 page at 250 dots an inch: the small print and the seal of a household book can be read.
STORED_PIXELS = 6_000_000
LONGEST_SIDE = 12_000  # a long screenshot of a chat is twelve screens
QUALITY = 85
# Cameras write 1 and web tools some 10. Each costs the time of the whole picture, however few bytes it has.
MAX_SCANS = 32

_ORIENTATION = 0x0112  # of EXIF: how the camera was held
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
_END_OF_IMAGE = 0xD9
_START_OF_SCAN = 0xDA
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd8])")
# Up to 350 MB while it is painted: one at a time in a process.
_canvas = threading.Lock()


def painted_anew(data: bytes, kind: Kind) -> bytes:
    """A JPEG of the picture as people see it, upright and without metadata; raises `FileRefused`."""
    if kind is Kind.JPEG and scans(data) > MAX_SCANS:
        raise FileRefused(Refusal.BROKEN)
    try:
        with _canvas, Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as image:
            return _painted(image, kind)
    except FileRefused:
        raise
    except Image.DecompressionBombError:
        raise FileRefused(Refusal.PIXELS) from None
    # Decoders raise a dozen kinds of error on bytes that somebody made up.
    except Exception as error:
        raise FileRefused(Refusal.BROKEN) from error


def scans(data: bytes) -> int:
    """How often a JPEG goes over its picture, up to its end; what an app appends is not counted."""
    count, position = 0, 2
    while found := _MARKER.search(data, position):
        marker = found[1][0]
        if marker == _END_OF_IMAGE:
            break
        count += marker == _START_OF_SCAN
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        position = found.end() + length
    return count


def stored_size(width: int, height: int) -> tuple[int, int]:
    """Never larger than it was, and never less than one pixel wide."""
    by_area = (STORED_PIXELS / (width * height)) ** 0.5
    factor = min(1.0, by_area, LONGEST_SIDE / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _painted(image: Image.Image, kind: Kind) -> bytes:
    most = MAX_PIXELS if kind is Kind.JPEG else MAX_PIXELS_READ_WHOLE
    if image.width * image.height > most:
        raise FileRefused(Refusal.PIXELS)
    # Phones put a second picture (depth, brightness) behind a JPEG: that is no animation, and the first is the photo.
    if kind is not Kind.JPEG and getattr(image, "n_frames", 1) > 1:
        raise FileRefused(Refusal.ANIMATED)
    size = stored_size(*image.size)
    image.draft("RGB", size)
    image.load()
    page = _on_white(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    output = io.BytesIO()
    # Red seals on white lose their edges when colours are kept coarser than brightness.
    _upright(page, image).save(output, "JPEG", quality=QUALITY, subsampling=0)
    return output.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "I;16":
        # Sixteen bits of grey are cut off, not scaled, by `convert`: a scan would turn white.
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    page = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        page.paste(clear, mask=clear.getchannel("A"))
    else:
        page.paste(image.convert("RGB"))
    return page


def _upright(page: Image.Image, image: Image.Image) -> Image.Image:
    turn = _TURNS.get(image.getexif().get(_ORIENTATION) or 1)
    return page if turn is None else page.transpose(turn)
