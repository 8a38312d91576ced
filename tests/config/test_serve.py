"""`make run`, up to the moment it would wait for visitors."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.management.commands import db_worker

from claims.models import VerificationRun
from config.management.commands import serve


@pytest.fixture
def command(monkeypatch):
    """The command with its steps, its daily work and its server noted down and not done."""
    made = serve.Command(stdout=StringIO(), stderr=StringIO())
    made.done = []
    monkeypatch.setattr(
        serve, "call_command", lambda name, *args, **options: made.done.append((name, *args))
    )
    monkeypatch.setattr(serve, "work", lambda: made.done.append(("work",)))
    monkeypatch.setattr(made, "inner_run", lambda *args, **options: made.on_bind(int(made.port)))
    return made


def test_it_prepares_everything_and_then_prints_address_and_people(command):
    call_command(command, "127.0.0.1:8123")
    assert command.done == [
        ("compile_catalogues",),
        ("migrate",),
        ("load_areas",),
        ("load_policies", "--publish"),
        ("build_demo",),
        ("work",),
    ]
    printed = command.stdout.getvalue()
    assert "http://127.0.0.1:8123/" in printed
    assert printed.index("password") < printed.index("http://")


def test_opened_to_the_network_it_answers_to_any_name(command, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    call_command(command, "0.0.0.0:8123")
    assert settings.ALLOWED_HOSTS == ["*"]


def test_at_home_it_answers_to_its_own_names_only(command, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    call_command(command, "127.0.0.1:8123")
    assert settings.ALLOWED_HOSTS == ["localhost"]


@pytest.mark.django_db
def test_soon_after_the_start_there_is_a_result_of_the_verification(monkeypatch):
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    serve.turn()
    serve.turn()
    assert VerificationRun.objects.get().is_clean


def test_it_refuses_to_run_in_production(command, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command(command)
    assert command.done == []


def test_columns_are_aligned_though_a_chinese_character_is_two_wide():
    people = [
        {"key": "a", "name": "欧阳丽", "role": "citizen", "phone": "1"},
        {"key": "b", "name": "Ann", "role": "clerk", "phone": "2", "totp_secret": "SECRET"},
    ]
    header, first, second, *rest = serve.table(people).splitlines()
    places = {
        serve.width(line[: line.index(mark)])
        for line, mark in ((first, "citizen"), (second, "clerk"))
    }
    assert places == {header.index("role")}
    assert rest[-1] == "b: SECRET"
