"""What townships hear of their figures."""

from inbox.kinds import MessageKind, declare

NOTICE = "zero_accident.notice"
KINDS = declare(MessageKind(NOTICE, "零事故成绩变化", until_seen=True))
