"""The pages that need no sign-in and hold nothing about anybody."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

# In a proxy of ours: long enough to carry a rush, short enough that a corrected sentence is out in five
# minutes. A browser asks every time, or signing in and changing the display would show the page of before.
PUBLIC_CACHE_SECONDS = 300

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Open to everybody, and cacheable for a visitor without a session.

    A session or a waiting message changes the head of the page, so such an answer is kept by nobody.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        if {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES):
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, public=True, max_age=0, s_maxage=PUBLIC_CACHE_SECONDS)
        return response

    return page


@public_page
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "public/start.html")


@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html")


@public_page
def identify(request: HttpRequest) -> HttpResponse:
    return render(request, "public/identify.html")


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")
