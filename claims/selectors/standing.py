"""Who stands at the desk, under the masked name that is all the desk learns."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise

from accounts.privacy import mask_name
from claims import visits
from claims.bills import Bill
from claims.patients import SHOWN
from claims.selectors.receipts import use_name
from claims.visits import Session, Visit
from insurance.models import InsuredPerson


@dataclass(frozen=True)
class Standing:
    """`person` is for the verbs; pages print `name`, which is masked. `bill` is None before there is one."""

    visit: Visit
    person: InsuredPerson
    name: str
    shown: str | Promise
    minutes_left: int

    @property
    def bill(self) -> Bill | None:
        return self.visit.bill

    @property
    def use(self) -> str:
        return use_name(self.visit.bill.use) if self.visit.bill else ""

    @property
    def proxy(self) -> str:
        """Masked, "" where nobody buys for somebody else."""
        bill = self.visit.bill
        return mask_name(bill.proxy.name) if bill and bill.proxy else ""


def standing(session: Session, number: str, provider_id: int) -> Standing | None:
    """None for a visit that is none or over. One query."""
    visit = visits.find(session, number, provider_id=provider_id)
    found = _named([visit]) if visit else []
    return found[0] if found else None


def waiting(session: Session, provider_id: int) -> list[Standing]:
    """Those whose bill has not come to an end, the latest first. One query at most."""
    return _named(list(visits.waiting(session, provider_id)))[::-1]


def _named(found: list[Visit]) -> list[Standing]:
    if not found:
        return []
    people = InsuredPerson.objects.in_bulk({one.person_id for one in found})
    return [
        Standing(
            visit=one,
            person=people[one.person_id],
            name=mask_name(people[one.person_id].name),
            shown=SHOWN[one.how],
            minutes_left=_minutes_left(one),
        )
        for one in found
        if one.person_id in people
    ]


def _minutes_left(visit: Visit) -> int:
    left = visit.since + visits.LIFETIME - timezone.now()
    return max(1, round(left.total_seconds() / 60))
