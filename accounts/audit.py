"""The visitors' book: the only writer of `AuditEntry`.

`record` is a plain append in the caller's transaction: the entry stands exactly when the change stands, and nothing waits for a
chain. Sealing comes later and elsewhere (`accounts.sealing`).
"""

import re
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import client, privacy, statements
from accounts.models import AuditEntry, User

Subject = Model | tuple[str, str] | None

# What the actions are called on pages; the floors above add theirs when they are imported.
LABELS: dict[str, str | Promise] = {
    "sign_in.succeed": _("登录成功"),
    "sign_in.fail": _("登录失败"),
    "sign_in.refuse": _("登录次数过多，已拒绝"),
    "sign_in.end_others": _("让其他设备退出"),
    "second_factor.fail": _("动态口令错误"),
    "code.issue": _("发送验证码"),
    "code.fail": _("验证码错误"),
    "password.change": _("修改密码"),
    "password.reset": _("重设密码"),
    "phone.change": _("更换手机号"),
    "user.create": _("开通登录"),
    "user.change": _("修改登录"),
    "user.deactivate": _("停用登录"),
    "throttle.lift": _("解除次数限制"),
    "audit.verify": _("核验审计记录"),
    "log.seal": _("封存日志"),
    "key.rotate": _("更换加密密钥"),
    "identifier.reindex": _("重建查找标识"),
}

ACTION = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
MAX_REASON = 200
# SQLite takes any length: what PostgreSQL would refuse is refused on both.
MAX_KIND = 40
MAX_REF = 64
MAX_DETAIL = 200  # a detail is a code or a count; whatever is longer is a text
# Counts and sums in fen stay below; a telephone number does not.
LARGEST_NUMBER = 10**10
HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# What names nobody. A tuple: a union would be made at every look.
NO_ONES = (bool, float, uuid.UUID)
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
UUID_LENGTH = 36
# In every number of a person eight digits stand together, or it begins as a telephone in groups: few texts need the longer look.
MAY_BE_NUMBER = re.compile(r"\d(?:\d{7}|(?<=1)[3-9]\d[ \-])")


class PersonalDataError(ValueError):
    """An entry was about to hold what looks like somebody's data. The message names the key, not the value."""


def record(
    *,
    actor: Any,
    action: str,
    subject: Subject = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Append one entry. `actor` None or anonymous is the system itself or an unknown visitor.

    `subject` is a row, or (kind, reference). `details` are codes and counts: numbers that look like a person's, and Chinese
    words (which may be a name), raise `PersonalDataError`. In `reason`, which people type, such numbers are masked.
    """
    entry = AuditEntry(
        **_common(actor, action, reason, details or {}, request), **_subject_columns(subject)
    )
    entry.save(force_insert=True)
    return entry


def record_many(
    *, actor: Any, action: str, subjects: Sequence[Model], details: dict[str, Any]
) -> None:
    """As `record` for each subject, in one statement."""
    common = _common(actor, action, "", details, None)
    statements.insert(
        [statements.new(AuditEntry, **common, **_subject_columns(one)) for one in subjects],
        keys=False,
    )


def _common(
    actor: Any, action: str, reason: str, details: dict[str, Any], request: HttpRequest | None
) -> dict[str, Any]:
    """The columns that don't depend on the subject."""
    if not ACTION.fullmatch(action):
        raise ValueError(f"an action reads noun.verb, not {action!r}")
    known = isinstance(actor, User)
    return {
        "actor_id": actor.pk if known else None,
        "actor_role": actor.role if known else "",
        "action": action,
        "reason": privacy.mask_numbers(privacy.one_line(reason))[:MAX_REASON],
        "details": _checked(details),
        "ip_address": client.ip_address(request) if request else None,
    }


def _subject_columns(subject: Subject) -> dict[str, str]:
    kind, ref = reference_of(subject)
    if looks_personal(ref):
        raise PersonalDataError("subject")
    if len(kind) > MAX_KIND or len(ref) > MAX_REF:
        raise ValueError("a subject is a kind of row and its reference")
    return {"subject_kind": kind, "subject_ref": ref}


def reference_of(subject: Subject) -> tuple[str, str]:
    """(kind, reference) of a row: its public reference where it has one, else its key."""
    if subject is None:
        return "", ""
    if isinstance(subject, tuple):
        return subject
    for name in ("reference", "public_id"):
        if (value := getattr(subject, name, None)) is not None:
            return subject._meta.label_lower, str(value)
    return subject._meta.label_lower, str(subject.pk)


def looks_personal(value: Any) -> bool:
    """Could this be an ID number, a telephone, a card or a name?"""
    if value is None or isinstance(value, NO_ONES):
        return False
    if isinstance(value, int):
        return abs(value) >= LARGEST_NUMBER
    text = str(value)
    # Nearly all are plain codes, which have but one form and no Han.
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if HAN.search(text):
            return True
    if len(text) >= UUID_LENGTH:
        text = UUID.sub("", text)
    return bool(MAY_BE_NUMBER.search(text) and privacy.NUMBERS.search(text))


def _checked(details: dict[str, Any]) -> dict[str, Any]:
    for path, value in _leaves(details, "details"):
        if looks_personal(value):
            raise PersonalDataError(path)
        if isinstance(value, str) and len(value) > MAX_DETAIL:
            raise ValueError(f"{path} is a text, not a detail")
    return _sorted(details)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every plain value with its path. A key comes before what stands under it, so a path names good keys only."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield path, key
            yield from _leaves(one, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{path}.{number}")
    elif value is None or isinstance(value, bool | int | float | str):
        yield path, value
    else:
        raise TypeError(f"{path} is no plain value")


def _sorted(value: Any) -> Any:
    """Keys in order: what is sealed later reads the same on both databases."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(one) for one in value]
    return value
