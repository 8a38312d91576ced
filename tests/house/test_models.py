"""Every model says what it is, in Chinese, and in which order it comes."""

import re

import pytest
from django.apps import apps
from django.db import models

from tests.house.source import FLOORS

OURS = [
    model
    for floor in FLOORS
    if apps.is_installed(floor)
    for model in apps.get_app_config(floor).get_models()
]
# Models that are never listed as a whole, with the reason.
WITHOUT_ORDER: dict[str, str] = {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_introduces_itself(model):
    assert model.__str__ is not models.Model.__str__, "no __str__"
    assert re.search("[\u4e00-\u9fff]", str(model._meta.verbose_name)), "no verbose_name"
    assert re.search("[\u4e00-\u9fff]", str(model._meta.verbose_name_plural)), "no plural"
    assert bool(model._meta.ordering) is (model._meta.label not in WITHOUT_ORDER), "no ordering"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_constraints_and_indexes_are_named_by_hand(model):
    # Django's own names end in a digest: accounts_u_phone_3f1e2c_idx
    for one in (*model._meta.constraints, *model._meta.indexes):
        assert not re.search(r"_[0-9a-f]{6,8}_(idx|uniq|check)$", one.name), one.name
    assert not model._meta.unique_together


def test_money_is_whole_fen():
    floats = [
        str(field)
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField | models.DecimalField)
    ]
    assert not floats
