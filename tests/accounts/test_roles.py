"""One login, one role; the administrators exclude each other and everything else."""

from itertools import combinations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import ADMINISTRATORS, RULES, STAFF, Role
from tests.factories.accounts import make_staff, make_user

SEES_NO_PERSON = (
    "insuredperson",
    "personalaccount",
    "ledgerentry",
    "contributionperiod",
    "enrolment",
)


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", "root", "system,audit", "CITIZEN"])
def test_the_database_refuses_a_role_that_is_not_in_the_table(role):
    user = make_user()
    with (
        pytest.raises(IntegrityError, match="user_has_exactly_one_known_role"),
        transaction.atomic(),
    ):
        User.objects.filter(pk=user.pk).update(role=role)


def test_every_role_has_a_rule_and_a_reason():
    assert set(RULES) == set(Role.values)
    assert all(len(rule.reason) > 20 for rule in RULES.values())


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(ADMINISTRATORS), 2)))
def test_the_three_administrators_share_no_permission(one, other):
    assert not RULES[one].permissions & RULES[other].permissions


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_sees_a_person_or_writes_policy(role):
    for permission in RULES[role].permissions:
        assert not permission.endswith(SEES_NO_PERSON)
        assert "change_policy" not in permission


@pytest.mark.parametrize("role", sorted(set(Role.values) - ADMINISTRATORS))
def test_nobody_else_has_what_an_administrator_does_alone(role):
    business = RULES[role].permissions
    for administrator in ADMINISTRATORS:
        shared = business & RULES[administrator].permissions
        # The list of areas is public; everybody who works with rules or files sees it.
        assert shared <= {"insurance.view_poolingarea"}


def test_only_the_audit_administrator_reads_the_log_and_nobody_writes_it():
    readers = {
        role for role, rule in RULES.items() if "accounts.view_auditentry" in rule.permissions
    }
    assert readers == {Role.AUDIT_ADMIN}
    assert not [
        permission
        for rule in RULES.values()
        for permission in rule.permissions
        if permission.split("_", 1)[1] in {"auditentry", "seal", "ledgerentry"} and ".view_" not in permission
    ]  # fmt: skip


def test_the_audit_administrator_changes_nothing():
    assert all(".view_" in permission for permission in RULES[Role.AUDIT_ADMIN].permissions)


def test_a_citizen_has_no_permission_in_the_staff_site():
    assert not RULES[Role.CITIZEN].permissions


def test_every_permission_names_a_model_that_exists():
    for rule in RULES.values():
        for permission in rule.permissions:
            app, _, rest = permission.partition(".")
            verb, _, model = rest.partition("_")
            assert verb in {"view", "add", "change", "delete"}
            assert apps.get_model(app, model)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_a_login_may_do_what_its_role_says_and_nothing_when_switched_off(role):
    user = make_user(role=role)
    everything = {permission for rule in RULES.values() for permission in rule.permissions}
    assert {one for one in everything if user.has_perm(one)} == RULES[role].permissions
    assert user.has_perms(RULES[role].permissions)
    assert user.is_staff is (role in STAFF)
    assert user.has_module_perms("accounts") is any(
        one.startswith("accounts.") for one in RULES[role].permissions
    )
    user.is_active = False
    assert not [one for one in everything if user.has_perm(one)]
    assert not user.has_module_perms("insurance")


@pytest.mark.django_db
def test_a_login_shows_a_masked_name():
    assert str(make_staff(name="张建国")) == "张*国（窗口经办人员）"
