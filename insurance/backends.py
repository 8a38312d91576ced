"""Sign-in by what the register knows: a citizen's ID number and social security card number."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.backends import IdentifierBackend
from accounts.boxes import Typed
from accounts.models import User
from accounts.statements import Query
from insurance.models import IdentityLink, InsuredPerson, PersonIdentifier, RegisterFact
from insurance.models.facts import FactKind


class RegisterBackend(IdentifierBackend):
    """The phone of the register is not asked: it may be somebody else's by now, the login's own was proven."""

    def admissible(self) -> QuerySet[User]:
        """Nobody signs in as a dead person, and a session that is open at the death ends with it."""
        return _living(super().admissible(), timezone.localdate())

    def get_user(self, user_id: Any) -> User | None:
        """The same; asked by every request of somebody signed in."""
        for row in _USERS.rows(int(user_id), timezone.localdate()):
            return User.from_db(DEFAULT_DB_ALIAS, COLUMNS, row)
        return None

    def login_ids(self, typed: Typed) -> QuerySet[Any]:
        own = super().login_ids(typed)
        if typed.is_phone:
            return own
        records = PersonIdentifier.objects.live().for_value(typed.kind, typed.value)
        linked = IdentityLink.objects.filter(ended_at=None, person__in=records.values("person_id"))
        return own.union(linked.order_by().values("user_id"))

    def personal_numbers(self, user: User) -> Iterator[str]:
        """What a password may not be made of."""
        people = InsuredPerson.objects.filter(
            identity_links__user=user, identity_links__ended_at=None
        )
        for person in people:
            yield from filter(None, (person.id_number, person.phone, person.social_security_card))


COLUMNS = [one.attname for one in User._meta.concrete_fields]


def _living(users: QuerySet[User], day: date) -> QuerySet[User]:
    deaths = RegisterFact.objects.holding_on(day).filter(
        kind=FactKind.DEATH,
        person__identity_links__user=OuterRef("pk"),
        person__identity_links__ended_at=None,
    )
    return users.filter(~Exists(deaths))


def _with_id(user_id: int, day: date) -> QuerySet[User, tuple[Any, ...]]:
    users = _living(IdentifierBackend().admissible(), day)
    return users.filter(pk=user_id).values_list(*COLUMNS)


_USERS = Query(_with_id)
