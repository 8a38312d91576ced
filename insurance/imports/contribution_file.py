"""contributions.csv: a line for each run of whole months of one kind, status, base and place."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from insurance.imports import cells, places, words
from insurance.imports.columns import Column
from insurance.imports.items import Item, Result
from insurance.imports.seen import Seen
from insurance.models import ContributionPeriod, ImportRun, InsuredPerson

Key = tuple[int, str]
# The database looks for every person with every number of a query: many small queries beat one large one.
ASKED_AT_ONCE = 100
# The length of the columns they are stored in.
NUMBER = cells.key(30)
PAYER = cells.free_text(120)
SOURCE = cells.key(64)
STORED = (
    "area_id",
    "scheme",
    "kind",
    "status",
    "from_month",
    "to_month",
    "base_fen",
    "own_fen",
    "payer",
    "paid_on",
)

COLUMNS = (
    Column("person_number", "人员编号", "person_number", "psn_no", NUMBER, needed=True),
    Column("area", "缴费地", "area", "insu_admdvs", cells.area, needed=True, also=("poolarea_no", "admdvs")),
    Column(
        "scheme", "险种", "scheme", "insutype",
        cells.one_of(words.SCHEMES, _("险种应为 310（职工）或 390（居民）")), needed=True,
    ),
    Column(
        "kind", "缴费种类", "kind", "clct_type",
        cells.one_of(
            words.CONTRIBUTION_KINDS,
            _("缴费种类应为 实际缴费、补缴、视同缴费、军龄、失业保险基金代缴 或 退休后按月续缴"),
        ),
        needed=True,
    ),
    Column(
        "status", "缴费状态", "status", "clct_flag",
        cells.one_of(
            words.CONTRIBUTION_STATUSES, _("缴费状态应为 已缴、欠缴、办理中、已退 或 作废")
        ),
        needed=True, also=("状态",),
    ),
    Column("from_month", "开始月份", "from_month", "accrym_begn", cells.month, needed=True, also=("起",)),
    Column("to_month", "结束月份", "to_month", "accrym_end", cells.month, needed=True, also=("止",)),
    Column("base_fen", "缴费基数", "base", "", cells.amount, also=("缴费基数（元）",)),
    Column("own_fen", "个人缴费", "own_amount", "", cells.amount, also=("个人缴费（元）", "个人缴费金额")),
    Column("payer", "缴费单位", "payer", "emp_name", PAYER),
    Column("paid_on", "缴费日期", "paid_on", "clct_time", cells.past_day, also=("到账日期",)),
    Column("source_ref", "来源编号", "source_ref", "", SOURCE, needed=True),
)  # fmt: skip


class ContributionFile:
    """A line with a source number that is known moves status and amounts; the last file wins."""

    kind: ClassVar[str] = ImportRun.Kind.CONTRIBUTIONS
    columns: ClassVar[tuple[Column, ...]] = COLUMNS

    def __init__(self) -> None:
        self._seen = Seen()

    def close(self) -> None:
        self._seen.close()

    def check(self, item: Item) -> None:
        first, last = item["from_month"], item["to_month"]
        if first is not None and last is not None and last < first:
            item.refuse("to_month", _("结束月份早于开始月份"))

    def miss(self, item: Item) -> None:
        """Lines stand for themselves: nothing waits for one."""

    def write(self, items: Sequence[Item]) -> None:
        people = dict(
            InsuredPerson.objects.filter(
                person_number__in={item["person_number"] for item in items}
            ).values_list("person_number", "pk")
        )
        taken = [item for item in items if self._is_placed(item, people)]
        codes = places.settle(item["area"] for item in taken)
        keys = [(people[item["person_number"]], item["source_ref"]) for item in taken]
        stored = _stored(keys)
        rows = []
        for item, key in zip(taken, keys, strict=True):
            before, now = stored.get(key), _content(item, codes)
            if before == now:
                item.result = Result.SAME
                continue
            item.result = Result.NEW if before is None else Result.CHANGED
            values = dict(zip(STORED, now, strict=True))
            rows.append(ContributionPeriod(person_id=key[0], source_ref=key[1], **values))
        ContributionPeriod.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["person", "source_ref"],
            update_fields=[name.removesuffix("_id") for name in STORED],
        )

    def _is_placed(self, item: Item, people: dict[str, int]) -> bool:
        """Whether the line is the first of its number in the file and its person is registered."""
        number = item["person_number"]
        if number not in people:
            item.refuse("person_number", _("登记里没有这个人员编号，请先导入参保登记"))
        elif earlier := self._seen.earlier(item.line, number, item["source_ref"]):
            item.refuse("source_ref", _("来源编号与第 %(line)d 行重复") % {"line": earlier.line})
        return not item.is_bad


def _stored(keys: Sequence[Key]) -> dict[Key, tuple[Any, ...]]:
    """What stands under these keys now. Sorted, so that a few lines ask for few persons."""
    found = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        asked = ordered[start : start + ASKED_AT_ONCE]
        rows = ContributionPeriod.objects.filter(
            person_id__in={person for person, _ref in asked},
            source_ref__in=[ref for _person, ref in asked],
        )
        for row in rows.values_list("person_id", "source_ref", *STORED):
            found[row[:2]] = row[2:]
    return found


def _content(item: Item, codes: Mapping[str, str]) -> tuple[Any, ...]:
    """The values of the line in the order of `STORED`."""
    values = item.values | {"area_id": codes[item["area"]], "payer": item["payer"] or ""}
    return tuple(values.get(name) for name in STORED)
