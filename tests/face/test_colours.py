"""The colours of the tokens can be read: 4.5:1 everywhere, 7:1 in large type and high contrast."""

import re
from itertools import product

import pytest

from tests.house.source import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
# Text colours and the grounds they stand on.
PAIRS = (
    *product(("--ink", "--soft", "--brand", "--act", "--wait"), ("--paper", "--ground")),
    ("--brand-deep", "--wash"),
    ("--wait", "--wait-wash"),
    ("--act", "--act-wash"),
    ("--on-brand", "--brand"),
    ("--on-brand", "--brand-deep"),
)
MODES = {"standard": (), "elder": (".elder",), "contrast": (".contrast",)}


def colours(*blocks):
    found = {}
    for block in (":root", *blocks):
        body = re.search(rf"^{re.escape(block)} \{{(.*?)^\}}", TOKENS, re.S | re.M)[1]
        found |= dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6});", body))
    return found


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(one * 2 for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def test_black_on_white_is_twenty_one():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read(mode):
    found = colours(*MODES[mode])
    needed = 4.5 if mode == "standard" else 7
    faint = {
        pair: round(contrast(found[pair[0]], found[pair[1]]), 2)
        for pair in PAIRS
        if contrast(found[pair[0]], found[pair[1]]) < needed
    }
    assert not faint


@pytest.mark.parametrize("mode", MODES)
def test_edges_of_fields_and_the_ring_can_be_seen(mode):
    found = colours(*MODES[mode])
    for mark, ground in product(("--edge", "--ring"), ("--paper", "--ground")):
        assert contrast(found[mark], found[ground]) >= 3, (mark, ground)
