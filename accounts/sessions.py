"""Signing in and out, the list of places one is signed in at, and the browsers a login is known from."""

import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import client, keys
from accounts.models import KnownDevice, SignIn, User
from accounts.models.sessions import SignInQuerySet

METHOD = "method"
STARTED = "started"
SEEN = "seen"
SIGN_IN = "sign_in"

DEVICE_COOKIE = "__Host-device" if settings.PRODUCTION else "device"
DEVICE_SECONDS = 365 * 24 * 60 * 60  # people look at the balance once a year, at enrolment
DEVICE_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# A household shares one computer; each of its members is known there by a token of its own.
MAX_DEVICE_TOKENS = 6
# 网络安全法: network logs are kept for at least six months, which are at most 184 days.
KEEP_SIGN_INS = timedelta(days=184)


def sign_in(request: HttpRequest, user: User, method: str) -> SignIn:
    """Sign in under a new session key. Nothing that the session held before survives, whoever's it was."""
    if request.user.is_authenticated:
        _end(SignIn.objects.filter(session_key=request.session.session_key), SignIn.End.SIGNED_OUT)
    request.session.flush()
    backend = getattr(user, "backend", settings.AUTHENTICATION_BACKENDS[0])
    auth.login(request, user, backend=backend)
    now = timezone.now()
    row = SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        method=method,
        ip_address=client.ip_address(request),
        device=client.device_label(request),
    )
    request.session.update(
        {METHOD: method, STARTED: now.timestamp(), SEEN: now.timestamp(), SIGN_IN: row.pk}
    )
    remember_device(request, user)
    return row


def holds_a_login(request: HttpRequest) -> bool:
    return auth.SESSION_KEY in request.session


def is_over(request: HttpRequest, now: float) -> bool:
    """Has nobody used this session for too long, or is it too old? A clock set far back ends it as well.

    The clocks of two servers may differ by a little, so a moment in the future is none. A login that came past `sign_in` starts
    to count when it is first seen.
    """
    if STARTED not in request.session:
        request.session.update({STARTED: now, SEEN: now})
    idle = now - request.session[SEEN]
    age = now - request.session[STARTED]
    return abs(idle) >= settings.IDLE_SECONDS or abs(age) >= settings.SESSION_COOKIE_AGE


def mark_seen(request: HttpRequest, now: float) -> None:
    """Write down that the session is in use, in itself and in the list of sign-ins."""
    request.session[SEEN] = now
    SignIn.objects.filter(pk=request.session.get(SIGN_IN, 0)).update(last_seen_at=timezone.now())


def sign_out(request: HttpRequest, *, ended_by: str = SignIn.End.SIGNED_OUT) -> None:
    """End this session on the server. The middleware clears the browser of whoever signs out by hand."""
    if request.session.session_key:
        _end(SignIn.objects.filter(session_key=request.session.session_key), ended_by)
    auth.logout(request)
    request.has_signed_out = ended_by == SignIn.End.SIGNED_OUT  # type: ignore[attr-defined]


def end_others(request: HttpRequest, *, ended_by: str = SignIn.End.OTHER) -> int:
    """End every other session of this login; return how many were open."""
    others = SignIn.objects.filter(user=request.user.pk).exclude(
        session_key=request.session.session_key
    )
    return _end(others, ended_by)


def end_all(user: User, *, ended_by: str) -> int:
    """End every session of a login, after a reset or when it is switched off; return how many were open."""
    return _end(SignIn.objects.filter(user=user), ended_by)


def renew(request: HttpRequest, user: User) -> None:
    """Keep this session, under a new key, after its own password was changed."""
    old_key = request.session.session_key
    auth.update_session_auth_hash(request, user)
    SignIn.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def previous_sign_in(request: HttpRequest) -> SignIn | None:
    """The sign-in before this one, to be shown after signing in; None the first time."""
    return SignIn.objects.before(int(request.user.pk or 0), request.session.get(SIGN_IN)).first()


def is_known_device(request: HttpRequest, user: User) -> bool:
    """Has this login signed in from this browser before?"""
    digests = [_device_digest(token) for token in _device_tokens(request)]
    if not digests:
        return False
    return KnownDevice.objects.filter(user=user, token_digest__in=digests).exists()


def remember_device(request: HttpRequest, user: User) -> None:
    """Make this browser known. Its token is always one of ours: a planted cookie never becomes known."""
    tokens = _device_tokens(request)
    own = KnownDevice.objects.filter(
        user=user, token_digest__in=[_device_digest(token) for token in tokens]
    )
    if own.update(last_used_at=timezone.now()) == 0:
        token = secrets.token_urlsafe(32)
        KnownDevice.objects.create(user=user, token_digest=_device_digest(token))
        tokens = [token, *tokens]
    request.device_tokens = tokens[:MAX_DEVICE_TOKENS]  # type: ignore[attr-defined]


def write_device_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Called by the middleware: signing in has no response at hand yet."""
    tokens = getattr(request, "device_tokens", None)
    if tokens:
        response.set_cookie(
            DEVICE_COOKIE,
            ".".join(tokens),
            max_age=DEVICE_SECONDS,
            path="/",
            secure=settings.PRODUCTION,
            httponly=True,
            samesite="Lax",
        )


def prune(*, now: datetime) -> int:
    """Delete sessions that are over, sign-ins and devices past their time; return how many rows."""
    dead, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    living = Session.objects.values("session_key")
    SignIn.objects.open().exclude(session_key__in=living).update(
        ended_at=now, ended_by=SignIn.End.IDLE
    )
    old, _by_model = SignIn.objects.filter(started_at__lt=now - KEEP_SIGN_INS).delete()
    forgotten, _by_model = KnownDevice.objects.filter(
        last_used_at__lt=now - timedelta(seconds=DEVICE_SECONDS)
    ).delete()
    return dead + old + forgotten


def _end(sign_ins: SignInQuerySet, ended_by: str) -> int:
    """Delete the session rows, so that an old cookie opens nothing, and close the list entries."""
    with transaction.atomic():
        keys_of_open = list(sign_ins.open().values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys_of_open).delete()
        return sign_ins.open().update(ended_at=timezone.now(), ended_by=ended_by)


def _device_tokens(request: HttpRequest) -> list[str]:
    parts = request.COOKIES.get(DEVICE_COOKIE, "").split(".")[:MAX_DEVICE_TOKENS]
    return [part for part in parts if DEVICE_TOKEN.fullmatch(part)]


def _device_digest(token: str) -> str:
    return keys.index_keys().digest(token, purpose="device")
