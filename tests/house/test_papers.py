"""The papers say what is true of the tree they lie in."""

import re

import pytest

from tests.house.source import ROOT, name

PAPERS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
)
PINNED = re.compile(r"^([A-Za-z0-9_-]+)(\[[a-z]+\])?==[\w.]+$", re.MULTILINE)


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", PAPERS, ids=name)
def test_links_lead_somewhere(paper):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    broken = [one for one in links if "://" not in one and not (paper.parent / one).exists()]
    assert not broken


def test_every_package_is_pinned_and_has_its_reason():
    lines = [
        line.partition("#")[0].strip()
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in text_of(file).splitlines()
    ]
    loose = [
        line for line in lines if line and not PINNED.match(line) and line != "-r requirements.txt"
    ]
    assert not loose
    explained = re.findall(
        r"^\| ([\w-]+) \| \w", text_of("docs/decisions/packages.md"), re.MULTILINE
    )
    pinned = [PINNED.match(line).group(1) for line in lines if PINNED.match(line)]
    assert sorted(set(explained) - {"package"}) == sorted(pinned)


def test_the_example_of_an_environment_names_every_variable():
    read = set(re.findall(r"(?:env\.\w+|secret)\(\s*\"([A-Z_]+)\"", text_of("config/settings.py")))
    shown = set(re.findall(r"^(?:# )?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert read - {"DEBUG"} == shown


def test_the_example_of_an_environment_holds_no_secret():
    for secret in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEYS", "SEAL_KEYS", "DATABASE_URL"):
        assert re.search(rf"^{secret}=$", text_of(".env.example"), re.MULTILINE), secret


def test_every_command_the_papers_name_exists():
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    others = {
        "check",
        "migrate",
        "collectstatic",
        "makemigrations",
        "shell",
        "dumpdata",
        "clearsessions",
        "db_worker",
        "prune_db_task_results",
    }
    named = {
        one
        for paper in PAPERS
        for one in re.findall(r"manage\.py ([a-z_]+)", paper.read_text("utf-8"))
    }
    assert not named - commands - others


def test_every_target_the_papers_name_exists():
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    named = {
        one for paper in PAPERS for one in re.findall(r"`make ([a-z]+)", paper.read_text("utf-8"))
    }
    assert named <= targets
    assert {"run", "test"} <= named
