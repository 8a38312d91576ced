"""Parts of a page that say the same to everybody: made once for each language, and kept."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeData
from django.utils.translation import get_language

register = template.Library()

# Pages, roles and modes come to some hundreds; addresses that somebody made up push out what was asked for longest ago.
MOST = 1000


@register.simple_tag
def kept(template_name: str, **given: str | bool | None) -> str:
    """`{% kept "components/nav.html" role=user.role %}`: as `include … only` does, and made once for each set of values.

    The part sees what is given and nothing else, no request and nobody signed in, so one person's page cannot get into another's.
    Give what many visits have in common, never anything about a person. Raise TypeError for what is more than a word or a yes.
    """
    for name, value in given.items():
        # A marked text equals the plain one, and would be kept for it unescaped.
        if isinstance(value, SafeData) or not isinstance(value, str | bool | None):
            raise TypeError(f"{template_name}: {name} is a {type(value).__name__}")
    make = _made.__wrapped__ if settings.DEBUG else _made
    return make(template_name, get_language(), get_script_prefix(), get_urlconf(), **given)


@register.simple_tag
def address(name: str) -> str:
    """`{% address "queries:home" %}`: as `url` does for a name without arguments, and found once. For what stands on every page."""
    return _found(name, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=MOST)
def _found(name: str, _prefix: str, _urlconf: str | None) -> str:
    return reverse(name)


@lru_cache(maxsize=MOST, typed=True)
def _made(
    template_name: str,
    _language: str | None,
    _prefix: str,
    _urlconf: str | None,
    **given: str | bool | None,
) -> str:
    return render_to_string(template_name, given)
