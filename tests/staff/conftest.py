"""A client for each role at work."""

import pytest
from django.test import Client

from accounts.roles import Role
from tests import cast
from tests.factories.accounts import make_staff


@pytest.fixture
def at_work(db):
    """Gives a client that is signed in with this role and its second factor; `client.user` is the login."""

    def sign_in(role, **fields):
        client = Client()
        client.user = make_staff(role=role, **fields)
        cast.sign_in(client, client.user)
        return client

    return sign_in


@pytest.fixture
def clerk(at_work):
    return at_work(Role.WINDOW_CLERK)


@pytest.fixture
def system_admin(at_work):
    return at_work(Role.SYSTEM_ADMIN)
