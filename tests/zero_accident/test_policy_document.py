"""A policy document at the edges: what it may leave out, and how its faults are named."""

import pytest

from tests import law
from tests.zero_accident.laws import UNNAMED
from zero_accident.rules.policy import read_policy


@pytest.mark.parametrize(
    "body, named",
    [
        ({"categories": 5}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲"}]}, "categories"),  # from how many dead it counts
        ({"ranking": {**law.body("zero_accident_policy")["ranking"], "keys": 5}}, "ranking.keys"),
        ({"min_days_active": -1, "late_deaths_break": True}, "late_deaths_break、min_days_active"),  # every one
    ],
)
def test_every_wrong_parameter_is_named(body, named):
    with pytest.raises(ValueError, match=f"的参数有误：{named}$"):
        read_policy({**law.body("zero_accident_policy"), **body}, "T-1", UNNAMED)


@pytest.mark.parametrize(
    "mode, of, village, unit",
    [
        ("accident_only", ["village", "unit"], False, False),
        ("accident_and_standard", ["village", "unit"], True, True),
        ("accident_and_standard", ["village"], True, False),
    ],
)
def test_of_whom_the_nine_standards_are_asked(mode, of, village, unit):
    policy = read_policy({**law.body("zero_accident_policy"), "mode": mode, "standards_apply_to": of}, "T-1", UNNAMED)
    assert (policy.asks_standards_of("village"), policy.asks_standards_of("unit")) == (village, unit)
