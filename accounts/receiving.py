"""Files on their way in stay in memory: Django would write the larger ones to the disk, readable for whoever finds them there."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from accounts.file_kinds import MAX_FILE_BYTES, MAX_FILES

MAX_REQUEST_BYTES = MAX_FILES * MAX_FILE_BYTES


class MemoryHandler(FileUploadHandler):
    """Holds what the limits allow. Of a file beyond them only the size is kept, so that the form can say so.

    Nobody sends a file before signing in: such a file is read past and never held.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held_bytes = 0
        self.content = io.BytesIO()
        self.is_too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        visitor = getattr(self.request, "user", None)
        if visitor is None or not visitor.is_authenticated:
            raise SkipFile
        self.content = io.BytesIO()
        self.is_too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_too_large:
            return
        self.held_bytes += len(raw_data)
        if start + len(raw_data) > MAX_FILE_BYTES or self.held_bytes > MAX_REQUEST_BYTES:
            self.is_too_large = True
            self.held_bytes -= start + len(raw_data)
            self.content = io.BytesIO()
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """`size` is what was sent; the content is empty when that was too much."""
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
