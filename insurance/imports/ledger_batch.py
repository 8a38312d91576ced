"""The lines of one account in a chunk, on their way through the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from insurance import ledger, money
from insurance.imports.cells import Reason
from insurance.imports.items import Item, Result
from insurance.models import InsuredPerson, LedgerEntry, PersonalAccount, PoolingArea
from insurance.models.ledger import EntryKind

SOURCE_KIND = "import"
# Field and sentence for what the ledger refuses.
REASONS: dict[type[ledger.LedgerError], tuple[str, Reason]] = {
    ledger.WrongShape: ("amount_fen", _("金额的正负与种类不符：进账为正，支出为负，不能是零")),
    ledger.AccountClosed: ("", _("账户已销户")),
    ledger.OutOfOrder: ("posted_at", _("入账时间早于账户已有的账目；账目按时间先后登记")),
    ledger.SourceConflict: (
        "source_ref",
        _("这个来源编号已入账，内容与此行不同；账目只增不改，请另作更正"),
    ),
    ledger.NotReversible: ("reverses", _("找不到要更正的账目，或者它已更正过")),
    ledger.AccountExists: ("part", _("此人已有另一种划分的账户")),
}
Accounts = dict[tuple[int, str], list[PersonalAccount]]


class _Elsewhere(ledger.LedgerError):
    """The account is kept in another area, with money in it."""


def accounts_of(people: Iterable[InsuredPerson]) -> Accounts:
    """All accounts by person and part, the live one first."""
    found: Accounts = {}
    rows = PersonalAccount.objects.filter(person__in={person.pk for person in people})
    for account in sorted(rows, key=lambda row: (row.closed_on is not None, -row.pk)):
        found.setdefault((account.person_id, account.part), []).append(account)
    return found


@dataclass
class Batch:
    person: InsuredPerson
    part: str
    area: str
    items: list[Item] = field(default_factory=list)

    def post(self, accounts: Accounts, *, waits_for: int | None) -> int | None:
        """Post up to the first line that the ledger refuses; of the lines after it only those count that are posted already.

        `waits_for` is the number of a line that wasn't taken. Return that of the first such line of this batch, or None.
        """
        account = self._account(accounts)
        known = _known(account, self.items)
        stop = self._first_after(waits_for)
        gap = self._first_wrong_reversal(account, stop)
        while True:
            if gap is not None:
                stop, waits_for = gap, self.items[gap].line
            refused = self._post(accounts, account, known, stop)
            if refused is None:
                break
            gap = refused
        for item in self.items[stop:]:
            if item.result is None and not item.is_bad:
                reason = _("前面第 %(line)d 行没有登记，此人其后各行等它改好后再登记")
                item.refuse("", reason % {"line": waits_for})
        return None if gap is None else self.items[gap].line

    def _account(self, accounts: Accounts) -> PersonalAccount | None:
        """The account of this area, or the live one of another: `_opened` decides about that."""
        rows = accounts.get((self.person.pk, self.part), [])
        here = [row for row in rows if row.area_id == self.area]
        live = [row for row in rows if row.closed_on is None]
        return next(iter(here + live), None)

    def _first_after(self, line: int | None) -> int:
        if line is None:
            return len(self.items)
        return next((at for at, one in enumerate(self.items) if one.line > line), len(self.items))

    def _first_wrong_reversal(self, account: PersonalAccount | None, stop: int) -> int | None:
        """The ledger makes the mirror itself: a file that says another amount is refused here."""
        wanted = {item["reverses"] for item in self.items[:stop] if item["reverses"]}
        if not wanted:
            return None
        amounts = {item["source_ref"]: item["amount_fen"] for item in self.items}
        if account is not None:
            rows = LedgerEntry.objects.of(account.pk).filter(
                source_kind=SOURCE_KIND, source_ref__in=wanted
            )
            amounts |= dict(rows.values_list("source_ref", "amount_fen"))
        for at, item in enumerate(self.items[:stop]):
            original = amounts.get(item["reverses"])
            if original is not None and item["amount_fen"] != -original:
                item.refuse("amount_fen", _("更正的金额应与原账目相反"))
                return at
        return None

    def _post(
        self, accounts: Accounts, account: PersonalAccount | None, known: set[str], stop: int
    ) -> int | None:
        """Post the lines before `stop` and confirm those after it that are there; nothing is left behind if one is refused."""
        chosen = self.items[:stop] + [
            item for item in self.items[stop:] if item["source_ref"] in known and not item.is_bad
        ]
        if not chosen:
            return None
        with transaction.atomic():
            try:
                opened = self._opened(account, chosen[0])
            except ledger.LedgerError as error:
                transaction.set_rollback(True)
                chosen[0].refuse(*_told(error))
                return self.items.index(chosen[0])
            posting = ledger.post_many(
                account_id=opened.pk, lines=map(_line, chosen), keep_good=True
            )
            gap = next(
                (
                    at
                    for at, error in posting.refused
                    if not isinstance(error, ledger.SourceConflict)
                ),
                None,
            )
            if gap is not None:
                transaction.set_rollback(True)
                chosen[gap].refuse(*_told(dict(posting.refused)[gap]))
                return self.items.index(chosen[gap])
        if opened is not account:
            accounts.setdefault((self.person.pk, self.part), []).insert(0, opened)
        refused = dict(posting.refused)
        for at, item in enumerate(chosen):
            if at in refused:
                item.refuse(*_told(refused[at]))
            else:
                item.result = Result.SAME if item["source_ref"] in known else Result.NEW
        return None

    def _opened(self, account: PersonalAccount | None, first: Item) -> PersonalAccount:
        """The account to post to. One that was emptied in another area is closed: the money has moved with the person."""
        day = timezone.localtime(first["posted_at"]).date()
        if account is not None:
            if account.area_id == self.area:
                return account
            account.refresh_from_db()
            if account.balance_fen or account.reserved_fen or account.held_fen:
                raise _Elsewhere(account.area_id)
            ledger.close_account(account_id=account.pk, closed_on=day)
        return ledger.open_account(
            person=self.person,
            area=PoolingArea.objects.get(code=self.area),
            opened_on=day,
            part=self.part,
        )


def _known(account: PersonalAccount | None, items: Sequence[Item]) -> set[str]:
    if account is None:
        return set()
    rows = LedgerEntry.objects.of(account.pk).filter(
        source_kind=SOURCE_KIND, source_ref__in={item["source_ref"] for item in items}
    )
    return set(rows.values_list("source_ref", flat=True))


def _line(item: Item) -> ledger.Line:
    is_reversal = item["kind"] == EntryKind.REVERSAL
    return ledger.Line(
        kind=item["kind"],
        source_kind=SOURCE_KIND,
        source_ref=item["source_ref"],
        amount_fen=0 if is_reversal else item["amount_fen"],
        posted_at=item["posted_at"],
        for_month=item["for_month"],
        place=item["place"] or "",
        used_by=item["user"],
        reverses_ref=item["reverses"] or "",
    )


def _told(error: ledger.LedgerError) -> tuple[str, Reason]:
    """The column and the sentence."""
    if isinstance(error, ledger.InsufficientFunds):
        left = error.balance_fen - error.reserved_fen - error.held_fen
        return "amount_fen", _("余额不足：账户里能用的只有 %(left)s") % {"left": money.yuan(left)}
    if isinstance(error, _Elsewhere):
        return "area", _("此人的账户还在另一个地区，余额没有转清")
    return REASONS[type(error)]
