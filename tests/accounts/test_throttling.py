"""Limits count exactly, also when many come at once."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from accounts import limits, throttling
from accounts.limits import Limit
from accounts.models import Throttle
from tests.factories.accounts import together

THREE = Limit("test-three", 3, 60)
FIVE = Limit("test-five", 5, 60)
NOW = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("limit", limits.LIMITS, ids=lambda limit: limit.name)
def test_each_limit_lets_its_count_through_and_no_more(limit):
    with time_machine.travel(NOW, tick=False):
        key = throttling.key_digest(limit, "key")
        Throttle.objects.create(
            limit=limit.name, key_digest=key, window_started_at=NOW, count=limit.count - 1
        )
        assert not throttling.is_spent(limit, "key")
        assert throttling.spend(limit, "key")
        assert throttling.is_spent(limit, "key")
        assert not throttling.spend(limit, "key")
        assert Throttle.objects.get().count == limit.count


@pytest.mark.django_db
@pytest.mark.parametrize("limit", limits.LIMITS, ids=lambda limit: limit.name)
def test_each_limit_opens_again_when_its_window_is_over(limit):
    with time_machine.travel(NOW, tick=False) as clock:
        throttling.spend(limit, "key")
        Throttle.objects.update(count=limit.count)
        clock.move_to(NOW + dt.timedelta(seconds=limit.seconds - 1))
        assert not throttling.spend(limit, "key")
        clock.move_to(NOW + dt.timedelta(seconds=limit.seconds))
        assert not throttling.is_spent(limit, "key")
        assert throttling.spend(limit, "key")
        assert Throttle.objects.get().count == 1


def test_no_two_limits_share_a_name():
    names = [limit.name for limit in limits.LIMITS]
    assert len(names) == len(set(names)) > 15
    assert limits.LONGEST_SECONDS == limits.DAY


@pytest.mark.django_db
def test_keys_and_limits_are_counted_apart():
    assert all(throttling.spend(THREE, "a") for _ in range(3))
    assert not throttling.spend(THREE, "a")
    assert throttling.spend(THREE, "b")
    assert throttling.spend(FIVE, "a")


@pytest.mark.django_db
def test_spending_on_several_limits_counts_on_all_or_on_none():
    for _ in range(3):
        assert throttling.spend_all([(THREE, "a"), (FIVE, "a")])
    assert not throttling.spend_all([(THREE, "a"), (FIVE, "a")])
    assert sorted(Throttle.objects.values_list("limit", "count")) == [
        ("test-five", 3),
        ("test-three", 3),
    ]


@pytest.mark.django_db
def test_clearing_forgets_one_key():
    for key in "ab":
        for _ in range(3):
            throttling.spend(THREE, key)
    throttling.clear(THREE, "a")
    assert throttling.spend(THREE, "a")
    assert not throttling.spend(THREE, "b")


@pytest.mark.django_db
def test_one_event_given_back_leaves_room_for_one():
    for _ in range(3):
        throttling.spend(THREE, "a")
    throttling.give_back(THREE, "a")
    assert throttling.left(THREE, "a") == 1
    assert throttling.spend(THREE, "a")
    assert not throttling.spend(THREE, "a")
    throttling.give_back(THREE, "never counted")
    assert throttling.left(THREE, "never counted") == 3


@pytest.mark.django_db
def test_a_clock_set_back_locks_nobody_out_for_years():
    with time_machine.travel(NOW.replace(year=2036), tick=False):
        for _ in range(3):
            throttling.spend(THREE, "a")
    with time_machine.travel(NOW, tick=False):
        assert not throttling.is_spent(THREE, "a")
        assert throttling.spend(THREE, "a")


@pytest.mark.django_db
def test_the_table_holds_no_key_in_the_clear():
    throttling.spend(THREE, "13800138000")
    row = Throttle.objects.get()
    assert "13800138000" not in f"{row.limit}{row.key_digest}"
    assert len(row.key_digest) == 64


@pytest.mark.django_db
def test_counting_inside_a_transaction_is_refused_because_a_rollback_would_undo_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        throttling.spend(THREE, "a")


@pytest.mark.django_db
def test_pruning_takes_only_counters_that_are_over_for_every_limit():
    now = timezone.now()
    for days in (0, 1, 3):
        Throttle.objects.create(
            limit=f"old-{days}",
            key_digest="x",
            window_started_at=now - dt.timedelta(days=days),
            count=1,
        )
    assert throttling.prune(now=now) == 1
    assert not Throttle.objects.filter(limit="old-3").exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("exists", [False, True], ids=["first time", "known key"])
def test_of_twenty_at_once_exactly_as_many_pass_as_the_limit_says(exists):
    if exists:
        throttling.spend(FIVE, "a")
        throttling.give_back(FIVE, "a")
    passed = together(*[lambda: throttling.spend(FIVE, "a")] * 20)
    assert sorted(passed) == [False] * 15 + [True] * 5
    assert Throttle.objects.get().count == 5


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_callers_with_the_same_limits_in_another_order_do_not_wait_for_each_other_for_ever():
    one = [(THREE, "a"), (FIVE, "b")]
    passed = together(
        *[lambda: throttling.spend_all(one)] * 10,
        *[lambda: throttling.spend_all(one[::-1])] * 10,
    )
    assert sorted(passed) == [False] * 17 + [True] * 3


@pytest.mark.django_db
def test_how_long_to_wait_is_known_to_the_second():
    with time_machine.travel(NOW, tick=False) as clock:
        throttling.spend(THREE, "a")
        clock.shift(dt.timedelta(seconds=20, milliseconds=500))
        assert throttling.wait_seconds(THREE, "a") == 40
        clock.shift(dt.timedelta(seconds=39.4))
        assert throttling.wait_seconds(THREE, "a") == 1
        assert throttling.wait_seconds(THREE, "somebody else") == 1
