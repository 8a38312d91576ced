"""Every address of the staff site, for every role, with the answer it must give."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import audit
from accounts.models import AuditEntry, Seal, SignIn, Throttle, User
from accounts.roles import STAFF, Role
from claims import provider_keys, settlement, verifications
from family.admin.bindings import PAGES as FAMILY_PAGES
from family.models import Grant, Guardianship, OrderVersion
from insurance.models import CreditRun, ImportRun, PolicySource, PolicyTask, PolicyVersion
from insurance.periods import Month
from tests import cast
from tests.factories import family
from tests.factories.accounts import make_staff, make_user
from tests.factories.claims import make_bill, make_clerk, make_provider
from tests.factories.insurance import (
    make_account,
    make_area,
    make_id_number,
    make_person,
    make_stored_decision,
)

pytestmark = pytest.mark.django_db

CLERK, EDITOR = Role.WINDOW_CLERK, Role.POLICY_EDITOR
SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
EVERYBODY = frozenset(STAFF)
NOBODY: frozenset[str] = frozenset()
LISTS = ("changelist", "change")
# Which roles may open an address. `add`, `delete` and `history` that are not named open for nobody.
MAY = {
    "index": EVERYBODY,
    "jsi18n": EVERYBODY,
    "login": EVERYBODY,
    "logout": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "find-person": {CLERK},
    "issue-slip": {CLERK},
    "lift-lock": {SECURITY},
    "verify-logs": {AUDIT},
    "publish-policy": {EDITOR},
    "edit-policy": {EDITOR},
    "settle-policy-task": {EDITOR},
    "insurance_policysource_add": {EDITOR},
    "withdraw-policy": {EDITOR},
    "renew-login": {SYSTEM},
    "renew-provider-clerk": {SYSTEM},
    "rotate-provider-key": {SYSTEM},
    **{
        f"claims_{kind}_{page}": {SYSTEM}
        for kind in ("provider", "providerclerk", "providerkey")
        for page in (*LISTS, "add")
    },
    **{f"claims_settlement_{page}": {CLERK} for page in LISTS},
    **{f"claims_verificationrun_{page}": {AUDIT} for page in LISTS},
    **{f"insurance_creditrun_{page}": {SYSTEM} for page in LISTS},
    "accounts_user_add": {SYSTEM},
    **{f"accounts_user_{page}": {SYSTEM} for page in LISTS},
    **{f"accounts_throttle_{page}": {SECURITY} for page in LISTS},
    **{f"accounts_signin_{page}": {SECURITY} for page in LISTS},
    **{f"accounts_auditentry_{page}": {AUDIT} for page in LISTS},
    **{f"accounts_seal_{page}": {AUDIT} for page in LISTS},
    **{f"insurance_insuredperson_{page}": {CLERK} for page in LISTS},
    **{f"insurance_personalaccount_{page}": {CLERK} for page in LISTS},
    **{f"insurance_policyversion_{page}": {CLERK, EDITOR} for page in LISTS},
    **{f"insurance_policysource_{page}": {CLERK, EDITOR} for page in LISTS},
    **{f"insurance_policytask_{page}": {CLERK, EDITOR} for page in LISTS},
    **{f"insurance_storeddecision_{page}": {CLERK} for page in LISTS},
    **{f"insurance_poolingarea_{page}": {CLERK, EDITOR, SYSTEM} for page in LISTS},
    **{f"insurance_importrun_{page}": {SYSTEM} for page in LISTS},
    **{name: {CLERK} for name in FAMILY_PAGES},
    **{
        f"family_{row}_{page}": {CLERK}
        for row in (
            "binding",
            "bindingevent",
            "consent",
            "invitation",
            "grant",
            "guardianship",
            "orderversion",
        )
        for page in LISTS
    },
}
# Pages that send whoever may come on to another one.
PASSES_ON = {
    "login",
    "password_change",
    "password_change_done",
    "insurance_insuredperson_changelist",
    "insurance_personalaccount_changelist",
    "issue-slip",  # to the person's page, which asks for the reason first
    "family_binding_change",  # to the page of the case
    # To the desk, which asks for the reason first
    *(FAMILY_PAGES.keys() - {"family-desk", "family-cases", "family-case"}),
}
ONLY_POST = {"logout", "renew-login", "renew-provider-clerk", "rotate-provider-key"}
# Django's own ways round, which lead nowhere here.
CLOSED = {"autocomplete": 403, "view_on_site": 404}


def addresses():
    """(name, number of its arguments) of every named address of the staff site."""
    found = set()

    def walk(resolver: URLResolver) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                walk(one)
            elif isinstance(one, URLPattern) and one.name:
                found.add((one.name, len(one.pattern.regex.groupindex)))

    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and one.namespace == "admin":
            walk(one)
    return sorted(found)


@pytest.fixture
def rows():
    """One row of each kind: the key of an address is the name of its model."""
    account = make_account()
    source = PolicySource.objects.create(code="S1", kind="law", title="社会保险法", how="读过")
    version = PolicyVersion.objects.create(
        area=make_area(), number=1, file_digest="0" * 64, checked_on=dt.date(2026, 11, 1)
    )
    task = PolicyTask.objects.create(area=version.area, name="rates.employer", readings="0" * 64)
    decision = make_stored_decision()
    other = make_staff(role=CLERK, name="王五")
    sign_in = SignIn.objects.create(user=other, session_key="x", method="password")
    throttle = Throttle.objects.create(
        limit="sms-gap", key_digest="0" * 64, window_started_at=sign_in.started_at, count=1
    )
    seal = Seal.objects.create(
        log="audit", number=1, first_id=1, last_id=1, row_count=1, digest="0", key_version=1
    )
    clerk = make_clerk(make_provider())
    key, _text = provider_keys.issue(provider=clerk.provider, by=None)
    return {
        "user": other.pk,
        "renew-login": other.pk,
        "throttle": throttle.pk,
        "signin": sign_in.pk,
        "auditentry": audit.record(actor=other, action="log.seal").pk,
        "seal": seal.pk,
        "insuredperson": account.person_id,
        "issue-slip": account.person_id,
        "personalaccount": account.pk,
        "policyversion": version.pk,
        "publish-policy": version.pk,
        "edit-policy": version.pk,
        "policytask": task.pk,
        "settle-policy-task": task.pk,
        "storeddecision": decision.pk,
        "withdraw-policy": version.pk,
        "policysource": source.pk,
        "poolingarea": account.area.pk,
        "provider": clerk.provider_id,
        "providerclerk": clerk.pk,
        "renew-provider-clerk": clerk.pk,
        "providerkey": key.pk,
        "rotate-provider-key": key.pk,
        **money_rows(clerk.provider, account.person),
        "importrun": ImportRun.objects.create(kind="register", file_name="a.csv").pk,
        **family_rows(account.person, other),
    }


def money_rows(provider, person):
    """A bill that was paid in cash, under no rules at all; a verification, and a month's credits."""
    paid = settlement.settle(provider=provider, patient=person, bill=make_bill())
    month = Month.of(2026, 10)
    return {
        "settlement": paid.pk,
        "verificationrun": verifications.run().pk,
        "creditrun": CreditRun.objects.create(month=month, day=month.first_day).pk,
    }


