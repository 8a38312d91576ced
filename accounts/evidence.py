"""Evidence on its way in: every check that needs no database, with a sentence for each refusal."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import pdfs, pictures
from accounts.file_kinds import MAX_FILE_BYTES, FileRefused, Kind, Refusal, kind_of

SENTENCES: dict[Refusal, str | Promise] = {
    Refusal.EMPTY: _("这份文件是空的，请重新选择。"),
    Refusal.TOO_LARGE: _(
        "这份文件太大了，每份不能超过 10 MB。请把照片的尺寸调小，或者少扫描几页。"
    ),
    Refusal.TOO_MANY: _("最多只能交 6 份文件。请把几页材料拍在一张照片里，或者合成一份 PDF。"),
    Refusal.TYPE: _("只能交照片（JPG、PNG、WebP）或者 PDF 文件。请把材料拍成照片再交。"),
    Refusal.HEIC: _(
        "这是苹果手机的 HEIC 照片，这里打不开。请在手机的“设置－相机－格式”里选“兼容性最佳”再拍一张，或者把照片截屏后交截图。"
    ),
    Refusal.PIXELS: _(
        "这张照片的尺寸太大了。请用手机的普通照片模式（不要用高像素模式）重新拍一张。"
    ),
    Refusal.PAGES: _("这份 PDF 的页数太多，最多 100 页。请只交需要的几页。"),
    Refusal.ANIMATED: _("这是会动的图片，请交普通照片。"),
    Refusal.ENCRYPTED: _(
        "这份 PDF 有密码或者限制，我们打不开。请去掉密码，或者打印出来拍成照片再交。"
    ),
    Refusal.ACTIVE: _("这份 PDF 里带有程序或者附件，不能接收。请打印出来拍成照片再交。"),
    Refusal.BROKEN: _("这份文件打不开，可能没有传完整，或者格式特殊。请重新拍一张照片再交。"),
}


class UploadRefused(ValueError):
    """`code` is a `Refusal`; `message` is a sentence for the person who sent the file."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code
        self.message = SENTENCES[code]


@dataclass(frozen=True)
class Prepared:
    """A file that passed every check: as it came, for the scanner, and as it will be kept."""

    original: bytes = field(repr=False)
    content: bytes = field(repr=False)
    media_type: Kind


def prepare(file: UploadedFile) -> Prepared:
    """Check a file and paint a picture anew; writes nothing. Raises `UploadRefused`."""
    try:
        original = _bytes_of(file)
        kind = kind_of(original)
        if kind is not Kind.PDF:
            return Prepared(original, pictures.painted_anew(original, kind), Kind.JPEG)
        pdfs.check(original)
    except FileRefused as refused:
        raise UploadRefused(refused.code) from refused
    return Prepared(original, original, Kind.PDF)


def _bytes_of(file: UploadedFile) -> bytes:
    if not file.size:
        raise FileRefused(Refusal.EMPTY)
    if file.size > MAX_FILE_BYTES:
        raise FileRefused(Refusal.TOO_LARGE)
    file.seek(0)
    data = file.read()
    # Of a file that would have burst the request, the size alone was kept (`accounts.receiving`).
    if len(data) < file.size:
        raise FileRefused(Refusal.TOO_LARGE)
    return data
