"""What comes in and what goes out, to the letter: nothing is converted, and nothing that has no name here is let in.

They are pydantic's own models. Those of ninja read attributes, and so let through what they forbid.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Header
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from accounts import names
from claims import bills

# Digits and letters of every certificate and card that there is; normalised where they are looked up.
Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,40}$")]
Fen = Annotated[int, Field(ge=1, le=bills.MAX_FEN)]
BillNo = Annotated[str, Field(pattern=rf"^{bills.BILL_NO.pattern}$", examples=["MZ20261121-0001"])]
Use = Literal[
    "CARE",
    "DRUG",
    "TREATMENT_DENTISTRY",
    "RESIDENT_PREMIUM",
    "LTC_PREMIUM",
    "SUPPLEMENT_PREMIUM",
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=rf"^{bills.KEY.pattern}$",
        description="8 to 64 visible ASCII characters, a new one for every new request, the same one to ask again",
    ),
]

RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not RFC_3339.fullmatch(value):
        raise ValueError
    return datetime.fromisoformat(value)


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-21T09:30:00+08:00"]}
    ),
]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class ByVoucher(Strict):
    """The code on the patient's screen. A settlement uses it up, a quote does not."""

    voucher: Number


class ByCard(Strict):
    """ID number and social security card of one person."""

    id_number: Number
    card: Number


class ProxyIn(Strict):
    """Who buys for the patient; identified at the desk as well."""

    name: Annotated[str, Field(min_length=1, max_length=names.MAX_LETTERS)]
    id_number: Number


class BillIn(Strict):
    patient: ByVoucher | ByCard
    use: Use
    personal_burden_fen: Fen
    bill_no: BillNo
    occurred_at: Moment
    proxy: ProxyIn | None = None


class ReversalIn(Strict):
    """`amount_fen` null or absent: all that is left."""

    amount_fen: Fen | None = None


class NothingIn(Strict):
    """An empty object, or no body at all."""


class QuoteOut(BaseModel):
    would_pay_fen: int
    cash_fen: int


class SettlementOut(BaseModel):
    ref: str
    paid_fen: int
    cash_fen: int


class HoldOut(SettlementOut):
    """`paid_fen` is what is held until `held_until`, and paid once it is posted."""

    held_until: datetime


class VoidOut(BaseModel):
    ref: str
    state: str


class ReversalOut(BaseModel):
    """`amount_fen` = `paid_fen`, which went back into accounts, + `cash_fen`, which the provider gives back itself."""

    ref: str
    amount_fen: int
    paid_fen: int
    cash_fen: int


class StateOut(SettlementOut):
    """`state`: held, settled, voided, expired. `refunded_fen` of the whole bill, cash included."""

    state: str
    bill_no: str
    use: str
    personal_burden_fen: int
    refunded_fen: int
    occurred_at: datetime
    settled_at: datetime
    held_until: datetime | None


class TotalsOut(BaseModel):
    """`back_fen` went into accounts; `net_fen` is what the agency owes for the day."""

    settlements: int
    amount_fen: int
    paid_fen: int
    cash_fen: int
    refunds: int
    refunded_fen: int
    back_fen: int
    refunded_cash_fen: int
    net_fen: int


class LineOut(BaseModel):
    """`ref` is the settlement's or the reversal's own; `settlement` is that of the bill in both."""

    kind: Literal["settlement", "reversal"]
    ref: str
    settlement: str
    bill_no: str
    use: str
    amount_fen: int
    paid_fen: int
    cash_fen: int
    at: datetime


class DayOut(BaseModel):
    """`next` is the `after` of the next page, null on the last one."""

    day: date
    totals: TotalsOut
    lines: list[LineOut]
    next: str | None


class FieldError(BaseModel):
    field: str
    reason: str


class ProblemOut(BaseModel):
    """RFC 9457. `code` never changes its meaning."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []
