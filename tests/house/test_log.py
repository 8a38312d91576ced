"""The search of the run's own log must be able to find something."""

import pytest

from tests.leaks import leaks


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /people/11010519491231002X/",
        "user 11010519491231002x signed in",
        "old number 110105491231002 kept",
        "sent to 13812345678",
        "sent to +8613812345678",
        '{"phone": "13812345678"}',
        "card A12345678 given",
    ],
)
def test_personal_data_in_a_log_is_found(line):
    assert [found.partition(" holds ")[0] for found in leaks(f"a\n{line}\nb")] == ["line 2"]


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /people/110105194912310021/",
        "sent to 138****5678",
        "took 0.13812345678 s",
        "entry 202611160900001 posted at 1763258400000000",
        "card A****5678 given",
        "digest a13812345678f00d",
    ],
)
def test_other_numbers_are_left_alone(line):
    assert not list(leaks(line))
