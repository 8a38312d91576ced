"""The message catalogues, made and compiled with Babel because a bare Debian has no gettext.

The source language is Simplified Chinese: a message without a translation shows in Chinese.
"""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

# Where messages are written; tests and migrations hold none of their own.
ROOMS = ("accounts", "insurance", "family", "claims", "queries", "config", "templates")
LOCALE = "en"

# Which arguments of a call are messages; "c" marks the context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    # gettext beside the lazy _ of the same file
    "_now": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators",)
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[a-z]|%[sd]|\{[a-z_0-9]*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Lines of the header that would differ at every run or name nobody.
NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To'
    r"|Generated-By|Project-Id-Version):.*\n",
    re.MULTILINE,
)

MessageKey = tuple[str | tuple[str, ...], str | None]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One message in one file; `ids` is the text, or singular and plural."""

    ids: str | tuple[str, ...]
    context: str | None
    file: str
    comments: tuple[str, ...]


def path_of(locale: str = LOCALE) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po"


def source_files() -> Iterator[Path]:
    """Every file that may hold a message, in a stable order."""
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def messages_in(path: Path) -> Iterator[Found]:
    """The messages of one Python file or template."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(settings.BASE_DIR).as_posix()
    if path.suffix != ".py":
        # templatize keeps the indentation of the page, which Python's tokenizer would refuse
        text = "\n".join(line.strip() for line in templatize(text, origin=name).splitlines())
    found = extract_python(io.BytesIO(text.encode()), KEYWORDS, COMMENT_TAGS, {"encoding": "utf-8"})
    for _line, function, arguments, comments in found:
        context, ids = picked(str(function), arguments)
        if ids and all(isinstance(text, str) and text for text in ids):
            yield Found(
                ids=ids[0] if len(ids) == 1 else ids,
                context=context,
                file=name,
                comments=texts(comments),
            )


def picked(function: str, arguments: object) -> tuple[str | None, tuple[str, ...]]:
    """The context and the texts among the arguments of one call."""
    values = arguments if isinstance(arguments, tuple | list) else (arguments,)
    context = None
    ids = []
    for place in KEYWORDS[function] or (1,):
        if isinstance(place, tuple):
            context = values[place[0] - 1]
        elif place <= len(values):
            ids.append(values[place - 1])
    return context, tuple(ids)


def extracted() -> Catalog:
    """All messages of the source, without translations, sorted."""
    catalog = Catalog(locale=LOCALE, fuzzy=False)
    found = [message for path in source_files() for message in messages_in(path)]
    for message in sorted(found, key=lambda one: (str(one.ids), one.context or "", one.file)):
        catalog.add(
            message.ids,
            locations=[(message.file, 0)],
            auto_comments=message.comments,
            context=message.context,
        )
    return catalog


def stored(path: Path) -> Catalog:
    """The catalogue of a file; empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def by_key(catalog: Catalog) -> dict[MessageKey, Message]:
    return {(key_of(one), one.context): one for one in catalog if one.id}


def key_of(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def texts(value: object) -> tuple[str, ...]:
    """One text, or singular and plural, as a tuple; empty where nothing is written yet."""
    values = value if isinstance(value, tuple | list) else (value,)
    return tuple(str(one or "") for one in values)


def synchronised() -> Catalog:
    """The messages of the source with the translations the file already holds."""
    catalog = extracted()
    old = by_key(stored(path_of()))
    for key, message in by_key(catalog).items():
        if key in old:
            message.string = old[key].string
            message.flags |= old[key].flags & {"fuzzy"}
            message.user_comments = old[key].user_comments
    return catalog


def as_text(catalog: Catalog) -> str:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, include_lineno=False, sort_output=True)
    return NOISE.sub("", buffer.getvalue().decode())


def faults() -> list[str]:
    """What keeps the catalogue from being complete, one line each; empty when all is well."""
    catalog, old = by_key(synchronised()), by_key(stored(path_of()))
    found = [f"obsolete: {key[0]}" for key in old if key not in catalog]
    for key, message in catalog.items():
        if key not in old:
            found.append(f"not in the catalogue: {key[0]} ({where(message)})")
        elif fault := fault_of(message):
            found.append(f"{fault}: {key[0]} ({where(message)})")
    return found


def where(message: Message) -> str:
    return ", ".join(sorted({file for file, _line in message.locations}))


def fault_of(message: Message) -> str | None:
    """Why this translation cannot stand, or None."""
    sources, answers = texts(message.id), texts(message.string)
    if message.fuzzy:
        return "fuzzy"
    if not all(answers):
        return "not translated"
    if any(text in sources and HAN.search(text) for text in answers):
        return "left in Chinese"
    # An English singular may leave the number out; nothing may name what the source does not hold.
    allowed = {name for text in sources for name in PLACEHOLDER.findall(text)}
    if any(set(PLACEHOLDER.findall(text)) - allowed for text in answers):
        return "placeholders differ"
    if set(PLACEHOLDER.findall(sources[-1])) != set(PLACEHOLDER.findall(answers[-1])):
        return "placeholders differ"
    return None


def compile_all() -> list[Path]:
    """Write the compiled catalogue beside each django.po that changed; return what was written."""
    written = []
    for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        buffer = io.BytesIO()
        write_mo(buffer, catalog)
        target = path.with_suffix(".mo")
        if target.exists() and target.read_bytes() == buffer.getvalue():
            continue
        # Replaced in one step: a server may be reading the old one.
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(target)
        written.append(target)
    return written
