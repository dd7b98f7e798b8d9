"""What may be said to people: each app declares its kinds in its `messages.py`, nobody else's, and sends no other."""

from __future__ import annotations

from typing import NamedTuple

SENT = "inbox.sent"


class MessageKind(NamedTuple):
    """`until_seen`: it tells something and is done once it was seen, of a post by whoever saw it first. Others are done with their matter.

    By which ways it leaves the house, besides the inbox, says the dated table `outward_notices` (docs/channels.md).
    """

    word: str
    label: str
    until_seen: bool = False


class UnknownKind(LookupError):
    """A word that no app declares."""


KINDS: dict[str, MessageKind] = {}


def declare(*kinds: MessageKind) -> tuple[MessageKind, ...]:
    """What an app says to people; in its messages.py."""
    KINDS.update({each.word: each for each in kinds})
    return kinds


def known(word: str) -> MessageKind:
    """Raises UnknownKind."""
    if word not in KINDS:
        raise UnknownKind(f"no app declares the kind {word} in its messages.py")
    return KINDS[word]


def until_seen() -> list[str]:
    return sorted(word for word, kind in KINDS.items() if kind.until_seen)
