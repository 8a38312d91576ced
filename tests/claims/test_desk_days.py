"""A provider's day at its desk: sums, pages, a file, and what goes back on the same day."""

import csv
import io
import re

import pytest
from django.db import OperationalError

from accounts.models import AuditEntry
from claims import desk as verbs
from claims import keyed, settlement
from claims.models import Refund, Settlement
from claims.selectors import days
from insurance.csv_cells import BYTE_ORDER_MARK
from tests.claims.desk_steps import settle, text
from tests.factories.claims import at_desk, balances, make_bill, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture
def receipt(desk, me, wife, by_wife):
    """700.00: 120.00 of the own account, 500.00 of the wife's, 80.00 in cash."""
    return settle(desk, me)


def back(desk, receipt, **said):
    """As far as the page that asks once more, and its button."""
    page = desk.post(f"{receipt}back/", {"reason": "退了两盒药", "key": "back-1234-5678"} | said)
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text(page))
    return page, dict(fields)


def cells(answer):
    body = b"".join(answer.streaming_content).decode()
    assert body.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(body.removeprefix(BYTE_ORDER_MARK))))


def test_part_goes_back_after_a_second_look(desk, receipt, me, wife):
    page, fields = back(desk, receipt, amount="100")
    assert ("80.00 元" in text(page), "20.00 元" in text(page)) == (True, True)
    assert not Refund.objects.exists()
    done = desk.post(f"{receipt}back/", fields)
    assert done.url == receipt
    assert "现金请当面还给病人" in text(desk.get(receipt))
    made = Refund.objects.get()
    assert (made.amount_fen, made.cash_fen, made.by_user.role) == (10_000, 8_000, "provider_clerk")
    assert (balances(me)[0], balances(wife)[0]) == (0, 2_000)
    entry = AuditEntry.objects.get(action="desk.refund")
    assert (entry.reason, entry.details) == ("退了两盒药", {"refund": made.reference})


@pytest.mark.both_databases
def test_nothing_typed_is_all_and_pressed_twice_is_once(desk, receipt, me, wife):
    _page, fields = back(desk, receipt)
    assert [desk.post(f"{receipt}back/", fields).url for _ in range(2)] == [receipt] * 2
    assert (Refund.objects.count(), balances(me)[0], balances(wife)[0]) == (1, 12_000, 50_000)
    page = text(desk.get(receipt))
    assert page.count("退好了") == 2
    assert "/back/" not in page
    assert desk.get(f"{receipt}back/").url == receipt


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"amount": "700.01"}, "最多还能退 700.00 元"),
        ({"amount": "0"}, "金额要大于 0"),
        ({"amount": "全部"}, "不是一个金额"),
        ({"reason": "错"}, "理由太短"),
        ({"reason": ""}, "请写理由"),
        ({"key": "desk-1234567890"}, "这一页不完整"),
        ({"key": "back-\x00-1234567890"}, "请改正下面 1 处"),
    ],
)
def test_what_can_not_go_back_stays_typed(desk, receipt, said, sentence):
    sent = {"amount": "12.34", "reason": "退了两盒药", "key": "back-1234-5678", "confirmed": "yes"}
    page = text(desk.post(f"{receipt}back/", sent | said))
    assert sentence in page
    assert (sent | said)["amount"] in page
    assert not Refund.objects.exists()


def test_tomorrow_it_is_too_late_at_the_desk(desk, receipt, hospital, clock):
    _page, fields = back(desk, receipt)
    clock(days=1)
    later = at_desk(hospital)
    assert "收费处只能退当天的" in text(later.get(receipt))
    assert later.get(f"{receipt}back/").url == receipt
    later.post(f"{receipt}back/", fields)
    assert "没有退" in text(later.get(receipt))
    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_where_nobody_knows_what_went_back_asking_again_says_it(desk, receipt, monkeypatch):
    _page, fields = back(desk, receipt, amount="90")
    once = keyed.once

    def broken(**call):
        once(**call)
        raise OperationalError("the connection was closed")

    with monkeypatch.context() as fault:
        fault.setattr(verbs.keyed, "once", broken)
        answer = desk.post(f"{receipt}back/", fields)
    assert answer.status_code == 503
    assert "不要再退一次" in answer.content.decode()
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert desk.post(f"{receipt}back/", again).url == receipt
    assert Refund.objects.get().amount_fen == 9_000


@pytest.mark.both_databases
def test_a_day_adds_up_and_knows_no_other_provider(desk, receipt, hospital, me):
    Settlement.objects.update(bill_no="MZ-1")
    settlement.settle(provider=hospital, patient=me, bill=make_bill(4_000, use="DRUG"))
    settlement.settle(provider=make_provider(), patient=me, bill=make_bill(9_900, bill_no="ELSE-1"))
    desk.post(f"{receipt}back/", back(desk, receipt, amount="180")[1])
    answer = desk.get("/desk/days/")
    page, found = text(answer), answer.context["found"]
    assert (found.totals.paid_fen, found.totals.back_fen, found.totals.net_fen) == (
        62_000,
        10_000,
        52_000,
    )
    assert [(one.totals.use, one.totals.paid_fen, one.totals.back_fen) for one in found.uses] == [
        ("CARE", 62_000, 10_000),
        ("DRUG", 0, 0),
    ]
    assert "520.00 元" in page
    assert ("MZ-1" in page, "ELSE-1" in page, "张" in page.split("<main")[1]) == (
        True,
        False,
        False,
    )


def test_a_long_day_has_pages(desk, hospital, me, monkeypatch):
    monkeypatch.setattr(days, "PAGE_ROWS", 2)
    for number in range(3):
        settlement.settle(
            provider=hospital, patient=me, bill=make_bill(100, bill_no=f"MZ-{number}")
        )
    first = desk.get("/desk/days/?day=2026-11-16")
    after = first.context["after_url"]
    assert ("MZ-1" in text(first), "MZ-2" in text(first)) == (True, False)
    second = text(desk.get(f"/desk/days/{after}"))
    assert ("MZ-1" in second, "MZ-2" in second) == (False, True)
    assert "3 笔" in second


def test_the_file_has_a_line_for_each_and_no_formula(desk, receipt, monkeypatch):
    desk.post(f"{receipt}back/", back(desk, receipt, amount="180")[1])
    Settlement.objects.update(bill_no="=cmd()")
    answer = desk.get("/desk/days/csv/?day=2026-11-16")
    assert answer["Content-Disposition"] == 'attachment; filename="day-2026-11-16.csv"'
    assert "no-store" in answer["Cache-Control"]
    _head, came, went = cells(answer)
    assert (came[0], came[3], came[6:]) == ("结算", "'=cmd()", ["700.00", "620.00", "80.00"])
    assert (went[0], went[3], went[6:]) == ("退费", "'=cmd()", ["-180.00", "-100.00", "-80.00"])
    assert went[2] == Refund.objects.get().reference


@pytest.mark.parametrize("query", ["?day=2026-11-15", "?day=nonsense", "?after=x&refunds_after=9"])
def test_another_day_or_no_day_is_a_page_too(desk, query):
    assert "没有结算，也没有退费" in text(desk.get(f"/desk/days/{query}"))
