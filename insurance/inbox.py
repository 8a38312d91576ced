"""What a person is shown of the notices, newest first."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation

from insurance.models import Notice
from insurance.notice_texts import KEPT_LANGUAGE, TEXTS, fill

PAGE_ROWS = 20


@dataclass(frozen=True)
class Line:
    """`only_chinese`: the words are Chinese though the page is not. An empty `link` leads nowhere."""

    number: int
    reference: uuid.UUID
    title: str
    body: str
    only_chinese: bool
    link: str
    told_at: datetime
    is_unread: bool


@dataclass(frozen=True)
class Page:
    """`older` is the number to go on before, None on the last page; `newest` is the first line's, None without one."""

    lines: tuple[Line, ...]
    older: int | None
    newest: int | None


def page(person_id: int, *, before: int | None = None) -> Page:
    """One query."""
    rows = Notice.objects.of(person_id).newest_first()
    if before is not None:
        rows = rows.before(before)
    found = list(rows[: PAGE_ROWS + 1])
    lines = tuple(_line(row) for row in found[:PAGE_ROWS])
    return Page(
        lines=lines,
        older=lines[-1].number if len(found) > PAGE_ROWS else None,
        newest=lines[0].number if lines else None,
    )


def unread_of(person_key: str) -> Coalesce:
    """How many a person has not read, as part of a query that reads the person."""
    unread = Notice.objects.filter(person=OuterRef(person_key)).unread().order_by()
    counted = unread.values("person").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _line(row: Notice) -> Line:
    title, body, only_chinese = _words(row)
    return Line(
        number=row.pk,
        reference=row.reference,
        title=title,
        body=body,
        only_chinese=only_chinese,
        link=row.link,
        told_at=row.told_at,
        is_unread=row.read_at is None,
    )


def _words(row: Notice) -> tuple[str, str, bool]:
    """The kept words; in another language only where today's text still says the same in Chinese."""
    kept, language = (row.title, row.body), translation.get_language()
    if language in {None, KEPT_LANGUAGE}:
        return *kept, False
    text, params = TEXTS.get(row.kind), json.loads(row.params)
    if text is not None:
        today = fill(text, params, KEPT_LANGUAGE)
        if (today.title, today.body) == kept:
            told = fill(text, params, str(language))
            return told.title, told.body, False
    return *kept, True
