"""A whole file, chunk by chunk: each chunk is one transaction, so that a run can stop anywhere and be started again."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, copying, privacy
from insurance.imports.columns import LineError
from insurance.imports.items import Importer, Item, Result
from insurance.imports.progress import Progress
from insurance.imports.report import Report
from insurance.imports.source import Source
from insurance.models import ImportRun

# Large enough that the look-ups of a chunk don't count, small enough for SQLite's writers to take turns.
CHUNK_LINES = 2000
# Where COPY writes and no payment waits for the rows: a larger chunk keeps neighbours in the index together.
COPIED_LINES = 8000
OWNER = "person_number"  # the column that every kind of file has

audit.LABELS.update({"import.begin": _("开始导入文件"), "import.finish": _("完成导入文件")})


@dataclass
class Tally:
    """Lines. `new`, `changed` and `same` are nought after a strict run with bad lines; `warned` lines are taken."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    warned: int = 0

    def count(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.faults:
                if item.is_bad:
                    self.bad += 1
                    continue
                self.warned += 1
            if item.result is Result.NEW:
                self.new += 1
            elif item.result is Result.CHANGED:
                self.changed += 1
            elif item.result is Result.SAME:
                self.same += 1

    def take_back(self) -> None:
        self.new = self.changed = self.same = self.warned = 0


class _Rejected(Exception):
    """A strict run met a bad line: everything is taken back."""


def run(
    importer: Importer, source: Source, *, report: Report, progress: Progress, strict: bool = False
) -> Tally:
    """Take all good lines or, with `strict` and a bad one, none; every bad line is in the report."""
    record, tally = _begin(importer, source, strict=strict), Tally()
    try:
        with transaction.atomic() if strict else nullcontext():
            for items in _chunks(importer, source):
                for item in items:
                    if item.is_bad:
                        importer.miss(item)
                tally = _take(importer, items, tally, None if strict else record)
                report.add(item for item in items if item.faults)
                progress.reach(items[-1].line)
            if strict and tally.bad:
                raise _Rejected
    except _Rejected:
        tally.take_back()
    _finish(record, tally)
    return tally


@transaction.atomic
def _begin(importer: Importer, source: Source, *, strict: bool) -> ImportRun:
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


def _chunks(importer: Importer, source: Source) -> Iterator[list[Item]]:
    size = COPIED_LINES if importer.copies and copying.is_possible() else CHUNK_LINES
    records = source.records()
    while chunk := list(islice(records, size)):
        items = []
        for number, cells in chunk:
            item = Item(number)
            if isinstance(cells, LineError):
                item.faults.extend(cells.faults)
                item.values = {OWNER: source.layout.glimpse(OWNER, cells.cells)}
            else:
                item.cells = cells
                item.values, item.faults = source.layout.read(cells)
                importer.check(item)
            items.append(item)
        yield items


def _take(
    importer: Importer, items: Sequence[Item], tally: Tally, record: ImportRun | None
) -> Tally:
    """Write one chunk. Two runs at once may collide on a line: the second look finds it there."""
    said = [(item, list(item.faults)) for item in items]
    try:
        return _write(importer, items, tally, record)
    except IntegrityError:
        for item, faults in said:
            item.faults, item.result = faults, None
        return _write(importer, items, tally, record)


@transaction.atomic
def _write(
    importer: Importer, items: Sequence[Item], tally: Tally, record: ImportRun | None
) -> Tally:
    """The lines and their counts, together; `record` is None where the counts wait for the end."""
    importer.write([item for item in items if not item.is_bad])
    counted = replace(tally)
    counted.count(items)
    if record is not None:
        _count(record, counted)
    return counted
