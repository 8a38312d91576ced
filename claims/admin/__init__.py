"""The staff site's pages about providers, their clerks and the keys of their machines; about settlements, and whether all is right."""

from claims.admin.clerks import ProviderClerkAdmin
from claims.admin.keys import ProviderKeyAdmin
from claims.admin.providers import ProviderAdmin
from claims.admin.settlements import SettlementAdmin
from claims.admin.verifications import VerificationRunAdmin

__all__ = [
    "ProviderAdmin",
    "ProviderClerkAdmin",
    "ProviderKeyAdmin",
    "SettlementAdmin",
    "VerificationRunAdmin",
]
