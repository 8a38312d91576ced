"""Everything that is written into the visitors' book has a name on the auditor's page."""

import re

from accounts import audit
from tests.house.source import files, name

WRITTEN = re.compile(r"\baction=\"([a-z_]+\.[a-z_]+)\"")


def written():
    """Every action that stands literally in a call, with its file."""
    for path in files(".py"):
        for action in WRITTEN.findall(path.read_text(encoding="utf-8")):
            yield action, name(path)


def test_every_action_that_is_written_has_a_name():
    actions = list(written())
    assert len(actions) > 15
    assert not [f"{place}: {action}" for action, place in actions if action not in audit.LABELS]