def family_rows(person, clerk):
    """A binding with an invitation, what hangs on it, and the arguments of the pages of the window."""
    other = make_person(name="李梅", id_number=make_id_number())
    waiting = family.make_invitation(initiator=person, side="giver", invited=other)
    bound = family.make_binding(giver=person, beneficiary=other)
    event = bound.events.create(
        number=1,
        move="confirm",
        to_state="active",
        side="giver",
        channel="web",
        happened_at=bound.state_since,
    )
    grant = Grant.objects.create(
        owner=person,
        helper=other,
        kind="see_years",
        from_day=bound.from_day,
        channel="web",
        acted_by=clerk,
    )
    ward = Guardianship.objects.create(
        guardian=person,
        child=other,
        evidence="household_book",
        until=bound.from_day,
        recorded_by=clerk,
    )
    more = {
        "family-answer": (waiting.reference,),
        "family-move": (bound.reference, "pause"),
        "family-change": (bound.reference,),
        "family-revoke": (grant.pk,),
        "family-papers": (waiting.reference,),
        "family-receipt": (bound.reference,),
        "family-guardian-end": (ward.pk,),
    }
    pages = {name: (person.pk, *more.get(name, ())) for name in FAMILY_PAGES}
    return {
        **pages,
        "family-case": bound.reference,
        "binding": bound.pk,
        "bindingevent": event.pk,
        "consent": bound.consents.first().pk,
        "invitation": waiting.invitation.pk,
        "grant": grant.pk,
        "guardianship": ward.pk,
        "orderversion": OrderVersion.objects.get().pk,
    }


