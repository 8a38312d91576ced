"""The family of the demo world is ready: agreed, ordered, guarded, and two invitations wait."""

import pytest
from django.utils import timezone

from config.demo import cast, family, world
from family import orders
from family.models import Binding, Guardianship, Invitation
from family.moves import State
from insurance.models import InsuredPerson
from tests.factories import agreeing
from tests.family.visiting import text, visitor

KEYS = ("fang", "su", "sufu", "luo", "duoduo")


@pytest.fixture
def built(db, monkeypatch):
    """The family and the staff alone: the others have nothing to do with it."""
    agreeing.load_rules()
    monkeypatch.setattr(world, "PEOPLE", [one for one in world.PEOPLE if one.key in KEYS])
    monkeypatch.setattr(world, "PROVIDERS", ())
    world.build(tell=str)


def person(key):
    return InsuredPerson.objects.get(person_number=f"DEMO-{key.upper()}")


def test_the_family_is_agreed_and_ordered_and_a_second_build_adds_nothing(built):
    su, duoduo = person("su"), person("duoduo")
    payers = Binding.objects.in_bulk(orders.current(su.pk))
    assert [payers[pk].giver for pk in orders.current(su.pk)] == [person("fang"), person("sufu")]
    assert all(one.is_usable(timezone.now()) for one in payers.values())
    for_child = Binding.objects.get(beneficiary=duoduo)
    assert for_child.consents.get(side="beneficiary").by_guardian == su
    assert Guardianship.objects.get().child == duoduo
    waiting = Invitation.objects.live().filter(binding__state=State.WAITING)
    assert {one.id_number for one in waiting} == {duoduo.id_number, person("luo").id_number}
    before = Binding.objects.count()
    assert world.build(tell=str) == family.add(tell=str) == 0
    assert Binding.objects.count() == before


def test_each_of_the_family_opens_what_the_cast_says_of_them(built):
    su, duoduo = person("su"), person("duoduo")
    html = text(visitor(su).get("/family/"))
    assert "方*强" in html
    assert "苏*华" in html
    assert "有 1 个邀请在等 方*朵 回答" in html
    assert "方*强" in text(visitor(su).get(f"/family/?for={duoduo.reference}"))
    assert "等对方回答" in text(visitor(person("fang")).get("/family/"))
    described = {one["key"]: one for one in cast.demo_people()}
    for key in KEYS:
        signs_in = described[key]["can_sign_in"]
        assert person(key).identity_links.exists() is signs_in
        assert bool(described[key]["phone"]) is signs_in


def test_before_the_rules_are_there_nobody_is_bound(db):
    assert family.add(tell=str) == 0
