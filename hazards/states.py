"""The flow of a hazard as one table (DOMAIN §3.7): it feeds the code, the answer 409, the schema and the picture in the docs.

A row is a step: from where, to where, who may, what must be true. The remaining numbered steps are added here as rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from safety_api.permissions import Role
from safety_api.problems import WRONG_STEP


class State(TextChoices):
    DRAFT = "draft", "草稿"
    REPORTED = "reported", "已上报"
    REJECTED = "rejected", "不成立"
    CONFIRMED = "confirmed", "已确认"
    ORDERED = "ordered", "已责令"
    RECTIFYING = "rectifying", "整改中"
    REVIEW_REQUESTED = "review_requested", "申请复查"
    CLOSED = "closed", "已销号"
    TRANSFERRED = "transferred", "已移送"
    VOID = "void", "已撤销"
    ENFORCEMENT = "enforcement", "转执法"
    UNIT_CLOSED = "unit_closed", "单位关闭"


# Nobody has to do anything any more; every other state is open.
ENDED = frozenset({State.REJECTED, State.CLOSED, State.TRANSFERRED, State.VOID, State.UNIT_CLOSED})
OPEN = frozenset(State) - ENDED - {State.DRAFT}


class Level(TextChoices):
    GENERAL = "general", "一般"
    MAJOR = "major", "重大"


class Origin(TextChoices):
    INSPECTION = "inspection", "检查发现"
    SELF = "self", "企业自查"
    VILLAGE = "village", "村级上报"
    PATROL = "patrol", "属地巡查"


@dataclass(frozen=True)
class Step:
    number: str  # as DOMAIN §3.7 counts them
    name: str
    label: str
    before: frozenset[State]
    after: State
    roles: frozenset[Role]
    levels: frozenset[Level] = frozenset(Level)
    origins: dict[Role, frozenset[Origin]] | None = (
        None  # roles that may take the step only for hazards of these origins
    )
    levels_of: dict[Role, frozenset[Level]] | None = None  # … and only for these levels
    not_by_author: bool = False


_OFFICE = frozenset({Role.DEPARTMENT_OFFICER, Role.BUREAU_OFFICER})
_PATROL = frozenset({Origin.PATROL, Origin.VILLAGE})
_GENERAL = frozenset({Level.GENERAL})

FLOW: tuple[Step, ...] = (
    Step("2", "report", "上报", frozenset({State.DRAFT}), State.REPORTED,
         _OFFICE | {Role.INSPECTOR, Role.TOWNSHIP_OFFICER, Role.VILLAGE_OFFICER, Role.ENTERPRISE_OFFICER}),
    Step("3", "reject", "不成立", frozenset({State.REPORTED}), State.REJECTED, _OFFICE | {Role.TOWNSHIP_OFFICER},
         origins={Role.TOWNSHIP_OFFICER: _PATROL}, not_by_author=True),
    Step("4", "confirm", "确认", frozenset({State.REPORTED}), State.CONFIRMED, _OFFICE | {Role.TOWNSHIP_OFFICER},
         origins={Role.TOWNSHIP_OFFICER: _PATROL}, levels_of={Role.TOWNSHIP_OFFICER: _GENERAL}),
    Step("6a", "close-on-spot", "当场整改销号", frozenset({State.REPORTED, State.CONFIRMED}), State.CLOSED,
         _OFFICE | {Role.INSPECTOR, Role.TOWNSHIP_OFFICER, Role.ENTERPRISE_OFFICER}, levels=_GENERAL,
         origins={Role.TOWNSHIP_OFFICER: _PATROL, Role.ENTERPRISE_OFFICER: frozenset({Origin.SELF})}),
)  # fmt: skip
STEPS = {step.name: step for step in FLOW}


def after(state: str, name: str) -> State:
    """Where a step leads. Raises WRONG_STEP with the present state when it is not possible from there."""
    step = STEPS[name]
    if state not in step.before:
        raise WRONG_STEP(state=State(state).value, step=step.name, detail=_sentence(state, step))
    return step.after


def _sentence(state: str, step: Step) -> str:
    possible = [each.label for each in FLOW if state in each.before]
    now = f"当前状态为“{State(state).label}”，不能“{step.label}”"
    return f"{now}；可以：{'、'.join(possible)}。" if possible else f"{now}。"


def may(step: Step, *, role: str, origin: str, level: str, is_author: bool) -> bool:
    """Whether a person of this role may take the step for such a hazard."""
    if role not in step.roles or level not in step.levels or (step.not_by_author and is_author):
        return False
    origin_fits = origin in (step.origins or {}).get(Role(role), frozenset(Origin))
    return origin_fits and level in (step.levels_of or {}).get(Role(role), frozenset(Level))


def picture() -> str:
    """The flow as a Mermaid diagram; docs/hazards.md holds it and a test compares."""
    lines = [
        f"    {before} --> {step.after}: {step.number} {step.label}" for step in FLOW for before in sorted(step.before)
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> reported", *lines])
