"""How gunicorn runs the site: `gunicorn --config python:config.gunicorn config.wsgi`. What the command line says wins."""

import gc
from typing import Any

workers, threads = 3, 4

# A request makes some thousands of objects, nearly all of which die with it: looked through at every 700 new ones, Python's measure, they
# are looked through again and again while they live.
YOUNG = 10_000


def post_worker_init(_worker: Any) -> None:
    """What was imported stays for good, so nobody looks through it for what could be thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
