import io

import pytest

from insurance.imports import progress
from insurance.imports.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(stream, *lines, total=100, quiet=False):
    shown = Progress(total, quiet=quiet, stream=stream)
    for line in lines:
        shown.reach(line)
    shown.close()
    return stream.getvalue()


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(progress, "LINES_BETWEEN_WORDS", 40)


def test_a_terminal_shows_a_bar():
    assert "100/100" in told(Terminal(), 30, 60, 100)


def test_elsewhere_a_plain_line_comes_now_and_then():
    assert told(io.StringIO(), 30, 60, 90, 100) == "已处理 60 / 100 行\n已处理 100 / 100 行\n"


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_quiet_is_quiet(stream):
    assert told(stream(), 50, 100, quiet=True) == ""
