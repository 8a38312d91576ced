"""Rows of the register and the ledger, made the short way; every argument has a plain default."""

import datetime as dt
from itertools import count
from zoneinfo import ZoneInfo

from accounts.id_number import check_character
from accounts.models import IdentifierKind
from insurance import ledger
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    Notice,
    PersonalAccount,
    PersonIdentifier,
    PoolingArea,
    RegisterFact,
    StoredDecision,
)
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from tests.factories.accounts import together

SHANGHAI = ZoneInfo("Asia/Shanghai")
numbers = count(1)


def at(year, month, day, hour=9):
    """A moment on the wall clock of the agency."""
    return dt.datetime(year, month, day, hour, tzinfo=SHANGHAI)


def make_id_number(*, area="340104", born="19490101", sequence=1):
    """Valid by its check digit, and nobody's."""
    seventeen = f"{area}{born}{sequence:03d}"
    return seventeen + check_character(seventeen)


def make_area(*, code="340100", name_zh="合肥市", name_en="Hefei", level="city", parent=None):
    return PoolingArea.objects.get_or_create(
        code=code,
        defaults={"name_zh": name_zh, "name_en": name_en, "level": level, "parent": parent},
    )[0]


def make_person(
    *, name="张建国", person_number=None, id_number="", phone="", social_security_card="", **fields
):
    """With an identifier row for each number that is given."""
    person = InsuredPerson.objects.create(
        person_number=person_number or f"P{next(numbers):08d}",
        name=name,
        certificate=fields.pop("certificate", InsuredPerson.Certificate.IDENTITY_CARD),
        id_number=id_number,
        phone=phone,
        social_security_card=social_security_card,
        **fields,
    )
    for kind, value in (
        (IdentifierKind.ID_NUMBER, id_number),
        (IdentifierKind.PHONE, phone),
        (IdentifierKind.SOCIAL_SECURITY_CARD, social_security_card),
    ):
        if value:
            identifier = PersonIdentifier(person=person)
            identifier.set_value(kind, value)
            identifier.save()
    return person


def make_enrolment(*, person, area=None, scheme="employee", person_type="in_service", **fields):
    return Enrolment.objects.create(
        person=person,
        area=area or make_area(),
        scheme=scheme,
        person_type=person_type,
        has_account=fields.pop("has_account", scheme == "employee"),
        starts_on=fields.pop("starts_on", dt.date(2010, 7, 1)),
        **fields,
    )


def make_period(*, person, area=None, first=(2020, 1), last=(2020, 12), **fields):
    return ContributionPeriod.objects.create(
        person=person,
        area=area or make_area(),
        scheme=fields.pop("scheme", "employee"),
        kind=fields.pop("kind", "actual"),
        status=fields.pop("status", "paid"),
        from_month=Month.of(*first),
        to_month=Month.of(*last),
        source_ref=fields.pop("source_ref", f"line-{next(numbers)}"),
        **fields,
    )


def make_fact(*, person, kind="account_freeze", from_day=dt.date(2026, 3, 1), **fields):
    return RegisterFact.objects.create(person=person, kind=kind, from_day=from_day, **fields)


def make_account(*, person=None, balance_fen=0, part=AccountPart.WHOLE, area=None):
    """An open account; a balance comes in as its opening entry of 2 January 2020."""
    account = ledger.open_account(
        person=person or make_person(),
        area=area or make_area(),
        part=part,
        opened_on=dt.date(2020, 1, 1),
    )
    if balance_fen:
        post(account, EntryKind.OPENING, balance_fen, posted_at=at(2020, 1, 2))
    return PersonalAccount.objects.get(pk=account.pk)


def post(account, kind, amount_fen, *, source_ref=None, posted_at=None, **fields):
    """An entry with a source of its own, posted now where no moment is given."""
    return ledger.post(
        account_id=account.pk,
        kind=kind,
        amount_fen=amount_fen,
        posted_at=posted_at,
        source_kind="test",
        source_ref=source_ref or f"entry-{next(numbers)}",
        **fields,
    )


def line(kind, amount_fen, source_ref, **fields):
    return ledger.Line(
        kind=kind, amount_fen=amount_fen, source_kind="test", source_ref=source_ref, **fields
    )


def make_stored_decision(*, subject_ref="11111111-2222-3333-4444-555555555555", **fields):
    """Kept without a rule having spoken; tests of the words go through `decisions.keep`."""
    return StoredDecision.objects.create(
        subject_kind=fields.pop("subject_kind", "insurance.insuredperson"),
        subject_ref=subject_ref,
        rule="spending",
        area="340100",
        on=dt.date(2026, 11, 21),
        verdict=fields.pop("verdict", "unknown"),
        told=fields.pop("told", {"findings": [], "figures": {}, "materials": []}),
        versions=fields.pop("versions", []),
        **fields,
    )


def make_notice(*, person, title="有人请您确认", body="请您看一看。", **fields):
    """As it was written in words that no floor has any more; tests of the texts go through `notices.tell`."""
    return Notice.objects.create(
        person=person,
        kind=fields.pop("kind", "test.gone"),
        params=fields.pop("params", "{}"),
        title=title,
        body=body,
        sms=fields.pop("sms", "queued"),
        **fields,
    )


def raised_by(*jobs):
    """The errors of jobs that all start at once; nothing is tried twice."""
    return [result for result in together(*jobs) if isinstance(result, Exception)]
