"""Rows of the front door: logins, what they prove themselves with, and the visitors' book."""

from accounts.models.audit import AuditEntry, Seal
from accounts.models.codes import OneTimeCode, SmsMessage
from accounts.models.drafts import Draft
from accounts.models.identifiers import Identifier, IdentifierKind, LoginIdentifier
from accounts.models.sessions import KnownDevice, SignIn
from accounts.models.throttles import Throttle
from accounts.models.totp import TotpDevice
from accounts.models.uploads import Upload, UploadContent
from accounts.models.users import User

__all__ = [
    "AuditEntry",
    "Draft",
    "Identifier",
    "IdentifierKind",
    "KnownDevice",
    "LoginIdentifier",
    "OneTimeCode",
    "Seal",
    "SignIn",
    "SmsMessage",
    "Throttle",
    "TotpDevice",
    "Upload",
    "UploadContent",
    "User",
]
