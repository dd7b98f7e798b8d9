"""What evidence says to people."""

from inbox.kinds import MessageKind, declare

PHOTO_LOST = "photo.lost"
KINDS = declare(MessageKind(PHOTO_LOST, "照片需重新上传"))
