"""Who asks: a live key, for this, and not too often."""

import logging
from typing import Protocol

from django.http import HttpRequest
from ninja.security import HttpBearer

from accounts import limits, throttling
from accounts.client import ip_address
from claims import provider_keys
from claims.api.problems import Code, Problem
from claims.models import ProviderKey
from claims.provider_keys import Scope

logger = logging.getLogger(__name__)


class Keyed(Protocol):
    """A request behind the guard."""

    auth: ProviderKey


class BearerKey(HttpBearer):
    """`Authorization: Bearer <provider key>`, and the key for one of `scopes`. Raises `Problem`; ninja refuses a missing header."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def authenticate(self, request: HttpRequest, token: str) -> ProviderKey:
        key = provider_keys.authenticate(token)
        if key is None:
            logger.warning("a key that is none, from %s", ip_address(request))
            raise Problem(Code.KEY_NOT_ACCEPTED)
        name = str(key.public_id)
        if not throttling.spend(limits.API_KEY_MINUTE, name):
            wait = throttling.wait_seconds(limits.API_KEY_MINUTE, name)
            raise Problem(Code.TOO_MANY_REQUESTS, wait_seconds=wait)
        if self.scopes.isdisjoint(key.scopes):
            logger.warning("key %s is for none of %s", name, ", ".join(sorted(self.scopes)))
            raise Problem(Code.NOT_IN_SCOPE)
        return key
