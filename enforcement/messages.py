"""What the registers say to people."""

from inbox.kinds import MessageKind, declare

SENT, ANSWERED, OVERDUE = "handover.sent", "handover.answered", "handover.overdue"
LISTING, STOP, CASE, NOTE = "listing.changed", "stop_order.changed", "case.changed", "approval_note.received"
KINDS = declare(
    MessageKind(LISTING, "挂牌督办进展", until_seen=True),
    MessageKind(STOP, "停产停业决定进展", until_seen=True),
    MessageKind(CASE, "案件进展", until_seen=True),
    MessageKind(NOTE, "审批信息待接收", until_seen=True),
    MessageKind(SENT, "抄告待答复"),
    MessageKind(ANSWERED, "抄告已答复", until_seen=True),
    MessageKind(OVERDUE, "抄告逾期未答复"),
)
