"""Every address has a name, and either asks who you are or is open for a reason."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Open addresses, each with its reason.
OPEN = {
    "healthz": "a load balancer has no account",
    "display": "elder mode, contrast and language are for every visitor",
    "queries:start": "the way in",
    "queries:help": "whoever cannot sign in needs it most",
    "queries:identify": "how to know the real site, before typing a password into it",
    "queries:accessibility": "the accessibility statement is for everybody",
    "queries:policies": "the rules are public",
    "queries:policy-area": "the rules are public",
    "queries:policy-changes": "the rules are public",
    "queries:withdrawal-check": "the rules are public, and the answers hold nothing personal",
    "queries:withdrawal-result": "the rules are public, and the answers hold nothing personal",
    "queries:spending-check": "the rules are public, and the answers hold nothing personal",
    "queries:styleguide": "sample parts without data; production answers 404",
    "accounts:sign-in": "the door",
    "accounts:sign-in-sms": "the door, by SMS",
    "accounts:sign-in-sms-code": "the door, by SMS",
    "accounts:sign-in-sms-who": "the door, by SMS, where two people share a phone",
    "accounts:reset": "whoever forgot the password cannot sign in",
    "accounts:reset-code": "whoever forgot the password cannot sign in",
    "accounts:reset-who": "whoever forgot the password cannot sign in",
    "accounts:reset-password": "whoever forgot the password cannot sign in; the code was shown before",
    "insurance:sign-up": "nobody has an account before signing up",
    "insurance:sign-up-code": "nobody has an account before signing up",
    "insurance:sign-up-slip": "nobody has an account before signing up",
    "insurance:sign-up-password": "nobody has an account before signing up",
    "accounts:sign-out": "signing out twice does no harm",
    "accounts:signed-out": "seen after signing out",
    "accounts:session-ended": "seen when the session is gone",
    "accounts:still-here": "says that the session is gone, in words a script can read",
    "accounts:outbox": "the messages of the demo; production answers 404",
}
# For providers' machines, which have no session: each operation asks for a key (tests/claims/test_api_guard.py).
MACHINES = "api:"
# What a machine gets without one. The first is the description of the interface, which is published.
WITHOUT_A_KEY = {"api:openapi-json": 200, "api:api-root": 404, "api:nothing-here": 404}
# Answered by the staff site itself, which sends everybody without the second factor to the one door.
STAFF_SITE = "admin"


def walk(
    resolver: URLResolver, namespace: str = "", route: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(full name or "", route, pattern) of every address."""
    for one in resolver.url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = ":".join(filter(None, [namespace, one.namespace]))
            yield from walk(one, inner, here)
        else:
            name = ":".join(filter(None, [namespace, one.name])) if one.name else ""
            yield name, here, one


ADDRESSES = list(walk(get_resolver()))
OURS = [
    one
    for one in ADDRESSES
    if not one[0].startswith((f"{STAFF_SITE}:", MACHINES)) and not one[1].startswith("admin/")
]
OF_MACHINES = [one for one in ADDRESSES if one[0].startswith(MACHINES)]


def is_open(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def test_every_address_has_a_name():
    assert OURS
    assert not [route for name, route, _pattern in OURS if not name]


def test_no_name_is_given_twice():
    names = [name for name, _route, _pattern in OURS]
    assert sorted(names) == sorted(set(names))


def test_only_listed_addresses_are_open():
    assert {name for name, _route, pattern in OURS if is_open(pattern)} == set(OPEN)


def test_every_address_ends_in_a_slash_but_the_one_machines_ask():
    loose = [
        route for _name, route, _pattern in OURS if route and not route.endswith(("/", ".csv"))
    ]
    assert loose == ["healthz"]


@pytest.mark.django_db
def test_without_signing_in_every_other_address_leads_to_the_door():
    client = Client()
    for name, route, pattern in OURS:
        if is_open(pattern) or pattern.pattern.converters:
            continue
        answer = client.get(f"/{route}")
        assert answer.status_code == 302, name
        assert answer.url.startswith("/accounts/sign-in/"), name


def test_machines_have_their_own_addresses_and_no_session_opens_them():
    assert len(OF_MACHINES) > len(WITHOUT_A_KEY)
    assert all(route.startswith("api/v1/") for _name, route, _pattern in OF_MACHINES)
    assert not [route for _name, route, _pattern in OURS if route.startswith("api/")]
    assert all(is_open(pattern) for _name, _route, pattern in OF_MACHINES)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_key_a_machine_gets_nothing(method):
    for name, route, _pattern in OF_MACHINES:
        path = "/" + "".join("1" if part.startswith("<") else part for part in parts(route))
        answer = getattr(Client(), method)(path)
        expected = {WITHOUT_A_KEY[name]} if name in WITHOUT_A_KEY else {401}
        assert answer.status_code in expected | {405}, name
        assert answer.status_code != 200 or method == "get", name


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/outbox/", "/styleguide/"])
def test_pages_of_development_are_not_there_in_production(path, client, settings):
    assert client.get(path).status_code == 200
    settings.PRODUCTION = True
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_without_signing_in_the_staff_site_leads_to_the_door():
    client = Client()
    routes = [route for name, route, _pattern in ADDRESSES if route.startswith("admin/")]
    assert len(routes) > 5
    for route in routes:
        path = "/" + "".join("1" if part.startswith("<") else part for part in parts(route))
        answer = client.get(path, follow=True)
        assert answer.redirect_chain, path
        assert answer.redirect_chain[-1][0].startswith("/accounts/sign-in/"), path


def parts(route: str) -> list[str]:
    """The literal pieces and the <converters> of a route."""
    pieces = route.replace("(?P<url>.*)$", "nothing-here/").replace("<", "\0<").replace(">", ">\0")
    return [piece.replace("^", "").replace("\\Z", "") for piece in pieces.split("\0")]
