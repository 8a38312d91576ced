"""The log shows no number of a person and lets nobody forge a line."""

import logging
import sys

import pytest

from accounts.logs import MaskedFormatter
from tests.leaks import leaks

FORMATTER = MaskedFormatter()


def logged(message, *arguments, error=None, stack=None):
    record = logging.LogRecord(
        "gongji", logging.WARNING, __file__, 1, message, arguments, error, sinfo=stack
    )
    return FORMATTER.format(record)


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /people/11010519491231002X/",
        "110105491231002",
        "user_11010519491231002x",
        "u11010519491231002Xu",
        "phone=13800138000&x=1",
        "+8613800138000",
        "{'phone': '13800138000'}",
        "138 0013 8000",
        "card A12345678 and 6222021234567890123",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_numbers_are_masked_wherever_they_stand(text):
    line = logged("%s", text)
    assert not list(leaks(line))
    assert "*********" in line


def test_what_helps_to_find_a_fault_stays():
    line = logged("Error page %s, reference %s, at %s", 404, "1234-5678", "/balance/statement/")
    assert line.endswith(
        "WARNING gongji Error page 404, reference 1234-5678, at /balance/statement/"
    )


@pytest.mark.parametrize(
    "text",
    ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x1b[2K", "\u202e", "\x00"],
)  # fmt: skip
def test_nothing_in_a_message_starts_another_line_or_hides_one(text):
    line = logged("before %s2026-11-16 10:00:00,000 INFO gongji all is well", text)
    assert len(line.splitlines()) == 1
    assert text[0] not in line
    assert f"before <U+{ord(text[0]):04X}>" in line


def raised(text):
    try:
        raise ValueError(text)
    except ValueError:
        return sys.exc_info()


def test_a_traceback_has_a_margin_and_no_numbers():
    error = raised("11010519491231002X\n2026-11-16 10:00:00,000 INFO gongji all is well")
    first, *rest = logged("broken", error=error).splitlines()
    assert first.endswith("broken")
    assert all(line.startswith("    | ") for line in rest)
    assert not list(leaks("\n".join(rest)))


def test_a_stack_has_a_margin():
    _first, *rest = logged("here", stack="Stack:\n  line 1\nline 2").splitlines()
    assert all(line.startswith("    | ") for line in rest)


def test_another_handlers_text_of_an_exception_is_not_trusted():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "m", (), raised("13800138000"))
    logging.Formatter().format(record)
    assert not list(leaks(FORMATTER.format(record)))


def test_every_handler_of_the_settings_masks(settings):
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"masked"}
