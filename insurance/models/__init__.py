"""Rows of the register, the rules and the ledger, one idea a file."""

from insurance.models.areas import PoolingArea
from insurance.models.contributions import ContributionPeriod
from insurance.models.credits import CreditRun
from insurance.models.decisions import StoredDecision
from insurance.models.enrolments import Enrolment
from insurance.models.facts import RegisterFact
from insurance.models.imports import ImportRun
from insurance.models.ledger import LedgerEntry, PersonalAccount
from insurance.models.links import ActivationSlip, IdentityLink
from insurance.models.notices import Notice
from insurance.models.people import InsuredPerson, PersonIdentifier
from insurance.models.policies import PolicyCitation, PolicySource, PolicyValue, PolicyVersion
from insurance.models.policy_work import PolicyCheck, PolicyTask

__all__ = [
    "ActivationSlip",
    "ContributionPeriod",
    "CreditRun",
    "Enrolment",
    "IdentityLink",
    "ImportRun",
    "InsuredPerson",
    "LedgerEntry",
    "Notice",
    "PersonIdentifier",
    "PersonalAccount",
    "PolicyCheck",
    "PolicyCitation",
    "PolicySource",
    "PolicyTask",
    "PolicyValue",
    "PolicyVersion",
    "PoolingArea",
    "RegisterFact",
    "StoredDecision",
]
