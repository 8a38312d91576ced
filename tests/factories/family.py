"""Bindings and orders made the short way, as they stand after everybody agreed; nothing is checked."""

import datetime as dt
from itertools import count

from accounts.models import IdentifierKind, User
from family import orders, references
from family.models import Binding, CapUse, Channel, Consent, Grant, Invitation, MoneyModel
from family.moves import Side, State
from family.relations import Relation
from insurance.models.ledger import AccountPart
from insurance.periods import Month
from tests.factories.accounts import make_user
from tests.factories.insurance import at, make_account, make_area, make_enrolment, make_person

CARE = ["CARE", "DRUG", "RESIDENT_PREMIUM", "LTC_PREMIUM"]
numbers = count(1)


class Counted:
    """In place of a random source: every reference number is new."""

    def randrange(self, stop):
        return next(numbers) % stop


def make_insured(
    *, name="张建国", area="340100", balance_fen=None, part=AccountPart.WHOLE, person=None, **fields
):
    """Insured in that area since 2010, with an account where a balance is given."""
    place = make_area(code=area, name_zh=area)
    person = person or make_person(name=name)
    make_enrolment(person=person, area=place, **fields)
    if balance_fen is not None:
        make_account(person=person, area=place, balance_fen=balance_fen, part=part)
    return person


def somebody():
    """Whoever pressed the buttons, where it doesn't matter."""
    return User.objects.order_by("pk").first() or make_user(name="经手人")


def make_binding(
    *,
    giver,
    beneficiary,
    relation=Relation.SPOUSE,
    state=State.ACTIVE,
    consents=(Side.GIVER, Side.BENEFICIARY),
    listed=True,
    **fields,
):
    """In force since January, with both consents and the last place in the beneficiary's order."""
    since = at(2026, 1, 5)
    made = Binding.objects.create(
        reference=fields.pop("reference", references.make(since.date(), random=Counted())),
        giver=giver,
        beneficiary=beneficiary,
        initiator=fields.pop("initiator", Side.GIVER),
        relation=relation,
        money_model=fields.pop("money_model", MoneyModel.DIRECT_DEBIT),
        giver_area_id=fields.pop("giver_area_id", area_of(giver)),
        beneficiary_area_id=fields.pop("beneficiary_area_id", area_of(beneficiary)),
        uses=fields.pop("uses", CARE),
        from_day=fields.pop("from_day", dt.date(2026, 1, 5)),
        usable_from=fields.pop("usable_from", at(2026, 1, 6)),
        state=state,
        state_since=since,
        **fields,
    )
    for side in consents:
        person = giver if side == Side.GIVER else beneficiary
        Consent.objects.create(
            binding=made,
            side=side,
            person=person,
            channel=Channel.WEB,
            acted_by=somebody(),
            letter="1",
            signed_name=person.name,
            given_at=since,
        )
    if listed:
        orders.append(person_id=beneficiary.pk, binding_id=made.pk, channel=Channel.WEB)
    return made


def area_of(person):
    return person and person.enrolments.values_list("area_id", flat=True).first()


def use_cap(binding, *, month, used_fen):
    return CapUse.objects.create(binding=binding, month=Month.of(*month), used_fen=used_fen)


def make_invitation(*, initiator, side, invited, relation=Relation.SIBLING, **fields):
    """A proposal by that side that waits until the end of time."""
    made = make_binding(
        giver=initiator if side == Side.GIVER else None,
        beneficiary=initiator if side == Side.BENEFICIARY else None,
        initiator=side,
        relation=relation,
        state=State.WAITING,
        consents=(side,),
        listed=False,
        usable_from=None,
        money_model="",
        **fields,
    )
    row = Invitation(
        binding=made,
        name=invited.name,
        id_number=invited.id_number,
        said_scheme="employee",
        said_area=area_of(invited) or "",
        expires_at=at(2099, 1, 1),
    )
    row.set_value(IdentifierKind.ID_NUMBER, invited.id_number)
    row.save()
    return made


def make_grant(*, owner, helper, kind, **fields):
    """As if the owner had pressed; holds since January until somebody ends it."""
    return Grant.objects.create(
        owner=owner,
        helper=helper,
        kind=kind,
        from_day=fields.pop("from_day", dt.date(2026, 1, 5)),
        channel=Channel.WEB,
        acted_by=somebody(),
        **fields,
    )
