"""What closings and objections say to people."""

from inbox.kinds import MessageKind, declare

SIGNED, FROZEN, MADE, ANSWERED = "closing.signed", "closing.frozen", "objection.made", "objection.answered"
KINDS = declare(
    MessageKind(SIGNED, "定稿待冻结", until_seen=True),
    MessageKind(FROZEN, "定稿已冻结", until_seen=True),
    MessageKind(MADE, "异议待答复", until_seen=True),
    MessageKind(ANSWERED, "异议已答复", until_seen=True),
)
