"""Accounts: money that comes and is spent elsewhere, corrections, the turn of a year, wallets, what the register says, and closing."""

import datetime as dt

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from claims import wallets
from insurance import credits, ledger, register
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.proof.choosing import fens, outcome, people, pick, places
from tests.proof.pencil import Purse
from tests.proof.world import PAID_FOR

KINDS = {"dead": "death", "frozen": "account_freeze", "suspended": "settlement_suspension"}
FREELY = {"source_kind": "proof"}


class AccountSteps:
    def source(self):
        return FREELY | {"source_ref": f"step-{self.fresh()}"}

    # --- money from and to elsewhere

    @precondition(lambda self: self.book.purses)
    @rule(place=places, fen=st.integers(1, 900), comes=st.booleans())
    def money_comes_or_is_spent(self, place, fen, comes):
        key, purse = pick(self.book.purses.items(), place)
        kind, amount = (EntryKind.CREDIT_OWN, fen) if comes else (EntryKind.SPEND_CARE, -fen)
        call = {
            "account_id": self.accounts[key],
            "kind": kind,
            "amount_fen": amount,
            **self.source(),
        }
        made, no = outcome(lambda: ledger.post(**call))
        assert no == (None if comes or fen <= purse.free else "InsufficientFunds")
        if made:
            purse.balance += amount
            self.entries.append((made.pk, key, amount, None))
            # Asked again, it is the entry of then.
            assert ledger.post(**call).pk == made.pk

    @precondition(lambda self: self.entries)
    @rule(place=places)
    def an_entry_is_reversed(self, place):
        pk, key, amount, month = pick(self.entries, place)
        purse = self.book.purses.get(key)
        wanted = None
        if LedgerEntry.objects.filter(reverses=pk).exists():
            wanted = "NotReversible"
        elif purse is None:
            wanted = "AccountClosed"
        elif amount > purse.free:
            wanted = "InsufficientFunds"
        ref = self.source()["source_ref"]
        _made, no = outcome(lambda: ledger.reverse(entry_id=pk, source_ref=ref))
        assert no == wanted
        if no is None:
            purse.balance -= amount
            if month is not None:
                # What was corrected isn't credited again.
                self.credited[key[0], month] = False

    @rule(ago=st.sampled_from([0, 0, 0, -1, -2]))
    def a_month_is_credited(self, ago):
        """Everybody who is paid for, once for each month, however often it runs."""
        month = Month.containing(timezone.localdate()) + ago
        due, had = {}, 0
        for name, (_base_fen, fen) in PAID_FOR.items():
            had += self.credited.get((name, month.index), False)
            if (name, month.index) not in self.credited and self.gets_credits(name, month):
                due[name, self.taking(name)] = fen
        run = credits.begin(month=month)
        list(credits.post_all(run))
        run.refresh_from_db()
        assert (run.credited, run.amount_fen, run.same) == (len(due), sum(due.values()), had)
        for key, fen in due.items():
            made = LedgerEntry.objects.get(account=self.accounts[key], for_month=month.index)
            assert made.amount_fen == fen
            self.book.purses[key].balance += fen
            self.credited[key[0], month.index] = True
            self.entries.append((made.pk, key, fen, month.index))

    def gets_credits(self, name, month):
        """By what the register says of the month, whenever it was said."""
        frozen, dead = (self.facts.get((name, what)) for what in ("frozen", "dead"))
        if frozen and frozen.from_day < (month + 1).first_day:
            return False
        if dead and dead.from_day < month.first_day:
            return False
        return self.taking(name) is not None

    def taking(self, name):
        """The part that money comes into, None where none is open."""
        parts = ("whole", "current_year")
        return next((one for one in parts if (name, one) in self.book.purses), None)

    @rule(fen=fens)
    def the_year_turns(self, fen):
        current, prior = ("bob", "current_year"), ("bob", "prior_years")
        if not {current, prior} <= self.book.purses.keys():
            return
        ids = {"from_account_id": self.accounts[current], "to_account_id": self.accounts[prior]}
        ref = self.source()["source_ref"]
        _made, no = outcome(lambda: ledger.transfer(**ids, amount_fen=fen, source_ref=ref))
        assert no == (None if fen <= self.book.purses[current].free else "InsufficientFunds")
        if no is None:
            self.book.purses[current].balance -= fen
            self.book.purses[prior].balance += fen

    # --- wallets

    def wallet_ties(self):
        return [
            (pk, one)
            for pk, one in self.book.ties.items()
            if one.model == "wallet_transfer" and one.state != "waiting"
        ]

    @precondition(lambda self: self.wallet_ties())
    @rule(place=places, fen=fens)
    def money_goes_to_a_wallet(self, place, fen):
        pk, tie = pick(self.wallet_ties(), place)
        giver = self.book.purses.get((tie.giver, "whole"))
        wanted = None
        if not self.book.gives(tie, self.now) or giver is None:
            wanted = "TRANSFER_NOT_OPEN"
        elif fen > giver.free - self.book.kept:
            wanted = "NO_MONEY"
        made, no = outcome(
            lambda: wallets.transfer(
                binding_id=pk,
                person=self.world.people[tie.giver],
                amount_fen=fen,
                **self.world.pressed(tie.giver),
            )
        )
        assert no == wanted
        if made:
            key = tie.beneficiary, "wallet"
            self.accounts.setdefault(key, made.in_entry.account_id)
            self.book.purses.setdefault(key, Purse()).balance += fen
            giver.balance -= fen
            self.transfers.append([made.pk, tie, fen])
            self.did("wallet.transfer", "claims.wallet_came")

    @precondition(lambda self: self.transfers)
    @rule(place=places, fen=st.none() | fens)
    def money_comes_back_from_a_wallet(self, place, fen):
        row = pick(self.transfers, place)
        pk, tie, left = row
        wallet, giver = (
            self.book.purses.get((name, part))
            for name, part in ((tie.beneficiary, "wallet"), (tie.giver, "whole"))
        )
        wanted, no = left if fen is None else fen, None
        if not 1 <= wanted <= left:
            no = "TRANSFER_TOO_MUCH"
        elif wanted > wallet.free:
            no = "NO_MONEY"
        elif giver is None:
            no = "ACCOUNT_CLOSED"
        made, said = outcome(
            lambda: wallets.give_back(
                transfer_id=pk,
                person=self.world.people[tie.beneficiary],
                amount_fen=fen,
                **self.world.pressed(tie.beneficiary),
            )
        )
        assert said == no
        if made:
            wallet.balance -= wanted
            giver.balance += wanted
            row[2] -= wanted
            self.did("wallet.return", "claims.wallet_back")

    # --- what the register says

    @rule(name=people, what=st.sampled_from(["frozen", "frozen", "suspended", "dead"]))
    def the_register_says_so_or_no_more(self, name, what):
        person = self.world.people[name]
        if what in self.book.stops[name]:
            register.withdraw_fact(fact=self.facts.pop((name, what)), reason="proof")
            self.book.stops[name].discard(what)
            return
        today = timezone.localdate()
        fact = register.record_fact(
            person=person, kind=KINDS[what], from_day=today, source_ref=f"fact-{self.fresh()}"
        )
        self.facts[name, what] = fact
        self.book.stops[name].add(what)

    @precondition(lambda self: any("dead" in stops for stops in self.book.stops.values()))
    @rule(name=people)
    def heirs_are_paid_out_and_the_account_is_closed(self, name):
        """Only of the dead, and what is set aside or held keeps it open."""
        key = name, "whole"
        purse = self.book.purses.get(key)
        if purse is None or "dead" not in self.book.stops[name]:
            return
        account_id = self.accounts[key]
        if purse.free:
            ledger.post(
                account_id=account_id,
                kind=EntryKind.WITHDRAWAL,
                amount_fen=-purse.free,
                **self.source(),
            )
            purse.balance -= purse.free
        closed_on = timezone.localdate() + dt.timedelta(days=0)
        _made, no = outcome(
            lambda: ledger.close_account(account_id=account_id, closed_on=closed_on)
        )
        assert no == ("AccountNotEmpty" if purse.balance else None)
        if no is None:
            del self.book.purses[key]
            assert PersonalAccount.objects.get(pk=account_id).closed_on == closed_on
