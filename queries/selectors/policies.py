"""The rules of an area for everybody: values with their sources, blanks as blanks, disputes side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from insurance import areas, policy_reading
from insurance.models import PoolingArea
from insurance.models.policies import PolicySource
from insurance.policy_labels import LABELS, TOPIC_LABELS
from insurance.policy_names import LOCAL, TOPICS, Name
from insurance.policy_text import text_of
from insurance.policy_values import (
    NONE_REQUIRED,
    OFFICIAL,
    Answer,
    Citation,
    Policy,
    Source,
    Value,
)
from insurance.policy_words import CONFIDENCE_WORDS, RUN_OUT

LEVEL_WORDS = {"nation": _("全国"), "province": _("全省"), "city": _("本地")}
SOURCE_KINDS = dict(PolicySource.Kind.choices)


@dataclass(frozen=True)
class SourceLine:
    """A document. `how` says how it was checked."""

    id: str
    title: str
    kind: str
    number: str
    date: str
    url: str
    how: str


@dataclass(frozen=True)
class Cited:
    """A document where it is cited: the short name people know it by is its number."""

    id: str
    name: str
    article: str


@dataclass(frozen=True)
class Statement:
    """One reading of one rule. `text` is empty for a blank, whose reason is the note; days are None where open."""

    text: str
    level: str
    confidence: str
    tag: str
    first: date | None
    last: date | None
    checked_on: date
    note: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True)
class Item:
    """One rule. `now` holds the readings of the day between which nobody here decides; `others` are readings of the day that
    better evidence overrules; `blanks` say why nothing was found; `before` and `later` hold on other days."""

    label: str
    now: tuple[Statement, ...]
    others: tuple[Statement, ...]
    blanks: tuple[Statement, ...]
    before: tuple[Statement, ...]
    later: tuple[Statement, ...]
    is_disputed: bool

    @property
    def is_blank(self) -> bool:
        return not self.now


@dataclass(frozen=True)
class Topic:
    key: str
    label: str
    items: tuple[Item, ...]

    @property
    def blank_count(self) -> int:
        return sum(item.is_blank for item in self.items)


@dataclass(frozen=True)
class AreaRules:
    """`is_listed` is false for an area whose own rules nobody has looked for. `on` is the day whose rules these are."""

    on: date
    code: str
    name: str
    province: str
    level: str
    is_listed: bool
    topics: tuple[Topic, ...]
    sources: tuple[SourceLine, ...]


def area_rules(code: str, *, today: date) -> AreaRules | None:
    """Four queries; None for what is the code of no area. An area that nobody loaded has blank rules.

    `today` may be any day: the page then shows what held on it.
    """
    if not areas.is_known(code):
        return None
    row = PoolingArea.objects.filter(code=code).first()
    policy = policy_reading.values_all(code)
    return AreaRules(
        on=today,
        code=code,
        name=_name_of(code, row),
        province=_province_name(code),
        level=areas.level_of(code),
        is_listed=bool(row and row.is_listed) or code == areas.NATION,
        topics=tuple(_topics(policy, today)),
        sources=_sources(policy),
    )


def _name_of(code: str, row: PoolingArea | None) -> str:
    return row.name if row else str(areas.describe(code, english=_is_english()))


def _province_name(code: str) -> str:
    province = areas.province_of(code)
    return areas.PROVINCES[province[:2]][_is_english()] if province else ""


def _topics(policy: Policy, today: date) -> Iterator[Topic]:
    for key, names in TOPICS.items():
        items = [_item(name, policy, today) for name in names if _is_shown(name, policy)]
        if items:
            yield Topic(key, str(TOPIC_LABELS[key]), tuple(items))


def _is_shown(name: Name, policy: Policy) -> bool:
    """Silence is a blank where each place has to answer, and nothing elsewhere."""
    if policy.get(name.name).values:
        return True
    answered_by_other = bool(name.or_else and policy.get(name.or_else).values)
    return name.scope == LOCAL and policy.area != areas.NATION and not answered_by_other


def _item(name: Name, policy: Policy, today: date) -> Item:
    values = policy.get(name.name).values
    current = Answer(name.name, tuple(value for value in values if value.covers(today)))
    candidates = deciding(current, today)
    spoken = [value for value in current if not value.is_blank]
    return Item(
        label=capfirst(str(LABELS[name.name])),
        now=statements(candidates, today),
        others=statements([one for one in spoken if one not in candidates], today),
        blanks=statements([one for one in current if one.is_blank], today),
        before=statements([one for one in values if one.valid_to and one.valid_to < today], today),
        later=statements(
            [one for one in values if one.valid_from and one.valid_from > today], today
        ),
        is_disputed=_differ(candidates),
    )


def deciding(current: Answer, day: date) -> tuple[Value, ...]:
    """The candidates, without what better evidence overrules (the table of the `explain` contract)."""
    candidates = current.candidates()
    official = tuple(one for one in candidates if one.confidence_on(day) == OFFICIAL)
    return official or candidates


def _differ(deciding: tuple[Value, ...]) -> bool:
    """Nobody here decides: the readings differ, or the papers themselves doubt the only one."""
    readings = {str((one.value, one.emptiness)) for one in deciding}
    return len(readings) > 1 or any(one.is_disputed for one in deciding)


def statements(values: Sequence[Value], today: date) -> tuple[Statement, ...]:
    return tuple(_statement(value, today) for value in values)


def _statement(value: Value, today: date) -> Statement:
    confidence, tag = _confidence(value, today)
    return Statement(
        text=_text(value),
        level=str(LEVEL_WORDS[value.level]),
        confidence=confidence,
        tag=tag,
        first=value.valid_from,
        last=value.valid_to or value.stated_validity_until,
        checked_on=value.checked_on,
        note=value.note,
        sources=tuple(_cited(one) for one in value.citations),
    )


def _text(value: Value) -> str:
    if value.emptiness == NONE_REQUIRED:
        return str(_("没有这个要求"))
    return "" if value.value is None else capfirst(text_of(value, full=True))


def _confidence(value: Value, today: date) -> tuple[str, str]:
    if value.is_blank:
        return "", "quiet"
    if value.confidence == OFFICIAL and value.has_run_out(today):
        words, tag = RUN_OUT
    else:
        words, tag = CONFIDENCE_WORDS[value.confidence_on(today)]
    return str(words), tag


def _cited(one: Citation) -> Cited:
    source = one.source
    return Cited(source.id, source.number or source.title, one.article)


def _sources(policy: Policy) -> tuple[SourceLine, ...]:
    return sources_of(value for answer in policy.answers.values() for value in answer)


def sources_of(values: Iterable[Value]) -> tuple[SourceLine, ...]:
    """Every document that the values cite, once, in the order of the register."""
    cited = {one.source.id: one.source for value in values for one in value.citations}
    return tuple(_source(cited[code]) for code in sorted(cited))


def _source(source: Source) -> SourceLine:
    return SourceLine(
        id=source.id,
        title=source.title,
        kind=str(SOURCE_KINDS.get(source.kind, "")),
        number=source.number,
        date=source.date,
        url=source.url,
        how=source.how,
    )


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
