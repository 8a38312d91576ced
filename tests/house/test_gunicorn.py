"""A worker of production keeps what it imported out of the collector's way, and is started as the manual says."""

import subprocess
import sys
from pathlib import Path

from config import gunicorn

ROOT = Path(__file__).parents[2]
STARTED = """
import gc
from config import gunicorn
gunicorn.post_worker_init(None)
print(gc.get_freeze_count() > 1000, gc.get_threshold()[0], gc.isenabled())
"""


def test_a_worker_looks_through_what_is_new_alone():
    done = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", str(gunicorn.YOUNG), "True"]


def test_the_manual_starts_it_with_its_file():
    manual = (ROOT / "docs/operate.md").read_text()
    assert "gunicorn --config python:config.gunicorn config.wsgi" in manual
    assert f"{gunicorn.workers} processes with {gunicorn.threads} threads" in manual
