"""Rewriting what held, without losing what was known: pure functions over conditions [held_from, held_to)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

SINCE_EVER = date(1900, 1, 1)  # where nobody knows the first day


@dataclass(frozen=True)
class Span:
    """`what` held from `since` until the day before `until` (None: still)."""

    since: date
    until: date | None
    what: Mapping[str, Any]

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def rewritten(spans: Iterable[Span], changes: Mapping[str, Any], day: date) -> list[Span]:
    """The history after learning that from `day` on `changes` held.

    They hold until the next day on which one of the same things changed anyway: a stop of March that is told in July
    does not undo the closure of May. A day before the first span leaves everything before it unknown.
    """
    before = sorted(spans, key=lambda span: span.since)
    day = max(day, before[0].since)
    end = _next_change(before, changes, day)
    return _joined(piece for span in before for piece in _pieces(span, changes, day, end))


def corrected(spans: Iterable[Span], changes: Mapping[str, Any]) -> list[Span]:
    """The history after learning that `changes` held all the time."""
    return _joined(replace(span, what={**span.what, **changes}) for span in sorted(spans, key=lambda span: span.since))


def begun(spans: Iterable[Span], day: date) -> list[Span]:
    """The history after learning that it began on another day: what ended before it falls away."""
    later = [span for span in sorted(spans, key=lambda span: span.since) if span.until is None or span.until > day]
    return [replace(later[0], since=day), *later[1:]]


def _next_change(spans: list[Span], changes: Mapping[str, Any], day: date) -> date | None:
    then = next(span for span in spans if span.covers(day)).what
    later = (
        span.since for span in spans if span.since > day and any(span.what[name] != then[name] for name in changes)
    )
    return next(later, None)


def _pieces(span: Span, changes: Mapping[str, Any], day: date, end: date | None) -> Iterator[Span]:
    cuts = [span.since, *(cut for cut in (day, end) if cut and cut > span.since and span.covers(cut)), span.until]
    for since, until in pairwise(cuts):
        inside = since >= day and (end is None or since < end)  # type: ignore[operator]
        yield Span(since, until, {**span.what, **changes} if inside else span.what)  # type: ignore[arg-type]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours that say the same are one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].what == span.what:
            found[-1] = replace(found[-1], until=span.until)
        else:
            found.append(span)
    return found
