"""The receipt of a proposal: the number, what comes next, and for a child the papers of the guardian."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import uploads
from family import evidence
from family.models import Binding
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.family.adding import WIFE, add, answer_until, at, receipt_of, text, visitor

pytestmark = pytest.mark.usefixtures("rules")
CHILD = register.make_id_number(area="340104", born="20180601", sequence=71)
SON = {
    "relation": {"relative": "child"},
    "who": {"name": "张小宝", "id_number": CHILD},
}


@pytest.fixture
def giver():
    return agreeing.make_member()


@pytest.fixture
def client(giver):
    return visitor(giver)


def photo():
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("户口簿.jpg", content.getvalue(), "image/jpeg")


def test_it_says_the_number_and_who_does_what_until_when(client):
    reference = add(client)
    page = text(client.get(receipt_of(reference)))
    assert reference.replace("-", " ") in page
    assert "2026年12月16日" in page or "最晚确认到" in page
    assert "李*" in page
    assert "等对方确认" in page
    assert WIFE not in page
    assert "李梅" not in page
    assert "带身份证到医保窗口，说受理号" in page


def test_it_gives_the_relative_no_link(client):
    page = text(client.get(receipt_of(add(client))))
    said = page[page.index('class="say"') : page.index("</p>", page.index('class="say"'))]
    assert "http" not in said
    assert "href" not in said


def test_it_can_be_kept(client, giver):
    wife = agreeing.make_member(name="李梅", born="19730405")
    reference = add(client, who={"id_number": wife.id_number})
    agreeing.confirm(Binding.objects.get(reference=reference), wife)
    page = text(visitor(giver).get(receipt_of(reference)))
    assert "可以使用" in page
    assert "等家人确认" not in page


def test_it_is_for_the_initiator_alone(client):
    wife = agreeing.make_member(name="李梅", born="19730405")
    reference = add(client, who={"id_number": wife.id_number})
    stranger = agreeing.make_member(name="王芳")
    for one in (wife, stranger):
        assert visitor(one).get(receipt_of(reference)).status_code == 404
        assert visitor(one).post(receipt_of(reference)).status_code == 404
    agreeing.confirm(Binding.objects.get(reference=reference), wife)
    assert visitor(wife).get(receipt_of(reference)).status_code == 404
    assert client.get(receipt_of("GJ-2026-1116-0000-0000-0")).status_code == 404


def test_a_child_goes_by_the_guardian(client):
    found = answer_until(client, "who", **SON)
    assert found.url == at("child")
    page = text(client.get(found.url))
    assert "孩子不满 14 岁，由监护人来办" in page
    assert "户口簿" in page
    assert at("sees") in page.replace("&amp;", "&")


def test_a_child_gives_no_money(client):
    found = answer_until(
        client,
        "who",
        side={"side": "beneficiary"},
        insured={"scheme": "employee"},
        **SON,
    )
    assert "孩子没有职工医保，不能出钱" in text(client.get(found.url))


def test_the_household_book_is_sent_with_the_receipt(client):
    reference = add(client, **SON)
    address = receipt_of(reference)
    assert "还要户口簿" in text(client.get(address))
    assert client.post(address, {"papers": [photo(), photo()]}).url == address
    kept = list(uploads.about(("family.binding", reference)))
    assert [(one.kind, one.is_picture) for one in kept] == [("household_book_giver", True)] * 2
    page = text(client.get(address))
    assert f"/{kept[0].public_id}/" in page
    assert "收到了" in page


def test_what_is_no_picture_is_refused_and_nothing_is_kept(client):
    reference = add(client, **SON)
    wrong = SimpleUploadedFile("x.jpg", b"<html>", "image/jpeg")
    page = text(client.post(receipt_of(reference), {"papers": [wrong]}))
    assert "错误：" in page
    assert not uploads.about(("family.binding", reference)).exists()
    assert "错误：" in text(client.post(receipt_of(reference), {}))


def test_more_files_than_a_case_holds_are_refused(client):
    reference = add(client, **SON)
    address = receipt_of(reference)
    for _turn in range(2):
        client.post(address, {"papers": [photo(), photo(), photo()]})
    page = text(client.post(address, {"papers": [photo()]}))
    assert "错误：" in page


def test_of_more_files_than_fit_it_says_how_many_were_kept(client):
    reference = add(client, **SON)
    address = receipt_of(reference)
    client.post(address, {"papers": [photo() for _one in range(5)]})
    page = text(client.post(address, {"papers": [photo(), photo(), photo()]}, follow=True))
    assert "收到了 1 份，另外 2 份放不下" in page
    assert uploads.about(("family.binding", reference)).count() == 6


def test_the_papers_are_the_initiators_whoever_sent_them(client, giver):
    reference = add(client, **SON)
    client.post(receipt_of(reference), {"papers": [photo()]})
    kept = uploads.about(("family.binding", reference)).get()
    assert evidence.reads(agreeing.login_of(giver), kept)
    assert not evidence.reads(agreeing.login_of(agreeing.make_member(name="王芳")), kept)


def test_nobody_else_is_asked_for_papers(client):
    reference = add(client)
    page = client.post(receipt_of(reference), {"papers": [photo()]})
    assert "户口簿" not in text(page)
    assert not uploads.about(("family.binding", reference)).exists()
