"""Who could pay a bill, what each may give now and why not: read for previews and inside a settlement's locks alike.

Nothing is kept between two calls: whoever holds the locks calls again after taking them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from accounts.privacy import mask_name
from accounts.statements import Asked
from family import payer_rows, relations
from family.barring import Bill, Party, bars_giver, bars_own
from family.deduction import Payer, Stop
from family.models import MoneyModel
from family.payer_rows import People, Place
from family.relations import Relation
from insurance import policy_reading
from insurance.account_rows import Account
from insurance.models.ledger import AccountPart
from insurance.notices import Addressee
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules.evidence import BY_DOCUMENT, read

# A person's own parts as a counter uses them; the wallet, which holds what relatives sent, is the last of one's own money.
OWN_PARTS = (
    AccountPart.WHOLE,
    AccountPart.CURRENT_YEAR,
    AccountPart.PRIOR_YEARS,
    AccountPart.WALLET,
)
ALL, PRIOR_YEARS = "all", "prior_years"
# What is lent to relatives, in the order of taking: first what every place lends that lends a part only.
SHARED_PARTS: dict[str | None, tuple[AccountPart, ...]] = {
    ALL: (AccountPart.WHOLE, AccountPart.PRIOR_YEARS, AccountPart.CURRENT_YEAR),
    PRIOR_YEARS: (AccountPart.PRIOR_YEARS,),
    # Nobody knows: of an account in two parts only what is lent everywhere.
    None: (AccountPart.WHOLE, AccountPart.PRIOR_YEARS),
}


# What the giver is to the beneficiary, by what a binding says.
WHO_GIVES = {str(one): str(relations.inverse(one)) for one in Relation}


class Line(NamedTuple):
    """One account in its turn. `name` is masked and, like `reference` and `relation`, empty for one's own;
    it is empty for everybody inside a settlement.

    `relation` is what the payer is to the beneficiary. `part` is "" where there is no account. `shows_amounts`: the giver agreed
    to be shown with amounts in previews.
    """

    payer: Payer
    part: str = ""
    binding_id: int | None = None
    reference: str = ""
    person_id: int | None = None
    name: str = ""
    relation: str = ""
    shows_amounts: bool = True

    @property
    def is_own(self) -> bool:
        return self.binding_id is None


class PayerList(NamedTuple):
    """In the order in which they are asked.

    `order_version` is 0 where there never was a list. `own_first_said`: a document says whether the own account comes first;
    otherwise it is practice. `kept_unknown`: for some giver nobody knows whether something must stay in the account, and
    nothing is kept. `policies` are the ids of the versions of the rules it was read by.
    """

    order_version: int
    lines: tuple[Line, ...]
    own_first: bool
    own_first_said: bool
    kept_unknown: bool
    policies: tuple[int, ...]

    @property
    def payers(self) -> tuple[Payer, ...]:
        """For `deduction.plan`."""
        return tuple(line.payer for line in self.lines)

    def in_order(self, binding_ids: Sequence[int]) -> "PayerList":
        """As if this were the order; whoever isn't named is left out, and own accounts stay before or after."""
        own = [line for line in self.lines if line.is_own]
        given = [line for one in binding_ids for line in self.lines if line.binding_id == one]
        return self._replace(lines=tuple(own + given if self.own_first else given + own))


class Lent(NamedTuple):
    """What a place says of an account that relatives use. `kept_fen` None: nobody knows."""

    kept_fen: int | None
    part: str | None


class OwnFirst(NamedTuple):
    """What a place says of the own account's turn. `value` None: nothing is settled; `said`: a document says it."""

    value: bool | None
    said: bool


