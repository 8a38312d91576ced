"""The staff site's pages about logins, limits and the visitors' book."""

from accounts.admin.audit import AuditEntryAdmin, SealAdmin
from accounts.admin.security import SignInAdmin, ThrottleAdmin
from accounts.admin.users import UserAdmin

__all__ = ["AuditEntryAdmin", "SealAdmin", "SignInAdmin", "ThrottleAdmin", "UserAdmin"]
