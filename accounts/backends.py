"""From what somebody types to the login it belongs to, and one password check whatever is found.

The floor above extends the backend by what the register knows; `AUTHENTICATION_BACKENDS` names it. Django's own
`authenticate` lets nobody in: `accounts.signing_in` is the only door, because it counts the tries.
"""

import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, get_hasher, make_password
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import boxes
from accounts.boxes import BoxError, Typed
from accounts.models import LoginIdentifier, User


class IdentifierBackend(BaseBackend):
    """Finds logins by their own identifiers: the phone, and the ID number of staff."""

    def admissible(self) -> QuerySet[User]:
        """The logins that may be signed in to."""
        return User.objects.filter(is_active=True)

    def login_ids(self, typed: Typed) -> QuerySet[Any, Any]:
        """Unordered, because the floor above makes a union of it."""
        rows = LoginIdentifier.objects.live().for_value(typed.kind, typed.value)
        return rows.order_by().values("user_id")

    def find_users(self, typed: Typed) -> list[User]:
        """In one query, whether it finds nobody, somebody or a family with one phone."""
        return list(self.admissible().filter(pk__in=self.login_ids(typed)).order_by("pk"))

    def get_user(self, user_id: Any) -> User | None:
        return self.admissible().filter(pk=user_id).first()


def find_users(text: str | Typed, second: Typed | None = None) -> list[User]:
    """The logins that a box text names, and that `second` names too when it is given; one query for each.

    Empty for nobody and for a text that can't be read.
    """
    try:
        today = timezone.localdate()
        typed = text if isinstance(text, Typed) else boxes.read(text, today=today)
    except BoxError:
        return []
    backend = _backend()
    users = backend.find_users(typed)
    if second is None:
        return users
    others = {user.pk for user in backend.find_users(second)}
    return [user for user in users if user.pk in others]


def get_user(user_id: int) -> User | None:
    """The login, None when it may not be signed in to (any more)."""
    return _backend().get_user(user_id)


def only(users: Iterable[User], *, at_work: bool = False) -> User | None:
    """The one login that is meant, None when that isn't clear.

    A clerk who is insured too has two logins with the same numbers: the one for work is meant on the way to a
    staff page, the other everywhere else.
    """
    found = list(users)
    if len(found) > 1:
        found = [user for user in found if user.is_at_work == at_work]
    return found[0] if len(found) == 1 else None


@sensitive_variables("password")
def verified(user: User | None, password: str) -> bool:
    """Is it this login's password? One hash is checked, for nobody as for somebody."""
    decoy = nobodys_password(get_hasher().algorithm)
    if user is None:
        check_password(password, decoy)
        return False
    return user.check_password(password)


@lru_cache(maxsize=4)
def nobodys_password(algorithm: str) -> str:
    """What is checked where there is nobody: making a hash takes one percent less time than checking one, which shows.

    Made once in a process and algorithm, by its first try, whoever that names.
    """
    return make_password(secrets.token_urlsafe(32), hasher=algorithm)


def _backend() -> IdentifierBackend:
    """The settings name one: the topmost floor's, which extends the ones below."""
    return next(one for one in get_backends() if isinstance(one, IdentifierBackend))
