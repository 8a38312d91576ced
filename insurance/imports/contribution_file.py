"""contributions.csv: a line for each run of whole months of one kind, status, base and place."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.statements import Query
from insurance.imports import cells, contribution_rows, places, words
from insurance.imports.columns import Column, Values
from insurance.imports.items import Item
from insurance.imports.seen import Seen
from insurance.models import ImportRun, InsuredPerson

# The length of the columns they are stored in.
NUMBER = cells.key(30)
PAYER = cells.free_text(120)
SOURCE = cells.key(64)
COLUMNS = (
    Column("person_number", "人员编号", "person_number", "psn_no", NUMBER, needed=True),
    Column("area", "缴费地", "area", "insu_admdvs", cells.area, needed=True, also=("poolarea_no", "admdvs"), repeats=True),
    Column(
        "scheme", "险种", "scheme", "insutype",
        cells.one_of(words.SCHEMES, _("险种应为 310（职工）或 390（居民）")), needed=True, repeats=True,
    ),
    Column(
        "kind", "缴费种类", "kind", "clct_type",
        cells.one_of(
            words.CONTRIBUTION_KINDS,
            _("缴费种类应为 实际缴费、补缴、视同缴费、军龄、失业保险基金代缴 或 退休后按月续缴"),
        ),
        needed=True, repeats=True,
    ),
    Column(
        "status", "缴费状态", "status", "clct_flag",
        cells.one_of(
            words.CONTRIBUTION_STATUSES, _("缴费状态应为 已缴、欠缴、办理中、已退 或 作废")
        ),
        needed=True, also=("状态",), repeats=True,
    ),
    Column("from_month", "开始月份", "from_month", "accrym_begn", cells.month, needed=True, also=("起",), repeats=True),
    Column("to_month", "结束月份", "to_month", "accrym_end", cells.month, needed=True, also=("止",), repeats=True),
    Column("base_fen", "缴费基数", "base", "", cells.amount, also=("缴费基数（元）",), repeats=True),
    Column("own_fen", "个人缴费", "own_amount", "", cells.amount, also=("个人缴费（元）", "个人缴费金额"), repeats=True),
    Column("payer", "缴费单位", "payer", "emp_name", PAYER, repeats=True),
    Column("paid_on", "缴费日期", "paid_on", "clct_time", cells.past_day, also=("到账日期",), repeats=True),
    Column("source_ref", "来源编号", "source_ref", "", SOURCE, needed=True),
)  # fmt: skip


# Some megabytes; in a file that goes person by person they are asked for once.
PEOPLE_KEPT = 20_000
_KEYS = Query(
    lambda numbers: (
        InsuredPerson.objects.filter(person_number__in=numbers)
        .order_by()
        .values_list("person_number", "pk")
    )
)


class ContributionFile:
    """A line with a source number that is known moves status and amounts; the last file wins."""

    kind: ClassVar[str] = ImportRun.Kind.CONTRIBUTIONS
    copies: ClassVar[bool] = True
    columns: ClassVar[tuple[Column, ...]] = COLUMNS

    def __init__(self) -> None:
        self._seen = Seen()
        self._people: dict[str, int] = {}

    def close(self) -> None:
        self._seen.close()

    def check(self, item: Item) -> None:
        first, last = item["from_month"], item["to_month"]
        if first is not None and last is not None and last < first:
            item.refuse("to_month", _("结束月份早于开始月份"))

    def miss(self, item: Item) -> None:
        """Lines stand for themselves: nothing waits for one."""

    def write(self, items: Sequence[Item]) -> None:
        people = self._keys_of({item.values["person_number"] for item in items})
        taken = self._first_of_their_number(_registered(items, people))
        codes = places.settle({item.values["area"] for item in taken})
        results = contribution_rows.write(
            [(people[item.values["person_number"]], item.values["source_ref"]) for item in taken],
            [_content(item.values, codes) for item in taken],
        )
        for item, result in zip(taken, results, strict=True):
            item.result = result

    def _keys_of(self, numbers: set[str]) -> dict[str, int]:
        """By their numbers, at least those of these that are registered: neither number nor key of a person ever changes."""
        unknown = sorted(numbers - self._people.keys())
        if unknown:
            if len(self._people) > PEOPLE_KEPT:
                self._people.clear()
                unknown = sorted(numbers)
            self._people.update((number, key) for number, key in _KEYS.rows(unknown))
        return self._people

    def _first_of_their_number(self, items: Sequence[Item]) -> Sequence[Item]:
        """A number counts for its person; a line that has one of an earlier line is refused."""
        seen = self._seen.earlier_of_many(
            (item.line, f"{item.values['person_number']}\0{item.values['source_ref']}")
            for item in items
        )
        if not seen:
            return items
        for item in items:
            if item.line in seen:
                item.refuse(
                    "source_ref", _("来源编号与第 %(line)d 行重复") % {"line": seen[item.line]}
                )
        return [item for item in items if not item.is_bad]


def _registered(items: Sequence[Item], people: Mapping[str, int]) -> list[Item]:
    """Those whose person is known; the others are refused."""
    taken = []
    for item in items:
        if item.values["person_number"] in people:
            taken.append(item)
        else:
            item.refuse("person_number", _("登记里没有这个人员编号，请先导入参保登记"))
    return taken


def _content(values: Values, codes: Mapping[str, str]) -> contribution_rows.Content:
    """In the order of `contribution_rows.CONTENT`; columns that a file may lack are asked for."""
    return (
        codes[values["area"]],
        values["scheme"],
        values["kind"],
        values["status"],
        values["from_month"],
        values["to_month"],
        values.get("base_fen"),
        values.get("own_fen"),
        values.get("payer") or "",
        values.get("paid_on"),
    )
