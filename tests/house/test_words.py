"""What may stand on a page and in the source, word by word."""

import json
import re

import pytest

from config import catalogue
from tests.house.source import (
    FLOORS,
    HAN,
    ROOT,
    TEMPLATE_SYNTAX,
    files,
    lines_matching,
    name,
    strings,
    templates,
)

# Chinese punctuation is full-width: an ASCII mark between two Han characters is a slip of the keyboard.
ASCII_MARK = re.compile(
    rf"[{HAN}\u3001-\u3011\uff01-\uff5e][,:;?!()][{HAN}]|[{HAN}][,:;?!()](?:$|[{HAN}])"
)
# 12333 is the telephone of another ministry; medical insurance answers at 12393.
WRONG_NUMBER = r"(?<!\d)12333(?!\d)"
UNFINISHED = r"\b(TODO|FIXME|XXX|HACK)\b|(?i:coming soon|lorem ipsum)|敬请期待|正在建设|建设中|即将上线|暂未开放"
# A public service sells nothing.
SELLING = r"立即下载|立即领取|限时|免费领|猜你喜欢|为您推荐"
# Words that we read and never print.
READ_ONLY = {"insurance/imports/words.py": "spellings that an agency's own file may use"}
ROOMS_WITHOUT_A_NAME = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}


def texts_of_json(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts_of_json(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of_json(one)


def slips(where, text):
    return [f"{where}: {found.group()}" for found in ASCII_MARK.finditer(text)]


@pytest.mark.parametrize("text", ["余额(元", "你好,世界", "是吗?", "说明:如下", "结束)后"])
def test_a_slip_of_the_keyboard_is_seen(text):
    assert slips("here", text)


@pytest.mark.parametrize("text", ["余额（元）", "12:30", "a, b", "2026年 (year)", "{{ 甲 }}"])
def test_proper_punctuation_is_left_alone(text):
    assert not slips("here", text)


def test_chinese_on_pages_has_chinese_punctuation():
    found = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for line, content in enumerate(text.splitlines(), start=1):
            found += slips(f"{name(path)}:{line}", TEMPLATE_SYNTAX.sub(" ", content))
            for message in re.findall(r"\"([^\"]*)\"", content):
                found += slips(f"{name(path)}:{line}", message)
    assert not found


def test_chinese_in_the_code_has_chinese_punctuation():
    found = []
    for path in files(".py"):
        for line, text in strings(path) if name(path) not in READ_ONLY else ():
            found += slips(f"{name(path)}:{line}", text)
    assert not found


def test_chinese_in_the_policy_data_has_chinese_punctuation():
    found = []
    for path in files(".json", *FLOORS):
        for text in texts_of_json(json.loads(path.read_text(encoding="utf-8"))):
            found += slips(name(path), text)
    assert not found


def test_chinese_in_the_catalogues_has_chinese_punctuation():
    found = []
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        for message in catalogue.stored(path):
            for text in message.string if isinstance(message.string, tuple) else (message.string,):
                found += slips(name(path), text or "")
    assert not found


def test_the_telephone_of_another_ministry_is_nowhere():
    everything = (*files(".py"), *templates(), *files(".json", *FLOORS), *files(".po", "locale"))
    assert not lines_matching(WRONG_NUMBER, everything)


def test_nothing_is_left_for_later():
    everything = (*files(".py"), *templates(), *files(".css", "static"), *files(".js", "static"))
    assert not lines_matching(UNFINISHED, everything)


def test_nothing_is_sold():
    assert not lines_matching(SELLING, (*templates(), *files(".py")))


def test_every_room_is_named_after_something():
    assert not [name(path) for path in files(".py") if path.name in ROOMS_WITHOUT_A_NAME]


def test_nothing_happens_by_signal():
    assert not lines_matching(
        r"django\.dispatch|django\.db\.models\.signals|@receiver", files(".py")
    )
