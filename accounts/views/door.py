"""What the ways in have in common: their guard, and where they lead."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.display import local_path
from accounts.models import User

View = Callable[[HttpRequest], HttpResponse]


def own_form(view: View) -> View:
    """A form about somebody's own login: whatever is typed stays out of error reports, caches and addresses."""
    methods = require_http_methods(["GET", "HEAD", "POST"])
    return never_cache(sensitive_post_parameters()(methods(view)))


def open_form(view: View) -> View:
    """The same before sign-in."""
    return login_not_required(own_form(view))


def onward(request: HttpRequest) -> str:
    """The path on this site that `next` asks for; "" when there is none."""
    return local_path(request.GET.get("next", ""), default="")


def is_for_work(path: str) -> bool:
    return path.startswith((reverse("admin:index"), reverse("claims:desk")))


def own_home(user: User) -> str:
    """Where somebody of this role begins, as the name of an address."""
    if user.is_citizen:
        return settings.LOGIN_REDIRECT_URL
    return "admin:index" if user.is_staff else "claims:desk"


def after_sign_in(user: User, path: str) -> HttpResponse:
    """A login for work still owes its second factor; a citizen's way never ends at a place of work."""
    if user.is_at_work:
        query = urlencode({"next": path}) if path else ""
        return redirect(f"{reverse('accounts:second-factor')}{'?' if query else ''}{query}")
    if not path or is_for_work(path):
        return redirect(own_home(user))
    return redirect(path)
