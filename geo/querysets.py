"""Reading regions, in domain words."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Case, CharField, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Collate, Left

from safety_api import merged
from safety_api.known import KnownQuerySet
from safety_api.permissions import coded

PINYIN = "zh-x-icu"  # Han characters by pinyin, whatever the database was made with


def held(on: date) -> Q:
    """Half-open: a region whose successor begins on a day has ended on that day."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))


def located(rows: Any) -> Any:
    """Rows with their point as two numbers, `wgs_lon` and `wgs_lat`: building a geometry for each row of a list costs more than the row."""
    return rows.defer("point").annotate(
        wgs_lon=Func(F("point"), function="ST_X", output_field=FloatField()),
        wgs_lat=Func(F("point"), function="ST_Y", output_field=FloatField()),
    )


def township_today(column: str = "region_code") -> Any:
    """The township prefix of a record: of a place that was merged into another township, that one's."""
    towns: dict[str, list[str]] = defaultdict(list)
    for code, now in merged.heirs().items():
        if code[:9] != now[:9]:
            towns[now[:9]].append(code)
    moved = [When(**{f"{column}__in": codes}, then=Value(town)) for town, codes in towns.items()]
    return Case(*moved, default=Left(column, 9), output_field=CharField()) if moved else Left(column, 9)


class RegionQuerySet(QuerySet):
    def on(self, day: date) -> RegionQuerySet:
        return self.filter(held(day))

    def today(self) -> RegionQuerySet:
        """What the newest edition lists."""
        return self.filter(valid_to=None)

    def within(self, prefix: str) -> RegionQuerySet:
        """The region itself and all below it; 2 to 12 digits."""
        return self.filter(coded(prefix, "code"))

    def visible_to(self, user) -> RegionQuerySet:
        """Places are no secret: every signed-in person needs the whole list to name one."""
        return self.all()

    def counties(self) -> RegionQuerySet:
        return self.filter(level="county")

    def townships(self) -> RegionQuerySet:
        return self.filter(level="township")

    def around(self, point: Any) -> RegionQuerySet:
        """Today's townships whose (approximate) area holds the point."""
        return self.today().townships().filter(area__covers=point)

    def villages(self, *, virtual: bool | None = None) -> RegionQuerySet:
        """`virtual=False` leaves out 虚拟社区, as the denominators do by default."""
        villages = self.filter(level="village")
        return villages if virtual is None else villages.filter(virtual=virtual)

    def by_name(self) -> RegionQuerySet:
        return self.order_by(Collate("name", PINYIN), "code")

    def named_as_on(self, day: date) -> RegionQuerySet:
        """`name_then`: what the place was called on that day, as we know today."""
        then = apps.get_model("geo", "RegionVersion").objects.filter(held(day), code=OuterRef("code"), known_to=None)
        return self.annotate(name_then=Coalesce(Subquery(then.values("name")[:1]), F("name")))


class RegionVersionQuerySet(KnownQuerySet):
    def on(self, day: date) -> RegionVersionQuerySet:
        return self.filter(held(day))
