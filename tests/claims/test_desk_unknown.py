"""The database gave a desk no answer: nobody knows what became of the bill until the same is asked again."""

import pytest
from django.db import OperationalError

from claims import desk as verbs
from claims import keyed
from claims.models import Settlement
from tests.claims.desk_steps import press, quote
from tests.factories.claims import balances

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


def breaks(monkeypatch, *, after):
    """The database gives no answer, after the work or before it."""
    once = keyed.once

    def broken(**call):
        if after:
            once(**call)
        raise OperationalError("the connection was closed")

    monkeypatch.setattr(verbs.keyed, "once", broken)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [True, False], ids=["it was done", "it was not"])
def test_where_nobody_knows_asking_again_gives_the_one_receipt(desk, me, monkeypatch, after):
    check = quote(desk, me)
    with monkeypatch.context() as fault:
        breaks(fault, after=after)
        answer = press(desk, check)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "我们正在确认，不要再收一次" in page
    assert "查这一笔" in page
    assert Settlement.objects.count() == (1 if after else 0)
    again = desk.post(check.replace("/check/", "/settle/"), {"turn": 1})
    assert again.url.startswith("/desk/receipts/")
    assert (Settlement.objects.count(), balances(me)[0]) == (1, 0)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_where_nobody_knew_and_the_quote_is_old_by_now_there_is_the_one_receipt(
    desk, me, monkeypatch, clock
):
    check = quote(desk, me)
    with monkeypatch.context() as fault:
        breaks(fault, after=True)
        press(desk, check)
    clock(minutes=11)
    again = desk.post(check.replace("/check/", "/settle/"), {"turn": 1})
    assert again.url.startswith("/desk/receipts/")
    assert (Settlement.objects.count(), balances(me)[0]) == (1, 0)
