"""A settlement as the families see it: the patient everything, a giver the own part, a stranger nothing."""

import re

import pytest

from claims import refunds, settlement
from family.models import GrantKind
from insurance.models import Notice
from tests.claims.desk_steps import text
from tests.factories.agreeing import make_guardianship
from tests.factories.claims import insured, make_bill, visitor
from tests.factories.family import make_binding, make_grant
from tests.factories.insurance import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(hospital, me, wife, father, by_father):
    """100.00 more than all have: 120.00, 500.00 and 70.00 of them, and 100.00 in cash."""
    return settlement.settle(provider=hospital, patient=me, bill=make_bill(79_000))


def page_of(made):
    return f"/settlements/{made.reference}/"


def lines(page):
    """(who, how much) in turn."""
    turns = page.partition('<ol class="turns">')[2].partition("</ol>")[0]
    plain = re.sub(r"<[^>]+>", "", turns)
    return re.findall(r"(\S+?) .*?(付了 [\d.,]+ 元|没有付)", plain)


@pytest.mark.both_databases
def test_the_patient_reads_payer_by_payer_and_why(made, me):
    page = text(visitor(me).get(page_of(made)))
    assert lines(page) == [
        ("您自己的账户", "付了 120.00 元"),
        ("李*", "付了 500.00 元"),
        ("张**子", "付了 70.00 元"),
    ]
    assert "能用的余额用完了" in page
    assert "还差 100.00 元，由您付现金" in page
    assert "照当时定的顺序（第 2 版）" in page
    assert made.reference.replace("-", " ") in page


def test_who_was_not_needed_and_who_could_not_pay_is_told(
    hospital, me, wife, father, by_wife, by_father
):
    by_wife.state, by_wife.paused_by = "paused", "giver"
    by_wife.save()
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(12_500))
    page = text(visitor(me).get(page_of(made)))
    assert [one for _who, one in lines(page)] == ["付了 120.00 元", "没有付", "付了 5.00 元"]
    assert "已暂停" in page
    assert "到这里，账单付清了" in page
    assert "账户付清了，没有用现金" in page
    assert "后来退费" not in page


def test_a_giver_with_two_accounts_is_one_line(hospital, me, rules):
    aunt = insured(name="张春", balance_fen=3_000, part="prior_years")
    make_account(person=aunt, balance_fen=4_000, part="current_year")
    make_binding(giver=aunt, beneficiary=me)
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(18_000))
    refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=5_000)
    page = text(visitor(me).get(page_of(made)))
    assert lines(page) == [("您自己的账户", "付了 120.00 元"), ("张*", "付了 60.00 元")]
    assert "后来退回 50.00 元" in page
    assert made.deductions.count() == 3


@pytest.mark.both_databases
def test_what_went_back_stands_there_and_its_number_leads_there(made, hospital, me, wife):
    back = refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=18_000, by_key=None)
    client = visitor(me)
    assert client.get(f"/settlements/{back.reference}/").url == page_of(made)
    page = text(client.get(page_of(made)))
    assert "<dt>后来退费</dt><dd>180.00 元</dd>" in page
    assert "后来退回 70.00 元" in page
    assert "后来退回 10.00 元" in page
    hers = text(visitor(wife).get(f"/settlements/{back.reference}/", follow=True))
    assert "退回您的账户" in hers
    assert "10.00 元，2026年11月16日" in hers


def test_a_giver_reads_the_own_part_and_nothing_else(made, hospital, wife, by_wife):
    page = text(visitor(wife).get(page_of(made)))
    for one in ("500.00 元", "张*国", "定点医疗机构", "2026年11月16日", by_wife.reference):
        assert one in page
    main = page.partition("<main")[2]
    assert not re.search(
        f"{hospital.name}|{made.bill_no}|790|120\\.00|70\\.00|100\\.00|看病的自付", main
    )


def test_a_stranger_finds_nothing(made, me, hospital):
    stranger = visitor(insured(name="王五", balance_fen=5))
    other = settlement.settle(provider=hospital, patient=insured(name="赵六"), bill=make_bill(5))
    back = refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=5)
    for path in (
        page_of(made),
        f"/settlements/{back.reference}/",
        "/settlements/GJ-2026-1116-0000-0000-1/",
        "/settlements/x/",
    ):
        assert stranger.get(path).status_code == 404
    assert visitor(me).get(page_of(other)).status_code == 404


def test_a_guardian_reads_a_childs_and_nobody_else_does(hospital, me, rules):
    child = insured(name="张小宝", balance_fen=900)
    made = settlement.settle(provider=hospital, patient=child, bill=make_bill(500))
    client = visitor(me)
    assert client.get(f"{page_of(made)}?for={child.reference}").status_code == 404
    make_guardianship(guardian=me, child=child)
    page = text(client.get(f"{page_of(made)}?for={child.reference}"))
    assert lines(page) == [("本人的账户", "付了 5.00 元")]
    assert client.get(page_of(made)).status_code == 404
    other = insured(name="王五", balance_fen=900)
    make_grant(owner=other, helper=me, kind=GrantKind.ACT_FAMILY)
    his = settlement.settle(provider=hospital, patient=other, bill=make_bill(500))
    assert client.get(f"{page_of(his)}?for={other.reference}").status_code == 404


def test_the_statement_and_the_inbox_lead_there(made, me, wife):
    for person in (me, wife):
        client = visitor(person)
        entry = re.search(
            r"/balance/statement/\d+/\?part=whole", text(client.get("/balance/statement/"))
        )
        assert page_of(made) in text(client.get(entry[0].replace("&amp;", "&")))
        assert page_of(made) in text(client.get("/notices/"))
    assert {one.link for one in Notice.objects.filter(kind__startswith="claims.")} == {
        page_of(made)
    }
