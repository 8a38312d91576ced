"""The balance page: what there is, what of it can be used, and why if nothing."""

from dataclasses import dataclass
from datetime import date

from insurance.holdings import Holdings, holdings
from insurance.models.facts import FactKind
from insurance.standing import EnrolmentLine, Standing, standing
from queries.selectors.reasons import Reason, reasons


@dataclass(frozen=True)
class Balance:
    """`usable_fen` is what a counter would take today: nothing while the account is frozen or its owner is dead.

    `enrolment` is that of today, None where nobody insures the person.
    """

    held: Holdings
    usable_fen: int
    blocked: bool
    reasons: tuple[Reason, ...]
    enrolment: EnrolmentLine | None

    @property
    def has_account(self) -> bool:
        return bool(self.held.live)


def balance(*, person_id: int, today: date) -> Balance:
    """Three queries, whatever the number of entries."""
    return weigh(held=holdings(person_id), where=standing(person_id), today=today)


def weigh(*, held: Holdings, where: Standing, today: date) -> Balance:
    """The same from what a page has read already."""
    blocked = any(where.fact(kind, today) for kind in (FactKind.DEATH, FactKind.ACCOUNT_FREEZE))
    return Balance(
        held=held,
        usable_fen=0 if blocked else held.available_fen,
        blocked=blocked,
        reasons=reasons(held=held, where=where, today=today),
        enrolment=where.enrolment_on(today),
    )
