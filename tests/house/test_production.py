"""Production starts with everything it needs, and with nothing less."""

import os
import runpy
import subprocess
import sys

import environ
import pytest

from tests.house.production import VARIABLES
from tests.house.source import ROOT

NEEDED = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEYS", "SEAL_KEYS", "ALLOWED_HOSTS", "DATABASE_URL")


def clean_environment():
    return {
        key: value
        for key, value in os.environ.items()
        if key not in {*VARIABLES, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }


@pytest.fixture
def production(monkeypatch):
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def settings():
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


def manage(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environment() | VARIABLES | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_the_deployment_check():
    run = manage("check", "--deploy", "--fail-level", "WARNING")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "no issues (0 silenced)" in run.stdout


def test_production_without_a_sender_of_messages_fails_the_check():
    run = manage("check", "--deploy", SMS_BACKEND="")
    assert run.returncode != 0
    assert "gongji.E001" in run.stderr


def test_production_on_sqlite_or_with_one_key_for_two_rings_fails_the_check(tmp_path):
    run = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
        INDEX_KEYS=VARIABLES["FIELD_KEYS"],
    )
    assert run.returncode != 0
    assert "gongji.W001" in run.stderr
    assert "gongji.E002" in run.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_production_refuses_to_start_without(name, production):
    production.delenv(name)
    with pytest.raises(environ.ImproperlyConfigured, match=name):
        settings()


@pytest.mark.parametrize("name", NEEDED)
def test_production_refuses_to_start_with_an_empty(name, production):
    production.setenv(name, "")
    with pytest.raises(environ.ImproperlyConfigured, match=name):
        settings()


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEYS", "SEAL_KEYS"])
def test_production_refuses_the_secret_of_development(name, production):
    production.setenv("GONGJI_ENV", "development")
    production.delenv(name)
    published = settings()[name]
    production.setenv("GONGJI_ENV", "production")
    production.setenv(name, published)
    with pytest.raises(environ.ImproperlyConfigured, match=name):
        settings()


def test_production_refuses_every_host(production):
    production.setenv("ALLOWED_HOSTS", "*")
    with pytest.raises(environ.ImproperlyConfigured, match="ALLOWED_HOSTS"):
        settings()


def test_an_unknown_environment_is_refused(production):
    production.setenv("GONGJI_ENV", "prod")
    with pytest.raises(environ.ImproperlyConfigured, match="GONGJI_ENV"):
        settings()


def test_production_never_builds_the_demo_world():
    for command in ("serve", "build_demo", "demo_cast"):
        run = manage(command)
        assert run.returncode != 0, command
        assert "Traceback" not in run.stderr, run.stderr


def test_production_keeps_connections_and_sends_cookies_over_tls_only(production):
    made = settings()
    assert made["DATABASES"]["default"]["CONN_MAX_AGE"] > 0
    assert made["DATABASES"]["default"]["CONN_HEALTH_CHECKS"]
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert not made["DEBUG"]
