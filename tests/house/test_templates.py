"""Templates that a strict content security policy and a careful reader can live with."""

import re
from pathlib import Path

import crispy_bootstrap5
import django.contrib.admin
import pytest

from tests.house.source import FLOORS, ROOT, files, lines_matching, name, templates

INLINE = (
    r"<script(?![^>]*\ssrc=)",
    r"<style\b",
    r"\sstyle\s*=",
    r"<[^>]*\son[a-z]+\s*=",
    r"javascript:",
    r"\ssrcdoc\s*=",
)
UNESCAPED = r"\|\s*safe(seq)?\b|autoescape\s+off"
# Another site's file would see who reads what, and our policy would refuse it.
FOREIGN = r"<(script|img|iframe|link|source|video|audio)\b[^>]*\s(src|href)\s*=\s*[\"'](https?:)?//"
SAFE_BY_HAND = r"\bmark_safe\b|\bSafeString\b|\bSafeText\b"
# Statements that Django does not build for us: the place, and why it may.
OWN_SQL = {
    "accounts/statements/bundles.py": "joins writes of rows into one statement; every value is a parameter",
    "accounts/statements/cursors.py": "hands such texts to the driver; every value is a parameter, or a constant of the query quoted by the driver",
    "accounts/statements/round_trips.py": "runs what the ORM compiled, once for many times; every value is a parameter",
    "accounts/statements/row_writing.py": "writes rows of a model with one text for each table; every value is a parameter",
    "accounts/drawn_keys.py": "draws keys of rows to be, which the ORM has no word for; the counts are parameters",
    "accounts/copying.py": "COPY and one merge, which the ORM has no words for; every value goes through COPY",
    "accounts/append_only.py": "creates and drops triggers; no value comes from outside",
    "claims/keyed.py": "takes a lock by a number, which the ORM has no word for; the number is a parameter",
    "claims/verifying/picture.py": "asks for one picture of all tables; no value in it",
    "config/health.py": "asks the database for a one",
    "insurance/credit_sets.py": "reads a month of many people at once, without a row of each table; every value is a parameter",
    "insurance/ledger_sets.py": "posts to many accounts by one statement, which the ORM has no word for; every value is a parameter",
    "insurance/month_totals.py": "a window over a million periods, which the ORM cannot sum; every value is a parameter",
}
# Folders whose templates take the place of a package's own.
OVERRIDES = {
    "admin": Path(django.contrib.admin.__file__).parent / "templates",
    "bootstrap5": Path(crispy_bootstrap5.__file__).parent / "templates",
}
# Django looks for these by their names alone.
BY_CONVENTION = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def template_names():
    for path in templates():
        parts = path.relative_to(ROOT).parts
        yield "/".join(parts[parts.index("templates") + 1 :])


@pytest.mark.parametrize("pattern", INLINE)
def test_no_template_holds_code_or_style(pattern):
    assert not lines_matching(pattern, templates())


def test_no_template_switches_escaping_off():
    assert not lines_matching(UNESCAPED, templates())
    assert not lines_matching(SAFE_BY_HAND, files(".py"))


def test_no_page_loads_anything_from_elsewhere():
    assert not lines_matching(FOREIGN, templates())


def test_only_listed_files_write_their_own_sql():
    own = lines_matching(
        r"\.raw\(|\.extra\(|\bRawSQL\b|\.cursor\(|\b(?:statements|round_trips)\.(?:sent|ask)\(|\bcursors\.run\(",
        files(".py"),
    )
    assert {line.partition(":")[0] for line in own} == set(OWN_SQL)


def test_every_template_has_a_user():
    sources = [path.read_text(encoding="utf-8") for path in (*templates(), *files(".py", *FLOORS))]
    named = {
        found
        for text in sources
        for found in re.findall(r"[\"']([\w/.-]+\.(?:html|txt))[\"']", text)
    }
    orphans = []
    for one in template_names():
        place = OVERRIDES.get(one.partition("/")[0])
        overrides = place is not None and (place / one).exists()
        if one not in named and one not in BY_CONVENTION and not overrides:
            orphans.append(one)
    assert not orphans


def test_every_named_template_exists():
    existing = set(template_names())
    packages = tuple(OVERRIDES.values())
    missing = [
        f"{name(path)}: {found}"
        for path in (*templates(), *files(".py", *FLOORS))
        for found in re.findall(
            r"[\"']([\w-]+/[\w/.-]+\.html)[\"']", path.read_text(encoding="utf-8")
        )
        if found not in existing and not any((place / found).exists() for place in packages)
    ]
    assert not missing
