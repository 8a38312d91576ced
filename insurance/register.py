"""The register's verbs: persons and what they are found by, enrolments, contribution periods, dated facts.

Texts arrive normalised (`IdNumber`, `phones.normalise`, `names.normalise`). What says the same as before changes nothing and
leaves no trace; what a human changes is in the visitors' book, without the values.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import IdentifierKind, User
from accounts.models.identifiers import SHARED_KINDS
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    PersonIdentifier,
    PoolingArea,
    RegisterFact,
)
from insurance.periods import Month

IDENTIFYING = {
    "id_number": IdentifierKind.ID_NUMBER,
    "phone": IdentifierKind.PHONE,
    "social_security_card": IdentifierKind.SOCIAL_SECURITY_CARD,
}
audit.LABELS.update(
    {
        "person.put": _("登记或更新参保人"),
        "enrolment.put": _("登记参保关系"),
        "enrolment.end": _("结束参保关系"),
        "contribution.put": _("登记缴费记录"),
        "fact.record": _("登记事项"),
        "fact.end": _("结束登记事项"),
        "fact.withdraw": _("撤销登记事项"),
    }
)


class RegisterError(ValueError):
    """The register refuses, and nothing was written."""


class IdentifierTaken(RegisterError):
    """A live record of somebody else has this number. `kind` says which; the number and the other person are not told."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class FactOverlaps(RegisterError):
    """A fact of this kind holds on some of these days already."""


class FactWithdrawn(RegisterError):
    """The fact was withdrawn: it is recorded anew, not changed."""


@transaction.atomic
def put_person(
    *,
    person_number: str,
    name: str,
    certificate: str,
    id_number: str = "",
    phone: str = "",
    social_security_card: str = "",
    sex: str = InsuredPerson.Sex.UNKNOWN,
    birth_date: date | None = None,
    by: User | None = None,
) -> InsuredPerson:
    """Add the person with this number, or bring the record up to date; raise `IdentifierTaken`.

    Identifiers that are no longer said are ended, never deleted.
    """
    said = {
        "name": name,
        "certificate": certificate,
        "id_number": id_number,
        "phone": phone,
        "social_security_card": social_security_card,
        "sex": sex,
        "birth_date": birth_date,
    }
    person, created = InsuredPerson.objects.select_for_update().get_or_create(
        person_number=person_number, defaults=said
    )
    changed = [field for field, value in said.items() if created or getattr(person, field) != value]
    if not created and changed:
        for field in changed:
            setattr(person, field, said[field])
        person.save(update_fields=[*changed, "updated_at"])
    for field in changed:
        if field in IDENTIFYING:
            _put_identifier(person, IDENTIFYING[field], getattr(person, field))
    if changed:
        _record(by, "person.put", person, fields=sorted(changed))
    return person


def _put_identifier(person: InsuredPerson, kind: IdentifierKind, value: str) -> None:
    person.identifiers.live().filter(kind=kind).update(ended_at=timezone.now())
    if not value:
        return
    holders = PersonIdentifier.objects.live().for_value(kind, value).exclude(person=person)
    if kind not in SHARED_KINDS and holders.exists():
        raise IdentifierTaken(kind)
    identifier = PersonIdentifier(person=person)
    identifier.set_value(kind, value)
    identifier.save()


@transaction.atomic
def enrol(
    *,
    person: InsuredPerson,
    area: PoolingArea,
    scheme: str,
    person_type: str,
    starts_on: date,
    has_account: bool,
    tier: str = "",
    ends_on: date | None = None,
    employer: str = "",
    by: User | None = None,
) -> Enrolment:
    """Add an enrolment, or bring the one with this person, scheme, area, type, tier and start up to date."""
    key = {
        "person": person,
        "area": area,
        "scheme": scheme,
        "person_type": person_type,
        "tier": tier,
        "starts_on": starts_on,
    }
    said = {"has_account": has_account, "ends_on": ends_on, "employer": employer}
    return _put(Enrolment, key, said, by, "enrolment.put", person)


def end_enrolment(*, enrolment: Enrolment, ends_on: date, by: User | None = None) -> Enrolment:
    """`ends_on` is the last day that is insured."""
    return _change(enrolment, {"ends_on": ends_on}, by, "enrolment.end")


