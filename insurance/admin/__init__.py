"""The staff site's pages about people, money, rules and imports."""

from insurance.admin.accounts import PersonalAccountAdmin
from insurance.admin.areas import PoolingAreaAdmin
from insurance.admin.credits import CreditRunAdmin
from insurance.admin.decisions import StoredDecisionAdmin
from insurance.admin.imports import ImportRunAdmin
from insurance.admin.people import InsuredPersonAdmin
from insurance.admin.policies import PolicyVersionAdmin
from insurance.admin.policy_sources import PolicySourceAdmin
from insurance.admin.policy_tasks import PolicyTaskAdmin

__all__ = [
    "CreditRunAdmin",
    "ImportRunAdmin",
    "InsuredPersonAdmin",
    "PersonalAccountAdmin",
    "PolicySourceAdmin",
    "PolicyTaskAdmin",
    "PolicyVersionAdmin",
    "PoolingAreaAdmin",
    "StoredDecisionAdmin",
]
