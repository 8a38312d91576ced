"""Every role, what it may do and why. One login has one role.

A clerk who is insured as well has a second login as a citizen: what somebody does at work and what they do for
themselves are never the same session. One column therefore also keeps the three administrators
(GB/T 22239 8.1.5.1–.4) apart from each other and from everything else.

Whoever takes money at a hospital or pharmacy is not of the agency: no staff, never in the staff site, but at work like staff, with
a second factor and a first password that is handed over.
"""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CITIZEN = "citizen", _("参保人")
    WINDOW_CLERK = "window_clerk", _("窗口经办人员")
    POLICY_EDITOR = "policy_editor", _("政策编辑")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    PROVIDER_CLERK = "provider_clerk", _("定点机构收费人员")


@dataclass(frozen=True)
class RoleRule:
    """`permissions` are Django's "app.verb_model" names; `reason` says why the role has them."""

    reason: str
    permissions: frozenset[str] = field(default_factory=frozenset)


RULES: dict[str, RoleRule] = {
    Role.CITIZEN: RoleRule("reads the own record only; nothing in the staff site"),
    Role.WINDOW_CLERK: RoleRule(
        "serves people at the window: looks somebody or a bill up with a reason, issues one-time slips, acts for whoever is there",
        frozenset(
            {
                "accounts.view_upload",
                "insurance.view_insuredperson",
                "insurance.view_enrolment",
                "insurance.view_contributionperiod",
                "insurance.view_registerfact",
                "insurance.view_personalaccount",
                "insurance.view_ledgerentry",
                "insurance.view_activationslip",
                "insurance.add_activationslip",
                "insurance.view_poolingarea",
                "insurance.view_policyversion",
                "insurance.view_policyvalue",
                "insurance.view_policysource",
                "insurance.view_policytask",
                "insurance.view_storeddecision",
                "family.view_binding",
                "family.change_binding",
                "family.view_bindingevent",
                "family.view_consent",
                "family.view_invitation",
                "family.view_grant",
                "family.view_guardianship",
                "family.add_guardianship",
                "family.view_orderversion",
                "claims.view_settlement",
            }
        ),
    ),
    Role.POLICY_EDITOR: RoleRule(
        "drafts and publishes the rules, two editors for each version; sees no person",
        frozenset(
            {
                "insurance.view_poolingarea",
                "insurance.view_policyversion",
                "insurance.change_policyversion",
                "insurance.view_policyvalue",
                "insurance.view_policysource",
                "insurance.change_policysource",
                "insurance.view_policytask",
                "insurance.change_policytask",
            }
        ),
    ),
    Role.SYSTEM_ADMIN: RoleRule(
        "keeps logins and jobs running, those of providers, their clerks and machines too; sees no policy draft, no person, no bill, "
        "no audit entry",
        frozenset(
            {
                "accounts.view_user",
                "accounts.add_user",
                "accounts.change_user",
                "claims.view_provider",
                "claims.add_provider",
                "claims.change_provider",
                "claims.view_providerclerk",
                "claims.add_providerclerk",
                "claims.change_providerclerk",
                "claims.view_providerkey",
                "claims.add_providerkey",
                "claims.change_providerkey",
                "insurance.view_creditrun",
                "insurance.view_importrun",
                "insurance.view_poolingarea",
            }
        ),
    ),
    Role.SECURITY_ADMIN: RoleRule(
        "watches limits and locks and lifts them; creates no login and reads no audit entry",
        frozenset({"accounts.view_throttle", "accounts.change_throttle", "accounts.view_signin"}),
    ),
    Role.AUDIT_ADMIN: RoleRule(
        "reads and verifies the audit log, also what the other two did, and what the verification of the money found; changes nothing",
        frozenset(
            {"accounts.view_auditentry", "accounts.view_seal", "claims.view_verificationrun"}
        ),
    ),
    Role.PROVIDER_CLERK: RoleRule(
        "takes bills at the desk of one provider, after two factors as staff; nothing in the staff site, no page of a citizen"
    ),
}
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Logins for work: their credentials are handed over, and a password alone opens nothing.
AT_WORK = frozenset(set(Role.values) - {Role.CITIZEN})
STAFF = AT_WORK - {Role.PROVIDER_CLERK}