@transaction.atomic
def put_contribution(
    *,
    person: InsuredPerson,
    source_ref: str,
    area: PoolingArea,
    scheme: str,
    kind: str,
    status: str,
    from_month: Month,
    to_month: Month,
    base_fen: int | None = None,
    own_fen: int | None = None,
    payer: str = "",
    paid_on: date | None = None,
    by: User | None = None,
) -> ContributionPeriod:
    """Add a contribution period, or bring the one of this source line up to date. Amounts are fen a month."""
    said = {
        "area": area,
        "scheme": scheme,
        "kind": kind,
        "status": status,
        "from_month": from_month,
        "to_month": to_month,
        "base_fen": base_fen,
        "own_fen": own_fen,
        "payer": payer,
        "paid_on": paid_on,
    }
    key = {"person": person, "source_ref": source_ref}
    return _put(ContributionPeriod, key, said, by, "contribution.put", person)


@transaction.atomic
def record_fact(
    *,
    person: InsuredPerson,
    kind: str,
    from_day: date,
    to_day: date | None = None,
    other_area: PoolingArea | None = None,
    other_person: InsuredPerson | None = None,
    note: str = "",
    source_ref: str = "",
    by: User | None = None,
) -> RegisterFact:
    """Record what happened from a day on; raise `FactOverlaps` where the same kind holds on such a day already.

    The same fact again gives the fact of then.
    """
    # The person's row is the lock: two clerks at once record one freeze, not two.
    InsuredPerson.objects.select_for_update().only("pk").get(pk=person.pk)
    said = {
        "from_day": from_day,
        "to_day": to_day,
        "other_area": other_area,
        "other_person": other_person,
        "note": note,
        "source_ref": source_ref,
    }
    # One relation may end while another goes on: only those with the same person can overlap.
    there = RegisterFact.objects.filter(person=person, kind=kind, other_person=other_person)
    for fact in there.filter(withdrawn_at=None):
        if all(getattr(fact, field) == value for field, value in said.items()):
            return fact
        if _meet((fact.from_day, fact.to_day), (from_day, to_day)):
            raise FactOverlaps(kind)
    fact = RegisterFact.objects.create(person=person, kind=kind, **said)
    _record(by, "fact.record", person, kind=str(kind), fact=fact.pk)
    return fact


def _meet(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def end_fact(*, fact: RegisterFact, to_day: date, by: User | None = None) -> RegisterFact:
    """`to_day` is the last day on which the fact holds."""
    return _change(fact, {"to_day": to_day}, by, "fact.end")


def withdraw_fact(*, fact: RegisterFact, reason: str, by: User | None = None) -> RegisterFact:
    """Take back a fact that was wrong from the start; it stays for the record."""
    return _change(fact, {"withdrawn_at": timezone.now()}, by, "fact.withdraw", reason=reason)


def _put(
    model: Any, key: dict[str, Any], said: dict[str, Any], by: User | None, action: str, person: Any
) -> Any:
    """The row with this key, made or brought up to date."""
    row, created = model.objects.select_for_update().get_or_create(**key, defaults=said)
    changed = {field: value for field, value in said.items() if getattr(row, field) != value}
    if changed:
        for field, value in changed.items():
            setattr(row, field, value)
        row.save(update_fields=list(changed))
    if created or changed:
        _record(by, action, person, row=row.pk)
    return row


@transaction.atomic
def _change(row: Any, said: dict[str, Any], by: User | None, action: str, reason: str = "") -> Any:
    locked = type(row).objects.select_for_update().select_related(None).get(pk=row.pk)
    if getattr(locked, "withdrawn_at", None) is not None:
        raise FactWithdrawn(locked.pk)
    if all(getattr(locked, field) == value for field, value in said.items()):
        return locked
    for field, value in said.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(said))
    _record(by, action, locked.person, reason=reason, row=locked.pk)
    return locked


def _record(
    by: User | None, action: str, person: InsuredPerson, *, reason: str = "", **details: Any
) -> None:
    if by is not None:
        audit.record(actor=by, action=action, subject=person, reason=reason, details=details)
