"""撤并 Places that ended and who took over from them: whatever asks for a place finds the records of those it took over.

A record keeps the code of its own day. The floor that keeps the places says here how they are read (`reads_merged`); all of it is small, is
kept in memory, and is asked for again at most every few seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

CHECK_EVERY = 5.0  # seconds


class Heirs(NamedTuple):
    """`of`: a code that ended → the code of today that its records belong to; of a place that was split the first by code."""

    stamp: Any
    of: Mapping[str, str]


NONE = Heirs(None, {})
_stamp: Callable[[], Any] = lambda: None  # noqa: E731
_read: Callable[[], Mapping[str, str]] = dict
_held: Heirs | None = None
_checked = 0.0


def reads_merged(stamp: Callable[[], Any], read: Callable[[], Mapping[str, str]]) -> None:
    """`stamp()` costs one look-up and changes with every load; `read()` gives Heirs.of."""
    global _stamp, _read
    _stamp, _read = stamp, read


def heirs() -> Mapping[str, str]:
    global _held, _checked
    if _held is None or time.monotonic() - _checked > CHECK_EVERY:
        newest = _stamp()
        if _held is None or _held.stamp != newest:
            hold(Heirs(newest, _read()))
        _checked = time.monotonic()
    return (_held or NONE).of


def hold(held: Heirs | None) -> None:
    """None: the next question reads again."""
    global _held
    _held = held
    _moved.cache_clear()


def held() -> Heirs | None:
    return _held


def heir(code: str) -> str:
    """The code of today for a record of this place: its own, or whoever took over."""
    return heirs().get(code, code)


def moved(prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes beyond a prefix whose records belong to it, and codes under it whose records belong elsewhere. A place that ended itself is
    asked about as it was."""
    return _moved(prefix) if heirs() else ((), ())


@lru_cache(maxsize=4096)
def _moved(prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    of = heirs()
    came = tuple(sorted(code for code, now in of.items() if now.startswith(prefix) and not code.startswith(prefix)))
    if prefix.ljust(12, "0") in of:
        return came, ()
    return came, tuple(
        sorted(code for code, now in of.items() if code.startswith(prefix) and not now.startswith(prefix))
    )


def lies_in(code: str, prefix: str) -> bool:
    came, gone = moved(prefix)
    return (code.startswith(prefix) and code not in gone) or code in came
