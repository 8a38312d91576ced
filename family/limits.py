"""The limit of a binding across provinces: so much of the giver's account is set aside, less what was used.

The caller holds the lock of the binding; the ledger locks the account after it.
"""

from accounts.models import User
from family.eligibility import lent_part
from family.models import Binding
from family.place_rules import PlaceRules
from insurance import ledger
from insurance.ledger import InsufficientFunds
from insurance.models import PersonalAccount

__all__ = ["InsufficientFunds", "NoAccount", "change", "release", "reserve", "unused_fen"]

SOURCE = "family_limit"


class NoAccount(Exception):
    """The giver has no account that the place lends to relatives."""


def unused_fen(binding: Binding) -> int:
    """What of the limit is set aside while the binding is in force; 0 where it has none."""
    return (binding.limit_fen or 0) - binding.limit_used_fen


def reserve(binding: Binding, rules: PlaceRules, *, by: User | None) -> None:
    """Set the unused limit aside and note where. Raises `InsufficientFunds` or `NoAccount`."""
    if binding.limit_fen is None:
        return
    binding.limit_account = _account_for(binding.giver_id or 0, rules)
    _move(binding, unused_fen(binding), by)


def release(binding: Binding, *, by: User | None) -> None:
    """Give back what was not used."""
    if binding.limit_fen is not None:
        _move(binding, -unused_fen(binding), by)


def change(binding: Binding, *, limit_fen: int, by: User | None) -> None:
    """To another limit, never below what was used. Raises `InsufficientFunds`."""
    difference = limit_fen - (binding.limit_fen or 0)
    binding.limit_fen = limit_fen
    _move(binding, difference, by)


def _account_for(giver_id: int, rules: PlaceRules) -> PersonalAccount:
    live = PersonalAccount.objects.filter(person=giver_id, closed_on=None)
    parts = {one.part: one for one in live}
    part = lent_part(parts, rules)
    if part is None:
        raise NoAccount
    return parts[part]


def _move(binding: Binding, amount_fen: int, by: User | None) -> None:
    """The source is the move to come: a binding makes each of its versions once."""
    if amount_fen == 0:
        return
    if binding.limit_account_id is None:
        raise NoAccount
    post = ledger.reserve if amount_fen > 0 else ledger.release
    post(
        account_id=binding.limit_account_id,
        amount_fen=abs(amount_fen),
        source_kind=SOURCE,
        source_ref=f"{binding.reference}/{binding.version + 1}",
        by=by,
    )
