"""The hazards that stand behind a figure: every figure can be taken apart."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from hazards.figures.asking import Range
from safety_api.days import day_over, midnight


def _in(name: str) -> Callable[[Range], Q]:
    return lambda over: Q(**{f"counted__{name}__range": (over.first, over.end)})


def _found(over: Range) -> Q:
    return _in("found_on")(over) & Q(found_at__gte=midnight(over.first))


def _due(over: Range) -> Q:
    """An open one has fallen due when its day is over."""
    settled = Q(counted__closed_on__isnull=False) | Q(counted__fell_due_on__lt=over.today)
    return _in("fell_due_on")(over) & settled


def _open(over: Range) -> Q:
    return Q(counted__found_on__lte=over.end) & (Q(counted__ended_on__isnull=True) | Q(counted__ended_on__gt=over.end))


def _overdue(over: Range) -> Q:
    return _late(over, "late") | _late(over, "earlier_late")


def _late(over: Range, spell: str) -> Q:
    ended = Q(**{f"counted__{spell}_to__isnull": True}) | Q(**{f"counted__{spell}_to__gt": over.end})
    return Q(**{f"counted__{spell}_from__lte": over.end}) & ended


_CLOSED = Q(counted__closed_on__isnull=False)
FIGURES: dict[str, tuple[str, Callable[[Range], Q]]] = {
    "found": ("发现", _found),
    "confirmed": ("确认", _in("confirmed_on")),
    "cleared": ("确认且已销号", lambda over: _in("confirmed_on")(over) & _CLOSED),
    "uncleared": ("确认而未销号", lambda over: _in("confirmed_on")(over) & ~_CLOSED),
    "closed": ("销号", _in("closed_on")),
    "due": ("到期", _due),
    "on_time": ("按期", lambda over: _due(over) & Q(counted__on_time=True)),
    "late": ("未按期", lambda over: _due(over) & Q(counted__on_time=False)),
    "open": ("期末未结", _open),
    "overdue": ("期末逾期", _overdue),
}


def behind(figure: str, over: Range, **equal: str) -> Q:
    """A filter over hazards; `equal` are sector, department, level, origin. `region` is the hazard's own.

    Nothing counts before it was found, so `found_at` is bounded too: lists go newest first, and would else pass by
    everything newer than the range.
    """
    found_by_then = Q(found_at__lt=day_over(over.end))
    return FIGURES[figure][1](over) & found_by_then & Q(**{f"counted__{name}": each for name, each in equal.items()})
