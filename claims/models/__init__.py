"""Rows of the claims floor."""

from claims.models.providers import Provider, ProviderClerk, ProviderKey, ProviderKind
from claims.models.settlements import (
    Deduction,
    KeyedRequest,
    Refund,
    RefundPart,
    Settlement,
    SettlementState,
)
from claims.models.verification import VerificationRun
from claims.models.vouchers import EVoucher
from claims.models.wallets import WalletTransfer

__all__ = [
    "Deduction",
    "EVoucher",
    "KeyedRequest",
    "Provider",
    "ProviderClerk",
    "ProviderKey",
    "ProviderKind",
    "Refund",
    "RefundPart",
    "Settlement",
    "SettlementState",
    "VerificationRun",
    "WalletTransfer",
]
