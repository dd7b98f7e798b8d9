"""答复的标记 The tag of an answer is made of what it says to whom, so that no write changes it which the reader cannot see.

That nothing can have changed is known without making the answer: from the stamps of the tables it is made from (stamps.py). What was answered at
such a state is remembered in each process; a state that is not remembered costs the answer, not its way to the phone.
"""

from __future__ import annotations

from hashlib import sha256

RULES: list[str] = []  # tables of which each change makes every answer that rests on them a new one; the floor that has them says so
MOST = 4096  # of a process: below a megabyte
_said: dict[str, str] = {}


def tag_of(content: bytes, *asked: object) -> str:
    """A weak validator of this answer to this question."""
    made = sha256(repr(asked).encode())
    made.update(content)
    return f'W/"{made.hexdigest()[:32]}"'


def said_at(state: str) -> str:
    """The tag of what was answered when the tables stood so, or ''. `state` knows who asked for what."""
    return _said.get(state, "")


def remember(state: str, tag: str) -> None:
    _said.pop(state, None)
    _said[state] = tag
    while len(_said) > MOST:
        _said.pop(next(iter(_said)), None)


def forget() -> None:
    """What another process has said is not known to this one."""
    _said.clear()
