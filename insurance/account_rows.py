"""Open accounts as rows: what a bill needs of `PersonalAccount`, without what makes a model slow to make."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from accounts.statements import NewRow
from insurance.models import PersonalAccount

COLUMNS = [one.attname for one in PersonalAccount._meta.concrete_fields]
_NAMES = ["pk", *COLUMNS]


class AccountRow(NewRow):
    """Named as the model's; whoever holds the lock moves its amounts on in memory."""

    model = PersonalAccount
    pk: int
    person_id: int
    part: str
    area_id: str
    balance_fen: int
    reserved_fen: int
    held_fen: int
    last_sequence: int
    last_posted_at: datetime | None
    opened_on: date
    closed_on: date | None

    @property
    def available_fen(self) -> int:
        """As the model has it."""
        return self.balance_fen - self.reserved_fen - self.held_fen


Account = PersonalAccount | AccountRow


def of(rows: Iterable[Sequence[Any]]) -> list[AccountRow]:
    """Of rows with `COLUMNS`."""
    return [AccountRow(dict(zip(_NAMES, (row[0], *row), strict=True))) for row in rows]
