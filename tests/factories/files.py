"""Files as people and attackers send them, made by code: pictures, PDFs, and what only looks like them."""

import io
import struct
import zlib
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

SCRIPT = b"<script>alert(document.domain)</script>"
# The test file of the antivirus makers, in two parts so that no scanner of a developer eats this one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def sent(data, name="photo.jpg"):
    """As it comes out of a form, whatever it calls itself."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def picture(kind="JPEG", *, size=(60, 40), colour="red", mode="RGB", **more):
    output = io.BytesIO()
    Image.new(mode, size, colour).save(output, kind, **more)
    return output.getvalue()


def photo_with_place(*, turn=6):
    """Upper half red and lower half blue as the sensor saw it, held sideways, with a place, a comment and a thumbnail's maker."""
    image = Image.new("RGB", (60, 40), "blue")
    image.paste("red", (0, 0, 60, 20))
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "MakerOfPhones"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    output = io.BytesIO()
    image.save(output, "JPEG", exif=exif, comment=b"a private remark", quality=95)
    return output.getvalue()


def moving(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, kind, save_all=True, append_images=frames[1:])
    return output.getvalue()


def png_that_claims(width, height):
    """A header and next to nothing behind it."""

    def chunk(name, body):
        return (
            struct.pack("!L", len(body)) + name + body + struct.pack("!L", zlib.crc32(name + body))
        )

    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def jpeg_that_claims(width, height):
    data = picture(size=(16, 16))
    frame = data.index(b"\xff\xc0") + 5
    return data[:frame] + struct.pack("!HH", height, width) + data[frame + 4 :]


def jpeg_of_many_scans(count):
    """A progressive JPEG that repeats its last scan: a few bytes each, the time of the whole picture each."""
    data = picture(size=(16, 16), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def heic():
    return struct.pack("!L", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + b"\0" * 200


def archive():
    output = io.BytesIO()
    with ZipFile(output, "w") as made:
        made.writestr("evil.html", SCRIPT)
    return output.getvalue()


def pdf(*objects, catalogue=b"", pages=1, tail=b""):
    """A small PDF with a table; the caller's objects are numbered from 4."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        *objects,
    ]
    data, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, body in enumerate(bodies, start=1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(bodies) + 1
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n" % (size, len(data))
    return data + b"xref\n0 %d\n%s" % (size, table) + trailer + b"%%EOF\n" + tail


def packed_pdf(action):
    """The action stands in a compressed object, where a search of the bytes finds nothing."""
    inner = b"5 0 " + action
    packed = zlib.compress(inner)
    data, places = b"%PDF-1.7\n", [(0, 0, 65535)]
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
            b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
            % (len(packed), packed),
        ),
        start=1,
    ):
        places.append((1, len(data), 0))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    places += [(2, 4, 0), (1, len(data), 0)]
    table = b"".join(struct.pack("!BLH", *place) for place in places)
    head = b"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    stream = b"6 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, table)
    return data + stream + b"startxref\n%d\n%%%%EOF\n" % len(data)


def locked_pdf(password):
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def pdf_with_attachment():
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    writer.add_attachment("evil.exe", b"MZ")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
