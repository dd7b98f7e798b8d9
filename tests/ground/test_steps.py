"""The tables of states: what the engine answers, and that the docs hold what is drawn from them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import TextChoices

from assessment.yearly.states import VETO
from enforcement.states import DISHONESTY, LISTING, STOP
from hazards.states import FLOW, table
from safety_api.problems import Problem
from safety_api.steps import Flow, step


class Light(TextChoices):
    RED = "red", "红"
    GREEN = "green", "绿"
    DARK = "dark", "熄灭"


LIGHT = Flow(
    Light,
    step("go", "放行", Light.RED, to=Light.GREEN),
    step("stop", "停止", Light.GREEN, to=Light.RED),
    step("look", "查看", Light.RED, Light.GREEN),
    begins={Light.RED: "安装"},
)


def test_a_step_leads_to_the_state_of_its_table_or_keeps_the_state():
    assert LIGHT.after("red", "go") is Light.GREEN
    assert LIGHT.after(Light.GREEN, "look") is Light.GREEN


@pytest.mark.parametrize(
    "state, name, detail",
    [
        ("green", "go", "当前状态为“绿”，不能“放行”；可以：停止、查看。"),
        ("dark", "stop", "当前状态为“熄灭”，不能“停止”。"),
    ],
)
def test_a_wrong_step_is_refused_with_the_state_and_the_possible_steps(state, name, detail):
    with pytest.raises(Problem) as refusal:
        LIGHT.after(state, name)
    assert refusal.value.kind.code == "wrong_step"
    assert refusal.value.values == {"state": state, "step": name, "detail": detail}


def test_a_wrong_step_with_an_obstacle_states_the_obstacle():
    assert LIGHT.wrong("red", "go", "前方有人").values["detail"] == "前方有人。"


def test_diagram_and_table_are_generated_from_the_steps():
    assert LIGHT.picture().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> red: 安装",
        "    red --> green: 放行",
        "    green --> red: 停止",
        "    green --> green: 查看",
        "    red --> red: 查看",
    ]
    assert "| 查看 `look` | 红、绿 | 不变 | look |" in LIGHT.table(名称=lambda row: row.name)


@pytest.mark.parametrize(
    "page, drawn",
    [
        ("hazards", FLOW.picture),
        ("hazards", table),
        ("enforcement", LISTING.picture),
        ("enforcement", STOP.picture),
        ("enforcement", DISHONESTY.picture),
        ("assessment", VETO.picture),
    ],
)
def test_the_documents_contain_the_generated_diagrams(page, drawn):
    assert drawn() in (Path(settings.BASE_DIR) / "docs" / f"{page}.md").read_text(encoding="utf-8")
