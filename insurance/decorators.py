"""Guards of pages that are about the signed-in person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.statements import Query
from insurance.inbox import unread_of
from insurance.models import InsuredPerson

View = Callable[..., HttpResponseBase]


def insured_person_required(view: View) -> View:
    """Puts the person of this login in `request.insured_person`, in one query, with `unread_notices`. Staff get 403.

    A citizen whose link has ended is told where to mend it, with 403.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_citizen:
            raise PermissionDenied
        person = _person_of(request.user.pk)
        if person is None:
            return render(request, "insurance/not_linked.html", status=403)
        request.insured_person = person  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


COLUMNS = [one.attname for one in InsuredPerson._meta.concrete_fields]


def _linked_to(user_id: int) -> QuerySet[Any, tuple[Any, ...]]:
    linked = InsuredPerson.objects.filter(
        identity_links__user=user_id, identity_links__ended_at=None
    )
    found = linked.annotate(unread_notices=unread_of("pk")).order_by("pk")
    return found.values_list(*COLUMNS, "unread_notices")[:1]


_LINKED = Query(_linked_to)


def _person_of(user_id: int) -> InsuredPerson | None:
    for *values, unread in _LINKED.rows(user_id):
        person = InsuredPerson.from_db(DEFAULT_DB_ALIAS, COLUMNS, values)
        person.unread_notices = unread  # type: ignore[attr-defined]
        return person
    return None