class Known:
    """What was read of some people and everybody who pays for them, as it stands on a day.

    `spend` moves it on in memory: so a bill can be planned after another that is not written yet.
    """

    def __init__(
        self,
        *,
        day: date,
        places: Mapping[int, Iterable[Place]],
        people: People,
        accounts: Iterable[Account],
        stamp: Asked | None = None,
    ) -> None:
        self.day, self.month, self.people = day, Month.containing(day), people
        # By beneficiary and by binding, in the order that holds.
        self._places = {
            beneficiary_id: {one.binding.pk: one for one in listed}
            for beneficiary_id, listed in places.items()
        }
        self._accounts: dict[int, list[Account]] = {}
        for one in accounts:
            self._accounts.setdefault(one.person_id, []).append(one)
        self._beneficiaries = {
            binding_id: beneficiary_id
            for beneficiary_id, listed in self._places.items()
            for binding_id in listed
        }
        self._policies = policy_reading.kept_for(self._codes(), day, stamp=stamp)

    def payers(
        self, beneficiary_id: int, *, use: str, now: datetime, designated: bool | None = True
    ) -> PayerList:
        """As `payers` below, from memory."""
        bill = Bill(use, designated, self.day, now)
        places, me = self._places[beneficiary_id].values(), self.people.parties[beneficiary_id]
        mine = self._accounts.get(beneficiary_id, [])
        area = self._area(beneficiary_id)
        first = _own_first(self._policies[area], self.day)
        own = _own(mine, bars_own(me, area, bill, self._policies))
        given, kept_unknown = [], False
        for place in places:
            lent = _lent(self._policies[place.link.giver_area], self.day)
            kept_unknown = kept_unknown or lent.kept_fen is None
            given += self._given(place, lent, me, bill)
        own_first = first.value is not False
        read_by = [self._policies[code].versions for code in _codes(area, places)]
        return PayerList(
            order_version=self.people.order_versions[beneficiary_id],
            lines=tuple(own + given if own_first else given + own),
            own_first=own_first,
            own_first_said=first.said,
            kept_unknown=kept_unknown,
            policies=tuple(sorted({pk for versions in read_by for pk in versions})),
        )

    def used_fen(self, binding_id: int) -> int:
        """What the binding paid in the month, by now."""
        return self._place(binding_id).used_fen

    def giver(self, binding_id: int) -> Addressee:
        bound = self._place(binding_id).binding
        return Addressee(bound.giver_id or 0, bound.giver__phone or "")

    def spend(self, binding_id: int, fen: int, *, from_limit: bool) -> None:
        """The binding has paid so much more. What its account holds is the account's own."""
        places = self._places[self._beneficiaries[binding_id]]
        places[binding_id] = places[binding_id].after(fen, from_limit=from_limit)

    def _place(self, binding_id: int) -> Place:
        return self._places[self._beneficiaries[binding_id]][binding_id]

    def _area(self, beneficiary_id: int) -> str:
        """Where the own account is used; that of the account for somebody who is insured nowhere."""
        mine = self._accounts.get(beneficiary_id, [])
        me = self.people.parties[beneficiary_id]
        return me.area or next((one.area_id for one in mine), "")

    def _codes(self) -> set[str]:
        return {
            code
            for beneficiary_id, places in self._places.items()
            if beneficiary_id in self.people.parties
            for code in _codes(self._area(beneficiary_id), places.values())
        }

    def _given(self, place: Place, lent: Lent, me: Party, bill: Bill) -> list[Line]:
        giver_id = place.binding.giver_id or 0
        giver, accounts = self.people.parties[giver_id], self._accounts.get(giver_id, [])
        bar = bars_giver(place.link, giver, me, bill, self._policies)
        return _given(place, bar, self.people.names.get(giver_id, ""), accounts, lent)


class Question:
    """What a bill of these people asks, sent at once: five queries, for whoever has locked everybody and knows the givers.

    `known` takes the accounts as the lock gave them: of what is locked that is fresh.
    """

    def __init__(
        self, beneficiary_ids: Collection[int], *, giver_ids: Iterable[int], day: date
    ) -> None:
        self._ids, self._day = beneficiary_ids, day
        self._places = payer_rows.ask_places(beneficiary_ids, day)
        self._people = payer_rows.ask_people(
            sorted({*beneficiary_ids, *giver_ids}), day, named=False
        )
        self._stamp = policy_reading.ask_stamp()

    def known(self, accounts: Iterable[Account]) -> Known:
        return Known(
            day=self._day,
            places=payer_rows.places(self._ids, self._places),
            people=payer_rows.people(self._people),
            accounts=accounts,
            stamp=self._stamp,
        )


def known(beneficiary_ids: Collection[int], *, day: date) -> Known:
    """Read everything that a bill of these people asks: six queries."""
    places = payer_rows.places(beneficiary_ids, payer_rows.ask_places(beneficiary_ids, day))
    givers = {one.binding.giver_id for found in places.values() for one in found}
    ids = sorted({*beneficiary_ids, *(one for one in givers if one)})
    people = payer_rows.people(payer_rows.ask_people(ids, day, named=True))
    return Known(day=day, places=places, people=people, accounts=payer_rows.accounts(ids))


