"""Keys for machines are handed out by a command, and the demo has one of its own."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.roles import Role
from claims import provider_keys
from claims.models import ProviderClerk, ProviderKey
from config.demo import cast, world
from tests.factories.claims import make_provider

pytestmark = pytest.mark.django_db


def issued(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("issue_provider_key", *args, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue()


def test_only_the_key_goes_out_and_it_works(rules):
    hospital = make_provider()
    text, told = issued(hospital.code)
    key = ProviderKey.objects.get()
    assert provider_keys.authenticate(text) == key
    assert text not in told
    assert str(key.public_id) in told
    assert key.scopes == sorted(provider_keys.Scope)
    entry = AuditEntry.objects.get(action="provider_key.issue")
    assert (entry.actor, entry.subject_ref) == (None, str(key.public_id))


def test_a_key_is_for_what_was_named_and_for_as_long(rules):
    issued(make_provider().code, scope=["quote"], days=30)
    key = ProviderKey.objects.get()
    assert key.scopes == ["quote"]
    assert 29 <= (key.expires_at - key.issued_at).days <= 30


def test_a_key_in_place_of_another_leaves_it_a_week(rules, clock):
    hospital = make_provider()
    old, _told = issued(hospital.code, scope=["settle"])
    new, _told = issued(hospital.code, replace=str(ProviderKey.objects.get().public_id))
    assert provider_keys.authenticate(new).scopes == ["settle"]
    clock(days=7)
    assert provider_keys.authenticate(old) is None


@pytest.mark.parametrize(
    "options",
    [
        {"days": 0},
        {"days": 10_000},
        {"replace": "x"},
        {"replace": "00000000-0000-0000-0000-000000000000"},
        {"replace": "x", "scope": ["quote"]},
    ],
)
def test_what_can_not_be_is_said_without_a_key(rules, options):
    hospital = make_provider()
    for code in (hospital.code, "H00000000000"):
        with pytest.raises(CommandError):
            issued(code, **options)
    assert not ProviderKey.objects.exists()


def test_a_key_of_another_provider_is_not_replaced(rules):
    issued(make_provider().code)
    with pytest.raises(CommandError):
        issued(make_provider().code, replace=str(ProviderKey.objects.get().public_id))


def test_the_demo_prints_keys_that_open_its_interface(db):
    call_command("load_areas", verbosity=0)
    world.build(tell=str)
    out = io.StringIO()
    call_command("demo_cast", "--json", stdout=out)
    everybody = json.loads(out.getvalue())
    providers = [one for one in everybody if one["role"] == "provider"]
    assert [one["key"] for one in providers] == ["hospital", "pharmacy"]
    # Whoever reads the list for people finds no half of one.
    assert all(set(everybody[0]) <= set(one) for one in everybody)
    for one in providers:
        headers = {"Authorization": f"Bearer {one['provider_key']}"}
        assert Client().get("/api/v1/days/2026-11-21", headers=headers).status_code == 200
    clerk = ProviderClerk.objects.get()
    assert clerk.provider.code == providers[0]["provider_code"]
    assert clerk.user.role == Role.PROVIDER_CLERK
    assert world.build(tell=str) == 0
    assert world.size() == len(cast.everybody())
    assert ProviderKey.objects.count() == len(providers)
    assert User.objects.filter(role=Role.PROVIDER_CLERK).count() == 1
