"""Who may become what: one table a noun. A wrong step is answered 409 with the present state and what is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from safety_api.problems import WRONG_STEP


class PartyKind(TextChoices):
    TOWNSHIP = "township", "乡镇"
    DEPARTMENT = "department", "县安委会成员单位"


class SheetState(TextChoices):
    OPEN = "open", "待确认"
    CONFIRMED = "confirmed", "已确认"


class VetoState(TextChoices):
    PROPOSED = "proposed", "建议否决"
    CONFIRMED = "confirmed", "已否决"
    REJECTED = "rejected", "不予否决"
    WITHDRAWN = "withdrawn", "建议已撤回"  # by the facts themselves
    LIFTED = "lifted", "已解除"


class PatrolState(TextChoices):
    OPEN = "open", "待确定"
    FIXED = "fixed", "已确定"


class EntryState(TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "列入"
    REMOVED = "removed", "不列入"
    WITHDRAWN = "withdrawn", "建议已撤回"


class Origin(TextChoices):
    FACTS = "facts", "依据事实提出"
    HAND = "hand", "人工列入"


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    before: frozenset[Any]
    after: Any  # None: the state stays


def step(name: str, label: str, *before: Any, to: Any = None) -> Step:
    return Step(name, label, frozenset(before), to)


S, V, P, E = SheetState, VetoState, PatrolState, EntryState
FLOWS: dict[type[TextChoices], tuple[Step, ...]] = {
    SheetState: (
        step("state_view", "陈述意见", S.OPEN),
        step("confirm", "确认", S.OPEN, to=S.CONFIRMED),
        step("revise", "修订", S.CONFIRMED),  # makes another revision; this one stands
    ),
    VetoState: (
        step("confirm", "确认否决", V.PROPOSED, to=V.CONFIRMED),
        step("reject", "不予否决", V.PROPOSED, to=V.REJECTED),
        step("lift", "解除", V.CONFIRMED, to=V.LIFTED),
        step("withdraw", "撤回建议", V.PROPOSED, to=V.WITHDRAWN),
        step("propose", "再次建议", V.WITHDRAWN, to=V.PROPOSED),
    ),
    PatrolState: (
        step("add", "人工列入", P.OPEN),
        step("decide", "逐个确认", P.OPEN),
        step("fix", "确定名单", P.OPEN, to=P.FIXED),
    ),
    EntryState: (
        step("confirm", "列入", E.PROPOSED, E.REMOVED, E.WITHDRAWN, to=E.CONFIRMED),
        step("remove", "不列入", E.PROPOSED, E.CONFIRMED, to=E.REMOVED),
    ),
}


def after(state: TextChoices, name: str) -> TextChoices:
    """Where the step leads. Raises WRONG_STEP."""
    taken = next(each for each in FLOWS[type(state)] if each.name == name)
    if state not in taken.before:
        raise wrong(state, name)
    return taken.after or state


def wrong(state: TextChoices, name: str, why: str = "") -> Exception:
    """WRONG_STEP with what stands in the way, or else with what is possible."""
    flow = FLOWS[type(state)]
    label = next(each.label for each in flow if each.name == name)
    possible = "、".join(each.label for each in flow if state in each.before)
    now = why or f"当前状态为“{state.label}”，不能“{label}”" + (f"；可以：{possible}" if possible else "")
    return WRONG_STEP(state=state.value, step=name, detail=f"{now}。")
