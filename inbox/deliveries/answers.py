"""What a way out answers when it did not take a message. The reason is shown to the office: no address of a robot, no secret is in it."""

from __future__ import annotations

from datetime import timedelta


class NotTaken(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:200]


class Refused(NotTaken):
    """This message to this recipient will never be taken: it is not tried again, others are."""


class Later(NotTaken):
    """Not now for this recipient: the mailbox is full. Others are not held up."""


class Away(NotTaken):
    """The way itself: not reachable, not answering, not knowing us. Nothing else is tried on it for a while; `pause`: it said for how long."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause
