"""What goes ahead is looked at before what comes after it, whatever that is and however it is sent."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import statements
from accounts.models import Throttle
from accounts.statements import Query, ahead, bundles

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

COUNTS = Query(
    lambda key: Throttle.objects.filter(key_digest=key).order_by("pk").values_list("count")
)


class Stop(Exception):
    pass


@pytest.fixture
def said():
    """What happened, in its order; each statement by the key it asks for."""
    happened = []

    def keep(execute, sql, params, many, context):
        made = execute(sql, params, many, context)
        # What goes ahead of a statement is run within it.
        if "accounts_throttle" in sql:
            happened.append("written" if "INSERT" in sql else params[0])
        return made

    with connection.execute_wrapper(keep):
        yield happened


def row(key):
    return Throttle(limit="ahead", key_digest=key, window_started_at=timezone.now())


def question(said, stops=False):
    def check(asked):
        said.append(f"looked at {list(asked.rows())}")
        if stops:
            raise Stop

    return ahead.of(lambda: COUNTS.ask("first"), check)


def test_it_goes_before_what_is_asked_together_and_is_looked_at_before_its_end(said):
    with transaction.atomic(), question(said):
        with statements.together():
            asked = COUNTS.ask("second")
        said.append("known")
        assert not list(asked.rows())
        list(COUNTS.rows("third"))
    if connection.vendor == "postgresql":
        assert said == ["first", "second", "looked at []", "known", "third"]
    else:
        assert said == ["first", "looked at []", "second", "known", "third"]


def test_alone_it_is_looked_at_before_the_next_goes(said):
    with transaction.atomic(), question(said):
        list(COUNTS.rows("second"))
    assert said == ["first", "looked at []", "second"]


def test_it_is_asked_where_nothing_else_is(said):
    with transaction.atomic(), question(said):
        pass
    assert said == ["first", "looked at []"]


def test_it_is_looked_at_though_the_rest_went_wrong_before(said):
    def wrong(stops):
        with transaction.atomic(), question(said, stops):
            raise LookupError

    with pytest.raises(LookupError):
        wrong(stops=False)
    with pytest.raises(Stop):
        wrong(stops=True)
    assert said == ["first", "looked at []"] * 2


def test_whoever_hears_the_stop_and_goes_on_hears_it_again(said):
    def deaf():
        with transaction.atomic(), question(said, stops=True):
            for key in ("second", "third"):
                with suppress(Stop), statements.together():
                    COUNTS.ask(key)
            with statements.together():
                COUNTS.ask("fourth")

    with pytest.raises(Stop):
        deaf()


def test_what_it_stops_is_not_written(said):
    def writing():
        with (
            transaction.atomic(),
            question(said, stops=True),
            bundles.put_off(),
            statements.together(),
        ):
            statements.insert([row("second")])

    with pytest.raises(Stop):
        writing()
    assert said == ["first", "looked at []"]
    assert not Throttle.objects.filter(limit="ahead").exists()


def test_what_it_stops_is_not_known(said):
    def reading():
        with transaction.atomic(), question(said, stops=True):
            with statements.together():
                COUNTS.ask("second")
            said.append("known")

    with pytest.raises(Stop):
        reading()
    assert "known" not in said


def test_after_it_nothing_is_left(said):
    before = len(connection.execute_wrappers)
    with suppress(Stop), transaction.atomic(), question(said, stops=True):
        COUNTS.rows("second")
    assert len(connection.execute_wrappers) == before
    said.clear()
    with transaction.atomic(), statements.together():
        COUNTS.ask("second")
    assert said == ["second"]
