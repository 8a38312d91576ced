"""Between asking for a code and having proven it: what the session remembers, and for how long.

What was typed is sealed, because a session row is a place where plain numbers like to hide.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts import audit, client, codes, keys, sessions
from accounts.models import OneTimeCode
from accounts.recipients import Recipient
from accounts.signing_in import nobody

STEP_SECONDS = 15 * 60  # as long as a session may be idle
RESEND_SECONDS = (
    60  # a message needs about that long; more often is a nuisance to the phone's owner
)
PLACE = "accounts.code_step"


@dataclass(frozen=True)
class Proof:
    """What the right code stood for: a login, or another floor's subject, or neither (a family's phone)."""

    user_id: int | None
    subject: str


def begin(request: HttpRequest, purpose: str, typed: Mapping[str, str]) -> None:
    """Start over. Codes asked for before fit only if the same was typed: going back and on again is no new start."""
    if typed_in(request, purpose) == dict(typed):
        return
    request.session[_key(purpose)] = {
        "nonce": secrets.token_urlsafe(16),
        "begun": _now(),
        "sent": 0,
        "sealed": keys.field_keys().encrypt(json.dumps(dict(typed)), place=PLACE),
    }


def typed_in(request: HttpRequest, purpose: str) -> dict[str, str] | None:
    """What `begin` was given; None when nothing was begun, or too long ago."""
    step = _step(request, purpose)
    if "sealed" not in step or _now() - step["begun"] > STEP_SECONDS:
        return None
    typed: dict[str, str] = json.loads(keys.field_keys().decrypt(step["sealed"], place=PLACE))
    return typed


def send(request: HttpRequest, purpose: str, recipient: Recipient, *, subject: str = "") -> bool:
    """Ask for a message; False when a limit was reached, which the page must not show."""
    known = sessions.is_known_device(request, recipient.user or nobody())
    _change(request, purpose, sent=_now())
    audit.record(
        actor=None,
        action="code.issue",
        subject=recipient.user,
        details={"purpose": str(purpose)},
        request=request,
    )
    return codes.issue(
        purpose=purpose,
        session_nonce=_step(request, purpose)["nonce"],
        phone=recipient.phone,
        user=recipient.user,
        subject_ref=subject,
        deliverable=recipient.deliverable,
        ip_address=client.ip_address(request),
        known_device=known,
    )


def seconds_to_wait(request: HttpRequest, purpose: str) -> int:
    """Until the next message may be asked for; 0 when it may now."""
    return max(0, _step(request, purpose)["sent"] + RESEND_SECONDS - _now())


def check(request: HttpRequest, purpose: str, code: str) -> OneTimeCode | None:
    """The code, used up and noted as proof, when it is the right one for this session and purpose."""
    nonce = _step(request, purpose)["nonce"]
    found = codes.check(purpose=purpose, session_nonce=nonce, typed=code)
    if found is None:
        details = {"purpose": str(purpose)}
        audit.record(actor=None, action="code.fail", details=details, request=request)
        return None
    prove(request, purpose, user_id=found.user_id, subject=found.subject_ref)
    return found


def prove(
    request: HttpRequest, purpose: str, *, user_id: int | None = None, subject: str = ""
) -> None:
    """Note a proof: a code's, one that came another way, or who of a family it is."""
    _change(request, purpose, proven=_now(), user_id=user_id, subject=subject)


def proof(request: HttpRequest, purpose: str) -> Proof | None:
    """None before the proof, and when it was too long ago."""
    step = _step(request, purpose)
    if _now() - step.get("proven", 0) > STEP_SECONDS:
        return None
    return Proof(step["user_id"], step["subject"])


def end(request: HttpRequest, purpose: str) -> None:
    request.session.pop(_key(purpose), None)


def _step(request: HttpRequest, purpose: str) -> dict[str, Any]:
    step: dict[str, Any] = request.session.get(_key(purpose), {})
    return step


def _change(request: HttpRequest, purpose: str, **facts: object) -> None:
    request.session[_key(purpose)] = {**_step(request, purpose), **facts}


def _key(purpose: str) -> str:
    return f"step_{purpose}"


def _now() -> int:
    return int(timezone.now().timestamp())
