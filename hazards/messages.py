"""What hazards say to people."""

from inbox.kinds import MessageKind, declare

CONFIRMED, REJECTED = "hazard.confirmed", "hazard.rejected"
KINDS = declare(
    MessageKind(CONFIRMED, "上报的隐患已确认", until_seen=True),
    MessageKind(REJECTED, "上报的隐患认定不成立", until_seen=True),
)
