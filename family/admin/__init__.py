"""The window's half of family aid: people who come, cases that staff decide, and rows that nobody edits."""

from family.admin.bindings import BindingAdmin
from family.admin.rows import (
    BindingEventAdmin,
    ConsentAdmin,
    GrantAdmin,
    GuardianshipAdmin,
    InvitationAdmin,
    OrderVersionAdmin,
)

__all__ = [
    "BindingAdmin",
    "BindingEventAdmin",
    "ConsentAdmin",
    "GrantAdmin",
    "GuardianshipAdmin",
    "InvitationAdmin",
    "OrderVersionAdmin",
]
