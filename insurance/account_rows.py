"""Open accounts as rows: what a bill needs of `PersonalAccount`, without what makes a model slow to make."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from accounts.statements import NewRow
from insurance.models import PersonalAccount

NAMES = [one.attname for one in PersonalAccount._meta.concrete_fields]
MOMENT = "last_posted_at"
# A moment comes as its text: the driver takes several times as long to read one.
COLUMNS = [Cast(one, TextField()) if one == MOMENT else one for one in NAMES]


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
    return [_row(one) for one in rows]


def _row(columns: Sequence[Any]) -> AccountRow:
    found = dict(zip(NAMES, columns, strict=True))
    found["pk"], found[MOMENT] = found["id"], _moment(found[MOMENT])
    return AccountRow(found)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    # SQLite keeps moments of UTC, and doesn't say so.
    return found if found.tzinfo else found.replace(tzinfo=UTC)
