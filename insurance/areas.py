"""Areas by their code alone: the province table of GB/T 2260 and the levels above a code.

Pure. An area that nobody loaded is still known by its code and province; its rules are blank.
"""

import re
from collections.abc import Iterable

NATION = "000000"
NATION_NAMES = ("全国", "Nationwide")
CODE = re.compile(r"[0-9]{6}")
# First two digits of GB/T 2260: Chinese name, English name.
PROVINCES: dict[str, tuple[str, str]] = {
    "11": ("北京市", "Beijing"),
    "12": ("天津市", "Tianjin"),
    "13": ("河北省", "Hebei"),
    "14": ("山西省", "Shanxi"),
    "15": ("内蒙古自治区", "Inner Mongolia"),
    "21": ("辽宁省", "Liaoning"),
    "22": ("吉林省", "Jilin"),
    "23": ("黑龙江省", "Heilongjiang"),
    "31": ("上海市", "Shanghai"),
    "32": ("江苏省", "Jiangsu"),
    "33": ("浙江省", "Zhejiang"),
    "34": ("安徽省", "Anhui"),
    "35": ("福建省", "Fujian"),
    "36": ("江西省", "Jiangxi"),
    "37": ("山东省", "Shandong"),
    "41": ("河南省", "Henan"),
    "42": ("湖北省", "Hubei"),
    "43": ("湖南省", "Hunan"),
    "44": ("广东省", "Guangdong"),
    "45": ("广西壮族自治区", "Guangxi"),
    "46": ("海南省", "Hainan"),
    "50": ("重庆市", "Chongqing"),
    "51": ("四川省", "Sichuan"),
    "52": ("贵州省", "Guizhou"),
    "53": ("云南省", "Yunnan"),
    "54": ("西藏自治区", "Tibet"),
    "61": ("陕西省", "Shaanxi"),
    "62": ("甘肃省", "Gansu"),
    "63": ("青海省", "Qinghai"),
    "64": ("宁夏回族自治区", "Ningxia"),
    "65": ("新疆维吾尔自治区", "Xinjiang"),
    "71": ("台湾省", "Taiwan"),
    "81": ("香港特别行政区", "Hong Kong"),
    "82": ("澳门特别行政区", "Macao"),
}

# Cities that are provinces: one pooling area each, so people are insured in them and not below.
MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})


def is_known(code: str) -> bool:
    """Six digits whose first two are a province's, or the nation's own code."""
    return code == NATION or (CODE.fullmatch(code) is not None and code[:2] in PROVINCES)


def province_of(code: str) -> str | None:
    """440100 → 440000; a province is its own; None for the nation and for what is no code."""
    return f"{code[:2]}0000" if code != NATION and is_known(code) else None


def level_of(code: str) -> str:
    """nation, province or city, by the code alone: municipalities are provinces here."""
    if code == NATION:
        return "nation"
    return "province" if code.endswith("0000") else "city"


def parent_of(code: str) -> str | None:
    """The code one level up; None above the nation."""
    if code == NATION:
        return None
    return NATION if level_of(code) == "province" else province_of(code)


def chain(code: str) -> tuple[str, ...]:
    """Who may speak about an area, nearest first: city, province, nation. Empty for what is no code."""
    if not is_known(code):
        return ()
    levels: Iterable[str | None] = (code, province_of(code), NATION)
    return tuple(dict.fromkeys(level for level in levels if level))


def describe(code: str, *, english: bool = False) -> str | None:
    """江苏省 for a province, 江苏省（320200） for a place in it, None for a code of no province."""
    if code == NATION:
        return NATION_NAMES[english]
    if not is_known(code):
        return None
    name = PROVINCES[code[:2]][english]
    if level_of(code) == "province":
        return name
    return f"{name} ({code})" if english else f"{name}（{code}）"
