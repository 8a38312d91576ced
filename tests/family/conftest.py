import pytest

from tests.factories import agreeing


@pytest.fixture
def rules(db, fixed_day):
    """The published rules, on 16 November 2026."""
    agreeing.load_rules()


@pytest.fixture
def husband(rules):
    return agreeing.make_member()


@pytest.fixture
def wife(rules):
    return agreeing.make_member(name="李梅", born="19730405", scheme="resident")