def path_of(name, arguments, rows):
    if not arguments:
        return reverse(f"admin:{name}")
    if name == "view_on_site":
        return reverse("admin:view_on_site", args=[1, 1])
    if name == "app_list":
        return reverse("admin:app_list", args=["accounts"])
    key = name if name in rows else name.split("_")[1]
    given = rows[key]
    return reverse(f"admin:{name}", args=given if isinstance(given, tuple) else [given])


def expected(name, role):
    """The code for a GET of somebody in this role who has shown the second factor."""
    if name in CLOSED:
        return {CLOSED[name]}
    if name == "app_list":
        return {200} if role in {SYSTEM, SECURITY, AUDIT} else {404}
    if role in MAY.get(name, NOBODY):
        return {302} if name in PASSES_ON else {405} if name in ONLY_POST else {200}
    # What is not there for anybody may say so; what is somebody else's is refused.
    return {405} if name in ONLY_POST else {403, 404} if name not in MAY else {403}


def client_of(user, **more):
    client = Client()
    cast.sign_in(client, user, **more)
    return client


def answers(client, rows):
    return {name: client.get(path_of(name, arguments, rows)) for name, arguments in addresses()}


def codes(client, rows):
    return {name: answer.status_code for name, answer in answers(client, rows).items()}


def carries_code(answer):
    """Whatever the content security policy would stop."""
    inline = ("<style", " style=", "<script>", " onclick=", " onchange=", " onsubmit=")
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_page and any(one in answer.content.decode() for one in inline)


def test_the_matrix_names_every_page_that_opens_and_no_other():
    names = {name for name, _arguments in addresses()}
    assert len(names) > 40
    assert set(MAY) <= names
    assert names >= PASSES_ON | ONLY_POST | set(CLOSED)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_every_address_answers_every_role_as_the_matrix_says(role, rows):
    found = answers(client_of(make_staff(role=role)), rows)
    codes = {name: answer.status_code for name, answer in found.items()}
    assert not {name: code for name, code in codes.items() if code not in expected(name, role)}
    assert not [name for name, answer in found.items() if carries_code(answer)]


@pytest.mark.parametrize("role", sorted(STAFF))
def test_without_the_second_factor_no_address_opens(role, rows):
    client = client_of(make_staff(role=role), second_factor=False)
    assert set(codes(client, rows).values()) == {302}
    answer = client.get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/second-factor/")


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_password_that_was_handed_over_opens_only_the_page_that_changes_it(role, rows):
    user = make_staff(role=role)
    User.objects.filter(pk=user.pk).update(password_changed_at=None)
    client = client_of(user)
    assert set(codes(client, rows).values()) == {302}
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/security/password/")


def test_a_citizen_and_a_visitor_find_nothing_here(rows):
    citizen = client_of(make_user())
    assert set(codes(citizen, rows).values()) == {302}
    assert citizen.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/home/")
    assert set(codes(Client(), rows).values()) == {302}


def test_a_login_that_was_switched_off_is_out_at_once(rows):
    user = make_staff(role=AUDIT)
    client = client_of(user)
    assert client.get("/admin/accounts/auditentry/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/admin/accounts/auditentry/").status_code == 302


def is_changing(name):
    changing = ("_add", "_delete", "_history")
    return name.endswith(changing) or name in {
        "publish-policy",
        "edit-policy",
        "settle-policy-task",
        "renew-login",
        "renew-provider-clerk",
        "rotate-provider-key",
        "issue-slip",
    }


@pytest.mark.parametrize("role", sorted(STAFF))
def test_nothing_is_changed_by_posting_where_one_may_only_look(role, rows):
    client = client_of(make_staff(role=role))
    before = AuditEntry.objects.count()
    for name, arguments in addresses():
        if is_changing(name) and role not in MAY.get(name, NOBODY):
            code = client.post(path_of(name, arguments, rows)).status_code
            assert code in {403, 404, 405}, name
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("role", sorted(STAFF))
def test_the_index_leads_only_to_pages_that_open(role, rows):
    client = client_of(make_staff(role=role))
    tasks = [task for group in client.get("/admin/").context["groups"] for task in group["tasks"]]
    assert tasks
    for task in tasks:
        assert client.get(reverse(task.url_name)).status_code == 200, task.label


def test_every_page_says_who_is_signed_in_and_signs_out_by_post(rows):
    client = client_of(make_staff(role=AUDIT, name="欧阳建国"))
    page = client.get("/admin/accounts/auditentry/").content.decode()
    assert "欧阳*国（审计管理员）" in page
    assert '<form method="post" action="/accounts/sign-out/">' in page
