"""What the registers say to people."""

from inbox.kinds import MessageKind, declare

SENT, ANSWERED, OVERDUE = "handover.sent", "handover.answered", "handover.overdue"
KINDS = declare(
    MessageKind(SENT, "抄告待答复"),
    MessageKind(ANSWERED, "抄告已答复", until_seen=True),
    MessageKind(OVERDUE, "抄告逾期未答复"),
)
