"""Providers, bills and families that can pay, made the short way; every argument has a plain default."""

import datetime as dt
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from claims.bills import Bill
from claims.models import Provider, ProviderClerk
from claims.refusals import Refused
from insurance import ledger_check
from insurance.models import IdentityLink, PersonalAccount
from tests.cast import sign_in
from tests.factories.accounts import make_staff, make_user
from tests.factories.insurance import make_account, make_area, make_enrolment, make_person

numbers = count(1)


def make_provider(*, kind="institution", **fields):
    number = next(numbers)
    return Provider.objects.create(
        code=fields.pop("code", f"H34010000{number:03d}"),
        name=fields.pop("name", f"第{number}医院"),
        kind=kind,
        area=fields.pop("area", None) or make_area(),
        designated_from=fields.pop("designated_from", dt.date(2020, 1, 1)),
        **fields,
    )


def make_clerk(provider, **fields):
    """Somebody who takes bills for this provider."""
    user = make_staff(role=Role.PROVIDER_CLERK, name=fields.pop("name", "钱收费"))
    return ProviderClerk.objects.create(user=user, provider=provider, **fields)


def at_desk(provider, **fields):
    """A browser at this provider's desk."""
    return sign_in(Client(), make_clerk(provider, **fields).user)


def visitor(person):
    """A browser in which this person of the register has signed in."""
    user = make_user(name=person.name)
    IdentityLink.objects.create(user=user, person=person, channel=IdentityLink.Channel.SMS)
    return sign_in(Client(), user)


def make_bill(amount_fen=10_000, *, use="CARE", **fields):
    return Bill(
        use=use,
        amount_fen=amount_fen,
        bill_no=fields.pop("bill_no", f"B{next(numbers):06d}"),
        occurred_at=fields.pop("occurred_at", timezone.now()),
        **fields,
    )


def insured(*, name="张建国", balance_fen=None, area=None, part="whole", **fields):
    """Somebody with an enrolment, and an account where a balance is given."""
    person = make_person(name=name, **fields)
    make_enrolment(person=person, area=area)
    if balance_fen is not None:
        make_account(person=person, area=area, balance_fen=balance_fen, part=part)
    return person


def refusal(call):
    """The code with which the call was refused."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def balances(person):
    """(balance, reserved, held) of the person's only account."""
    account = PersonalAccount.objects.get(person=person)
    return account.balance_fen, account.reserved_fen, account.held_fen


def faults():
    """What the check of the ledger finds; nothing, wherever a test ends."""
    return list(ledger_check.faults())
