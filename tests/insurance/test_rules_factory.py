"""The copied rules of the tests are those that the commands load."""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction

from accounts import audit
from accounts.models import AuditEntry
from insurance import policy_disputes
from insurance.models import PolicyTask, PolicyVersion
from tests.factories import rules

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def rows_of(model):
    left_out = (models.DateTimeField, models.AutoField, models.BinaryField)
    named = [one.attname for one in model._meta.concrete_fields if not isinstance(one, left_out)]
    return [tuple(map(str, row)) for row in model.objects.order_by("pk").values_list(*named)]


def everything():
    return {model.__name__: rows_of(model) for model in apps.get_models() if model.objects.exists()}


def undone(fill):
    """What `fill` leaves in every table, before it is taken back."""
    with transaction.atomic():
        fill()
        left = everything()
        transaction.set_rollback(True)
    return left


def test_a_copy_is_what_the_commands_load():
    rules.copies.clear()
    loaded = undone(rules.publish_all)
    copied = undone(rules.publish_all)
    assert len(loaded["PolicyValue"]) > 500
    assert loaded.keys() == copied.keys()
    for name, rows in loaded.items():
        assert copied[name] == rows, name


def test_a_copy_goes_beside_what_the_log_holds_already():
    undone(rules.publish_all)
    audit.record(actor=None, action="policy.draft")
    rules.publish_all()
    assert AuditEntry.objects.count() > 1 + PolicyVersion.objects.count()


@pytest.mark.parametrize("day", [dt.date(2024, 3, 1), dt.date(2026, 11, 22)])
def test_the_tasks_are_those_of_the_day_on_which_the_rules_are_wanted(day):
    with time_machine.travel(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)):
        rules.publish_all()
    disputes = [one for one in policy_disputes.in_force(day) if one.is_open]
    assert PolicyTask.objects.open().count() == len(disputes)
