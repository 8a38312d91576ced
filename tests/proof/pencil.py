"""The money model with pencil and paper: what every account, binding, list and receipt holds after each step. Pure, no SQL."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.factories.insurance import SHANGHAI

OWN = ("whole", "current_year", "prior_years", "wallet")
LENT = ("whole", "prior_years", "current_year")
ENDLESS = 10**12


@dataclass
class Purse:
    balance: int = 0
    reserved: int = 0
    held: int = 0

    @property
    def free(self):
        return self.balance - self.reserved - self.held

    @property
    def amounts(self):
        return self.balance, self.reserved, self.held


@dataclass
class Tie:
    """A binding. `purse` is the (giver, part) that a limit is set aside in."""

    giver: str
    beneficiary: str
    model: str
    uses: tuple
    cap_month: int | None = None
    cap_bill: int | None = None
    limit: int | None = None
    limit_used: int = 0
    state: str = "waiting"
    paused: list = field(default_factory=list)
    suspended: bool = False
    usable_from: datetime | None = None
    purse: tuple | None = None
    ended: tuple | None = None  # by whom and when
    proposed_at: datetime | None = None
    used: Counter = field(default_factory=Counter)

    @property
    def is_over(self):
        return self.state in ("ended", "lapsed")

    @property
    def in_force(self):
        return self.state == "on"

    @property
    def stored_state(self):
        if self.state != "on":
            return self.state
        return "suspended" if self.suspended else "paused" if self.paused else "active"


@dataclass(frozen=True)
class Part:
    purse: tuple
    tie: int | None
    fen: int
    limit: bool


@dataclass
class Receipt:
    pk: int
    patient: str
    provider: object
    bill_no: str
    fen: int
    cash: int
    parts: list
    state: str
    at: datetime
    settled_at: datetime
    held_until: datetime | None = None
    back: list = field(default_factory=list)
    cash_back: int = 0

    @property
    def month(self):
        return month_of(self.at)

    @property
    def left(self):
        return self.fen - self.cash_back - sum(self.back)


def month_of(moment):
    local = moment.astimezone(SHANGHAI)
    return local.year, local.month


class Book:
    """`stops` says of each person what the register says: of "dead", "frozen", "suspended"."""

    def __init__(self, people, kept):
        self.kept = kept
        self.purses, self.ties, self.receipts = {}, {}, {}
        self.stops = {name: set() for name in people}
        self.orders = {name: [()] for name in people}  # by version, from 0
        # What the visitors' book and the inboxes are to hold of it.
        self.actions, self.notices = Counter(), Counter()

    # --- what would be paid

    def plan(self, patient, use, fen, now):
        """The parts and what stays for cash."""
        parts, due = [], fen
        for key, tie, room in self._rooms(patient, use, now):
            left = [room]
            if tie is not None:
                gave = sum(one.fen for one in parts if one.tie == tie)
                left += [cap - gave for cap in self._caps(self.ties[tie], now)]
            taken = max(min(due, *left), 0)
            if taken:
                limit = tie is not None and self.ties[tie].model == "limit"
                parts.append(Part(key, tie, taken, limit))
                due -= taken
        return parts, due

    def _rooms(self, patient, use, now):
        if "frozen" not in self.stops[patient]:
            for part in OWN:
                if (patient, part) in self.purses:
                    yield (patient, part), None, self.purses[patient, part].free
        for pk in self.orders[patient][-1]:
            tie = self.ties[pk]
            if not self.gives(tie, now) or use not in tie.uses or tie.model == "wallet_transfer":
                continue
            if tie.model == "limit":
                if tie.purse in self.purses:
                    yield tie.purse, pk, tie.limit - tie.limit_used
                continue
            kept = self.kept
            for part in LENT:
                if (tie.giver, part) in self.purses:
                    free = self.purses[tie.giver, part].free
                    yield (tie.giver, part), pk, max(free - kept, 0)
                    kept = max(kept - free, 0)

    def gives(self, tie, now):
        return (
            tie.stored_state == "active"
            and now >= tie.usable_from
            and not self.stops[tie.giver]
            and not self.stops[tie.beneficiary] & {"dead", "suspended"}
        )

    def _caps(self, tie, now):
        month = ENDLESS if tie.cap_month is None else tie.cap_month - tie.used[month_of(now)]
        return month, ENDLESS if tie.cap_bill is None else tie.cap_bill

    def refusal(self, patient, provider, bill_no):
        """Why no bill of this patient and number is taken; None where one is."""
        if any(
            one.bill_no == bill_no and one.provider == provider and one.state in ("held", "settled")
            for one in self.receipts.values()
        ):
            return "BILL_ALREADY_SETTLED"
        return "PATIENT_BLOCKED" if self.stops[patient] & {"dead", "suspended"} else None

    # --- what a step does

    def take(self, receipt):
        self.receipts[receipt.pk] = receipt
        receipt.back = [0] * len(receipt.parts)
        for one in receipt.parts:
            purse = self.purses[one.purse]
            if receipt.state == "held":
                purse.held += one.fen
            else:
                purse.balance -= one.fen
            purse.reserved -= one.fen if one.limit else 0
            self._use(one, receipt.month, one.fen)

    def _use(self, part, month, fen):
        if part.tie is not None:
            tie = self.ties[part.tie]
            tie.used[month] += fen
            tie.limit_used += fen if part.limit else 0

    def post(self, receipt, now):
        for one in receipt.parts:
            self.purses[one.purse].held -= one.fen
            self.purses[one.purse].balance -= one.fen
        # The caps it used stay those of the month in which it was held.
        receipt.state, receipt.settled_at = "settled", now

    def let_go(self, receipt, state):
        for one in receipt.parts:
            self.purses[one.purse].held -= one.fen
            self._back_to_limit(one, one.fen)
            self._use(one, receipt.month, -one.fen)
        receipt.state = state

    def refund(self, receipt, fen):
        """(cash, fen by place of the part)."""
        cash = min(fen, receipt.cash - receipt.cash_back)
        receipt.cash_back += cash
        fen, back = fen - cash, {}
        for place in reversed(range(len(receipt.parts))):
            part = receipt.parts[place]
            taken = min(fen, part.fen - receipt.back[place])
            if not taken:
                continue
            fen, back[place] = fen - taken, taken
            receipt.back[place] += taken
            self.purses[part.purse].balance += taken
            self._back_to_limit(part, taken)
            self._use(part, receipt.month, -taken)
        return cash, back

    def closed_among(self, receipt, fen):
        """Whether a refund of so much would go to an account that is closed."""
        fen -= receipt.cash - receipt.cash_back
        for place in reversed(range(len(receipt.parts))):
            left = receipt.parts[place].fen - receipt.back[place]
            if fen > 0 and left and receipt.parts[place].purse not in self.purses:
                return True
            fen -= left
        return False

    def _back_to_limit(self, part, fen):
        if part.limit and self.ties[part.tie].in_force:
            self.purses[part.purse].reserved += fen

    # --- bindings

    def may_bind(self, tie, *, more=None, proposing=False):
        """What the register, the other bindings of the pair and the giver's money say. `more` is what would be set aside.

        `proposing`: nothing is asked of the other side yet.
        """
        theirs = set() if proposing else self.stops[tie.beneficiary] & {"dead", "suspended"}
        if self.stops[tie.giver] or theirs:
            return False
        lent = next((p for p in LENT if (tie.giver, p) in self.purses), None)
        if lent is None:
            return False
        twins = (one for one in self.ties.values() if one is not tie and one.in_force)
        if any((o.giver, o.beneficiary) == (tie.giver, tie.beneficiary) for o in twins):
            return False
        if tie.model != "limit":
            return True
        more = tie.limit - tie.limit_used if more is None else more
        return more <= self.purses[tie.giver, lent].free - self.kept

    def begin(self, pk, now, cool_down_hours):
        tie = self.ties[pk]
        tie.usable_from = now + timedelta(hours=cool_down_hours)
        self._into_force(pk)

    def undo(self, pk):
        self._into_force(pk)

    def _into_force(self, pk):
        tie = self.ties[pk]
        tie.state, tie.ended = "on", None
        if tie.model == "limit":
            lent = next(p for p in LENT if (tie.giver, p) in self.purses)
            tie.purse = tie.giver, lent
            self.purses[tie.purse].reserved += tie.limit - tie.limit_used
        listed, before = self.orders[tie.beneficiary][-1], self.orders[tie.beneficiary][-2:][0]
        place = before.index(pk) if set(before) == {*listed, pk} else len(listed)
        self.orders[tie.beneficiary].append((*listed[:place], pk, *listed[place:]))

    def end(self, pk, by, now):
        tie = self.ties[pk]
        if tie.model == "limit":
            self.purses[tie.purse].reserved -= tie.limit - tie.limit_used
        tie.state, tie.ended, tie.suspended = "ended", (by, now), False
        listed = self.orders[tie.beneficiary][-1]
        self.orders[tie.beneficiary].append(tuple(one for one in listed if one != pk))
