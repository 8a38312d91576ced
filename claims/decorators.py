"""The guard of a provider's desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from claims.models import Provider, ProviderClerk

# Pages answer whole, files in a stream.
View = Callable[..., Any]


class DeskRequest(HttpRequest):
    """After `provider_clerk_required`."""

    user: User
    clerk: ProviderClerk
    provider: Provider


def provider_clerk_required(view: View) -> View:
    """Puts the clerk and the one provider the clerk works for into the request: nothing in an address names another.

    As in the staff site a citizen finds nothing here (404), staff may not (403), a password alone is not enough, and one that was
    handed over is changed first. A clerk who has left gets 403.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if user.is_citizen:
            raise Http404
        if user.role != Role.PROVIDER_CLERK:
            raise PermissionDenied
        if not user.is_verified():  # type: ignore[attr-defined]
            return redirect_to_login(
                request.get_full_path(), login_url=reverse("accounts:second-factor")
            )
        if user.password_changed_at is None:
            return redirect("accounts:change-password")
        clerk = ProviderClerk.objects.select_related("provider", "user").filter(user=user).first()
        if clerk is None or clerk.ended_at is not None:
            raise PermissionDenied
        request.clerk, request.provider = clerk, clerk.provider  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded
