"""Nobody acts for somebody who isn't there: the card with a code the clerk never sees, or the papers."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts import limits
from accounts.models import AuditEntry, IdentifierKind, LoginIdentifier, OneTimeCode, SmsMessage
from accounts.roles import Role
from family import presence
from family.models import Binding
from family.presence import Presence
from insurance import register
from tests.factories import agreeing
from tests.factories.accounts import add_identifier, make_request
from tests.factories.agreeing import make_binding, make_member
from tests.staff.counter import (
    GROUNDS,
    ask_for_code,
    at,
    check_card,
    check_papers,
    confirm,
    desk_of,
    errors,
    open_desk,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def rules(db, fixed_day):
    agreeing.load_rules()


@pytest.fixture
def wife(rules):
    return make_member(name="李梅", born="19730405", social_security_card="D20019001")


@pytest.fixture
def husband(rules):
    return make_member(social_security_card="D20019002")


def proofs():
    return list(
        AuditEntry.objects.filter(action__startswith="counter.presence")
        .order_by("pk")
        .values_list("action", "details")
    )


def wrong_tail(person):
    return f"{(int(person.id_number[-4:-1]) + 1) % 1000:03d}1"


def test_without_a_reason_and_a_proof_no_page_of_the_window_opens(clerk, husband, wife):
    waiting = agreeing.propose(husband, wife)
    pages = ("propose/?side=giver", f"answer/{waiting.reference}/", "order/", "grant/", "guardian/")
    for page in pages:
        assert clerk.get(at(wife, page)).url == desk_of(wife)
    open_desk(clerk, wife)
    for page in pages:
        assert clerk.post(at(wife, page), {"answer": "yes"}).url == at(wife, "presence/")
    check_papers(clerk, wife)
    assert clerk.get(at(wife, f"answer/{waiting.reference}/")).status_code == 200
    open_desk(clerk, husband)
    assert clerk.get(at(husband, "propose/")).url == at(husband, "presence/")
    assert Binding.objects.get().state == "waiting"


def test_a_proof_ends_after_half_an_hour_and_when_the_person_leaves(clerk, wife):
    check_papers(clerk, wife)
    assert clerk.get(at(wife, "propose/")).status_code == 200
    clerk.post(at(wife, "leave/"))
    assert clerk.get(at(wife, "propose/")).url == at(wife, "presence/")
    request = make_request(user=clerk.user)
    shown = Presence(how="identity_check", grounds=GROUNDS)
    presence.keep(request, person=wife, presence=shown, clerk=clerk.user)
    assert presence.of(request, wife) == shown
    for minutes, there in ((29, True), (31, False), (-1, False)):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes), tick=False):
            assert (presence.of(request, wife) is not None) is there, minutes


def test_the_card_and_the_code_on_the_phone_prove_it_and_the_clerk_sees_no_code(clerk, wife):
    open_desk(clerk, wife)
    sent = {"way": "code", "card": "D20019001", "grounds": GROUNDS}
    page = clerk.post(at(wife, "presence/"), sent).content.decode()
    message = SmsMessage.objects.get()
    code = message.body[:6]
    assert (message.phone, "医保窗口" in message.body) == (wife.phone, True)
    assert code not in page
    assert wife.phone not in page
    assert 'value="D20019001"' in page
    wrong = clerk.post(at(wife, "presence/"), {**sent, "way": "card", "code": "135790"})
    assert errors(wrong) == ["验证码不对，或者过期了。可以再发一次。"]
    assert "135790" not in wrong.content.decode()
    right = clerk.post(at(wife, "presence/"), {**sent, "way": "card", "code": code})
    assert right.url == desk_of(wife)
    assert proofs() == [("counter.presence", {"presence": "card_and_code", "code": "phone"})]
    assert code not in str(list(AuditEntry.objects.values()))
    again = clerk.post(at(wife, "presence/"), {**sent, "way": "card", "code": code})
    assert again.status_code == 200


def test_a_code_proves_one_person_in_one_session_for_this_purpose(clerk, at_work, husband, wife):
    open_desk(clerk, husband)
    open_desk(clerk, wife)
    code = ask_for_code(clerk, husband)
    other = {"way": "card", "card": "D20019001", "code": code, "grounds": GROUNDS}
    assert clerk.post(at(wife, "presence/"), other).status_code == 200
    colleague = at_work(Role.WINDOW_CLERK, name="王五")
    open_desk(colleague, husband)
    stolen = {**other, "card": "D20019002"}
    assert colleague.post(at(husband, "presence/"), stolen).status_code == 200
    OneTimeCode.objects.update(purpose="sign_in")
    assert clerk.post(at(husband, "presence/"), stolen).status_code == 200
    OneTimeCode.objects.update(purpose="counter")
    assert clerk.post(at(husband, "presence/"), stolen).url == desk_of(husband)


def test_a_wrong_card_and_wrong_papers_prove_nothing_and_are_counted(clerk, wife):
    assert errors(check_card(clerk, wife, card="D20019009")) == ["这个卡号和来人登记的不一样。"]
    for turn in range(limits.COUNTER_PROOFS.count - 1):
        wrong = {"full_name": "李玫"} if turn else {"tail": wrong_tail(wife)}
        answer = check_papers(clerk, wife, **wrong)
        assert errors(answer) == ["姓名或者最后四位和登记的不一样，请对着证件再看一遍。"]
    blocked = check_papers(clerk, wife)
    assert "次数太多" in blocked.content.decode()
    assert "来人已经核对" not in open_desk(clerk, wife)
    assert {action for action, _details in proofs()} == {"counter.presence_fail"}


@pytest.mark.parametrize(
    "typed", [{"compared": ["valid"]}, {"grounds": "x"}, {"document": ""}, {"tail": "12"}]
)
def test_papers_that_nobody_compared_prove_nothing(clerk, wife, typed):
    assert len(errors(check_papers(clerk, wife, **typed))) == 1
    assert not proofs()


def test_whoever_has_died_does_not_come(clerk, wife):
    register.record_fact(person=wife, kind="death", from_day=dt.date(2026, 11, 1))
    assert "去世" in str(errors(check_papers(clerk, wife)))


def test_without_a_phone_no_code_is_sent_and_papers_are_looked_at(clerk, rules):
    person = make_member(name="张守业", phone="")
    person.identity_links.update(ended_at=timezone.now())
    open_desk(clerk, person)
    page = clerk.post(at(person, "presence/"), {"way": "code"}).content.decode()
    assert "发不出去" in page
    assert not SmsMessage.objects.exists()


def test_nobody_serves_themselves_or_their_family(clerk, husband, wife):
    make_binding(giver=husband, beneficiary=wife)
    add_identifier(clerk.user, IdentifierKind.ID_NUMBER, husband.id_number)
    for person in (husband, wife):
        answer = check_papers(clerk, person)
        assert answer.url == desk_of(person)
        assert "来人已经核对" not in open_desk(clerk, person)
    stranger = make_member(name="王五", born="19800101")
    assert check_papers(clerk, stranger).url == desk_of(stranger)
    assert "来人已经核对" in open_desk(clerk, stranger)


def test_a_clerk_who_is_found_out_as_family_later_presses_nothing_more(clerk, husband, wife):
    waiting = agreeing.propose(husband, wife)
    check_papers(clerk, wife)
    add_identifier(clerk.user, IdentifierKind.ID_NUMBER, wife.id_number)
    answer = confirm(clerk, wife, waiting)
    assert answer.url == desk_of(wife)
    assert Binding.objects.get().state == "waiting"
    LoginIdentifier.objects.filter(user=clerk.user).update(ended_at=timezone.now())
    assert "receipt" in confirm(clerk, wife, waiting).url
