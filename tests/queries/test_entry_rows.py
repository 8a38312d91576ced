"""The rows of a statement: each says what it is, links to itself, and escapes what came from outside."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from insurance.holdings import AccountLine
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from queries.selectors.statement import Row
from queries.templatetags.entry_rows import entry_rows

PART = AccountLine(
    id=1,
    key="whole",
    label="",
    area_code="",
    area="",
    balance_fen=0,
    reserved_fen=0,
    held_fen=0,
    last_sequence=0,
    last_posted_at=None,
    opened_on=dt.date(2021, 1, 1),
    closed_on=None,
    imported_at=None,
)
CREDIT = Row(
    account_id=1,
    sequence=7,
    kind=EntryKind.CREDIT_OWN,
    posted_at=dt.datetime(2026, 1, 31, 17, 30, tzinfo=dt.UTC),
    amount_fen=123456,
    reserved_change_fen=0,
    held_change_fen=0,
    balance_after_fen=9900,
    for_month=Month.of(2026, 1),
    place="",
    user="",
    reverses=None,
    reversed_by=None,
    receipt="",
)


def said(*rows, part=PART):
    return entry_rows(rows, part)


def test_a_row_is_what_a_template_would_have_made():
    assert said(CREDIT) == (
        '<tr>\n<th scope="row"><time datetime="2026-02-01">2026年2月1日</time></th>\n'
        '<td class="what"><a href="/balance/statement/7/?part=whole">本人缴费打入</a>\n'
        '<span class="about"><span>2026年1月的钱</span></span></td>\n'
        '<td class="num" data-label="金额">+1,234.56</td>\n'
        '<td class="num" data-label="余额">99.00</td>\n</tr>\n'
    )


def test_each_row_says_its_own():
    visit = replace(
        CREDIT,
        sequence=8,
        kind=EntryKind.SPEND_AID,
        amount_fen=-100,
        for_month=None,
        user="李**",
        place="医院",
        reversed_by=9,
    )
    first, second = said(CREDIT, visit).split("</tr>")[:2]
    assert ("/7/" in first, "李**" in first, "已更正" in first) == (True, False, False)
    assert "/8/?part=whole" in second
    assert "<span>李** 使用</span><span>医院</span>" in second
    assert "−1.00" in second
    assert "已更正" in second
    assert "的钱" not in second


def test_what_came_from_outside_is_escaped():
    visit = replace(CREDIT, user="<i>", place="<script>")
    shown = said(visit, part=replace(PART, key='"><b>'))
    assert not [tag for tag in ("<i>", "<script>", "<b>") if tag in shown]


def test_a_correction_names_its_entry():
    assert "<span>更正第 3 笔</span>" in said(replace(CREDIT, reverses=3, for_month=None))


@pytest.mark.parametrize(("change", "words"), [(5000, "留出 50.00"), (-5000, "退回 50.00")])
def test_where_no_money_moved_the_row_says_what_did(change, words):
    assert words in said(replace(CREDIT, amount_fen=0, reserved_change_fen=change))


def test_paper_has_no_links():
    assert "<a " not in said(CREDIT, part=None)


def test_every_row_is_in_the_language_of_its_page():
    chinese = said(CREDIT)
    with translation.override("en"):
        english = said(CREDIT)
    assert "1 February 2026" in english
    assert "2026年2月1日" in chinese
    assert "打入" not in english


def test_a_link_leads_to_the_part_that_the_row_stands_in():
    assert 'href="/balance/statement/7/?part=wallet"' in said(
        CREDIT, part=replace(PART, key="wallet")
    )
