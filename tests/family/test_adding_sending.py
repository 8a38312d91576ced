"""Adding a relative: nothing is skipped, lost or sent twice."""

import pytest

from accounts import drafts
from accounts.models import Draft
from family import letter
from family.models import Binding
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.factories.accounts import together
from tests.family.adding import (
    ADD,
    CHECK,
    STEPS,
    USES,
    WIFE,
    add,
    answer_until,
    at,
    begin,
    fill,
    hidden,
    send,
    text,
    visitor,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def giver():
    return agreeing.make_member()


@pytest.fixture
def client(giver):
    return visitor(giver)


def test_a_letter_of_an_older_wording_is_signed_again(client, monkeypatch):
    page = fill(client)
    monkeypatch.setitem(letter.LETTERS, "2027-01", letter.LETTERS[letter.CURRENT])
    monkeypatch.setattr(letter, "CURRENT", "2027-01")
    assert client.get(CHECK).url == at("letter")
    assert send(client, page).url == CHECK
    assert not Binding.objects.exists()


def test_no_question_is_skipped(client):
    begin(client)
    for step in (*STEPS, "precheck", "child"):
        if step != "side":
            assert client.get(at(step)).url == at("side"), step
            assert client.post(at(step), STEPS.get(step, {})).url in (at("side"), CHECK), step
    assert client.get(CHECK).url == at("side")
    assert not Binding.objects.exists()


def test_what_a_page_says_beside_its_question_counts_for_nothing(client):
    page = fill(client)
    more = {"reference": "x", "state": "active", "giver": "1", "limit_fen": "1", "side": "beneficiary"}  # fmt: skip
    client.post(CHECK, hidden(page) | more)
    binding = Binding.objects.get()
    assert (binding.state, binding.limit_fen, binding.initiator) == ("waiting", None, "giver")


def test_answers_that_changed_since_are_shown_again_before_they_are_sent(client):
    page = fill(client)
    client.post(at("terms", back="check"), {"cap_month_fen": "900", "uses": USES})
    assert send(client, page).url == CHECK
    assert not Binding.objects.exists()
    send(client, client.get(CHECK))
    assert Binding.objects.get().cap_month_fen == 90000


def test_a_form_of_somewhere_else_is_not_sent(client):
    page = fill(client)
    for spoilt in ({"form": "x"}, {"version": "x"}, {"version": "9" * 400}, {}):
        client.post(CHECK, hidden(page) | spoilt if spoilt else {})
    assert not Binding.objects.exists()


def test_pressing_twice_is_one_proposal_with_one_number(client):
    page = fill(client)
    first, second = send(client, page), send(client, page)
    assert first.url == second.url
    assert Binding.objects.count() == 1
    # And the way back shows what became of it.
    assert client.get(CHECK).url == client.get(at("letter")).url == first.url


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_proposal(client):
    page = fill(client)
    urls = [answer.url for answer in together(*[lambda: send(client, page)] * 4)]
    assert len(set(urls)) == 1
    assert Binding.objects.count() == 1


def test_the_same_relative_again_leads_to_the_number_there_is(client):
    reference = add(client)
    found = send(client, fill(client))
    assert found.url.endswith(f"/{reference}/")
    assert Binding.objects.count() == 1


def test_half_a_form_is_there_after_signing_in_again(client, giver):
    answer_until(client, "who")
    again = visitor(giver)
    page = text(again.get(ADD)).replace("&amp;", "&")
    assert "上次没有填完" in page
    assert at("sees") in page
    assert WIFE in text(again.get(at("who")))
    assert WIFE not in page


def test_what_was_typed_when_the_time_ran_out_is_in_its_question(client, giver):
    answer_until(client, "insured")
    user = agreeing.login_of(giver)
    drafts.keep(user=user, form_key=ADD, data={"step": ["who"], "name": ["李小梅"]})
    assert 'value="李小梅"' in text(client.get(at("who")))
    assert "李小梅" not in text(client.get(at("who")))


def test_beginning_anew_forgets(client):
    fill(client)
    begin(client)
    assert client.get(CHECK).url == at("side")
    assert "李梅" not in text(client.get(at("side")))


def test_after_a_week_half_a_form_is_gone(client):
    fill(client)
    old = register.at(2026, 11, 1)
    Draft.objects.update(saved_at=old)
    assert client.get(CHECK).url == ADD
    assert client.post(at("terms"), STEPS["terms"]).url == ADD


def test_more_proposals_in_a_day_than_anybody_has_relatives(client, monkeypatch):
    page = fill(client)
    monkeypatch.setattr("accounts.throttling.spend", lambda limit, key: False)
    assert send(client, page).url == CHECK
    assert "次数太多" in text(client.get(CHECK))


def test_a_relative_who_was_bound_already_is_told_from_the_own_record(client, giver):
    wife = agreeing.make_member(name="李梅", born="19730405")
    agreeing.make_binding(giver=giver, beneficiary=wife)
    found = answer_until(client, "who", who={"id_number": wife.id_number})
    assert found.url == at("precheck")
    assert "已经绑定了" in text(client.get(found.url))
