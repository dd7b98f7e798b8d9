"""What an operator should see coming, in sentences: `/readyz` and `./safety status` show them. A floor says them in its `watching.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

Watcher = Callable[[date], list[str]]
WATCHERS: list[Watcher] = []


def watches(watcher: Watcher) -> Watcher:
    """`@watches def f(today) -> sentences`: none while all is well."""
    WATCHERS.append(watcher)
    return watcher


def warnings(today: date) -> list[str]:
    return [said for watcher in WATCHERS for said in watcher(today)]
