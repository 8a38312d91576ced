"""Several files in one field, checked before anything is written. Works without JavaScript."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.evidence import SENTENCES, Prepared, UploadRefused, prepare
from accounts.file_kinds import MAX_FILES, Kind, Refusal

CHOOSE_AGAIN = _("其他地方改好以后，请在这里重新选择文件：浏览器不会记住选过的文件。")


class EvidenceInput(forms.FileInput):
    """Asked for these types, an iPhone turns its HEIC photos into JPEG by itself."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": ",".join(Kind)})


class EvidenceField(forms.FileField):
    """Zero to `max_files` files → list of `Prepared`, which `uploads.store` takes.

    Every file is looked at, so that somebody who sends six learns of all that is wrong at once.
    """

    def __init__(self, *, max_files: int = MAX_FILES, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("证明材料"))
        kwargs.setdefault(
            "help_text",
            format_lazy(
                _(
                    "照片（JPG、PNG、WebP）或者 PDF，每份不超过 10 MB，最多 {count} 份。可以一次选几份。"
                ),
                count=max_files,
            ),
        )
        super().__init__(widget=EvidenceInput(), **kwargs)
        self.error_messages["required"] = _("请选择文件。")
        self.max_files = max_files

    def clean(self, data: Any, initial: Any = None) -> list[Prepared]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.max_files:
            raise ValidationError(_("最多 %(count)s 份文件，请少选几份。"), Refusal.TOO_MANY, {"count": self.max_files})  # fmt: skip
        prepared: list[Prepared] = []
        errors: list[ValidationError] = []
        for number, file in enumerate(files, start=1):
            try:
                prepared.append(prepare(file))
            except UploadRefused as refused:
                errors.append(_error(refused.code, number if len(files) > 1 else None))
        if errors:
            raise ValidationError(errors)
        return prepared


class EvidenceFormMixin:
    """For forms with an `EvidenceField`: whenever anything in the form is wrong, the files have to be chosen again, and it says so.

    The page's form needs enctype="multipart/form-data", which `{% crispy form %}` writes by itself.
    """

    def add_error(self: Any, field: str | None, error: Any) -> None:
        super().add_error(field, error)  # type: ignore[misc]
        for name, one in self.fields.items():
            was_chosen = name in self.files
            if isinstance(one, EvidenceField) and was_chosen and name not in self._errors:
                super().add_error(name, CHOOSE_AGAIN)  # type: ignore[misc]


def _error(code: Refusal, number: int | None) -> ValidationError:
    """By its place and not by its name, which is somebody else's text."""
    if number is None:
        return ValidationError(str(SENTENCES[code]), code=code)
    return ValidationError(
        _("第 %(number)s 份：%(sentence)s"), code, {"number": number, "sentence": SENTENCES[code]}
    )
