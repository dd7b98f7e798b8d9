"""What the phone's floor says to people."""

from inbox.kinds import MessageKind, declare

WAITING, ENDED = "rescue.waiting", "rescue.ended"
KINDS = declare(MessageKind(WAITING, "手机未能提交的记录"), MessageKind(ENDED, "未能提交的记录已处理", until_seen=True))
