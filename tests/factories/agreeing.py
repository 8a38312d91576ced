"""Families and their bindings, made through the verbs that people use; every argument has a plain default."""

import datetime as dt
from functools import cache
from itertools import count

from family import bindings
from family.models import Binding, Channel, Guardianship
from family.moves import Side
from insurance import policy_folder
from insurance.areas import level_of
from insurance.models import (
    Notice,
    PolicyCitation,
    PolicySource,
    PolicyValue,
    PolicyVersion,
    PoolingArea,
)
from insurance.policy_values import thaw
from tests import cast
from tests.factories import accounts as door
from tests.factories import insurance as register

numbers = count(1)
HEFEI = "340100"
SOURCE_FIELDS = ("kind", "title", "number", "date", "url", "how")
VALUE_FIELDS = (
    "name",
    "unit",
    "emptiness",
    "list_kind",
    "valid_from",
    "valid_to",
    "stated_validity_until",
    "confidence",
    "mark",
    "evidence",
    "checked_on",
    "note",
)


@cache
def _folder():
    return policy_folder.read()


def load_rules():
    """What the real folder says of family aid and spending, published, in a few statements."""
    folder = _folder()
    PoolingArea.objects.bulk_create(
        (
            PoolingArea(
                code=one.area, name_zh=one.name_zh, name_en=one.name_en, level=level_of(one.area)
            )
            for one in folder.files
        ),
        ignore_conflicts=True,
    )
    PolicySource.objects.bulk_create(
        PolicySource(code=one.id, **{key: getattr(one, key) for key in SOURCE_FIELDS})
        for one in folder.sources.values()
    )
    versions = PolicyVersion.objects.bulk_create(
        PolicyVersion(
            area_id=one.area,
            number=1,
            status="published",
            file_digest=one.digest,
            checked_on=one.checked_on,
            published_at=register.at(2026, 1, 1),
        )
        for one in folder.files
    )
    told = [
        (version, position, value)
        for version, one in zip(versions, folder.files, strict=True)
        for position, value in enumerate(one.values)
        if value.name.startswith(("family_aid.", "uses."))
    ]
    rows = PolicyValue.objects.bulk_create(
        PolicyValue(
            version=version,
            position=position,
            value=thaw(value.value),
            **{key: getattr(value, key) for key in VALUE_FIELDS},
        )
        for version, position, value in told
    )
    PolicyCitation.objects.bulk_create(
        PolicyCitation(value=row, source_id=one.source.id, article=one.article, position=position)
        for row, (_version, _position, value) in zip(rows, told, strict=True)
        for position, one in enumerate(value.citations)
    )


def publish(area=HEFEI, **values):
    """More values for a place, official and in force since 2020."""
    number = PolicyVersion.objects.filter(area=area).count() + 1
    PolicyVersion.objects.filter(area=area, status="published").update(
        status="withdrawn", withdrawn_at=register.at(2026, 1, 1)
    )
    version = PolicyVersion.objects.create(
        area=register.make_area(code=area),
        number=number,
        status="published",
        file_digest=f"test-{next(numbers)}",
        checked_on=dt.date(2026, 1, 1),
        published_at=register.at(2026, 1, 1),
    )
    for name, value in values.items():
        add_value(version, name, value)
    return version


def add_value(version, name, value):
    row = PolicyValue.objects.create(
        version=version,
        position=version.values.count(),
        name=f"family_aid.{name}",
        value=value,
        unit="count",
        valid_from=dt.date(2020, 1, 1),
        confidence="official",
        evidence="read",
        checked_on=dt.date(2026, 1, 1),
    )
    row.citations.create(source=PolicySource.objects.order_by("code").first(), position=0)
    return row


def withdraw_rules():
    """Nothing is published any more."""
    PolicyVersion.objects.filter(status="published").update(
        status="withdrawn", withdrawn_at=register.at(2026, 1, 1)
    )


def make_member(
    *,
    name="张建国",
    born="19710812",
    area=HEFEI,
    scheme="employee",
    balance_fen=100000,
    **register_fields,
):
    """Somebody of the register with a login: insured since 2010, with an account where the scheme has one."""
    number = next(numbers)
    _user, person = cast.citizen(
        name=name,
        id_number=register.make_id_number(area="340104", born=born, sequence=number % 1000),
        phone=register_fields.pop("phone", f"139{number:08d}"),
        birth_date=dt.date.fromisoformat(born),
        **register_fields,
    )
    place = register.make_area(code=area)
    if scheme:
        register.make_enrolment(
            person=person,
            area=place,
            scheme=scheme,
            person_type="resident" if scheme == "resident" else "in_service",
        )
    if scheme == "employee":
        register.make_account(person=person, balance_fen=balance_fen, area=place)
    return person


def login_of(person):
    return person.identity_links.get(ended_at=None).user


def make_proposal(other, *, relation="spouse", **fields):
    """What somebody types about that person; everything said is true."""
    now = other.enrolments.first()
    said = {
        "relation": relation,
        "name": other.name,
        "id_number": other.id_number,
        "uses": ("CARE", "DRUG"),
        "from_day": dt.date(2026, 11, 1),
        "said_scheme": now.scheme if now else "none",
        "said_area": now.area_id if now else "",
    }
    return bindings.Proposal(**{**said, **fields})


def pressed(person, **more):
    """By the person's own login, on the web."""
    return {"by": login_of(person), "channel": Channel.WEB, **more}


def propose(giver, beneficiary, *, side=Side.GIVER, signed_name=None, **fields):
    """A binding that waits, proposed by that side."""
    initiator, other = (giver, beneficiary) if side is Side.GIVER else (beneficiary, giver)
    return bindings.propose(
        initiator=initiator,
        side=side,
        proposal=make_proposal(other, **fields),
        signed_name=signed_name or initiator.name,
        **pressed(initiator),
    )


def confirm(binding, person, **more):
    return bindings.confirm(
        binding_id=binding.pk,
        person=person,
        **{"signed_name": person.name, **pressed(person), **more},
    )


def make_binding(*, giver=None, beneficiary=None, **fields):
    """In force: proposed by the giver, confirmed by the beneficiary."""
    giver = giver or make_member()
    beneficiary = beneficiary or make_member(name="李梅", born="19730405")
    return confirm(propose(giver, beneficiary, **fields), beneficiary)


def make_guardianship(*, guardian, child, until=dt.date(2040, 1, 1)):
    return Guardianship.objects.create(
        guardian=guardian,
        child=child,
        evidence="household_book",
        until=until,
        recorded_by=door.make_staff(),
    )


def reread(binding):
    return Binding.objects.get(pk=binding.pk)


def titles(person):
    """What somebody was told, the first first."""
    return [one.title for one in Notice.objects.of(person.pk).order_by("pk")]
