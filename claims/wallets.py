"""Transfers into a relative's wallet, where and while the rule of the day has them (domain facts §2.4 A), and back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone

from accounts import audit
from claims import notes, writing
from claims.models import WalletTransfer
from claims.refusals import Refusal, Refused
from family import moving, payers, records
from family.acting import Pressed, act_for
from family.deduction import Stop
from family.models import Binding
from family.moves import Side
from insurance import explaining, ledger, policy_reading
from insurance.ledger import AccountClosed, InsufficientFunds, Line
from insurance.models import InsuredPerson, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from insurance.rules import family_aid
from insurance.rules.evidence import read
from insurance.rules.family_aid import WALLET_TRANSFER, FamilyAidFacts

SOURCE = "wallet_transfer"


@dataclass(frozen=True)
class Rules:
    """`kept_fen` stays in the giver's account."""

    most_a_day: int
    most_fen: int
    kept_fen: int


@dataclass(frozen=True)
class Offer:
    """What may be sent now; `number` is which transfer of the giver's day the next one is."""

    most_fen: int
    most_a_day: int
    number: int


def offer(*, binding: Binding, giver: InsuredPerson, now: datetime | None = None) -> Offer:
    """For a page: nothing is locked, and nothing is promised. Raise `Refused` (TRANSFER_NOT_OPEN, TRANSFERS_USED_UP)."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    rules = _rules(binding, day)
    _expect_open(binding, giver, day, now)
    number = _next_number(giver, day)
    if number > rules.most_a_day:
        raise Refused(Refusal.TRANSFERS_USED_UP)
    return Offer(rules.most_fen, rules.most_a_day, number)


def transfer(
    *,
    binding_id: int,
    person: InsuredPerson,
    amount_fen: int,
    number: int | None = None,
    now: datetime | None = None,
    **pressed: Unpack[Pressed],
) -> WalletTransfer:
    """From the giver's account into the beneficiary's wallet, which is opened where there is none.

    `number` is which transfer of the day a page offered: pressed twice, it is there already. Raise `Refused` (TRANSFER_NOT_OPEN,
    TRANSFER_TOO_MUCH, TRANSFERS_USED_UP, TRANSFER_DONE, NO_MONEY) and `family.acting.NotAllowed`.
    """
    try:
        return writing.with_number(
            WalletTransfer,
            now,
            lambda reference: _transfer(
                reference, binding_id, person, amount_fen, number, now, pressed
            ),
        )
    except InsufficientFunds:
        raise Refused(Refusal.NO_MONEY) from None
    except AccountClosed:
        raise Refused(Refusal.ACCOUNT_CLOSED) from None


def _transfer(
    reference: str,
    binding_id: int,
    person: InsuredPerson,
    amount_fen: int,
    offered: int | None,
    now: datetime | None,
    pressed: Pressed,
) -> WalletTransfer:
    binding = moving.lock(binding_id)
    if binding.giver_id != person.pk or binding.beneficiary is None:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)
    act = moving.act_of_party(binding, person, spends=True, **pressed)
    now = now or timezone.now()
    day = timezone.localdate(now)
    rules = _rules(binding, day)
    number = _next_number(person, day)
    if offered not in (None, number):
        raise Refused(Refusal.TRANSFER_DONE)
    _expect_open(binding, person, day, now)
    if type(amount_fen) is not int or not 1 <= amount_fen <= rules.most_fen:
        raise Refused(Refusal.TRANSFER_TOO_MUCH)
    if number > rules.most_a_day:
        raise Refused(Refusal.TRANSFERS_USED_UP)
    giving, wallet = _accounts(binding, day)
    if giving.available_fen - rules.kept_fen < amount_fen:
        raise Refused(Refusal.NO_MONEY)
    out = _line(EntryKind.WALLET_OUT, -amount_fen, reference, binding.beneficiary)
    came = _line(EntryKind.WALLET_IN, amount_fen, reference, None)
    out_entry, in_entry = ledger.post_to_many(lines=[(giving.pk, out), (wallet.pk, came)])
    made = WalletTransfer.objects.create(
        reference=reference,
        binding=binding,
        amount_fen=amount_fen,
        day=day,
        number=number,
        out_entry=out_entry,
        in_entry=in_entry,
        made_by=pressed["by"],
        made_at=now,
    )
    audit.record(actor=act.by, action="wallet.transfer", subject=made, request=act.request)
    notes.transferred(made, binding)
    return made


@transaction.atomic
def give_back(
    *,
    transfer_id: int,
    person: InsuredPerson,
    amount_fen: int | None = None,
    returned_fen: int | None = None,
    **pressed: Unpack[Pressed],
) -> WalletTransfer:
    """The beneficiary returns `amount_fen` of a transfer, or with None all that is left of it, to the account it came from.

    `returned_fen` is what had gone back when a page was made. Raise `Refused` (UNKNOWN_SETTLEMENT, TRANSFER_TOO_MUCH,
    TRANSFER_DONE, NO_MONEY, ACCOUNT_CLOSED) and `family.acting.NotAllowed`.
    """
    seen = WalletTransfer.objects.filter(pk=transfer_id, binding__beneficiary=person).first()
    if seen is None:
        raise Refused(Refusal.UNKNOWN_SETTLEMENT)
    binding = moving.lock(seen.binding_id)
    act = act_for(person, Side.BENEFICIARY, spends=True, **pressed)
    made = WalletTransfer.objects.select_related("out_entry", "in_entry").get(pk=transfer_id)
    if returned_fen not in (None, made.returned_fen):
        raise Refused(Refusal.TRANSFER_DONE)
    left_fen = made.amount_fen - made.returned_fen
    fen = left_fen if amount_fen is None else amount_fen
    if type(fen) is not int or not 1 <= fen <= left_fen:
        raise Refused(Refusal.TRANSFER_TOO_MUCH)
    ref = f"{made.reference}/back/{made.returned_fen}"
    out = _line(EntryKind.WALLET_RETURN, -fen, ref, None)
    came = _line(EntryKind.WALLET_RETURN, fen, ref, binding.beneficiary)
    try:
        ledger.post_to_many(
            lines=[(made.in_entry.account_id, out), (made.out_entry.account_id, came)]
        )
    except InsufficientFunds:
        raise Refused(Refusal.NO_MONEY) from None
    except AccountClosed:
        raise Refused(Refusal.ACCOUNT_CLOSED) from None
    made.returned_fen += fen
    made.save(update_fields=["returned_fen"])
    audit.record(actor=act.by, action="wallet.return", subject=made, request=act.request)
    notes.returned(made, binding, fen)
    return made


def _next_number(giver: InsuredPerson, day: date) -> int:
    return WalletTransfer.objects.filter(binding__giver=giver, day=day).count() + 1


def _rules(binding: Binding, day: date) -> Rules:
    """Where no number is published nothing is transferred: another day's would be a guess."""
    policy = policy_reading.values_on(binding.giver_area_id or "", day)

    def settled(name: str) -> Any:
        return read(policy.get(name), day).settled

    most_a_day = settled("family_aid.wallet.max_transfers_per_day")
    most_fen = settled("family_aid.wallet.max_fen_per_transfer")
    if most_a_day is None or most_fen is None:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)
    return Rules(most_a_day, most_fen, settled("family_aid.min_kept_fen") or 0)


