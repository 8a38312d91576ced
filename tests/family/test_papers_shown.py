"""The papers of a case on the page of the binding: each for those whom it concerns, and nobody else."""

import pytest

from accounts.models import Upload
from family import evidence
from family.moves import Side
from tests.factories import family as short
from tests.factories.accounts import make_staff
from tests.factories.agreeing import make_binding, make_guardianship, make_member
from tests.factories.files import picture, sent
from tests.family.visiting import page, text, visitor

pytestmark = pytest.mark.usefixtures("rules")
TITLE, BOOK = "交过的材料", "户口簿"


def take_in(binding, side, kind=evidence.BOOK):
    return evidence.store(
        binding=binding, side=side, kind=kind, file=sent(picture()), by=make_staff()
    )


def test_what_the_window_took_in_for_one_side_that_side_opens_and_the_other_does_not_see(
    husband, wife
):
    made = make_binding(giver=husband, beneficiary=wife)
    assert TITLE not in text(visitor(husband).get(page(made)))
    upload = take_in(made, Side.GIVER)
    html = text(visitor(husband).get(page(made)))
    assert TITLE in html
    assert f"{BOOK}（出钱的人）" in html
    assert "2026年11月16日" in html.partition(TITLE)[2].partition("</section>")[0]
    assert "只有您和医保窗口能看" in html
    address = f"/accounts/uploads/{upload.public_id}/"
    assert f'href="{address}"' in html
    assert visitor(husband).get(address).status_code == 200
    assert TITLE not in text(visitor(wife).get(page(made)))
    assert visitor(wife).get(address).status_code == 404


def test_of_a_child_the_guardian_sees_them_too_and_a_helper_none(husband, wife):
    child = make_member(name="张小宝", born="20110301", scheme="resident")
    made = short.make_binding(giver=husband, beneficiary=child, relation="child")
    make_guardianship(guardian=wife, child=child)
    take_in(made, Side.BENEFICIARY)
    for person, query in ((child, ""), (wife, f"?for={child.reference}")):
        assert "孩子本人、监护人和医保窗口能看" in text(visitor(person).get(page(made) + query))
    assert TITLE not in text(visitor(husband).get(page(made)))
    helper = make_member(name="李小红", born="19900102")
    short.make_grant(owner=husband, helper=helper, kind="act_family")
    take_in(made, Side.GIVER)
    assert TITLE not in text(visitor(helper).get(f"{page(made)}?for={husband.reference}"))


def test_what_waits_for_the_scanner_is_named_without_a_way_in(husband, wife, monkeypatch):
    monkeypatch.setattr("accounts.uploads._state_after", lambda scanner, data: Upload.State.HELD)
    made = make_binding(giver=husband, beneficiary=wife)
    upload = take_in(made, Side.GIVER, evidence.LETTER)
    html = text(visitor(husband).get(page(made)))
    assert "签了名的承诺书" in html
    assert "等病毒检查" in html
    assert str(upload.public_id) not in html
