"""Rows of the family floor."""

from family.models.bindings import (
    Binding,
    BindingEvent,
    CapUse,
    Channel,
    Evidence,
    Invitation,
    MoneyModel,
)
from family.models.consents import Consent, Grant, GrantKind, Guardianship
from family.models.orders import DeductionOrder, OrderPlace, OrderVersion

__all__ = [
    "Binding",
    "BindingEvent",
    "CapUse",
    "Channel",
    "Consent",
    "DeductionOrder",
    "Evidence",
    "Grant",
    "GrantKind",
    "Guardianship",
    "Invitation",
    "MoneyModel",
    "OrderPlace",
    "OrderVersion",
]
