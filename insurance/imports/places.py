"""The area that a code of a file means."""

from collections.abc import Iterable

from insurance import areas
from insurance.models import PoolingArea


def settle(codes: Iterable[str]) -> dict[str, str]:
    """Each code as written → the code of its pooling area, which exists afterwards.

    A district of a listed city is that city: places pool by city, the platform's files name the district. A code that nobody
    listed becomes an area with a name made of its province, and no rules.
    """
    wanted = set(codes)
    if not wanted:
        return {}
    rows = list(PoolingArea.objects.values_list("code", "admdvs", "is_listed"))
    known = {code: code for code, _admdvs, _listed in rows}
    by_platform = {admdvs: code for code, admdvs, _listed in rows if admdvs}
    listed = {code for code, _admdvs, is_listed in rows if is_listed}
    found = {}
    for code in wanted:
        found[code] = known.get(code) or by_platform.get(code) or _city(code, listed) or code
    _add_unlisted({code for code in found.values() if code not in known}, set(known))
    return found


def _city(code: str, listed: set[str]) -> str | None:
    above = (f"{code[:4]}00", f"{code[:2]}0000")
    if above[0] in listed:
        return above[0]
    return above[1] if above[1] in areas.MUNICIPALITIES and above[1] in listed else None


def _add_unlisted(codes: set[str], known: set[str]) -> None:
    needed = {level for code in codes for level in areas.chain(code)} - known
    # From the top: an area refers to its parent.
    for code in sorted(
        needed, key=lambda one: ("nation", "province", "city").index(areas.level_of(one))
    ):
        PoolingArea.objects.get_or_create(
            code=code,
            defaults={
                "name_zh": areas.describe(code) or code,
                "name_en": areas.describe(code, english=True) or code,
                "level": areas.level_of(code),
                "parent_id": areas.parent_of(code),
                "is_listed": False,
            },
        )
