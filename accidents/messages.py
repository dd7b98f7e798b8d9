"""What accidents say to people."""

from inbox.kinds import MessageKind, declare

CLOCK = "accident.clock"
KINDS = declare(MessageKind(CLOCK, "事故报告时限提醒"))
