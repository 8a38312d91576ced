"""Guards of views. They stand above the view; whatever they let through is allowed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import audit, privacy
from accounts.models import User

View = Callable[..., HttpResponse]
SubjectOf = Callable[..., Any]
IsOwn = Callable[[User, Any], bool]

REASONS = "reasons"
REASON_FIELD = "reason"
# One person at the window is served in this time; then the reason is asked for again.
REASON_SECONDS = 30 * 60
# A reason is a sentence; a single letter or a full stop is none.
SHORTEST_REASON = 4
MAX_REASONS = 20  # the session is read with every request


class ReasonNeeded(PermissionDenied):
    """Somebody else's record was asked for without saying why."""


def citizen_required(view: View) -> View:
    """For logins of citizens. Staff have a login of their own for this: 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_citizen:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def staff_required(*roles: str) -> Callable[[View], View]:
    """For staff with one of these roles (any, when none is named) who have given their one-time code.

    A citizen gets 404: the page is not there for them. Staff of another role get 403.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.is_staff:
                raise Http404
            if roles and request.user.role not in roles:
                raise PermissionDenied
            if not request.user.is_verified():  # type: ignore[attr-defined]
                return redirect_to_login(
                    request.get_full_path(), login_url=reverse("accounts:second-factor")
                )
            return view(request, *args, **kwargs)

        return guarded

    return guard


def fully_signed_in(view: View) -> View:
    """For every login, on pages about itself: a password alone is not enough for a login for work."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.is_at_work and not request.user.is_verified():  # type: ignore[attr-defined]
            return redirect_to_login(
                request.get_full_path(), login_url=reverse("accounts:second-factor")
            )
        return view(request, *args, **kwargs)

    return guarded


def looks_at(
    action: str, *, subject: SubjectOf, is_own: IsOwn = lambda user, subject: False
) -> Callable[[View], View]:
    """Write who looks at whose record, and why, before the page is made.

    `subject(request, *args, **kwargs)` gives the row or (kind, reference), None for 404; `is_own(user, subject)` says that it
    is the reader's own, which is no entry. The reason is the posted field "reason" or what `state_reason` has stored for this
    subject; without one `ReasonNeeded` (403). The view finds the subject in `request.looked_at`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            found = subject(request, *args, **kwargs)
            if found is None:
                raise Http404
            if not is_own(request.user, found):  # type: ignore[arg-type]
                look(request, action=action, subject=found)
            request.looked_at = found  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return guard


def look(
    request: HttpRequest,
    *,
    action: str,
    subject: audit.Subject,
    details: dict[str, Any] | None = None,
) -> None:
    """The same for code that is no view, such as an admin page. Raises `ReasonNeeded`."""
    if request.method == "POST" and REASON_FIELD in request.POST:
        state_reason(request, subject=subject, reason=request.POST[REASON_FIELD])
    reason = stated_reason(request, subject=subject)
    if not reason:
        raise ReasonNeeded
    audit.record(
        actor=request.user,
        action=action,
        subject=subject,
        reason=reason,
        details=details,
        request=request,
    )


def state_reason(request: HttpRequest, *, subject: audit.Subject, reason: str) -> bool:
    """Remember for a while why this subject is looked at; False when it is too short to be a reason."""
    # A session is stored in plain text, and people type numbers into reasons.
    reason = privacy.mask_numbers(privacy.one_line(reason))
    if len(reason) < SHORTEST_REASON:
        return False
    reasons: dict[str, Any] = request.session.get(REASONS, {})
    reasons.pop(_key(subject), None)
    reasons[_key(subject)] = [reason[: audit.MAX_REASON], timezone.now().timestamp()]
    request.session[REASONS] = dict(list(reasons.items())[-MAX_REASONS:])
    return True


def stated_reason(request: HttpRequest, *, subject: audit.Subject) -> str:
    """The reason given a short while ago, else ""."""
    reason, since = request.session.get(REASONS, {}).get(_key(subject), ("", 0.0))
    return reason if timezone.now().timestamp() - since < REASON_SECONDS else ""


def _key(subject: audit.Subject) -> str:
    return ":".join(audit.reference_of(subject))
