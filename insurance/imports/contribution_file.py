"""contributions.csv: a line for each run of whole months of one kind, status, base and place."""

from collections.abc import Mapping, Sequence, Set
from operator import attrgetter, lt
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.statements import Query
from insurance.imports import cells, contribution_rows, words
from insurance.imports.columns import Column
from insurance.imports.items import Item, Result
from insurance.imports.lines import Lines
from insurance.imports.places import settle
from insurance.imports.seen import Seen
from insurance.models import ImportRun, InsuredPerson

# The length of the columns they are stored in.
NUMBER = cells.key(30)
PAYER = cells.free_text(120)
SOURCE = cells.key(64)
COLUMNS = (
    Column("person_number", "人员编号", "person_number", "psn_no", NUMBER, needed=True, ordinary=cells.ORDINARY_KEY),
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
    Column("source_ref", "来源编号", "source_ref", "", SOURCE, needed=True, ordinary=cells.ORDINARY_KEY),
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


INDEX = attrgetter("index")


class ContributionFile:
    """A line with a source number that is known moves status and amounts; the last file wins."""

    kind: ClassVar[str] = ImportRun.Kind.CONTRIBUTIONS
    columns: ClassVar[tuple[Column, ...]] = COLUMNS

    def __init__(self) -> None:
        self._seen = Seen()
        self._people: dict[str, int] = {}
        # A file is mostly new or mostly known: the next chunk is likely to be what the last one was.
        self._are_new = True

    def close(self) -> None:
        self._seen.close()

    def check(self, item: Item) -> None:
        first, last = item["from_month"], item["to_month"]
        if first is not None and last is not None and last < first:
            item.refuse("to_month", _("结束月份早于开始月份"))

    def doubtful(self, values: Mapping[str, Sequence[Any]]) -> Set[int]:
        firsts, lasts = map(INDEX, values["from_month"]), map(INDEX, values["to_month"])
        return {place for place, backwards in enumerate(map(lt, lasts, firsts)) if backwards}

    def miss(self, item: Item) -> None:
        """Lines stand for themselves: nothing waits for one."""

    def write(self, lines: Lines) -> None:
        people = self._registered(lines)
        keys = list(map("\0".join, zip(lines["person_number"], lines["source_ref"], strict=True)))
        twice = _twice(keys)
        places = _without(range(len(keys)), lines.refused.keys() | twice.keys())
        rows = contribution_rows.rows(_columns(lines, places, people))
        are_added = self._are_new and rows.add()
        stood = {} if are_added else rows.standing()
        self._are_new = not stood
        # A line that the file said before stands there by now.
        earlier = self._earlier(lines, keys, [places[at] for at in stood])
        taken = {at: differs for at, differs in stood.items() if places[at] not in earlier}
        if not are_added:
            rows.put(without={at for at in stood if not taken.get(at)})
        self._remember(lines, keys, _without(places, earlier.keys()))
        lines.results[Result.NEW] = len(places) - len(stood)
        lines.results[Result.CHANGED] = sum(taken.values())
        lines.results[Result.SAME] = len(taken) - sum(taken.values())
        for place, first in twice.items():
            earlier[place] = earlier.get(first, lines.numbers[first])
        for place, line in earlier.items():
            lines.refuse(place, "source_ref", _("来源编号与第 %(line)d 行重复") % {"line": line})

    def _registered(self, lines: Lines) -> Mapping[str, int]:
        """The keys of the persons; lines of others are refused."""
        numbers = lines["person_number"]
        people = self._keys_of(set(numbers))
        if not people.keys() >= set(numbers):
            for place, number in enumerate(numbers):
                if number not in people:
                    lines.refuse(
                        place,
                        "person_number",
                        _("登记里没有这个人员编号，请先导入参保登记"),
                    )
        return people

    def _keys_of(self, numbers: set[str]) -> dict[str, int]:
        """By their numbers, at least those of these that are registered: neither number nor key of a person ever changes."""
        unknown = sorted(numbers - self._people.keys())
        if unknown:
            if len(self._people) > PEOPLE_KEPT:
                self._people.clear()
                unknown = sorted(numbers)
            self._people.update((number, key) for number, key in _KEYS.rows(unknown))
        return self._people

    def _earlier(self, lines: Lines, keys: Sequence[str], places: Sequence[int]) -> dict[int, int]:
        """Those of these places whose key an earlier chunk of the file has, and in which line it has it."""
        if not places:
            return {}
        numbers = [lines.numbers[place] for place in places]
        found = self._seen.earlier_of_many(numbers, [keys[place] for place in places])
        return {
            place: found[number]
            for place, number in zip(places, numbers, strict=True)
            if number in found
        }

    def _remember(self, lines: Lines, keys: Sequence[str], places: Sequence[int]) -> None:
        self._seen.remember(
            [lines.numbers[place] for place in places], [keys[place] for place in places]
        )


def _twice(keys: Sequence[str]) -> dict[int, int]:
    """The places of keys that stand at an earlier place, too, and the first of these."""
    if len(set(keys)) == len(keys):
        return {}
    first: dict[str, int] = {}
    return {
        place: first[key] for place, key in enumerate(keys) if first.setdefault(key, place) != place
    }


def _without(places: Sequence[int], others: Set[int]) -> Sequence[int]:
    return [place for place in places if place not in others] if others else places


def _columns(lines: Lines, places: Sequence[int], people: Mapping[str, int]) -> list[Sequence[Any]]:
    """The rows of these lines, column by column: `contribution_rows.KEY` and `CONTENT`."""

    def column(key: str) -> Sequence[Any]:
        values = lines[key]
        return values if len(places) == len(values) else [values[place] for place in places]

    areas = column("area")
    codes = settle(set(areas))
    said = {name: column(name.removesuffix("_id")) for name in contribution_rows.CONTENT}
    said["area_id"] = [codes[area] for area in areas]
    said["payer"] = [payer or "" for payer in said["payer"]]
    persons = [people[number] for number in column("person_number")]
    return [persons, column("source_ref"), *said.values()]
