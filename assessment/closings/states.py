"""定稿的步骤: who may take a closing from which state to which. One table; a wrong step is answered 409 with what is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessment.closings.words import Verb
from assessment.models import State
from safety_api.problems import FORBIDDEN, LEADERS_ONLY, NOT_SIGNED, WRONG_STEP
from safety_api.roles import TOWNSHIP, Role

SIGNERS = frozenset({Role.COMMITTEE_OFFICER, Role.BUREAU_OFFICER})
LEADERS_OF = frozenset(
    {Role.BUREAU_OFFICER}
)  # of these roles only a leader signs; the committee's office signs as such


@dataclass(frozen=True)
class Step:
    verb: Verb
    before: frozenset[State]
    after: State | None  # None: the state stays
    roles: frozenset[Role]
    leaders: frozenset[Role] = frozenset()  # of these roles only leaders


def step(
    verb: Verb, *before: State, to: State | None = None, roles: frozenset[Role], leaders: frozenset[Role] = frozenset()
) -> Step:
    return Step(verb, frozenset(before), to, roles, leaders)


BUREAU = frozenset({Role.BUREAU_OFFICER})
FLOW = {
    each.verb: each
    for each in (
        step(Verb.OPEN, roles=BUREAU),
        step(Verb.NO_OBJECTION, State.OPEN, roles=TOWNSHIP),
        step(Verb.SIGN, State.OPEN, to=State.SIGNED, roles=SIGNERS, leaders=LEADERS_OF),
        step(Verb.WITHDRAW, State.SIGNED, to=State.OPEN, roles=SIGNERS, leaders=LEADERS_OF),
        step(Verb.FREEZE, State.SIGNED, to=State.FROZEN, roles=SIGNERS),
        step(Verb.REVISE, State.FROZEN, roles=BUREAU),
    )
}


def after(state: State, verb: Verb, by: Any) -> State:
    """Where the step leads. Raises FORBIDDEN, LEADERS_ONLY, NOT_SIGNED, WRONG_STEP."""
    taken = FLOW[verb]
    if by.role not in taken.roles:
        raise FORBIDDEN()
    if by.role in taken.leaders and not by.is_leader:
        raise LEADERS_ONLY()
    if state not in taken.before:
        raise wrong(state, verb)
    return taken.after or state


def wrong(state: State, verb: Verb, why: str = "") -> Exception:
    """NOT_SIGNED for what should be frozen before it is signed; else WRONG_STEP with what is possible."""
    possible = "、".join(each.verb.label for each in FLOW.values() if state in each.before)
    said = why or f"当前状态为“{state.label}”，不能“{verb.label}”；可以：{possible}"
    kind = NOT_SIGNED if verb == Verb.FREEZE and state == State.OPEN else WRONG_STEP
    return kind(state=state.value, step=verb.value, detail=f"{said}。")
