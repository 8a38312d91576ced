"""Places as people choose them: every province, with the areas whose rules were looked for."""

from dataclasses import dataclass

from django.utils.translation import get_language

from insurance import areas
from insurance.models import PoolingArea


@dataclass(frozen=True)
class AreaLink:
    code: str
    name: str


@dataclass(frozen=True)
class Province:
    """`known` are the listed areas in it; the province's own page stands at `code` and is listed too where somebody looked."""

    code: str
    name: str
    is_listed: bool
    known: tuple[AreaLink, ...]


def provinces() -> tuple[Province, ...]:
    """One query: every province in the order of its code, with the areas whose rules were looked for."""
    rows = list(PoolingArea.objects.filter(is_listed=True))
    listed = {row.code for row in rows}

    def province(digits: str, name: str) -> Province:
        code = f"{digits}0000"
        known = [row for row in rows if row.code[:2] == digits and row.code != code]
        links = tuple(AreaLink(row.code, row.name) for row in known)
        return Province(code, name, code in listed, links)

    return tuple(
        province(digits, names[_is_english()]) for digits, names in areas.PROVINCES.items()
    )


def area_name(code: str) -> str:
    """One query for a place that may be loaded; others are named by their province."""
    described = areas.describe(code, english=_is_english()) or code
    if code == areas.NATION:
        return described
    row = PoolingArea.objects.filter(code=code).first()
    return row.name if row else described


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
