"""Somebody of a family at the pages, and every page that is about one binding."""

from django.test import Client

from tests import cast
from tests.factories.agreeing import login_of

# Each opens or changes one binding; the first two are the invited person's.
PAGES = (
    "/family/invitations/{}/",
    "/family/invitations/{}/decline/",
    "/family/bindings/{}/",
    "/family/bindings/{}/receipt/",
    "/family/bindings/{}/pause/",
    "/family/bindings/{}/undo/",
    "/family/bindings/{}/still-right/",
    "/family/bindings/{}/resume/",
    "/family/bindings/{}/change/",
    "/family/bindings/{}/withdraw/",
    "/family/bindings/{}/end/",
)


def visitor(person):
    """A browser in which this person has signed in."""
    return cast.sign_in(Client(), login_of(person))


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def page(binding, tail=""):
    return f"/family/bindings/{binding.reference}/{tail}"


def asked(binding, tail=""):
    return f"/family/invitations/{binding.reference}/{tail}"
