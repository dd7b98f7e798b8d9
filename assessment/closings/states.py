"""定稿的步骤: who may take a closing from which state to which. One table; a wrong step is answered 409 with what is possible."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.closings.words import ClosingVerb
from assessment.models import ClosingState
from safety_api import steps
from safety_api.actors import Actor
from safety_api.problems import FORBIDDEN, LEADERS_ONLY, NOT_SIGNED
from safety_api.roles import ASSESSORS, BUREAU, TOWNSHIP, Role


@dataclass(frozen=True)
class Step(steps.Step):
    roles: frozenset[Role]
    leaders: frozenset[Role]  # of these roles only leaders; the committee's office signs as such


def step(
    verb: ClosingVerb,
    *before: ClosingState,
    to: ClosingState | None = None,
    roles: frozenset[Role],
    leaders: frozenset[Role] = frozenset(),
) -> Step:
    return Step(verb.value, verb.label, frozenset(before), to, roles, leaders)


FLOW: steps.Flow[Step] = steps.Flow(
    ClosingState,
    step(ClosingVerb.OPEN, roles=BUREAU),
    step(ClosingVerb.NO_OBJECTION, ClosingState.OPEN, roles=TOWNSHIP),
    step(ClosingVerb.SIGN, ClosingState.OPEN, to=ClosingState.SIGNED, roles=ASSESSORS, leaders=BUREAU),
    step(ClosingVerb.WITHDRAW, ClosingState.SIGNED, to=ClosingState.OPEN, roles=ASSESSORS, leaders=BUREAU),
    step(ClosingVerb.FREEZE, ClosingState.SIGNED, to=ClosingState.FROZEN, roles=ASSESSORS),
    step(ClosingVerb.REVISE, ClosingState.FROZEN, roles=BUREAU),
    begins={ClosingState.OPEN: "开始核对"},
)


def after(state: str, verb: ClosingVerb, by: Actor) -> ClosingState:
    """Where the step leads. Raises FORBIDDEN, LEADERS_ONLY, NOT_SIGNED, WRONG_STEP."""
    [taken] = FLOW.by_name[verb]
    if by.role not in taken.roles:
        raise FORBIDDEN()
    if by.role in taken.leaders and not by.is_leader:
        raise LEADERS_ONLY()
    if verb == ClosingVerb.FREEZE and state == ClosingState.OPEN:
        raise FLOW.wrong(state, verb, kind=NOT_SIGNED)
    return FLOW.after(state, verb)
