"""What a machine is told when it gets nothing: problem details (RFC 9457) with a code that never changes its meaning.

`title` is for whoever writes the machine, `detail` for whoever stands at the desk. The texts are ours alone: nothing of what was
sent comes back, so that no number of anybody ends in a provider's log.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from django.utils import translation

from claims.refusals import Refusal
from claims.words import REFUSALS
from insurance.notice_texts import KEPT_LANGUAGE

CONTENT_TYPE = "application/problem+json"


class Code(StrEnum):
    """Besides these every `Refusal` of `REFUSED` is a code."""

    BAD_REQUEST = "BAD_REQUEST"
    BODY_UNREADABLE = "BODY_UNREADABLE"
    IDEMPOTENCY_KEY_NEEDED = "IDEMPOTENCY_KEY_NEEDED"
    KEY_NOT_ACCEPTED = "KEY_NOT_ACCEPTED"
    NOT_IN_SCOPE = "NOT_IN_SCOPE"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    NOT_JSON = "NOT_JSON"
    BODY_INVALID = "BODY_INVALID"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"


# Status, title, detail.
OURS: dict[Code, tuple[int, str, str]] = {
    Code.BAD_REQUEST: (400, "Bad request", "请求有误，请核对接口地址和格式。"),
    Code.BODY_UNREADABLE: (
        400,
        "The body is not strict JSON in UTF-8",
        "请求正文不是规范的 JSON，请联系系统开发人员。",
    ),
    Code.IDEMPOTENCY_KEY_NEEDED: (
        400,
        "Idempotency-Key is missing or not 8 to 64 visible ASCII characters",
        "缺少幂等键或格式不对，请联系系统开发人员。",
    ),
    Code.KEY_NOT_ACCEPTED: (
        401,
        "No live provider key in Authorization",
        "机构密钥无效、过期或已停用，请联系医保经办机构。",
    ),
    Code.NOT_IN_SCOPE: (
        403,
        "The key is not for this",
        "这把机构密钥不能办这件事，请联系医保经办机构。",
    ),
    Code.NOT_FOUND: (404, "Nothing at this address", "没有这个地址，或者没有这一天的账。"),
    Code.METHOD_NOT_ALLOWED: (405, "Method not allowed", "这个地址不接受这种请求方法。"),
    Code.IDEMPOTENCY_KEY_REUSED: (
        409,
        "The Idempotency-Key was used for another request",
        "这个幂等键已用于另一个请求。新的请求要用新的键。",
    ),
    Code.BODY_TOO_LARGE: (413, "The body is too large", "请求正文过大，请联系系统开发人员。"),
    Code.NOT_JSON: (
        415,
        "Content-Type is not application/json",
        "请求正文要用 application/json，请联系系统开发人员。",
    ),
    Code.BODY_INVALID: (
        422,
        "The body does not fit the schema",
        "请求内容不合规定，请联系系统开发人员。",
    ),
    Code.TOO_MANY_REQUESTS: (429, "Too many requests of this key", "请求太频繁，请稍后再试。"),
    Code.INTERNAL: (
        500,
        "A fault of ours; ask again with the same Idempotency-Key",
        "系统出错了。请用同一个幂等键再问一次，不会重复扣款。",
    ),
    Code.UNAVAILABLE: (503, "Closed for maintenance", "系统正在维护，请稍后再试。"),
}
# Status, title; the detail is what the desk says too. Refusals of wallets are for people, not for machines.
REFUSED: dict[Refusal, tuple[int, str]] = {
    # What isn't there is 404, here and at an address: whoever asks learns no more than that.
    Refusal.PATIENT_UNKNOWN: (404, "No such patient"),
    Refusal.UNKNOWN_SETTLEMENT: (404, "No such settlement of this provider"),
    Refusal.BILL_ALREADY_SETTLED: (409, "The bill is held or settled already"),
    Refusal.WRONG_STATE: (409, "The settlement is not in the state for this"),
    Refusal.HOLD_OVER: (409, "The hold is over and the money let go"),
    Refusal.BAD_BILL: (422, "The bill can't be one"),
    Refusal.NOT_DESIGNATED: (422, "The provider was not designated on the day of the bill"),
    Refusal.USE_NOT_PAYABLE: (422, "Accounts don't pay this use at this provider"),
    Refusal.PATIENT_BLOCKED: (422, "The patient can't be settled online"),
    Refusal.REFUND_TOO_LATE: (422, "Too late to reverse"),
    Refusal.REFUND_TOO_MUCH: (422, "More than is left of the settlement"),
    Refusal.ACCOUNT_CLOSED: (422, "An account that paid is closed; the agency pays back"),
    Refusal.TOO_MANY_QUOTES: (429, "Too many quotes for this patient today"),
    Refusal.TOO_MANY_UNKNOWN: (429, "Too many unknown patients in an hour"),
}
# What a page of errors has become by the time it leaves, by status.
BY_STATUS = {
    400: Code.BAD_REQUEST,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
    503: Code.UNAVAILABLE,
}


class Problem(Exception):
    """`wait_seconds` becomes Retry-After. `errors` name fields of ours and what is wrong with each, never their content."""

    def __init__(
        self,
        code: Code | Refusal,
        *,
        wait_seconds: int | None = None,
        errors: Sequence[dict[str, str]] = (),
    ) -> None:
        super().__init__(str(code))
        self.code, self.wait_seconds, self.errors = code, wait_seconds, tuple(errors)

    @property
    def status(self) -> int:
        return REFUSED[self.code][0] if isinstance(self.code, Refusal) else OURS[self.code][0]

    def text(self) -> str:
        """The JSON, the same for the same problem whatever language was asked for: it may be kept."""
        if isinstance(self.code, Refusal):
            title = REFUSED[self.code][1]
            with translation.override(KEPT_LANGUAGE):
                detail = str(REFUSALS[self.code])
        else:
            _status, title, detail = OURS[self.code]
        body: dict[str, Any] = {
            "type": f"urn:gongji:problem:{self.code.lower().replace('_', '-')}",
            "title": title,
            "status": self.status,
            "code": str(self.code),
            "detail": detail,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return json.dumps(body, ensure_ascii=False)

    def response(self) -> HttpResponse:
        response = HttpResponse(self.text(), status=self.status, content_type=CONTENT_TYPE)
        if self.wait_seconds is not None:
            response["Retry-After"] = str(self.wait_seconds)
        if self.code is Code.KEY_NOT_ACCEPTED:
            response["WWW-Authenticate"] = 'Bearer realm="gongji"'
        return response
