"""Why the verbs of this floor say no: codes that never change their meaning. Pure."""

from enum import StrEnum


class Refusal(StrEnum):
    """`claims.words` has a sentence for each."""

    BAD_BILL = "BAD_BILL"
    NOT_DESIGNATED = "NOT_DESIGNATED"
    USE_NOT_PAYABLE = "USE_NOT_PAYABLE"
    PATIENT_UNKNOWN = "PATIENT_UNKNOWN"
    TOO_MANY_UNKNOWN = "TOO_MANY_UNKNOWN"
    PATIENT_BLOCKED = "PATIENT_BLOCKED"
    BILL_ALREADY_SETTLED = "BILL_ALREADY_SETTLED"
    DIFFERS = "DIFFERS"
    QUOTE_TOO_OLD = "QUOTE_TOO_OLD"
    TOO_MANY_QUOTES = "TOO_MANY_QUOTES"
    UNKNOWN_SETTLEMENT = "UNKNOWN_SETTLEMENT"
    WRONG_STATE = "WRONG_STATE"
    HOLD_OVER = "HOLD_OVER"
    REFUND_TOO_LATE = "REFUND_TOO_LATE"
    REFUND_TOO_MUCH = "REFUND_TOO_MUCH"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    TRANSFER_NOT_OPEN = "TRANSFER_NOT_OPEN"
    TRANSFER_TOO_MUCH = "TRANSFER_TOO_MUCH"
    TRANSFER_DONE = "TRANSFER_DONE"
    TRANSFERS_USED_UP = "TRANSFERS_USED_UP"
    NO_MONEY = "NO_MONEY"


class Refused(Exception):
    """Nothing was written. `field` names what of the bill is wrong, `quote` is the new one where the old no longer holds."""

    def __init__(self, code: Refusal, *, field: str = "", quote: object = None) -> None:
        self.code, self.field, self.quote = code, field, quote
        super().__init__(f"{code} {field}".strip())
