"""A policy document at the edges: what it may leave out, and how its faults are named."""

import pytest

from zero_accident.rules.policy import Category, read_policy


@pytest.mark.parametrize(
    "body, named",
    [
        ({"categories": 5}, "categories"),
        ({"ranking": {"keys": 5}}, "ranking.keys"),
        ({"min_days_active": -1, "late_deaths_break": True}, "late_deaths_break、min_days_active"),  # every one
    ],
)
def test_every_wrong_parameter_is_named(body, named):
    with pytest.raises(ValueError, match=f"的参数有误：{named}$"):
        read_policy(body, "T-1")


def test_a_category_that_names_no_threshold_is_held_to_one_death():
    policy = read_policy({"categories": [{"code": "Z1", "name": "甲"}]}, "T-1")
    assert policy.category("Z1") == Category("Z1", "甲", min_deaths=1)
