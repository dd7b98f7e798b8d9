"""Who may become what: one table a register. A wrong step is answered 409 with the present state and what is possible."""

from typing import Any

from enforcement.kinds import CaseState, DishonestyState, HandoverState, ListingState, ProposalState, StopState
from safety_api.permissions import MAY
from safety_api.steps import Flow, step

L, P, S, D = ListingState, ProposalState, StopState, DishonestyState
LISTING = Flow(
    ListingState,
    step("progress", "报告进展", L.LISTED, L.APPLIED),
    step("apply", "申请验收", L.LISTED, to=L.APPLIED),
    step("accept", "验收合格", L.APPLIED, to=L.ACCEPTED),
    step("refuse", "验收不合格", L.APPLIED, to=L.LISTED),
    step("reopen", "复查不合格，继续督办", L.ACCEPTED, to=L.LISTED),
    step("delist", "摘牌", L.ACCEPTED, to=L.DELISTED),
    step("publish", "公告", *L),
    begins={L.LISTED: "挂牌"},
)
PROPOSAL = Flow(
    ProposalState,
    step("list", "挂牌", P.OPEN, to=P.LISTED),
    step("decline", "不挂牌", P.OPEN, to=P.DECLINED),
)
STOP = Flow(
    StopState,
    step("apply", "申请复产", S.STOPPED, to=S.APPLIED),
    step("accept", "复产验收合格", S.APPLIED, to=S.ACCEPTED),
    step("refuse", "复产验收不合格", S.APPLIED, to=S.STOPPED),
    step("consent", "登记同意", S.ACCEPTED),
    step("resume", "恢复生产", S.ACCEPTED, to=S.RESUMED),
    step("publish", "公告", S.STOPPED, S.APPLIED, S.ACCEPTED, S.RESUMED),
    step("withdraw", "撤销停产决定", S.STOPPED, S.APPLIED, S.ACCEPTED, to=S.WITHDRAWN),
    step("close", "登记单位关闭", S.STOPPED, S.APPLIED, S.ACCEPTED, to=S.CLOSED),
    begins={S.STOPPED: "责令停产停业"},
)
HANDOVER = Flow(HandoverState, step("answer", "答复", HandoverState.SENT, to=HandoverState.ANSWERED))
CASE = Flow(
    CaseState,
    step("penalize", "处罚", CaseState.OPEN, to=CaseState.PENALIZED),
    step("spare", "不予处罚", CaseState.OPEN, to=CaseState.NO_PENALTY),
    step("correct", "更正登记", CaseState.PENALIZED, CaseState.NO_PENALTY),
    begins={CaseState.OPEN: "立案"},
)
DISHONESTY = Flow(
    DishonestyState,
    step("object", "登记陈述申辩", D.NOTIFIED),
    step("drop", "不予列入", D.NOTIFIED, to=D.DROPPED),
    step("enlist", "列入名单", D.NOTIFIED, to=D.LISTED),
    step("publish", "公示", D.LISTED, D.REMOVED),
    step("apply", "申请提前移出", D.LISTED),
    step("remove", "移出名单", D.LISTED, to=D.REMOVED),
    step("restore", "恢复列入", D.REMOVED, to=D.LISTED),
    begins={D.NOTIFIED: "告知"},
)

# The steps that rows wait for, and the door of each; the others are nobody's turn.
DOORS: dict[Flow, dict[str, str]] = {
    LISTING: {"apply": "listings.apply", "accept": "listings.accept", "delist": "listings.delist"},
    CASE: {"penalize": "cases.decide", "spare": "cases.decide"},
    PROPOSAL: {"list": "listings.put_up", "decline": "listing_proposals.decline"},
    STOP: {"apply": "stop_orders.apply", "accept": "stop_orders.accept", "resume": "stop_orders.resume"},
    HANDOVER: {"answer": "handovers.answer"},
    DISHONESTY: {"enlist": "dishonesty.enlist"},
}


def awaiting(flow: Flow, user: Any) -> list[str]:
    """The states in which a row waits for a step that this person's role may take."""
    doors = DOORS[flow]
    return sorted({s for row in flow if row.name in doors and user.role in MAY[doors[row.name]] for s in row.before})
