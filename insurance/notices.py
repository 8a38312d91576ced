"""Telling people what happened: a line in the inbox on this site, and a short message without a link.

    tell(person=giver, kind="binding.ended", params={"beneficiary_name": mask_name(name)}, link="family:overview")

Floors register their texts when they are imported: `notices.TEXTS.update({"binding.ended": Text(title, body, sms)})`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit, phones, privacy, statements
from accounts import sms as outgoing
from accounts.display import local_path
from insurance.models import InsuredPerson, Notice
from insurance.notice_texts import KEPT_LANGUAGE, TEXTS, Text, filled, spoken, words_of

__all__ = [
    "TEXTS",
    "Addressee",
    "LinkInMessage",
    "Telling",
    "Text",
    "mark_all_read",
    "mark_read",
    "tell",
    "tell_many",
]

Params = Mapping[str, str | int | Promise]
NO_PARAMS: Params = MappingProxyType({})

WHERE_TO_LOOK = _("打开本站“消息”查看。【共济】")
# Whatever a telephone might make a link of: people learn that our messages have none.
LINK = re.compile(r"://|www\.|[a-z0-9-]\.[a-z]{2,}|/[a-z]", re.IGNORECASE)
# Of such a path every browser thinks the same, and it needs no other look; every settlement has its own.
PLAIN_PATH = re.compile(r"/(?:[A-Za-z0-9-]+/)*")
NAME = "name"
# A bill is told to several people in the same words and with the same address: what was looked at is not looked at again.
CLEAN_KEPT = 512
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


class LinkInMessage(ValueError):
    """A short message was about to hold an address."""


@transaction.atomic
def tell(
    *,
    person: InsuredPerson,
    kind: str,
    params: Params = NO_PARAMS,
    about: audit.Subject = None,
    link: str = "",
    sms: bool = True,
    once: str = "",
) -> Notice:
    """Write the notice and queue its short message, together with the caller's change.

    `kind` is a key of `TEXTS`. Params: `…_fen` is an amount in fen, 2026-11-21 a day, a lazy label is said in the reader's
    language; a name comes masked under a key that ends in `name`. `link` is the name of an address without arguments, or a
    path on this site. The same (person, kind, `once`) gives the notice there is, and no second message.

    Raise KeyError for an unknown kind or a missing parameter, `audit.PersonalDataError` for what looks like somebody's number or
    an unmasked name, ValueError for an address of another site, `LinkInMessage` for an address in a short message.
    """
    with spoken(KEPT_LANGUAGE):
        [(columns, message)] = _made([Telling(person, kind, params, about, link, sms)])
    notice = Notice(**columns, once=_code("once", once))
    kept = _keep(notice)
    if message and kept.reference == notice.reference:
        outgoing.queue(phone=message.phone, body=message.body)
    return kept


class Addressee(NamedTuple):
    """As much of a person as a notice needs."""

    pk: int
    phone: str


class Telling(NamedTuple):
    """One of several notices; the fields mean what they mean for `tell`.

    `own` are further params. Tellings of one case that follow each other have the same mapping as `params`, and in `own` what
    they don't have in common: `params`, `about` and `link` are looked at once for all of them.
    """

    person: InsuredPerson | Addressee
    kind: str
    params: Params
    about: audit.Subject = None
    link: str = ""
    sms: bool = True
    own: Params = NO_PARAMS


def tell_many(tellings: Iterable[Telling]) -> None:
    """As `tell` for each, in two statements, in the caller's transaction: where it raises, the caller's change falls too."""
    with spoken(KEPT_LANGUAGE):
        made = list(_made(tellings))
    statements.insert([statements.new(Notice, **columns) for columns, _message in made], keys=False)
    outgoing.queue_many([message for _notice, message in made if message])


def _made(
    tellings: Iterable[Telling],
) -> Iterator[tuple[dict[str, Any], outgoing.Outgoing | None]]:
    """The columns of each notice to be written, and the short message that goes with it. The kept language is spoken."""
    params: Params | None = None
    case: tuple[audit.Subject, str] | None = None
    for one in tellings:
        if one.params is not params:
            params, shared = one.params, _checked(one.params)
            shared_words = words_of(shared, KEPT_LANGUAGE)
        if case is None or one.about is not case[0] or one.link != case[1]:
            case, columns = (one.about, one.link), _columns(one)
        own = _checked(one.own)
        clean = shared | own
        told = filled(TEXTS[one.kind].kept, shared_words | words_of(own, KEPT_LANGUAGE))
        body = _without_link(f"{told.sms}{_where_to_look()}")
        phone = phones.normalise(one.person.phone) if one.sms else None
        yield (
            {
                "person_id": one.person.pk,
                "kind": _code("kind", one.kind),
                "params": _ENCODER.encode(clean),
                "title": told.title,
                "body": told.body,
                "sms": _sms_state(wanted=one.sms, phone=phone),
                **columns,
            },
            outgoing.Outgoing(phone, body) if phone else None,
        )


def _columns(telling: Telling) -> dict[str, str]:
    """What is the same in all notices of one case."""
    about_kind, about_ref = audit.reference_of(telling.about)
    return {
        "about_kind": _code("about_kind", about_kind),
        "about_ref": _code("about_ref", about_ref),
        "link": _address(telling.link),
    }


def mark_read(*, notice: Notice) -> None:
    """The first time counts."""
    Notice.objects.filter(pk=notice.pk).unread().update(read_at=timezone.now())


def mark_all_read(*, person: InsuredPerson, up_to: int) -> int:
    """Mark what stood on the page when the person said so, `up_to` the newest number there; return how many."""
    unread = Notice.objects.of(person.pk).unread()
    return unread.filter(pk__lte=up_to).update(read_at=timezone.now())


def _checked(params: Params) -> dict[str, str | int]:
    """Lazy words are kept in the language that is spoken, Chinese: the catalogue finds them again."""
    clean: dict[str, str | int] = {}
    for key, value in params.items():
        if isinstance(value, int):
            if key.endswith(NAME) or audit.looks_personal(value):
                raise audit.PersonalDataError(key)
            clean[key] = value
        else:
            clean[key] = text = str(value)
            _expect_clean(key, text)
    return clean


@lru_cache(maxsize=CLEAN_KEPT)
def _expect_clean(key: str, value: str) -> None:
    """What was found clean is known for a while; what is not is not kept."""
    # Words may stand in a sentence; what audit takes for a name is looked for by its key.
    unmasked = key.endswith(NAME) and privacy.mask_name(value) != value
    if unmasked or audit.looks_personal(audit.HAN.sub("，", value)):
        raise audit.PersonalDataError(key)


@lru_cache(maxsize=CLEAN_KEPT)
def _code(field: str, value: str) -> str:
    """`value` if it is a code that fits: it stands readable in the table, and SQLite would take any length."""
    if audit.looks_personal(value):
        raise audit.PersonalDataError(field)
    if len(value) > getattr(Notice._meta.get_field(field), "max_length", 0):
        raise ValueError(f"{field} is too long")
    return value


@lru_cache(maxsize=CLEAN_KEPT)
def _address(link: str) -> str:
    if not link:
        return ""
    path = link if link.startswith("/") else reverse(link)
    if not PLAIN_PATH.fullmatch(path) and local_path(path, default="") != path:
        raise ValueError("a link leads to a page of this site")
    return _code("link", path)


def _sms_state(*, wanted: bool, phone: str | None) -> str:
    if not wanted:
        return Notice.Sms.NOT_WANTED
    return Notice.Sms.QUEUED if phone else Notice.Sms.NO_PHONE


def _keep(notice: Notice) -> Notice:
    """The notice, or the one that stands there for the same `once`; two at a time give one."""
    if not notice.once:
        notice.save(force_insert=True)
        return notice
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    return Notice.objects.get(person=notice.person_id, kind=notice.kind, once=notice.once)


@cache
def _where_to_look() -> str:
    """In the kept language, which is spoken."""
    return str(WHERE_TO_LOOK)


@lru_cache(maxsize=CLEAN_KEPT)
def _without_link(body: str) -> str:
    if LINK.search(body):
        raise LinkInMessage
    return body
