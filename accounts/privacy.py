"""What of a person may be shown. Every mask of the site is made here, and nowhere else.

No national rule sets the digits. Own pages show 4 + 4, everybody else sees 1 + 1: whoever knows a birth date (the family
does) would have about ten candidates left under 4 + 4. The same person gets the same mask on every channel.
"""

import re
import unicodedata
from difflib import SequenceMatcher

DOT = "·"
STAR = "*"
# What may be somebody's number inside a text: eleven digits in a row and up (telephones, ID numbers, bank cards), a
# telephone in groups, a social security card. Too much masked in a log costs nothing; a number shown does.
NUMBERS = re.compile(
    r"\d{11,}[Xx]?"
    r"|(?<!\d)1[3-9]\d[ \-]\d{4}[ \-]\d{4}(?!\d)"
    r"|(?<!\d)\d{6}[ \-]\d{8}[ \-]\d{3}[\dXx](?!\d)"
    r"|(?<![0-9A-Za-z])[A-Za-z]\d{8}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z.\-])\d{9}(?![0-9A-Za-z.\-])"
)
# Characters that start a new line or turn the writing round, and so can make one text look like another.
UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Two-character surnames, so that the mask of 欧阳建国 keeps a surname and not half of one.
_COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 "
    "拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 "
    "西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 吴铭 纳兰 完颜 富察 叶赫"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


def _middle(text: str, first: int, last: int) -> str:
    """Stars between the first and the last characters; short texts become stars as a whole."""
    if len(text) <= first + last:
        return STAR * len(text)
    return text[:first] + STAR * (len(text) - first - last) + text[len(text) - last :]


def mask_numbers(text: str) -> str:
    """A free text with stars over whatever may be a person's number."""
    return NUMBERS.sub(lambda found: STAR * len(found[0]), text)


def one_line(text: str) -> str:
    """A free text without line breaks, control and direction characters."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def mask_id_number(text: str | None) -> str:
    """For the person's own pages: 3401**********1234."""
    return _middle(text or "", 4, 4)


def mask_id_number_for_others(text: str | None) -> str:
    """For anybody else, staff and slips included: 3****************4."""
    return _middle(text or "", 1, 1)


def mask_phone(text: str | None) -> str:
    """138****5678."""
    return _middle(text or "", 3, 4)


def mask_phone_for_others(text: str | None) -> str:
    """*********78."""
    return _middle(text or "", 0, 2)


def mask_card(text: str | None) -> str:
    """A social security or bank card: *****1234."""
    return _middle(text or "", 0, 4)


def mask_name(name: str | None) -> str:
    """张 → 张, 张三 → 张*, 张建国 → 张*国, 阿卜杜拉·买买提 → 阿***·***, John Smith → J*** S***.

    The number of stars tells a length of at most three: whoever looks for somebody must not count letters.
    """
    name = (name or "").strip()
    if DOT in name:
        first, *others = name.split(DOT)
        return DOT.join(["".join(_letters(first)[:1]) + STAR * 3, *[STAR * 3 for _ in others]])
    if re.search(r"[A-Za-z]", name):
        return " ".join("".join(_letters(part)[:1]) + STAR * 3 for part in name.split())
    letters = _letters(name)
    if len(letters) <= 1:
        return name
    surname = 2 if len(letters) > 2 and "".join(letters[:2]) in COMPOUND_SURNAMES else 1
    if len(letters) == surname + 1:
        return "".join(letters[:surname]) + STAR
    return "".join(letters[:surname]) + STAR * min(len(letters) - surname - 1, 3) + letters[-1]


def mask_common(one: str, other: str) -> tuple[str, str]:
    """Two spellings of a name with stars for what they share: 李梅, 李玫 → *梅, *玫. Of two names, each as `mask_name` has it."""
    first, second = _letters(one.strip()), _letters(other.strip())
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks)
    if 2 * shared < max(len(first), len(second)):
        return mask_name(one), mask_name(other)
    for block in blocks:
        first[block.a : block.a + block.size] = [STAR] * block.size
        second[block.b : block.b + block.size] = [STAR] * block.size
    return "".join(first), "".join(second)


def _letters(text: str) -> list[str]:
    """What people count as letters: a mark or a variation selector belongs to the character before it."""
    letters: list[str] = []
    for one in text:
        if letters and unicodedata.category(one).startswith("M"):
            letters[-1] += one
        else:
            letters.append(one)
    return letters
