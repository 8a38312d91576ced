"""Cases that staff decide: by a second clerk, of nobody's own family, in words that both people read."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry, IdentifierKind
from accounts.roles import Role
from family import bindings, counter, words
from family.admin.forms import ApproveForm
from family.models import Binding
from insurance.models import Notice
from tests import cast
from tests.factories import agreeing
from tests.factories.accounts import add_identifier, make_staff, together
from tests.factories.agreeing import login_of, make_binding, make_guardianship, make_member
from tests.staff.counter import check_papers, confirm, errors

pytestmark = pytest.mark.usefixtures("rules")

LIST = "/admin/family/binding/cases/"
YES = {"verdict": "yes", "basis": "name_checked", "grounds": "核对了户口簿和身份证"}
NO = {
    "verdict": "no",
    "basis": "papers",
    "sentence": "户口簿上看不出你们是夫妻。",
    "clause": "《医疗保障经办管理办法》第十条",
}


@pytest.fixture
def rules(db, fixed_day):
    agreeing.load_rules()


@pytest.fixture
def wife(rules):
    return make_member(name="李梅", born="19730405", scheme="resident")


def waiting_case(wife, **fields):
    """The name was typed wrong, so a clerk has to look."""
    return agreeing.propose(make_member(**fields), wife, name="李玫")


def with_staff(wife, **fields):
    return agreeing.confirm(waiting_case(wife, **fields), wife)


def page_of(binding):
    return f"{LIST}{binding.reference}/"


def open_case(client, binding):
    client.post(page_of(binding), {"reason": "核对一件家庭共济"})
    return client.get(page_of(binding)).content.decode()


def decide(client, binding, said, **more):
    open_case(client, binding)
    return client.post(page_of(binding), {"version": binding.version, **said, **more})


def test_the_oldest_case_stands_first_and_opens_with_a_reason(clerk, wife):
    first = with_staff(wife)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1), tick=False):
        second = with_staff(wife, name="李大山", born="19500101")
    page = clerk.get(LIST).content.decode()
    assert page.index(first.reference) < page.index(second.reference)
    assert "张*国" in page
    assert "姓名" in page
    assert "李梅" not in page
    assert "为什么要查看" in clerk.get(page_of(first)).content.decode()
    page = open_case(clerk, first)
    assert f"/admin/insurance/storeddecision/{first.decision_id}/change/" in page
    assert "用钱的人登记的姓名不一样" in page
    assert "*梅 / *玫" in page
    for person in (first.giver, wife):
        looks = cast.sign_in(type(clerk)(), login_of(person)).get("/accounts/looks/")
        assert "核对一件家庭共济" in looks.content.decode()


def test_a_yes_puts_it_into_force_and_both_read_how_it_was_checked(clerk, wife):
    case = with_staff(wife)
    assert decide(clerk, case, YES).url == LIST
    done = Binding.objects.get()
    assert (done.state, done.events.latest("number").reason) == ("active", "name_checked")
    entries = AuditEntry.objects.filter(action="counter.decide", reason=YES["grounds"])
    assert {one.subject_ref for one in entries} == {str(case.giver.reference), str(wife.reference)}


def test_money_goes_no_way_by_which_no_bill_is_paid(clerk, wife):
    form = ApproveForm({**YES, "money_model": "wallet_transfer"}, asks_model=True)
    assert list(form.errors) == ["money_model"]
    offered = [key for key, _label in form.fields["money_model"].choices]
    assert offered == ["direct_debit", "limit"]


def test_who_waits_with_staff_reads_the_same_on_paper_and_on_the_site(clerk, wife):
    case = waiting_case(wife)
    check_papers(clerk, wife)
    paper = clerk.get(confirm(clerk, wife, case).url).content.decode()
    site = cast.sign_in(type(clerk)(), login_of(case.giver))
    for page in (
        paper,
        site.get("/family/").content.decode(),
        site.get(f"/family/bindings/{case.reference}/").content.decode(),
    ):
        assert page.count(str(words.CHECKED_BY_STAFF)) == 1


def test_a_no_tells_both_the_sentence_and_the_clause(clerk, wife):
    case = with_staff(wife)
    said = f"{NO['sentence']}电话 13900000001 没人接。"
    assert decide(clerk, case, NO, sentence=said).url == LIST
    assert Binding.objects.get().state == "refused"
    for person in (case.giver, wife):
        told = Notice.objects.of(person.pk).latest("pk").body
        assert "户口簿上看不出你们是夫妻。" in told
        assert "第十条" in told
        assert "13900000001" not in told
        detail = cast.sign_in(type(clerk)(), login_of(person)).get(
            f"/family/bindings/{case.reference}/"
        )
        assert "户口簿上看不出你们是夫妻。" in detail.content.decode()


@pytest.mark.parametrize("missing", ["sentence", "clause", "basis"])
def test_no_without_a_clause_and_a_plain_sentence_is_no_answer(clerk, wife, missing):
    case = with_staff(wife)
    answer = decide(clerk, case, NO, **{missing: ""})
    assert list(answer.context["form"].errors) == [missing]
    assert Binding.objects.get().state == "with_staff"


def test_a_page_that_is_older_than_the_case_decides_nothing(clerk, wife):
    case = with_staff(wife)
    answer = decide(clerk, case, YES, version=case.version - 1)
    assert "有了变化" in str(errors(answer))
    assert "有了变化" in str(errors(decide(clerk, case, YES, version="")))
    assert Binding.objects.get().state == "with_staff"
    decide(clerk, case, YES)
    late = decide(clerk, case, NO)
    assert Binding.objects.get().state == "active"
    assert "已经不在窗口核对" in str(errors(late))


def test_whoever_took_a_consent_does_not_decide(clerk, at_work, wife):
    waiting = waiting_case(wife)
    check_papers(clerk, wife)
    confirm(clerk, wife, waiting)
    case = Binding.objects.get()
    assert case.state == "with_staff"
    for said in (YES, NO):
        assert "经手" in str(errors(decide(clerk, case, said)))
    assert "verdict" not in open_case(clerk, case)
    assert Binding.objects.get().state == "with_staff"
    second = at_work(Role.WINDOW_CLERK, name="王五")
    assert decide(second, case, YES).url == LIST


def test_whoever_is_a_party_or_of_the_family_does_not_decide(at_work, wife):
    case = with_staff(wife)
    cousin = make_member(name="李小山", born="19800101")
    make_binding(giver=cousin, beneficiary=wife, relation="sibling")
    guardian = make_member(name="张守业", born="19500101")
    make_guardianship(guardian=guardian, child=case.giver)
    for person in (wife, case.giver, cousin, guardian):
        client = at_work(Role.WINDOW_CLERK, name=person.name)
        add_identifier(client.user, IdentifierKind.ID_NUMBER, person.id_number)
        for said in (YES, NO):
            assert "经手" in str(errors(decide(client, case, said)))
    assert Binding.objects.get(pk=case.pk).state == "with_staff"


def test_of_two_clerks_at_once_one_decides(clerk, at_work, wife):
    case = with_staff(wife)
    colleague = at_work(Role.WINDOW_CLERK, name="王五")
    assert decide(clerk, case, NO).url == LIST
    assert "已经不在窗口核对" in str(errors(decide(colleague, case, YES)))
    assert Binding.objects.get().state == "refused"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_in_the_same_moment_one_counts(wife):
    case = with_staff(wife)
    clerks = [make_staff(name=name) for name in ("王五", "赵六")]
    sure = {"binding": case, "version": case.version}

    def approve():
        return counter.approve(**sure, by=clerks[0], basis="name_checked", grounds="核对了")

    def refuse():
        said = {"sentence": NO["sentence"], "clause": NO["clause"]}
        return counter.refuse(**sure, by=clerks[1], basis="papers", **said)

    results = together(approve, refuse)
    failed = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in failed] == [bindings.Stale]
    assert case.events.filter(move__in=["approve", "refuse"]).count() == 1
    assert AuditEntry.objects.filter(action="counter.decide").count() == 2


def test_whatever_was_typed_is_shown_as_letters(clerk, wife):
    case = with_staff(wife)
    evil = "<img src=x onerror=alert(1)>户口簿看不出"
    answer = decide(clerk, case, NO, sentence=evil, clause="")
    assert "<img" not in answer.content.decode()
    decide(clerk, case, NO, sentence=evil, clause="<b>第十条</b>")
    page = open_case(clerk, case)
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "<b>第" not in page
    event = case.events.latest("number")
    row = f"/admin/family/bindingevent/{event.pk}/change/"
    assert "<img src=x" not in clerk.get(row).content.decode()
