"""The code on the patient's own screen."""

import re

import pytest
import segno
from django.test import Client

from accounts.models import AuditEntry
from claims import qr_code, vouchers
from claims.models import EVoucher
from family.models import GrantKind
from tests.claims.desk_steps import text
from tests.factories.agreeing import make_guardianship
from tests.factories.claims import insured, visitor
from tests.factories.family import make_grant

pytestmark = pytest.mark.django_db


def shown(page):
    return "".join(re.findall(r"<span>([0-9A-Z]{4})</span>", page))


def test_the_code_is_of_whoever_looks_and_new_each_time(rules, me):
    client = visitor(me)
    answer = client.get("/voucher/")
    first, second = shown(text(answer)), shown(text(client.get("/voucher/")))
    assert len({first, second}) == 2
    assert [vouchers.peek(one) for one in (first, second)] == [me, me]
    assert "no-store" in answer["Cache-Control"]
    for one in ("60 秒内有效，只能用一次", "不要发给别人", "换一个新的"):
        assert one in text(answer)
    assert first not in str(EVoucher.objects.values())


def test_the_picture_says_the_code():
    text = "ABCDEFGH2345"
    picture = qr_code.draw(text)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", picture.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    matrix = segno.make(text, error="m", micro=False).matrix
    wanted = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
    assert dark == wanted
    assert picture.side == len(matrix) + 8


def test_a_guardian_shows_a_childs_code_and_it_is_written_down(rules, me):
    child = insured(name="张小宝")
    make_guardianship(guardian=me, child=child)
    page = text(visitor(me).get(f"/voucher/?for={child.reference}"))
    assert vouchers.peek(shown(page)) == child
    assert "张*宝 的医保码" in page
    assert AuditEntry.objects.filter(subject_ref=str(child.reference)).exists()


def test_nobody_else_shows_it(rules, me, wife):
    make_grant(owner=wife, helper=me, kind=GrantKind.ACT_FAMILY)
    client = visitor(me)
    for other in (wife, insured(name="王五")):
        assert client.get(f"/voucher/?for={other.reference}").status_code == 404
    assert not EVoucher.objects.exists()
    assert Client().get("/voucher/").url.startswith("/accounts/sign-in/")
    assert client.post("/voucher/").status_code == 405
