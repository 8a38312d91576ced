import pytest

from tests.factories import agreeing


@pytest.fixture
def rules(db, fixed_day):
    """The published rules, on 16 November 2026."""
    agreeing.load_rules()
