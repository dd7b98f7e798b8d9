"""What evidence says to people."""

from inbox.kinds import MessageKind, declare

PHOTO_LOST, ISSUED, REFUSED = "photo.lost", "paper.issued", "paper.refused"
KINDS = declare(
    MessageKind(PHOTO_LOST, "照片需重新上传"),
    MessageKind(ISSUED, "文书已出具", until_seen=True),
    MessageKind(REFUSED, "单位拒绝签名", until_seen=True),
)