def _expect_open(binding: Binding, giver: InsuredPerson, day: date, now: datetime) -> None:
    """In force by everything a bill would ask, but for the way the money goes; and that way is the rule's of the day."""
    use = next(iter(binding.uses), "")
    found = payers.payers(beneficiary_id=binding.beneficiary_id or 0, use=use, day=day, now=now)
    bars = {one.payer.barred for one in found.lines if one.binding_id == binding.pk}
    if bars != {Stop.BY_WALLET} or binding.beneficiary is None:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)
    mine, theirs = records.party(giver, day), records.party(binding.beneficiary, day)
    facts = FamilyAidFacts(
        relation=binding.relation,
        giver_scheme=mine.scheme,
        giver_has_account=mine.has_account,
        giver_area=binding.giver_area_id or "",
        beneficiary_scheme=theirs.scheme,
        beneficiary_area=binding.beneficiary_area_id,
    )
    rule = explaining.decide(family_aid.RULE, area=facts.giver_area, on=day, facts=facts)
    if rule.figures["money_model"] != WALLET_TRANSFER:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)


def _accounts(binding: Binding, day: date) -> tuple[PersonalAccount, PersonalAccount]:
    """The giver's first account that is lent, and the beneficiary's wallet; both locked, in id order."""
    beneficiary, area = binding.beneficiary, binding.beneficiary_area
    if beneficiary is None or area is None:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)
    mine = PersonalAccount.objects.filter(person=beneficiary, part=AccountPart.WALLET)
    if not mine.filter(closed_on=None).exists():
        ledger.open_account(person=beneficiary, area=area, part=AccountPart.WALLET, opened_on=day)
    locked = ledger.open_book(person_ids=[binding.giver_id or 0, beneficiary.pk]).accounts
    rows = {(one.person_id, one.part): one for one in PersonalAccount.objects.filter(pk__in=locked)}
    shared = read(
        policy_reading.values_on(binding.giver_area_id or "", day).get("family_aid.shared_part"),
        day,
    ).settled
    lent = payers.SHARED_PARTS.get(shared, payers.SHARED_PARTS[None])
    given = [rows[binding.giver_id or 0, part] for part in lent if (binding.giver_id, part) in rows]
    if not given:
        raise Refused(Refusal.TRANSFER_NOT_OPEN)
    return given[0], rows[beneficiary.pk, AccountPart.WALLET]


def _line(kind: str, amount_fen: int, ref: str, used_by: InsuredPerson | None) -> Line:
    return Line(
        kind=kind, amount_fen=amount_fen, source_kind=SOURCE, source_ref=ref, used_by=used_by
    )
