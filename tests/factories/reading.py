"""Somebody signed in who looks at their own account, and the rows such a look needs."""

import datetime as dt

from django.utils import timezone

from accounts import sessions
from accounts.models import SignIn, User
from accounts.roles import Role
from insurance import ledger
from insurance.models import IdentityLink
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories import insurance as register


def make_citizen(*, person):
    """A login that is linked to the person."""
    user = User(name=person.name, role=Role.CITIZEN)
    user.set_unusable_password()
    user.save()
    IdentityLink.objects.create(user=user, person=person, channel=IdentityLink.Channel.SMS)
    return user


def sign_in(client, user):
    """What `accounts.sessions.sign_in` leaves in the session, without walking through the pages."""
    client.force_login(user)
    session = client.session
    row = SignIn.objects.create(
        user=user, session_key=session.session_key, method=SignIn.Method.PASSWORD
    )
    now = timezone.now().timestamp()
    session.update(
        {
            sessions.METHOD: row.method,
            sessions.STARTED: now,
            sessions.SEEN: now,
            sessions.SIGN_IN: row.pk,
        }
    )
    session.save()
    return client


def fill(account, count, *, first_day=dt.date(2021, 1, 4), relative=None):
    """`count` entries in a fixed rhythm: a credit, a visit, a pharmacy, a relative's visit."""
    kinds = (
        (EntryKind.CREDIT_OWN, 16469),
        (EntryKind.SPEND_CARE, -4200),
        (EntryKind.SPEND_DRUG, -3550),
        (EntryKind.SPEND_AID, -2000),
    )
    start = dt.datetime.combine(first_day, dt.time(9), tzinfo=register.SHANGHAI)
    lines = []
    for number in range(count):
        kind, amount = kinds[number % 4]
        moment = start + dt.timedelta(hours=5 * number)
        lines.append(
            register.line(
                kind,
                amount,
                f"fill-{number}",
                posted_at=moment,
                for_month=Month.containing(moment.date()) if amount > 0 else None,
                place="" if amount > 0 else "定点医院",
                used_by=relative if kind == EntryKind.SPEND_AID else None,
            )
        )
    ledger.post_many(account_id=account.pk, lines=lines)
    account.refresh_from_db()
    return account
