"""The import contracts hold, and each of them is able to fail."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import FLOORS, ROOT

# For each contract a module and the line that breaks it.
OFFENCES = {
    "floors": ("accounts/apps.py", "import queries"),
    "pure": ("insurance/money.py", "import django"),
    "reading-room": ("queries/apps.py", "from insurance import ledger"),
    "rooms-of-accounts": ("accounts/models/users.py", "from accounts import audit"),
    "statements": ("accounts/statements/cursors.py", "from accounts.statements import query"),
    "rooms-of-insurance": ("insurance/models/ledger.py", "from insurance import ledger"),
    "rooms-of-family": ("family/models/orders.py", "from family import bindings"),
    "rooms-of-claims": ("claims/models/vouchers.py", "from claims import settlement"),
    "rooms-of-queries": ("queries/selectors/balance.py", "from queries import views"),
}
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def tree(tmp_path):
    """A copy of the source that a test may spoil."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for floor in FLOORS:
        if (ROOT / floor).exists():
            shutil.copytree(
                ROOT / floor,
                tmp_path / floor,
                ignore=shutil.ignore_patterns("__pycache__", "*.json"),
            )
    return tmp_path


def verdicts(tree):
    """Each contract's name with KEPT or BROKEN."""
    run = subprocess.run(
        [LINT, "--no-cache", "--no-logo"], cwd=tree, capture_output=True, text=True, check=False
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", run.stdout, re.MULTILINE))
    assert found, run.stdout + run.stderr
    assert (run.returncode == 0) is ("BROKEN" not in found.values())
    return found, run.stdout


def contracts():
    """Each contract's id with its name."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): parser[section]["name"]
        for section in parser.sections()
        if section.startswith(prefix)
    }


def test_every_contract_holds(tree):
    found, report = verdicts(tree)
    assert found == dict.fromkeys(contracts().values(), "KEPT"), report


def test_every_contract_has_an_offence():
    assert set(OFFENCES) == set(contracts())


def test_every_contract_fails_when_it_is_broken(tree):
    for file, line in OFFENCES.values():
        path = tree / file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    found, report = verdicts(tree)
    assert found == dict.fromkeys(contracts().values(), "BROKEN"), report
    for file, _line in OFFENCES.values():
        assert file.removesuffix(".py").replace("/", ".") in report
