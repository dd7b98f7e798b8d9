"""One page of a collection, built in PostGIS by one statement, in the order of the key: a row that arrives moves no other."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from geo.features import inside, read
from geo.layers import Layer
from geo.serializers import Bbox

MOST_COUNTED = 100_000  # rows; above it nobody is told how many there are


class Page(NamedTuple):
    features: str  # a JSON array
    number: int
    last: Any  # the key that the next page begins behind; None: there is none
    matched: int | None


def chosen(layer: Layer, rows: QuerySet, boxes: list[Bbox], moments: dict[str, datetime] | None) -> QuerySet:
    """What has no moment of its own matches every one (17-069r4, 7.15.4)."""
    rows = inside(layer, rows, None)
    touches = f"{layer.geometry}__{'bboverlaps' if layer.point else 'intersects'}"
    rows = rows.filter(reduce(or_, (Q(**{touches: box.polygon}) for box in boxes))) if boxes else rows
    return (
        rows.filter(**{f"{layer.moment}__{how}": when for how, when in moments.items()})
        if moments and layer.moment
        else rows
    )


def page(layer: Layer, rows: QuerySet, limit: int, after: Any) -> Page:
    """Two statements; one from the second page on."""
    beyond = rows.filter(pk__gt=after) if after is not None else rows
    features, found, last = read(layer, beyond.order_by("pk")[: limit + 1], limit)
    matched = rows.order_by()[: MOST_COUNTED + 1].count() if after is None else None
    return Page(
        features,
        min(found, limit),
        last if found > limit else None,
        matched if matched is not None and matched <= MOST_COUNTED else None,
    )


def one(layer: Layer, rows: QuerySet) -> str | None:
    """The feature as JSON text."""
    features, found, _ = read(layer, rows[:1], 1)
    return features[1:-1] if found else None
