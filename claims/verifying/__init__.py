"""Holds the stored money against itself, from the entries of the ledger to the consents behind a payment. Reads only.

Every check goes through its tables once, with few rows in memory, and names the first bad row of each subject. Whoever wants one
picture while others write gives it one: see the command `verify_ledger`.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from claims.verifying import books
from claims.verifying.reading import Check, Fault, Reading

__all__ = ["CHECKS", "Check", "Fault", "Reading", "faults"]

_ALL = (
    Check("ledger", _("账户和账目：序号、余额、更正、覆盖"), ("I2", "I3", "I4"), books.ledger),
    Check("seals", _("账目和审计的封存"), ("I11",), books.seals),
)
CHECKS: dict[str, Check] = {one.key: one for one in _ALL}


def faults(reading: Reading | None = None) -> Iterator[Fault]:
    """Everything that all checks find, in the order of `CHECKS`."""
    reading = reading or Reading()
    for check in CHECKS.values():
        yield from check.faults(reading)
