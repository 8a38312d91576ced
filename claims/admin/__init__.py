"""The staff site's pages about providers, their clerks and the keys of their machines: nothing of a bill."""

from claims.admin.clerks import ProviderClerkAdmin
from claims.admin.keys import ProviderKeyAdmin
from claims.admin.providers import ProviderAdmin

__all__ = ["ProviderAdmin", "ProviderClerkAdmin", "ProviderKeyAdmin"]
