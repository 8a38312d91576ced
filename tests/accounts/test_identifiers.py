"""People are found by a digest; one number belongs to one live record, except a family's phone."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import IdentifierKind, LoginIdentifier
from tests.factories.accounts import add_identifier, make_id_number, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.parametrize("kind", [IdentifierKind.ID_NUMBER, IdentifierKind.SOCIAL_SECURITY_CARD])
def test_a_number_belongs_to_one_live_record(kind):
    number = make_id_number()
    first = add_identifier(make_user(), kind, number)
    refused(lambda: add_identifier(make_user(), kind, number))
    LoginIdentifier.objects.filter(pk=first.pk).update(ended_at=timezone.now())
    second = add_identifier(make_user(), kind, number)
    assert list(LoginIdentifier.objects.live().for_value(kind, number)) == [second]


def test_a_family_may_share_a_phone():
    for _ in range(3):
        add_identifier(make_user(), IdentifierKind.PHONE, "13800138000")
    found = LoginIdentifier.objects.live().for_value(IdentifierKind.PHONE, "13800138000")
    assert found.count() == 3


def test_a_number_of_one_kind_is_not_found_as_another():
    add_identifier(make_user(), IdentifierKind.PHONE, "13800138000")
    for kind in (IdentifierKind.ID_NUMBER, IdentifierKind.SOCIAL_SECURITY_CARD):
        assert not LoginIdentifier.objects.for_value(kind, "13800138000").exists()


def test_the_database_refuses_an_unknown_kind():
    refused(lambda: add_identifier(make_user(), "passport", "E12345678"))


def test_a_digest_shows_nothing_of_the_number():
    row = add_identifier(make_user(), IdentifierKind.PHONE, "13800138000")
    assert "138" not in str(row)
    assert len(row.digest) == 64
