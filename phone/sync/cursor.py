"""Where a phone is in the order of changes, as a word that it keeps and gives back."""

from __future__ import annotations

import base64
import json
from dataclasses import astuple, dataclass, fields

from safety_api.problems import BAD_CURSOR

MOST = 2**62  # of a transaction's id


@dataclass(frozen=True)
class Cursor:
    """`scope`: whose it is and what they may see. All that transactions below `seen` wrote is on the phone; 0: nothing is.

    While `until` is not 0, a round is under way: of `stream` everything up to (`epoch_at`, `xid_at`, `key`) has been handed out.
    `lists`: which of the short lists, that are always sent whole, the phone has.
    """

    scope: str = ""
    epoch: int = 0
    seen: int = 0
    lists: str = ""
    until: int = 0
    stream: str = ""
    epoch_at: int = -1
    xid_at: int = -1
    key: str = ""

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(astuple(self), separators=(",", ":")).encode()).decode().rstrip("=")

    @property
    def under_way(self) -> bool:
        return self.until > 0

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Raises BAD_CURSOR for whatever we did not make. What somebody made up shows nothing that its bearer may not see."""
        try:
            words = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
            if len(words) != len(fields(cls)):
                raise ValueError
            made = cls(*words)
        except (ValueError, TypeError, RecursionError):
            raise BAD_CURSOR() from None
        if not _is_ours(made):
            raise BAD_CURSOR()
        return made


def _is_ours(made: Cursor) -> bool:
    texts, numbers = (made.scope, made.lists, made.stream, made.key), (made.epoch, made.seen, made.until, made.epoch_at, made.xid_at)
    return all(type(each) is str and each.isascii() and each.isprintable() for each in texts) and all(
        type(each) is int and -1 <= each < MOST for each in numbers
    )
