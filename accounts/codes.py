"""One-time codes by short message: six digits, five minutes, five tries, one purpose, one browser session."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import client, keys, limits, sms, throttling
from accounts.models import OneTimeCode, User

DIGITS = 6
# Three minutes or less would put older people under pressure; more gives a thief time.
LIFETIME = timedelta(minutes=5)
MAX_TRIES = 5  # five in a million, times the ten messages a day
KEEP_AFTER_EXPIRY = timedelta(days=1)  # enough to answer "my code did not work" at the hotline
ALL = "all"
DECOYS = "decoys"  # codes for nobody cost nothing: they must not use up what the real ones may cost

Purpose = OneTimeCode.Purpose
PURPOSE_WORDS: dict[str, str | Promise] = {
    Purpose.SIGN_IN: gettext_lazy("登录"),
    Purpose.SIGN_UP: gettext_lazy("首次登录"),
    Purpose.RESET: gettext_lazy("重设密码"),
    Purpose.CHANGE_PHONE: gettext_lazy("更换手机号"),
    Purpose.COUNTER: gettext_lazy("您本人在医保窗口办理"),
}


def issue(
    *,
    purpose: str,
    session_nonce: str,
    phone: str,
    deliverable: bool,
    ip_address: str | None,
    user: User | None = None,
    subject_ref: str = "",
    known_device: bool = False,
) -> bool:
    """Make a code and queue its message; False when a limit was reached. The page says the same in all cases.

    Not deliverable: nobody was found, and a decoy does the same work. `phone` is normalised; for nobody it is what was typed.
    A code over the limit becomes a decoy too, so that an exhausted number takes as long as a fresh one. Codes asked for
    from a known device count apart: a stranger who uses up a number's messages does not silence its owner.
    """
    # A service hall shares one address: what is asked for at its windows is counted by the clerk, where it is asked for.
    at_home = purpose != Purpose.COUNTER
    if at_home and not throttling.spend(limits.SMS_IP_HOUR, client.network(ip_address)):
        return False
    bucket = f"{'known' if known_device else 'any'} {phone}"
    allowed = throttling.spend_all(
        [
            (limits.SMS_GAP, bucket),
            (limits.SMS_PHONE_HOUR, bucket),
            (limits.SMS_PHONE_DAY, bucket),
            (limits.SMS_ALL_HOUR, ALL if deliverable else DECOYS),
        ]
    )
    is_real = deliverable and allowed
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic():
        OneTimeCode.objects.create(
            purpose=purpose,
            session_digest=_session_digest(session_nonce),
            phone_digest=keys.index_keys().digest(phone, purpose="code phone"),
            user=user if is_real else None,
            subject_ref=subject_ref if is_real else "",
            is_decoy=not is_real,
            code_hash=_code_hash(purpose, session_nonce, code),
            expires_at=timezone.now() + LIFETIME,
        )
        sms.queue(phone=phone, body=message(purpose, code), deliverable=is_real)
    return allowed


def message(purpose: str, code: str) -> str:
    """The code comes first, where a lock screen shows it; no link, because ours never have one."""
    return _(
        "%(code)s 是您的验证码，用于%(purpose)s，5 分钟内有效。我们不会向您索要验证码。【共济】"
    ) % {
        "code": code,
        "purpose": PURPOSE_WORDS[purpose],
    }


def check(*, purpose: str, session_nonce: str, typed: str) -> OneTimeCode | None:
    """Use up and return the code that fits, else None and one wrong try for every code it might have been.

    A new code does not end an older one, which may arrive later; success ends them all. `typed` holds digits only, the form
    has forgiven spaces and width. Counting happens under lock: parallel guesses wait for each other.
    """
    wanted = _code_hash(purpose, session_nonce, typed)
    with transaction.atomic():
        now = timezone.now()
        live = (
            OneTimeCode.objects.usable_at(now)
            .filter(
                purpose=purpose,
                session_digest=_session_digest(session_nonce),
                wrong_tries__lt=MAX_TRIES,
            )
            .order_by("id")
        )
        rows = list(live.select_for_update())
        fitting = None
        for row in rows:
            # A decoy is compared as well; its answer is then thrown away.
            if hmac.compare_digest(row.code_hash, wanted) and not row.is_decoy:
                fitting = row
        for row in rows:
            if fitting is None:
                row.wrong_tries += 1
            else:
                row.used_at = now
        OneTimeCode.objects.bulk_update(rows, ["wrong_tries", "used_at"])
    return fitting


def tries_left(*, purpose: str, session_nonce: str) -> int:
    """How many wrong tries the newest code still takes; 0 when there is none or it is over."""
    newest = (
        OneTimeCode.objects.usable_at(timezone.now())
        .filter(purpose=purpose, session_digest=_session_digest(session_nonce))
        .order_by("-id")
        .first()
    )
    return max(0, MAX_TRIES - newest.wrong_tries) if newest else 0


def prune(*, now: datetime) -> int:
    """Delete codes that ended a while ago; return how many."""
    deleted, _by_model = OneTimeCode.objects.filter(expires_at__lt=now - KEEP_AFTER_EXPIRY).delete()
    return deleted


def _session_digest(session_nonce: str) -> str:
    return keys.index_keys().digest(session_nonce, purpose="code session")


def _code_hash(purpose: str, session_nonce: str, code: str) -> str:
    """Keyed, or a million tries would undo it; purpose and session are part of it."""
    return keys.index_keys().digest(f"{session_nonce}\0{code}", purpose=f"code {purpose}")
