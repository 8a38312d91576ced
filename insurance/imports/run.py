"""A whole file, chunk by chunk: each chunk is one transaction, so that a run can stop anywhere and be started again."""

from contextlib import closing, nullcontext
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, copying, privacy
from insurance.imports.chunks import Chunk, chunks
from insurance.imports.items import ItemImporter, Tally
from insurance.imports.lines import LineImporter
from insurance.imports.progress import Progress
from insurance.imports.report import Report
from insurance.imports.source import Source
from insurance.models import ImportRun

# Large enough that the look-ups of a chunk don't count, small enough for SQLite's writers to take turns.
CHUNK_LINES = 2000
# Where COPY writes and no payment waits for the rows: a larger chunk keeps neighbours in the index together, and each person of
# the file is locked once in it. Some twenty megabytes.
COPIED_LINES = 32_000

audit.LABELS.update({"import.begin": _("开始导入文件"), "import.finish": _("完成导入文件")})


class _Rejected(Exception):
    """A strict run met a bad line: everything is taken back."""


def run(
    importer: ItemImporter | LineImporter,
    source: Source,
    *,
    report: Report,
    progress: Progress,
    strict: bool = False,
) -> Tally:
    """Take all good lines or, with `strict` and a bad one, none; every bad line is in the report."""
    record, tally = _begin(importer, source, strict=strict), Tally()
    try:
        with (
            transaction.atomic() if strict else nullcontext(),
            closing(chunks(importer, source, _size(importer))) as found,
        ):
            for chunk in found:
                for item in chunk.refused():
                    importer.miss(item)
                tally = _take(chunk, tally, None if strict else record)
                report.add(chunk.told())
                progress.reach(chunk.last)
            if strict and tally.bad:
                raise _Rejected
    except _Rejected:
        tally.take_back()
    _finish(record, tally)
    return tally


@transaction.atomic
def _begin(importer: ItemImporter | LineImporter, source: Source, *, strict: bool) -> ImportRun:
    record = ImportRun.objects.create(
        kind=importer.kind,
        file_name=privacy.mask_numbers(source.path.name)[-200:],
        file_digest=source.digest,
        strict=strict,
    )
    audit.record(
        actor=None, action="import.begin", subject=record, details={"kind": str(importer.kind)}
    )
    return record


@transaction.atomic
def _finish(record: ImportRun, tally: Tally) -> None:
    record.finished_at = timezone.now()
    _count(record, tally)
    audit.record(
        actor=None,
        action="import.finish",
        subject=record,
        details={"new": tally.new, "changed": tally.changed, "same": tally.same, "bad": tally.bad},
    )


def _count(record: ImportRun, tally: Tally) -> None:
    record.good, record.changed = tally.new, tally.changed
    record.same, record.bad = tally.same, tally.bad
    record.save(update_fields=["good", "changed", "same", "bad", "finished_at"])


def _size(importer: ItemImporter | LineImporter) -> int:
    """Lines of a chunk."""
    is_copied = isinstance(importer, LineImporter) and copying.is_possible()
    return COPIED_LINES if is_copied else CHUNK_LINES


def _take(chunk: Chunk, tally: Tally, record: ImportRun | None) -> Tally:
    """Write one chunk. Two runs at once may collide on a line: the second look finds it there."""
    try:
        return _write(chunk, tally, record)
    except IntegrityError:
        chunk.forget()
        return _write(chunk, tally, record)


@transaction.atomic
def _write(chunk: Chunk, tally: Tally, record: ImportRun | None) -> Tally:
    """The lines and their counts, together; `record` is None where the counts wait for the end."""
    chunk.write()
    counted = replace(tally)
    chunk.count(counted)
    if record is not None:
        _count(record, counted)
    return counted
