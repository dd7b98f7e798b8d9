"""定稿的步骤: who may take a closing from which state to which. One table; a wrong step is answered 409 with what is possible."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.closings.words import Verb
from assessment.models import State
from safety_api import steps
from safety_api.actors import Actor
from safety_api.problems import FORBIDDEN, LEADERS_ONLY, NOT_SIGNED
from safety_api.roles import TOWNSHIP, Role

SIGNERS = frozenset({Role.COMMITTEE_OFFICER, Role.BUREAU_OFFICER})
LEADERS_OF = frozenset(
    {Role.BUREAU_OFFICER}
)  # of these roles only a leader signs; the committee's office signs as such


@dataclass(frozen=True)
class Step(steps.Step):
    roles: frozenset[Role]
    leaders: frozenset[Role]  # of these roles only leaders


def step(
    verb: Verb, *before: State, to: State | None = None, roles: frozenset[Role], leaders: frozenset[Role] = frozenset()
) -> Step:
    return Step(verb.value, verb.label, frozenset(before), to, roles, leaders)


BUREAU = frozenset({Role.BUREAU_OFFICER})
FLOW: steps.Flow[Step] = steps.Flow(
    State,
    step(Verb.OPEN, roles=BUREAU),
    step(Verb.NO_OBJECTION, State.OPEN, roles=TOWNSHIP),
    step(Verb.SIGN, State.OPEN, to=State.SIGNED, roles=SIGNERS, leaders=LEADERS_OF),
    step(Verb.WITHDRAW, State.SIGNED, to=State.OPEN, roles=SIGNERS, leaders=LEADERS_OF),
    step(Verb.FREEZE, State.SIGNED, to=State.FROZEN, roles=SIGNERS),
    step(Verb.REVISE, State.FROZEN, roles=BUREAU),
    begins={State.OPEN: "开始核对"},
)


def after(state: str, verb: Verb, by: Actor) -> State:
    """Where the step leads. Raises FORBIDDEN, LEADERS_ONLY, NOT_SIGNED."""
    [taken] = FLOW.by_name[verb]
    if by.role not in taken.roles:
        raise FORBIDDEN()
    if by.role in taken.leaders and not by.is_leader:
        raise LEADERS_ONLY()
    if verb == Verb.FREEZE and state == State.OPEN:
        raise FLOW.wrong(state, verb, kind=NOT_SIGNED)
    return FLOW.after(state, verb)
