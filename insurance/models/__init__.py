"""Rows of the register, the rules and the ledger, one idea a file."""

from insurance.models.areas import PoolingArea
from insurance.models.contributions import ContributionPeriod
from insurance.models.enrolments import Enrolment
from insurance.models.facts import RegisterFact
from insurance.models.imports import ImportRun
from insurance.models.ledger import LedgerEntry, PersonalAccount
from insurance.models.links import ActivationSlip, IdentityLink
from insurance.models.people import InsuredPerson, PersonIdentifier
from insurance.models.policies import PolicyCitation, PolicySource, PolicyValue, PolicyVersion

__all__ = [
    "ActivationSlip",
    "ContributionPeriod",
    "Enrolment",
    "IdentityLink",
    "ImportRun",
    "InsuredPerson",
    "LedgerEntry",
    "PersonIdentifier",
    "PersonalAccount",
    "PolicyCitation",
    "PolicySource",
    "PolicyValue",
    "PolicyVersion",
    "PoolingArea",
    "RegisterFact",
]
