"""Proposing, answering and deciding."""

import pytest

from family import bindings, changing
from family.models import Binding
from tests.factories import agreeing

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]


def test_both_sides_agree_and_the_binding_is_in_force():
    giver, wife = agreeing.make_member(), agreeing.make_member(name="李梅", born="19730405")
    waiting = agreeing.propose(giver, wife)
    assert (waiting.state, waiting.beneficiary) == ("waiting", None)
    active = agreeing.confirm(waiting, wife)
    assert (active.state, active.money_model) == ("active", "direct_debit")
