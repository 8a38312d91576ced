"""The staff site's pages about people, money, rules and imports."""

from insurance.admin.accounts import PersonalAccountAdmin
from insurance.admin.areas import PoolingAreaAdmin
from insurance.admin.imports import ImportRunAdmin
from insurance.admin.people import InsuredPersonAdmin
from insurance.admin.policies import PolicySourceAdmin, PolicyVersionAdmin

__all__ = [
    "ImportRunAdmin",
    "InsuredPersonAdmin",
    "PersonalAccountAdmin",
    "PolicySourceAdmin",
    "PolicyVersionAdmin",
    "PoolingAreaAdmin",
]
