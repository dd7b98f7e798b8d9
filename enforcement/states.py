"""Who may become what: one table a register. A wrong step is answered 409 with the present state and what is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from enforcement.kinds import DishonestyState, HandoverState, ListingState, ProposalState, StopState
from safety_api.problems import WRONG_STEP


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    before: frozenset[Any]
    after: Any  # None: the state stays


def step(name: str, label: str, *before: Any, to: Any = None) -> Step:
    return Step(name, label, frozenset(before), to)


L, S, D = ListingState, StopState, DishonestyState
FLOWS: dict[type[TextChoices], tuple[Step, ...]] = {
    ListingState: (
        step("progress", "报告进展", L.LISTED, L.APPLIED),
        step("apply", "申请验收", L.LISTED, to=L.APPLIED),
        step("accept", "验收合格", L.APPLIED, to=L.ACCEPTED),
        step("refuse", "验收不合格", L.APPLIED, to=L.LISTED),
        step("reopen", "复查不合格，继续督办", L.ACCEPTED, to=L.LISTED),
        step("delist", "摘牌", L.ACCEPTED, to=L.DELISTED),
        step("publish", "公告", *L),
    ),
    ProposalState: (
        step("list", "挂牌", ProposalState.OPEN, to=ProposalState.LISTED),
        step("decline", "不挂牌", ProposalState.OPEN, to=ProposalState.DECLINED),
    ),
    StopState: (
        step("apply", "申请复产", S.STOPPED, to=S.APPLIED),
        step("accept", "复产验收合格", S.APPLIED, to=S.ACCEPTED),
        step("refuse", "复产验收不合格", S.APPLIED, to=S.STOPPED),
        step("consent", "登记同意", S.ACCEPTED),
        step("resume", "恢复生产", S.ACCEPTED, to=S.RESUMED),
        step("publish", "公告", S.STOPPED, S.APPLIED, S.ACCEPTED, S.RESUMED),
        step("withdraw", "撤销停产决定", S.STOPPED, S.APPLIED, S.ACCEPTED, to=S.WITHDRAWN),
        step("close", "登记单位关闭", S.STOPPED, S.APPLIED, S.ACCEPTED, to=S.CLOSED),
    ),
    HandoverState: (step("answer", "答复", HandoverState.SENT, to=HandoverState.ANSWERED),),
    DishonestyState: (
        step("object", "登记陈述申辩", D.NOTIFIED),
        step("drop", "不予列入", D.NOTIFIED, to=D.DROPPED),
        step("enlist", "列入名单", D.NOTIFIED, to=D.LISTED),
        step("publish", "公示", D.LISTED, D.REMOVED),
        step("apply", "申请提前移出", D.LISTED),
        step("remove", "移出名单", D.LISTED, to=D.REMOVED),
        step("restore", "恢复列入", D.REMOVED, to=D.LISTED),
    ),
}


def after(state: TextChoices, name: str) -> TextChoices:
    """Where the step leads. Raises WRONG_STEP."""
    flow = FLOWS[type(state)]
    taken = next(each for each in flow if each.name == name)
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
