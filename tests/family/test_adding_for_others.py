"""Adding a relative for somebody else: a guardian for a child, a helper for somebody without a phone."""

import datetime as dt

import pytest

from family.models import Binding, Channel, Grant
from tests.factories import agreeing
from tests.family.adding import ADD, CHECK, STEPS, hidden, visitor

pytestmark = pytest.mark.usefixtures("rules")
ANSWERS = STEPS | {
    "side": {"side": "beneficiary"},
    "relation": {"relative": "child"},
    "insured": {"scheme": "employee", "area": agreeing.HEFEI},
}


def way(client, owner, signed_name):
    """All the pages for that owner; gives the answer to the last press."""
    whose = f"?for={owner.reference}"
    client.post(ADD + whose)
    for step, typed in ANSWERS.items():
        if step != "sees":
            more = {"signed_name": signed_name} if step == "letter" else {}
            client.post(f"{ADD}{whose}&step={step}", typed | more)
    page = client.get(CHECK + whose)
    assert page.status_code == 200, page.url
    assert "您正在替" in page.content.decode()
    return client.post(CHECK + whose, hidden(page))


@pytest.fixture
def mother():
    return agreeing.make_member(name="王秀英", born="19510203", scheme="resident")


@pytest.fixture
def helper(mother):
    daughter = agreeing.make_member(name="李小红", born="19800102")
    Grant.objects.create(
        owner=mother,
        helper=daughter,
        kind="act_family",
        from_day=dt.date(2026, 1, 1),
        channel=Channel.COUNTER,
        acted_by=agreeing.login_of(daughter),
    )
    return daughter


def test_a_helper_asks_for_somebody_who_uses_money(mother, helper):
    found = way(visitor(helper), mother, "王秀英")
    binding = Binding.objects.get()
    assert found.url == f"/family/receipt/{binding.reference}/?for={mother.reference}"
    assert (binding.beneficiary, binding.giver, binding.relation) == (mother, None, "parent")
    assert binding.consents.get().acted_by == agreeing.login_of(helper)
    page = visitor(helper).get(found.url)
    assert page.status_code == 200
    assert visitor(mother).get(found.url.partition("?")[0]).status_code == 200


def test_a_helper_gives_away_nobodys_money(mother, helper):
    client, whose = visitor(helper), f"?for={mother.reference}"
    client.post(ADD + whose)
    page = client.get(f"{ADD}{whose}&step=side").content.decode()
    assert 'value="beneficiary"' in page
    assert 'value="giver"' not in page
    answer = client.post(f"{ADD}{whose}&step=side", {"side": "giver"}).content.decode()
    assert "<title>错误：" in answer


def test_what_is_typed_for_somebody_is_not_in_ones_own_form(mother, helper):
    client, whose = visitor(helper), f"?for={mother.reference}"
    client.post(ADD + whose)
    client.post(f"{ADD}{whose}&step=side", {"side": "beneficiary"})
    assert "上次没有填完" in client.get(ADD + whose).content.decode()
    assert "上次没有填完" not in client.get(ADD).content.decode()


def test_a_guardian_asks_for_a_child_and_signs_with_the_own_name():
    child = agreeing.make_member(name="张小宝", born="20180601", scheme="resident")
    mother = agreeing.make_member(name="李梅", born="19850405")
    agreeing.make_guardianship(guardian=mother, child=child)
    way(visitor(mother), child, "李梅")
    consent = Binding.objects.get().consents.get()
    assert (consent.person, consent.by_guardian) == (child, mother)


def test_nobody_else_gets_there(mother):
    stranger = visitor(agreeing.make_member(name="王芳"))
    for path in (ADD, CHECK):
        assert stranger.get(f"{path}?for={mother.reference}").status_code == 404
        assert stranger.post(f"{path}?for={mother.reference}").status_code == 404
