"""Leaving, and what happens when one forgot to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from accounts.views import door


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Open, so that pressing the button twice, or late, ends on the same page."""
    sessions.sign_out(request)
    return redirect("accounts:signed-out")


@login_not_required
@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.html")


@login_not_required
@never_cache
@require_safe
def session_ended(request: HttpRequest) -> HttpResponse:
    """Where the idle script and the middleware lead; who is signed in (again) goes on at once."""
    path = door.onward(request)
    if request.user.is_authenticated:
        return door.after_sign_in(request.user, path)
    return render(request, "accounts/session_ended.html", {"next": path})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def still_here(request: HttpRequest) -> HttpResponse:
    """Asked by a key press in the idle warning. The request itself has kept the session."""
    if request.user.is_authenticated:
        return HttpResponse(status=204)
    return redirect("accounts:session-ended")
