"""Holds the stored money against itself, from the entries of the ledger to the consents behind a payment. Reads only.

Every check goes through its tables in the order of their keys, with few rows in memory, and names the first bad row of each
subject. Whoever wants one picture while others write gives it one: see the command `verify_ledger`. Of the laws of money (I1 and
so on, by their numbers) this is what stored data can show.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from claims.verifying import (
    books,
    caps,
    consents,
    conservation,
    credits,
    histories,
    keys,
    limits,
    ordering,
    sums,
    trail,
    transfers,
)
from claims.verifying.reading import Check, Fault, Reading

__all__ = ["CHECKS", "Check", "Fault", "Reading", "faults"]

_ALL = (
    Check("ledger", _("每个账户的序号、余额和更正"), ("I2", "I3", "I4"), books.ledger),
    Check("seals", _("账目和审计的封存"), ("I11",), books.seals),
    Check("sums", _("每笔结算的支付、现金和退费"), ("I5",), sums.faults),
    Check("conservation", _("结算、退费和账目互相对应"), ("I1",), conservation.faults),
    Check("transfers", _("钱包转账和账目互相对应"), ("I1",), transfers.faults),
    Check("limits", _("每月已用、已用额度、预留和占用"), ("I3", "I6"), limits.faults),
    Check("caps", _("没有超过每月最多"), ("I6",), caps.faults),
    Check("order", _("按顺序扣款，用的是当时的顺序"), ("I6",), ordering.faults),
    Check("consent", _("付钱的人都同意了，当时有效"), ("I7",), consents.faults),
    Check("histories", _("家庭共济关系的经过连续"), ("I7",), histories.faults),
    Check("keys", _("一个请求只结算一次"), ("I8",), keys.faults),
    Check("credits", _("每人每月只划入一次"), ("I1",), credits.faults),
    Check("trail", _("每次变动都有审计记录"), ("I11",), trail.faults),
)
CHECKS: dict[str, Check] = {one.key: one for one in _ALL}


def faults(reading: Reading | None = None) -> Iterator[Fault]:
    """Everything that all checks find, in the order of `CHECKS`."""
    reading = reading or Reading()
    for check in CHECKS.values():
        yield from check.faults(reading)
