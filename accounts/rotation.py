"""New keys for old rows: encrypted columns and look-up digests are written anew, chunk by chunk.

Everything stays readable and findable meanwhile, because the ring holds both keys. Stopped half-way and started again, it goes on
where it was: what is done already carries the new key's number.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from accounts import keys
from accounts.fields import EncryptedTextField
from accounts.models import Identifier, UploadContent
from accounts.models.identifiers import digest

CHUNK = 500  # rows locked at a time: a second's work
FILES = 5  # in memory at a time: fifty megabytes at most


def encrypted_fields() -> list[tuple[type[models.Model], str]]:
    """Every encrypted column of the project, as (model, field name)."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]


def identifier_models() -> list[type[Identifier]]:
    return [model for model in apps.get_models() if issubclass(model, Identifier)]


def rotate(model: type[models.Model], field: str) -> Iterator[int]:
    """Encrypt the values of one column with the current key; yields the rows done after each chunk."""
    prefix = f"{keys.field_keys().current}:"
    waiting = (
        model._base_manager.annotate(stored_text=Cast(field, models.TextField()))
        .exclude(stored_text__startswith=prefix)
        .exclude(stored_text="")
        .exclude(stored_text=None)
        .order_by("pk")
    )
    yield from _chunks(waiting, lambda row: _write_again(model, field, row))


def rotate_files() -> Iterator[int]:
    """Seal uploaded files with the current key; yields the files done after each chunk."""
    current = keys.field_keys().current
    waiting = UploadContent.objects.exclude(key_version=current).select_related("upload")
    yield from _chunks(waiting.order_by("pk"), _seal_again, most=FILES)


def reindex(model: type[Identifier], left_out: list[int]) -> Iterator[int]:
    """Make the digests of one table with the current key; yields the rows done after each chunk.

    The keys of rows whose number is no longer known (an ended telephone of the register, say) go to `left_out`.
    """
    current = keys.index_keys().current
    waiting = model._base_manager.exclude(key_version=current).order_by("pk")
    yield from _chunks(waiting, lambda row: _digest_again(model, row, left_out))


def _chunks(waiting: Any, work: Any, *, most: int | None = None) -> Iterator[int]:
    last, most = 0, most or CHUNK
    while True:
        with transaction.atomic():
            rows = list(waiting.filter(pk__gt=last).select_for_update()[:most])
            done = sum(work(row) for row in rows)
        if not rows:
            return
        last = rows[-1].pk
        yield done


def _write_again(model: type[models.Model], field: str, row: models.Model) -> bool:
    model._base_manager.filter(pk=row.pk).update(**{field: getattr(row, field)})
    return True


def _seal_again(content: UploadContent) -> bool:
    content.seal(content.open())
    content.save(update_fields=["sealed", "key_version"])
    return True


def _digest_again(model: type[Identifier], row: Identifier, left_out: list[int]) -> bool:
    value = row.plain_value()
    # Ended rows may belong to a number that was replaced since: the old digest says whether this is the one.
    if not value or digest(row.kind, value, version=row.key_version) != row.digest:
        left_out.append(row.pk)
        return False
    row.set_value(row.kind, value)
    model._base_manager.filter(pk=row.pk).update(digest=row.digest, key_version=row.key_version)
    return True
