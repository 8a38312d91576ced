"""The pages about whose money comes first, and about what the other side sees."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.limits import ASK_WHO_PAYS
from accounts.models import AuditEntry, User
from accounts.roles import Role
from family import orders
from family.models import Binding, Channel, OrderVersion
from family.moves import State
from insurance.models import IdentityLink
from insurance.models.ledger import EntryKind
from tests.conftest import FIXED_MOMENT
from tests.factories import insurance as register
from tests.factories.family import make_binding, make_insured
from tests.factories.reading import make_citizen, sign_in
from tests.family.rules import rules_to_turn

pytestmark = pytest.mark.django_db
ORDER = "/family/order/"
BILL = {"bill": "300.00", "use": "CARE"}


@pytest.fixture(autouse=True)
def turn(monkeypatch, fixed_day):
    return rules_to_turn(monkeypatch)


@pytest.fixture
def me(db):
    return make_insured(balance_fen=120_00, name="张建国")


@pytest.fixture
def payers(me):
    """Wife and father; she agreed to amounts."""
    wife = make_insured(name="李春梅", balance_fen=5_000_00)
    father = make_insured(name="张老汉", balance_fen=150_00)
    return [
        make_binding(giver=wife, beneficiary=me, shows_amounts=True),
        make_binding(giver=father, beneficiary=me, relation="child"),
    ]


@pytest.fixture
def page(client, me):
    return sign_in(client, make_citizen(person=me))


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def names(shown):
    return re.findall(r'payer-name"[^>]*>([^<]+)<|payer-who payer-name">([^<]+)<', shown)


def listed(shown):
    return [one or other for one, other in names(shown)]


def test_the_list_stands_in_its_order_with_buttons_that_move(page, payers):
    shown = text(page.get(ORDER))
    assert listed(shown) == ["李*梅", "张*汉"]
    assert re.findall(r'value="((?:up|down)-\d)"', shown) == ["down-1", "up-2"]
    assert "保存这个顺序" not in shown


def test_moving_saves_nothing_and_keeps_the_new_order_in_the_address(page, me, payers):
    answer = page.post(ORDER, {"do": "down-1"})
    assert answer.status_code == 302
    assert answer.url == "/family/order/?version=2&places=2.1#place-2"
    shown = text(page.get(answer.url))
    assert listed(shown) == ["张*汉", "李*梅"]
    assert "新的顺序还没有保存" in shown
    assert orders.current(me.pk) == tuple(one.pk for one in payers)
    # Back to where it was, by moving again
    back = page.post(answer.url, {"do": "up-2"})
    assert back.url == "/family/order/?version=2&places=1.2#place-1"


@pytest.mark.parametrize("do", ["up-1", "down-2", "up-9", "down-0"])
def test_who_is_first_or_last_stays_where_they_are(page, payers, do):
    assert "places=1.2#" in page.post(ORDER, {"do": do}).url


@pytest.mark.parametrize("do", ["", "up-", "up-x", "sideways-1", "save-1", "up-²"])
def test_a_button_that_is_not_there_does_nothing(page, me, payers, do):
    assert listed(text(page.post(ORDER, {"do": do}))) == ["李*梅", "张*汉"]
    assert OrderVersion.objects.count() == 2


def test_a_preview_stands_before_saving_and_saves_nothing(page, me, payers):
    turned = f"{ORDER}?version=2&places=2.1"
    shown = text(page.post(turned, {"do": "preview"} | BILL))
    assert listed(shown) == ["您自己的个人账户", "张*汉", "李*梅"]
    assert "付 120.00 元" in shown
    assert "最多付 80.00 元" in shown
    assert "不一定够" in shown
    assert "150.00" not in shown
    assert "保存这个顺序" in shown
    assert OrderVersion.objects.count() == 2


def test_saving_makes_a_version_and_leads_to_its_receipt(page, me, payers):
    answer = page.post(f"{ORDER}?version=2&places=2.1", {"do": "save"})
    assert answer.url == "/family/order/versions/3/"
    shown = text(page.get(answer.url))
    assert listed(shown) == ["张*汉", "李*梅"]
    assert "撤销这次更改" in shown
    assert orders.current(me.pk) == (payers[1].pk, payers[0].pk)
    by = OrderVersion.objects.get(number=3).acted_by
    assert by == IdentityLink.objects.get(person=me).user


def test_undo_from_the_receipt_within_ten_minutes(page, me, payers):
    page.post(f"{ORDER}?version=2&places=2.1", {"do": "save"})
    answer = page.post("/family/order/undo/", {"version": "3"})
    assert answer.url == "/family/order/versions/4/"
    assert orders.current(me.pk) == tuple(one.pk for one in payers)
    shown = text(page.post("/family/order/undo/", {"version": "3"}, follow=True))
    assert "现在不能撤销了" in shown
    assert page.get("/family/order/undo/").status_code == 405


def test_ten_minutes_later_the_receipt_is_history(page, payers):
    page.post(f"{ORDER}?version=2&places=2.1", {"do": "save"})
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(minutes=10), tick=False):
        assert "撤销这次更改" not in text(page.get("/family/order/versions/3/"))
        assert "现在不能撤销了" in text(
            page.post("/family/order/undo/", {"version": "3"}, follow=True)
        )


def test_every_version_stays_to_be_read(page, payers):
    page.post(f"{ORDER}?version=2&places=2.1", {"do": "save"})
    shown = text(page.get("/family/order/versions/"))
    assert re.findall(r"第 (\d) 版", shown) == ["3", "2", "1"]
    assert "以前的顺序：第 2 版" in text(page.get("/family/order/versions/2/"))
    assert "撤销" not in text(page.get("/family/order/versions/2/"))


def test_a_long_history_goes_on_on_the_next_page(page, me, payers):
    for number in range(12):
        for verb in (orders.remove, orders.append):
            verb(person_id=me.pk, binding_id=payers[number % 2].pk, channel=Channel.WEB)
    first = text(page.get("/family/order/versions/"))
    assert re.findall(r"第 (\d+) 版", first)[-1] == "7"
    assert '"/family/order/versions/?before=7"' in first
    assert re.findall(r"第 (\d) 版", text(page.get("/family/order/versions/?before=7"))) == [
        *"654321"
    ]


@pytest.mark.parametrize(
    "query",
    [
        *("places=2.1", "version=1&places=2.1", "version=x&places=2.1", "version=2&places=2.2"),
        *(
            "version=2&places=1",
            "version=2&places=1.2.3",
            "version=2&places=",
            "version=2&places=a.b",
        ),
    ],
)
def test_an_order_that_does_not_fit_the_list_is_shown_and_saved_by_nobody(page, me, payers, query):
    path = f"{ORDER}?{query}"
    assert "顺序在别处改过了" in text(page.get(path))
    for do in ("save", "preview", "up-2"):
        shown = text(page.post(path, {"do": do} | BILL), status=409)
        assert listed(shown) == ["李*梅", "张*汉"]
    assert OrderVersion.objects.count() == 2


def test_a_list_changed_meanwhile_is_not_saved_over(page, me, payers, monkeypatch):
    def stale(**more):
        raise orders.Stale(7)

    monkeypatch.setattr(orders, "reorder", stale)
    shown = text(page.post(f"{ORDER}?version=2&places=2.1", {"do": "save"}), status=409)
    assert "刚才那一页是旧的" in shown


def test_bad_input_stays_in_the_field_and_costs_no_question(page, payers):
    path = f"{ORDER}?version=2&places=2.1"
    shown = text(page.post(path, {"do": "preview", "bill": "三百", "use": "CARE"}))
    assert "<title>错误：" in shown
    assert 'value="三百"' in shown
    assert listed(shown) == ["张*汉", "李*梅"]
    assert not AuditEntry.objects.filter(action="payers.ask").exists()


def test_when_the_questions_are_used_up_one_can_still_save(page, me, payers):
    path = f"{ORDER}?version=2&places=2.1"
    for _ in range(ASK_WHO_PAYS.count):
        text(page.post(path, {"do": "preview"} | BILL))
    shown = text(page.post(path, {"do": "preview"} | BILL), status=429)
    assert "今天的用完了" in shown
    assert "120.00" not in shown
    assert page.post(path, {"do": "save"}).status_code == 302


def test_nobody_without_payers_has_anything_to_order(page, me):
    shown = text(page.get(ORDER))
    assert "没有家人出钱给您用" in shown
    assert text(page.post(ORDER, {"do": "save"}), status=409)
    assert "还没有过顺序" in text(page.get("/family/order/versions/"))


def test_a_paused_payer_keeps_its_place_and_says_so(page, me, payers):
    Binding.objects.filter(pk=payers[0].pk).update(state=State.PAUSED, paused_by="giver")
    assert "已暂停" in text(page.get(ORDER))


def test_the_versions_of_others_are_not_there(page, payers):
    other = make_insured()
    for _ in range(3):
        make_binding(giver=make_insured(), beneficiary=other)
    for number in ("3", "0", "9" * 30):
        assert page.get(f"/family/order/versions/{number}/").status_code == 404


@pytest.mark.parametrize("path", [ORDER, "/family/order/versions/", "/family/who-pays/"])
def test_the_pages_are_for_citizens_who_signed_in(client, path):
    assert client.get(path).url.startswith("/accounts/sign-in/")
    clerk = User(name="窗口", role=Role.WINDOW_CLERK)
    clerk.set_unusable_password()
    clerk.save()
    assert sign_in(client, clerk).get(path).status_code == 403


def test_one_payer_and_fifty_cost_the_same(page, me):
    def cost(number):
        found = {}
        for path in (ORDER, "/family/order/versions/", f"/family/order/versions/{number}/"):
            with CaptureQueriesContext(connection) as made:
                text(page.get(path))
            found[path.replace(str(number), "n")] = len(made)
        asked = {"do": "preview"} | BILL
        with CaptureQueriesContext(connection) as made:
            text(page.post(ORDER, asked))
        return found | {"preview": len(made)}

    make_binding(giver=make_insured(name="李春梅"), beneficiary=me)
    cost(1)  # the counter of questions is made
    few = cost(1)
    for _ in range(49):
        make_binding(giver=make_insured(name="李春梅"), beneficiary=me)
    assert cost(50) == few
    assert max(few[path] for path in few if path != "preview") <= 8


# --- what the other side sees


def seen(binding):
    return f"/family/seen/{binding.reference}/"


def as_giver(client, binding):
    return sign_in(client, make_citizen(person=binding.giver))


def test_a_giver_reads_what_the_beneficiary_reads_of_them(client, me, payers):
    father = payers[1]
    shown = text(as_giver(client, father).get(seen(father)))
    assert listed(shown) == ["张*汉"]
    assert "不一定够" in shown
    assert "没有同意显示金额" in shown
    assert "120.00" not in shown
    assert "李" not in shown
    line = re.search(r"<li>\s*<span class=\"payer-place\".*?</li>", shown, re.DOTALL).group()
    asked = sign_in(client, make_citizen(person=me)).post(
        f"{ORDER}?version=2&places=2.1", {"do": "preview"} | BILL
    )
    theirs = text(asked)
    # Number two of both: what stands on the other side's own page, letter by letter.
    assert "第 3 位" in line
    assert line.replace("3", "2") in theirs


def test_a_giver_who_agreed_reads_the_amount(client, me, payers):
    shown = text(as_giver(client, payers[0]).get(seen(payers[0])))
    assert "付 300.00 元" in shown
    assert "您同意了显示金额" in shown


def test_only_the_giver_reads_why_their_account_pays_nothing(client, me, payers):
    register.make_fact(person=payers[0].giver)
    shown = text(as_giver(client, payers[0]).get(seen(payers[0])))
    assert "您的账户被冻结了" in shown
    page = sign_in(client, make_citizen(person=me))
    theirs = text(page.post(ORDER, {"do": "preview"} | BILL))
    assert "冻结" not in theirs
    assert "现在付不了" in theirs


def test_a_beneficiary_reads_what_the_giver_reads_of_them(page, client, me, payers):
    account = payers[0].giver.accounts.get()
    assert "您还没有用过对方的钱" in text(page.get(seen(payers[0])))
    register.post(account, EntryKind.SPEND_AID, -42_50, place="定点药店", used_by=me)
    register.post(account, EntryKind.SPEND_AID, -77_77, place="定点医院", used_by=make_insured())
    register.post(account, EntryKind.SPEND_DRUG, -88_88, place="定点药店")
    shown = text(page.get(seen(payers[0])))
    assert "42.50 元" in shown
    assert "定点药店" in shown
    assert "张*国" in shown
    assert "77.77" not in shown
    assert "88.88" not in shown
    assert "4," not in shown, "the giver's balance"
    table = re.search(r"<table.*?</table>", shown, re.DOTALL).group()
    theirs = text(as_giver(client, payers[0]).get(f"/family/bindings/{payers[0].reference}/"))
    assert table in theirs


def test_a_binding_nobody_answered_shows_nothing(client, me):
    waiting = make_binding(
        giver=me, beneficiary=None, state=State.WAITING, consents=(), listed=False
    )
    shown = text(sign_in(client, make_citizen(person=me)).get(seen(waiting)))
    assert "什么也看不到" in shown


def test_what_is_between_others_is_not_there(page, payers):
    foreign = make_binding(giver=make_insured(), beneficiary=make_insured())
    for reference in (foreign.reference, "GJ-2026-0101-0000-0000-0", "x"):
        assert page.get(f"/family/seen/{reference}/").status_code == 404
