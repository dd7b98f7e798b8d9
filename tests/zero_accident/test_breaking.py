"""Why a village or a unit is told that it is broken: the sentence, the line of the policy and how it came to be charged."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accidents.rules.accidents import Casualties, UnitPart
from tests.cast.read_law import GRADES, POLICY
from zero_accident.rules.attribution import AttributedAccident, Override
from zero_accident.rules.breaking import breaks, would_break_a_village

V, U = "141123100201", "u-mine"
NOBODY, ONE_DEAD, ONE_HURT = Casualties(), Casualties(deaths=1), Casualties(serious_injuries=1)
OF_A_UNIT = replace(POLICY, village_counts_unit_accidents=False)  # an accident of a unit breaks no village
PLACE = "；事故发生地"


def accident(**fields):
    usual = {"id": "a1", "occurred_on": date(2026, 3, 5), "category": "Z1", "nature": "production", "village": V}
    return AttributedAccident(**{**usual, "casualties": ONE_DEAD, "grades": GRADES, **fields})


def held_to(code, **least):
    return replace(POLICY, categories=tuple(replace(c, **least) if c.code == code else c for c in POLICY.categories))


REASONS = [  # policy, facts, reason
    (POLICY, {}, f"2026-03-05发生生产安全死亡事故（Z1），死亡1人，达到1人及以上{PLACE}"),
    (POLICY, {"category": None}, f"2026-03-05发生类别待定的事故，死亡1人，达到1人及以上{PLACE}；性质待定，暂计入，核销后恢复"),
    (held_to("Z4", min_deaths=0), {"category": "Z4", "casualties": NOBODY},
     f"2026-03-05发生火灾事故（Z4），死亡0人，此类事故发生即计入{PLACE}"),
    (held_to("Z4", min_serious_injuries=1), {"category": "Z4", "casualties": ONE_HURT},
     f"2026-03-05发生火灾事故（Z4），重伤1人，达到1人及以上{PLACE}"),
    (held_to("Z4", min_loss_yuan=5000), {"category": "Z4", "casualties": NOBODY, "loss_yuan": Decimal("5000.50")},
     f"2026-03-05发生火灾事故（Z4），直接经济损失5000.50元，达到5000元及以上{PLACE}"),
]  # fmt: skip


@pytest.mark.parametrize("policy, facts, reason", REASONS)
def test_a_village_is_told_in_a_sentence_why_it_is_broken(policy, facts, reason):
    [found] = breaks(policy, accident(**facts))
    assert (found.subject, found.key, found.accident, found.reason) == ("village", V, "a1", reason)


ATTRIBUTIONS = [  # the unit's parts in the accident, approved changes, how the unit came to be charged, in words
    ((UnitPart(U),), (), "occurring", "事故发生单位"),
    ((UnitPart(U, "contractor", True),), (), "contractor", "负有责任的承包单位"),
    ((UnitPart(U, "owner", True),), (), "owner", "负有责任的发包单位"),
    ((UnitPart(U, "contractor", True), UnitPart(U)), (), "occurring", "事故发生单位"),  # where it happened comes first
    ((UnitPart(U), UnitPart(U, "contractor", True)), (), "occurring", "事故发生单位"),  # in whichever order they are told
    ((UnitPart(U, "owner", True), UnitPart(U, "contractor", True)), (), "contractor", "负有责任的承包单位"),
    ((), (Override("unit", U),), "override", "经批准认定"),
    ((UnitPart(U),), (Override("unit", U),), "override", "经批准认定"),
]


@pytest.mark.parametrize("roles, overrides, attribution, words", ATTRIBUTIONS)
def test_a_unit_is_told_by_which_of_its_parts_it_is_charged(roles, overrides, attribution, words):
    [found] = breaks(POLICY, accident(village=None, roles=roles, overrides=overrides))
    assert (found.subject, found.key, found.attribution) == ("unit", U, attribution)
    assert found.reason.endswith(f"；{words}")


def test_a_village_charged_by_an_approved_change_is_told_so():
    [found] = breaks(POLICY, accident(overrides=(Override("village", V),)))
    assert (found.subject, found.attribution) == ("village", "override")
    assert found.reason.endswith("；经批准认定")


LET_OFF = [  # policy, the units' parts, whom the accident breaks when accidents of units break no village
    (OF_A_UNIT, (UnitPart(U, "contractor", True),), [U]),
    (OF_A_UNIT, (UnitPart(U, "owner", None),), [V]),  # not found responsible: an accident of the village
    (OF_A_UNIT, (UnitPart(U, "witness"),), [V]),
    (replace(OF_A_UNIT, roles_always=()), (UnitPart(U),), []),  # it happened at a unit all the same
]


@pytest.mark.parametrize("policy, roles, whom", LET_OFF)
def test_whose_accident_it_is_decides_whether_the_village_is_let_off(policy, roles, whom):
    assert [found.key for found in breaks(policy, accident(roles=roles))] == whom


UNNAMED = [  # policy, facts, whether it would break the village that nobody has named yet
    (POLICY, {}, True),
    (POLICY, {"roles": (UnitPart(U),)}, True),
    (OF_A_UNIT, {"roles": (UnitPart(U),)}, False),
    (POLICY, {"casualties": NOBODY}, False),
    (POLICY, {"stat_status": "written_off"}, False),
]


@pytest.mark.parametrize("policy, facts, would", UNNAMED)
def test_a_village_not_yet_named_is_broken_as_a_named_one_would_be(policy, facts, would):
    assert would_break_a_village(policy, accident(village=None, **facts)) is would
    assert not would_break_a_village(policy, accident(**facts))  # this one has a name: it breaks it or it does not
    assert (V in [found.key for found in breaks(policy, accident(**facts))]) is would
