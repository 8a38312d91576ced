"""What a provider asks for: a bill, its bounds, and the text that two equal requests have in common. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from claims.refusals import Refusal, Refused

# The own share of the dearest stay in hospital is below a million yuan; more is a slip of the finger.
MAX_FEN = 100_000_000
BILL_NO = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,63}")
# A provider that was cut off sends its queue later; a quarter is closed with the agency after that.
OLDEST = timedelta(days=90)
# The clock of a provider's machine.
AHEAD = timedelta(minutes=5)
KEY = re.compile(r"[!-~]{8,64}")

CARE, DRUG, DENTISTRY = "CARE", "DRUG", "TREATMENT_DENTISTRY"
PREMIUMS = frozenset({"RESIDENT_PREMIUM", "LTC_PREMIUM", "SUPPLEMENT_PREMIUM"})
# Domain facts §1.2: care at institutions, which dispense too; goods at pharmacies; premiums where they are collected.
USES = {
    "institution": frozenset({CARE, DRUG, DENTISTRY}),
    "pharmacy": frozenset({DRUG}),
    "collector": PREMIUMS,
}


@dataclass(frozen=True)
class Proxy:
    """Who bought for the patient; both were identified at the desk."""

    name: str
    id_number: str


@dataclass(frozen=True)
class Bill:
    """`amount_fen` is the patient's own share. `occurred_at` is the provider's moment, with a time zone."""

    use: str
    amount_fen: int
    bill_no: str
    occurred_at: datetime
    proxy: Proxy | None = None


def check(bill: Bill, *, provider_kind: str, now: datetime) -> None:
    """Raise `Refused` for what no bill can be, BAD_BILL with the field, or a use that this kind of provider has not."""
    # bool is an int to Python, and no amount of money.
    if type(bill.amount_fen) is not int or not 1 <= bill.amount_fen <= MAX_FEN:
        raise Refused(Refusal.BAD_BILL, field="amount_fen")
    if not is_bill_no(bill.bill_no):
        raise Refused(Refusal.BAD_BILL, field="bill_no")
    if bill.occurred_at.tzinfo is None or not now - OLDEST <= bill.occurred_at <= now + AHEAD:
        raise Refused(Refusal.BAD_BILL, field="occurred_at")
    if bill.use not in USES[provider_kind]:
        raise Refused(Refusal.USE_NOT_PAYABLE)


def is_bill_no(text: str) -> bool:
    """Whether a bill can have this number; whatever else came must not reach the database."""
    return BILL_NO.fullmatch(text) is not None


def canonical(body: Mapping[str, Any]) -> str:
    """The same text for the same JSON, whatever the order and the spacing."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def is_key(text: str) -> bool:
    """Whether it can be an idempotency key: 8 to 64 visible ASCII characters."""
    return KEY.fullmatch(text) is not None
