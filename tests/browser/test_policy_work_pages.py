"""The pages of work on the rules, in the ways people use them."""

from accounts.roles import Role
from insurance import policies, policy_checks, policy_drafts
from insurance.models import PolicyTask, PolicyVersion
from tests.browser import inspection, world
from tests.browser.modes import MODES
from tests.factories import accounts
from tests.factories.insurance import make_stored_decision

VERSION = "/admin/insurance/policyversion"
EMPLOYER = ('"value": "0.07"', '"value": "0.065"')


def faults_of(tab, listener, mode):
    found = listener.take()
    if mode.javascript:
        found += inspection.accessibility(tab, mode)
    listener.take()  # what axe itself logs
    if tab.locator("h1").count() != 1:
        found.append("not one h1")
    return [f"{mode.name} {tab.url}: {one}" for one in inspection.folded(found)]


def draft(*, by):
    """Nanjing's rate as an editor changed it."""
    version = PolicyVersion.objects.get(area="320100", status="published")
    text = policies.export(version=version).replace(*EMPLOYER)
    return policy_drafts.revise(version=version, text=text, by=by, note="费率变了")


def look_around(tab, listener, mode, version):
    """The faults of every page of the work on one draft, none of which leaves anything behind."""
    faults = []
    for path in (
        f"{VERSION}/{version.pk}/change/",
        f"{VERSION}/{version.pk}/publish/",
        "/admin/insurance/policytask/",
        f"/admin/insurance/policytask/{PolicyTask.objects.first().pk}/settle/",
        "/admin/insurance/policysource/add/",
        f"{VERSION}/{version.pk}/edit/",
    ):
        assert tab.goto(path).status == 200, path
        faults += faults_of(tab, listener, mode)
    tab.locator("textarea").fill('{"values": [')
    tab.locator(".staff-page form button[type=submit]").click()
    tab.locator("[data-error-summary]").wait_for()
    faults += faults_of(tab, listener, mode)
    assert tab.locator("textarea").input_value() == '{"values": ['
    return faults


def test_the_pages_of_an_editor_hold(visit, live_server):
    world.people()
    editor = accounts.make_staff(role=Role.POLICY_EDITOR)
    version = draft(by=accounts.make_staff(role=Role.POLICY_EDITOR, name="钱进"))
    policy_checks.run(versions=[version], by=editor)
    faults = []
    for mode in MODES:
        window = visit(mode, user=editor)
        tab = window.new_page()
        faults += look_around(tab, inspection.Listener(tab, live_server.url), mode, version)
        window.close()
    assert not faults, "\n".join(faults)


def test_a_kept_decision_holds(visit, live_server):
    mode = MODES[0]
    finding = {
        "message": "南京的文件写了这样办。",
        "message_en": "So says the document.",
        "next_step": "打 12393。",
        "next_step_en": "Call 12393.",
        "sources": [{"id": "S15", "title": "江苏省办事指南", "number": "", "date": "2024"}],
    }
    kept = make_stored_decision(
        told={"findings": [finding], "figures": {"days": 10}, "materials": []}
    )
    tab = visit(mode, user=accounts.make_staff(role=Role.WINDOW_CLERK)).new_page()
    listener = inspection.Listener(tab, live_server.url)
    tab.goto(f"/admin/insurance/storeddecision/{kept.pk}/change/")
    faults = faults_of(tab, listener, mode)
    tab.get_by_label("理由").fill("本人到窗口核对")
    tab.locator(".staff-page form button[type=submit]").click()
    tab.get_by_text("江苏省办事指南").wait_for()
    faults += faults_of(tab, listener, mode)
    assert not faults, "\n".join(faults)
