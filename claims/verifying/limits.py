"""What counts against caps and limits, and what of an account is spoken for: all of it follows from the deductions."""

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Sum

from claims import refunds, writing
from claims.models import Deduction, SettlementState
from claims.verifying.reading import Fault, Reading, differs, joined
from claims.verifying.settlements import STANDING
from family import limits
from family.models import Binding, CapUse
from family.moves import IN_FORCE
from insurance.models import LedgerEntry, PersonalAccount
from insurance.periods import Month

# Whoever sets money of an account aside. What came with a file was set aside by the system before this one.
SETTING_ASIDE = (limits.SOURCE, writing.SOURCE, refunds.SOURCE)
NET = F("amount_fen") - F("refunded_fen")


def faults(reading: Reading) -> Iterator[Fault]:
    """I3, I6: used caps, used limits, reserved and held money, each against the rows that it comes from."""
    yield from _months(reading)
    yield from _used_limits(reading)
    yield from _reserved(reading)
    yield from _held(reading)


def _months(reading: Reading) -> Iterator[Fault]:
    """The month's use of each binding is what its deductions of the month took, less what went back."""
    taken = _standing().filter(binding__isnull=False).values_list("binding_id", "month")
    sums = taken.annotate(fen=Sum(NET)).order_by("binding_id", "month")
    stored = CapUse.objects.order_by("binding_id", "month")
    rows = reading.each(stored.values_list("binding_id", "month", "used_fen"))
    by_rows = (((binding, month.index), fen) for binding, month, fen in rows)
    by_sums = (((binding, month.index), fen) for binding, month, fen in reading.each(sums))
    for (binding, month), expected, found in joined(by_sums, by_rows):
        if expected != found:
            yield differs(
                "cap_use", CapUse, f"{binding}/{Month(month)}", expected=expected, found=found
            )


def _used_limits(reading: Reading) -> Iterator[Fault]:
    sums = (
        _standing()
        .filter(binding__isnull=False, from_limit=True)
        .values_list("binding_id")
        .annotate(fen=Sum(NET))
        .order_by("binding_id")
    )
    bindings = Binding.objects.filter(~Q(limit_fen=None) | ~Q(limit_used_fen=0)).order_by("pk")
    stored = bindings.values_list("pk", "limit_used_fen")
    for binding, expected, found in joined(reading.each(sums), reading.each(stored)):
        if expected != found:
            yield differs("limit_used", Binding, binding, expected=expected, found=found)


def _reserved(reading: Reading) -> Iterator[Fault]:
    """What our own entries have set aside in an account is what the limits in force have left."""
    left = (
        Binding.objects.filter(state__in=IN_FORCE, limit_account__isnull=False)
        .exclude(limit_fen=None)
        .values_list("limit_account_id")
        .annotate(fen=Sum(F("limit_fen") - F("limit_used_fen")))
        .order_by("limit_account_id")
    )
    moved = (
        LedgerEntry.objects.filter(source_kind__in=SETTING_ASIDE)
        .exclude(reserved_change_fen=0)
        .values_list("account_id")
        .annotate(fen=Sum("reserved_change_fen"))
        .order_by("account_id")
    )
    for account, expected, found in joined(reading.each(left), reading.each(moved)):
        if expected != found:
            yield differs("reserved", PersonalAccount, account, expected=expected, found=found)


def _held(reading: Reading) -> Iterator[Fault]:
    """Only settlements hold money: what is held in an account is what those under way took there."""
    kept = (
        Deduction.objects.filter(settlement__state=SettlementState.HELD)
        .values_list("account_id")
        .annotate(fen=Sum("amount_fen"))
        .order_by("account_id")
    )
    moved = (
        LedgerEntry.objects.filter(source_kind=writing.SOURCE)
        .exclude(held_change_fen=0)
        .values_list("account_id")
        .annotate(fen=Sum("held_change_fen"))
        .order_by("account_id")
    )
    for account, expected, found in joined(reading.each(kept), reading.each(moved)):
        if expected != found:
            yield differs("held", PersonalAccount, account, expected=expected, found=found)


def _standing() -> QuerySet[Deduction]:
    return Deduction.objects.filter(settlement__state__in=STANDING)
