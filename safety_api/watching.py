"""What an operator should see coming, in sentences: `/readyz` and `./safety status` show them. A floor says them in its `watching.py`.

A warning asks for something to be done. A note is only told, in lists by a word of its floor: `/readyz` and the administrators' page show it.
Figures are gauges of `/metrics`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

Watcher = Callable[[date], list[str]]
WATCHERS: list[Watcher] = []


def watches(watcher: Watcher) -> Watcher:
    """`@watches def f(today) -> sentences`: none while all is well."""
    WATCHERS.append(watcher)
    return watcher


def warnings(today: date) -> list[str]:
    return [said for watcher in WATCHERS for said in watcher(today)]


Noter = Callable[[date], Mapping[str, list[str]]]
NOTERS: dict[str, Noter] = {}


def notes(name: str) -> Callable[[Noter], Noter]:
    """`@notes("law") def f(today) -> {word: sentences}`: shown as they are, nothing becomes unready by them."""

    def register(noter: Noter) -> Noter:
        NOTERS[name] = noter
        return noter

    return register


def noted(today: date) -> dict[str, Mapping[str, list[str]]]:
    return {name: noter(today) for name, noter in NOTERS.items()}


Counter = Callable[[], Mapping[tuple[str, ...], float]]


class Figures(NamedTuple):
    name: str
    about: str
    labels: tuple[str, ...]
    counted: Counter


FIGURES: list[Figures] = []


def figures(name: str, about: str, labels: tuple[str, ...]) -> Callable[[Counter], Counter]:
    """`@figures("safety_…", "…", ("label",)) def f() -> {(value of the label,): number}`: a gauge of `/metrics`."""

    def register(counter: Counter) -> Counter:
        FIGURES.append(Figures(name, about, labels, counter))
        return counter

    return register