def payers(
    *,
    beneficiary_id: int,
    use: str,
    day: date,
    now: datetime,
    designated: bool | None = True,
) -> PayerList:
    """Six queries, whatever the number of payers. `designated`: the provider is a designated one, None is not known.

    `day` decides about facts, rules and the month of the caps, `now` about the time after the second consent.
    """
    read_now = known([beneficiary_id], day=day)
    return read_now.payers(beneficiary_id, use=use, now=now, designated=designated)


def _codes(area: str, places: Iterable[Place]) -> set[str]:
    codes = {area}
    for one in places:
        codes |= {one.link.giver_area, one.link.beneficiary_area}
    return codes


def _own(accounts: Sequence[Account], bar: Stop | None) -> list[Line]:
    """One line for each part; one without an account where there is none."""
    return [
        Line(
            Payer(f"own:{one.part}", one.pk, 0 if bar else max(one.available_fen, 0), barred=bar),
            part=one.part,
        )
        for one in _parts(accounts, OWN_PARTS)
    ] or [Line(Payer("own", None, 0, barred=bar))]


def _given(
    place: Place, bar: Stop | None, name: str, accounts: Sequence[Account], lent: Lent
) -> list[Line]:
    """One line for each account of the giver that is lent; one without an account where there is none."""
    binding = place.binding
    found = _payers(place, bar, accounts, lent)
    if not found:
        if _parts(accounts, (AccountPart.WHOLE,)):
            # The place lends the years gone by only, and this account isn't split: nobody can say how much that is.
            bar = bar or Stop.RULE_UNKNOWN
        found = [(Payer(f"binding:{binding.pk}", None, 0, barred=bar), "")]
    return [
        Line(
            payer=payer,
            part=part,
            binding_id=binding.pk,
            reference=binding.reference,
            person_id=binding.giver_id,
            name=mask_name(name) if name else "",
            relation=WHO_GIVES[place.link.relation],
            shows_amounts=binding.shows_amounts,
        )
        for payer, part in found
    ]


def _payers(
    place: Place, bar: Stop | None, accounts: Sequence[Account], lent: Lent
) -> list[tuple[Payer, str]]:
    """The caps hold for all accounts of a giver together: a later one is asked when those before gave all they may."""
    binding = place.binding
    bill_cap, month_left = binding.cap_bill_fen, None
    if binding.cap_month_fen is not None:
        month_left = binding.cap_month_fen - place.used_fen
    from_limit = place.link.money_model == MoneyModel.LIMIT
    if from_limit:
        # Set aside in one account when the binding began, whatever the place lends today.
        listed = [one for one in accounts if one.pk == binding.limit_account_id]
    else:
        listed = _parts(accounts, SHARED_PARTS.get(lent.part, SHARED_PARTS[None]))
    kept = lent.kept_fen or 0
    found = []
    for one in listed:
        if from_limit:
            usable = (binding.limit_fen or 0) - binding.limit_used_fen
        else:
            usable, kept = max(one.available_fen - kept, 0), max(kept - one.available_fen, 0)
        payer = Payer(
            key=f"binding:{binding.pk}:{one.part}",
            account_id=one.pk,
            usable_fen=0 if bar else usable,
            from_limit=from_limit,
            bill_cap_fen=bill_cap,
            month_left_fen=month_left,
            barred=bar,
        )
        found.append((payer, one.part))
        room = usable if bill_cap is None else min(usable, bill_cap)
        room = room if month_left is None else min(room, month_left)
        bill_cap = None if bill_cap is None else max(bill_cap - max(room, 0), 0)
        month_left = None if month_left is None else month_left - max(room, 0)
    return found


def _parts(accounts: Sequence[Account], parts: Iterable[AccountPart]) -> list[Account]:
    """Those of these parts, in the order of the parts."""
    return [one for part in parts for one in accounts if one.part == part]


def _own_first(policy: Policy, day: date) -> OwnFirst:
    if ("own_first", day) not in policy.concluded:
        found = read(policy.get("family_aid.own_account_first"), day)
        policy.concluded["own_first", day] = OwnFirst(found.settled, found.basis == BY_DOCUMENT)
    concluded: OwnFirst = policy.concluded["own_first", day]
    return concluded


def _lent(policy: Policy, day: date) -> Lent:
    if ("lent", day) not in policy.concluded:
        policy.concluded["lent", day] = Lent(
            kept_fen=read(policy.get("family_aid.min_kept_fen"), day).settled,
            part=read(policy.get("family_aid.shared_part"), day).settled,
        )
    lent: Lent = policy.concluded["lent", day]
    return lent
