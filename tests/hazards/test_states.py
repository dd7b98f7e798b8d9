"""隐患的流程: the table of steps as a rule, without a database: who may take which step, and what whoever may not is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hazards.states import ENDED, FLOW, OPEN, STEPS, Origin, State, choose, loop_of, possible
from hazards.views.steps import DOORS
from reference.terms import HazardLevel, Loop
from safety_api.permissions import MAY
from safety_api.problems import Problem
from safety_api.roles import Role


def test_the_twelve_states_have_the_names_of_the_domain():
    assert [state.label for state in State] == [
        "草稿", "已上报", "不成立", "已确认", "已责令", "整改中", "申请复查", "已销号", "已移送", "已撤销", "转执法", "单位关闭",
    ]  # fmt: skip
    assert frozenset(State) == OPEN | ENDED | {State.DRAFT}


class Someone(SimpleNamespace):
    """Everything a party may ask of a person."""


def _person(role, **more):
    return Someone(**{"pk": "me", "role": role, "is_leader": False, "is_principal": False, **more})


def _hazard(state, origin=Origin.INSPECTION, level=HazardLevel.GENERAL, author="other"):
    return SimpleNamespace(state=state, origin=origin, level=level, loop=loop_of(origin, level), reported_by=author)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("state", State)
def test_a_step_is_possible_only_from_its_states(name, state):
    possible = any(state in step_.before for step_ in STEPS[name])
    with pytest.raises(Problem) as refusal:
        choose(_hazard(state), name, by=_person("nobody"))
    assert refusal.value.kind.code == ("forbidden" if possible else "wrong_step")
    assert possible or refusal.value.values["state"] == state.value


WHO = [  # step, role, origin, level, author, may
    ("confirm", Role.DEPARTMENT_OFFICER, Origin.INSPECTION, HazardLevel.GENERAL, False, True),
    ("confirm", Role.TOWNSHIP_OFFICER, Origin.PATROL, HazardLevel.GENERAL, True, True),
    ("confirm", Role.TOWNSHIP_OFFICER, Origin.PATROL, HazardLevel.MAJOR, False, False),
    ("confirm", Role.TOWNSHIP_OFFICER, Origin.INSPECTION, HazardLevel.GENERAL, False, False),
    ("confirm", Role.INSPECTOR, Origin.INSPECTION, HazardLevel.GENERAL, True, False),
    ("reject", Role.DEPARTMENT_OFFICER, Origin.INSPECTION, HazardLevel.GENERAL, False, True),
    ("reject", Role.DEPARTMENT_OFFICER, Origin.INSPECTION, HazardLevel.GENERAL, True, False),  # not the author
    ("close-on-spot", Role.INSPECTOR, Origin.INSPECTION, HazardLevel.GENERAL, True, True),
    ("close-on-spot", Role.INSPECTOR, Origin.INSPECTION, HazardLevel.MAJOR, True, False),
    ("close-on-spot", Role.ENTERPRISE_OFFICER, Origin.SELF, HazardLevel.GENERAL, True, True),
    ("close-on-spot", Role.ENTERPRISE_OFFICER, Origin.INSPECTION, HazardLevel.GENERAL, False, False),
    ("close-on-spot", Role.VILLAGE_OFFICER, Origin.VILLAGE, HazardLevel.GENERAL, True, False),
]


@pytest.mark.parametrize("name, role, origin, level, author, allowed", WHO)
def test_each_step_is_allowed_only_to_its_parties(name, role, origin, level, author, allowed):
    hazard = _hazard(State.REPORTED, origin, level, "me" if author else "other")
    try:
        choose(hazard, name, by=_person(role))
    except Problem as refusal:
        assert (refusal.kind.code, allowed) == ("forbidden", False)
    else:
        assert allowed


TURNS = [  # the same verb in two loops: whose turn it is not now is told the state, who never has one is forbidden
    (State.RECTIFYING, Role.INSPECTOR, Origin.INSPECTION, "wrong_step"), (State.REVIEW_REQUESTED, Role.ENTERPRISE_OFFICER, Origin.SELF, "wrong_step"),
    (State.REVIEW_REQUESTED, Role.ENTERPRISE_OFFICER, Origin.INSPECTION, "forbidden"), (State.RECTIFYING, Role.DUTY_OFFICER, Origin.SELF, "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize("state, role, origin, word", TURNS)
def test_a_step_out_of_turn_is_a_wrong_step_and_by_a_party_without_one_forbidden(state, role, origin, word):
    with pytest.raises(Problem) as refusal:
        choose(_hazard(state, origin), "pass", by=_person(role))
    assert refusal.value.kind.code == word


def test_the_flow_diagram_shows_every_step():
    assert all(f"{each.number} {each.label}" in FLOW.picture() for each in FLOW)


LACKING = [  # step, from where, role, what the person is besides, what is lacking
    ("void", State.CONFIRMED, Role.DEPARTMENT_OFFICER, {}, "leader_required"),
    ("void", State.CONFIRMED, Role.DEPARTMENT_OFFICER, {"is_leader": True}, None),
    ("void", State.CONFIRMED, Role.INSPECTOR, {"is_leader": True}, "forbidden"),
    ("request-review", State.RECTIFYING, Role.ENTERPRISE_OFFICER, {}, "principal_required"),
    ("request-review", State.RECTIFYING, Role.ENTERPRISE_OFFICER, {"is_principal": True}, None),
    ("request-review", State.RECTIFYING, Role.INSPECTOR, {}, None),  # writes it down for the unit
]


@pytest.mark.parametrize("name, state, role, more, lacking", LACKING)
def test_who_lacks_only_the_office_is_told_which(name, state, role, more, lacking):
    by = _person(role, **more)
    if lacking is None:
        assert choose(_hazard(state), name, by=by).name == name
        return
    with pytest.raises(Problem) as refusal:
        choose(_hazard(state), name, by=by)
    assert refusal.value.kind.code == lacking


LOOPS = [  # who found it, how grave it is, who sees to it that it is closed
    (Origin.INSPECTION, HazardLevel.GENERAL, Loop.COUNTY),
    (Origin.SELF, HazardLevel.GENERAL, Loop.UNIT),
    (Origin.VILLAGE, HazardLevel.GENERAL, Loop.TOWNSHIP),
    (Origin.PATROL, HazardLevel.GENERAL, Loop.TOWNSHIP),
    *((origin, HazardLevel.MAJOR, Loop.COUNTY) for origin in Origin),  # 安全生产法 第四十一条
]


@pytest.mark.parametrize("origin, level, loop", LOOPS)
def test_who_sees_to_it_that_a_hazard_is_closed(origin, level, loop):
    assert loop_of(origin, level) is loop


def test_a_step_that_is_not_possible_is_refused_with_what_is():
    with pytest.raises(Problem) as refusal:
        choose(_hazard(State.RECTIFYING), "fail", by=_person(Role.INSPECTOR))
    assert refusal.value.values == {
        "state": "rectifying",
        "step": "fail",
        "detail": "当前状态为“整改中”，不能“复查不合格”；可以：申请复查、自行销号、转执法、单位关闭、撤销、上报县级。",
    }


def test_each_step_is_permitted_exactly_to_the_parties_of_the_flow_table():
    for name in DOORS:
        parties = {role for step in STEPS[name] for party in step.by for role in party.roles}
        assert MAY[f"hazards.{STEPS[name][0].verb}"] == parties, name
    assert set(DOORS) == {step.name for step in FLOW if step.by}


def test_the_steps_offered_next_are_those_of_the_flow_table():
    hazard = SimpleNamespace(state=State.ORDERED, origin="inspection", level="general", loop="county", reported_by=None)
    unit = SimpleNamespace(pk=1, role=Role.ENTERPRISE_OFFICER, is_leader=False, is_principal=True)
    assert possible(hazard, unit) == ["acknowledge"]
    assert possible(hazard, SimpleNamespace(**{**vars(unit), "role": Role.DUTY_OFFICER})) == []
