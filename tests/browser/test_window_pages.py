"""A father without a phone and his daughter at the window, as the clerk's browser shows it."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from family import references
from family.models import Binding
from tests.browser import inspection
from tests.browser.modes import MODES
from tests.factories import accounts, agreeing, files

WINDOW = [mode for mode in MODES if mode.name in ("desktop", "phone", "elder")]


@pytest.fixture
def father(db):
    agreeing.load_rules()
    found = agreeing.make_member(name="张守业", born="19520304", phone="")
    found.identity_links.update(ended_at=timezone.now())
    return found


class Clerk:
    """One tab, and what was wrong on the pages it showed."""

    def __init__(self, tab, listener, mode):
        self.tab, self.listener, self.mode = tab, listener, mode
        self.faults = []

    def look(self):
        found = self.listener.take() + list(inspection.accessibility(self.tab, self.mode))
        self.listener.take()  # what axe itself logs
        if self.tab.locator("h1").count() != 1:
            found.append("not one h1")
        self.faults += [f"{self.tab.title()}: {one}" for one in inspection.folded(found)]

    def press(self, words):
        self.go(self.tab.get_by_role("button", name=words))

    def follow(self, words):
        self.go(self.tab.get_by_role("link", name=words).first)

    def go(self, what):
        # A click alone comes back while the old page is being taken down.
        with self.tab.expect_navigation():
            what.click()
        self.look()

    def sign(self, name):
        self.tab.get_by_label("承诺书上签的姓名").fill(name)
        self.tab.get_by_label("没有带证明").check()
        letter = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": files.picture()}
        self.tab.get_by_label("签了名的承诺书").set_input_files(letter)


@pytest.mark.parametrize("mode", WINDOW, ids=lambda mode: mode.name)
def test_a_father_asks_and_takes_his_receipt(mode, visit, live_server, father):
    daughter = agreeing.make_member(name="张小丽", born="19790506")
    tab = visit(mode, user=accounts.make_staff(role=Role.WINDOW_CLERK)).new_page()
    clerk = Clerk(tab, inspection.Listener(tab, live_server.url), mode)
    tab.goto(f"/admin/family/binding/person/{father.pk}/")
    tab.get_by_label("理由").fill("本人到窗口办家庭共济")
    clerk.press("查看")
    clerk.follow("核对来人")
    tab.get_by_label("居民身份证", exact=True).check()
    tab.get_by_label("证件上的姓名").fill(father.name)
    tab.get_by_label("证件号码的最后四位").fill(father.id_number[-4:])
    clerk.press("证件核对好了")
    tab.get_by_label("证件上的照片").check()
    tab.locator("#paper_grounds").fill("本人带身份证到窗口，要和女儿共用")
    clerk.press("证件核对好了")
    clerk.follow("来人用家人的钱")
    tab.get_by_label("子女", exact=False).first.check()
    tab.get_by_label("不清楚", exact=False).first.check()
    tab.get_by_label("家人的姓名").fill(daughter.name)
    tab.get_by_label("家人的身份证号").fill(daughter.id_number)
    clerk.press("下一步")
    clerk.sign("张守")
    clerk.press("签好了")
    clerk.sign("张守业")
    clerk.press("签好了")
    made = Binding.objects.get()
    tab.get_by_text(references.grouped(made.reference)).wait_for()
    clerk.follow("家人共用")
    clerk.follow("撤回")
    assert not clerk.faults, "\n".join(clerk.faults)


def test_a_case_is_decided_in_the_browser(visit, live_server, father):
    mode = MODES[0]
    son = agreeing.make_member(name="张小强", born="19810101")
    asked = agreeing.propose(
        agreeing.make_member(name="张小丽"), son, relation="sibling", name="张强"
    )
    agreeing.confirm(asked, son)
    tab = visit(mode, user=accounts.make_staff(role=Role.WINDOW_CLERK)).new_page()
    clerk = Clerk(tab, inspection.Listener(tab, live_server.url), mode)
    tab.goto("/admin/family/binding/cases/")
    clerk.look()
    clerk.follow(references.grouped(asked.reference))
    tab.get_by_label("理由").fill("核对一件家庭共济")
    clerk.press("查看")
    clerk.press("不通过")
    tab.get_by_label("核对了姓名").check()
    tab.locator("#approve_grounds").fill("核对了双方的身份证")
    tab.get_by_role("button", name="通过", exact=True).click()
    clerk.look()
    assert Binding.objects.get().state == "active"
    assert not clerk.faults, "\n".join(clerk.faults)
