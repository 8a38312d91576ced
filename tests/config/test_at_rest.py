"""Whoever steals the database file or a dump finds no ID number, no phone and no card."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from config.demo import cast
from tests.leaks import leaks

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def stored_bytes():
    """Everything the database holds: SQLite's own files, or every table of PostgreSQL as a dump writes it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(connection.settings_dict["NAME"]).read_bytes()
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                parts.extend(bytes(part) for part in rows)
    return b"".join(parts)


def stored_text():
    """What the tables hold, each value by itself: in SQLite's file two neighbours can look like a number that is none."""
    if connection.vendor == "sqlite":
        return "\n".join(connection.connection.iterdump())
    return stored_bytes().decode("latin-1")


def numbers():
    """Every identifying number of the demo world, also as people type them."""
    for one in cast.demo_people():
        for kind in ("id_number", "phone", "social_security_card"):
            if one[kind]:
                yield str(one[kind])


def visit_as_people_do():
    """Wrong and right attempts, a code by SMS and a sign-up: what these leave behind is stored too."""
    zhang, wang = cast.demo_people()[:2]
    client = Client()
    client.post("/accounts/sign-in/", {"box": zhang["id_number"], "password": "wrong"})
    client.post("/accounts/sign-in/sms/", {"box": wang["phone"]})
    client.post("/accounts/reset/", {"box": zhang["social_security_card"]})
    client.post(
        "/accounts/sign-up/",
        {
            "name": "钱一凡",
            "id_number": "320000199502141635",
            "phone": "15400000018",
            "agree": "on",
        },
    )
    client.post("/accounts/sign-in/", {"box": zhang["phone"], "password": zhang["password"]})
    return client


def test_the_whole_demo_world_is_unreadable_at_rest():
    call_command("load_areas", verbosity=0)
    call_command("build_demo", verbosity=0)
    client = visit_as_people_do()
    assert client.get("/home/").status_code == 200, "nobody came in"
    stored = stored_bytes()
    assert b"demo" in stored, "the search looks at nothing"
    found = [number for number in numbers() if number.encode() in stored]
    assert not found
    # Also numbers that nobody thought of.
    assert not [leak for leak in leaks(stored_text()) if "card" not in leak]
