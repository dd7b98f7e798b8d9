"""Reading closings, lists and objections, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from assessment.words import ObjectionState
from safety_api.permissions import COUNTY, TOWNSHIP, Role, inside, nothing

KEEPERS = frozenset({Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER})  # see what is not published yet


def county_of(user: Any) -> str:
    """The digits of the county of whoever asks, fewer for an officer of the city or the province."""
    return user.region[:6]


def in_county(user: Any, column: str = "region_code") -> Q:
    """Rows of the county of whoever asks, whatever township they serve."""
    return inside(county_of(user), column) if user.region else nothing()


class ClosingQuerySet(QuerySet):
    def visible_to(self, user: Any) -> ClosingQuerySet:
        """What is in them before they are published is for the keepers."""
        return self.filter(in_county(user))

    def of(self, region_code: str, year: int, month: int) -> ClosingQuerySet:
        return self.filter(region_code=region_code, year=year, month=month)

    def frozen(self) -> ClosingQuerySet:
        return self.filter(state="frozen")

    def in_work(self) -> ClosingQuerySet:
        return self.exclude(state="frozen")


class SourceListQuerySet(QuerySet):
    def visible_to(self, user: Any) -> SourceListQuerySet:
        return self.filter(in_county(user))

    def current(self) -> SourceListQuerySet:
        """The last edition of each source and month."""
        keys = ("region_code", "source", "year", "month")
        return self.order_by(*keys, "-edition").distinct(*keys)


class SettlementQuerySet(QuerySet):
    def in_force(self) -> SettlementQuerySet:
        return self.filter(ended_at=None)

    def around(self, region_code: str, year: int, months: Iterable[int]) -> SettlementQuerySet:
        """Of these months and their neighbours, also over the turn of the year: one of a day on the edge stands in either."""
        near = sorted({month + step for month in months for step in (-1, 0, 1)})
        period = Q(year=year, month__in=near)
        period |= Q(year=year - 1, month=12) if 0 in near else Q()
        period |= Q(year=year + 1, month=1) if 13 in near else Q()
        return self.filter(period, region_code=region_code)


class ObjectionQuerySet(QuerySet):
    def visible_to(self, user: Any) -> ObjectionQuerySet:
        """A township's own, and all of its jurisdiction for the county."""
        if user.role in COUNTY | TOWNSHIP and user.region:
            return self.filter(inside(user.region))
        return self.filter(nothing())

    def open(self) -> ObjectionQuerySet:
        return self.filter(state=ObjectionState.OPEN)

    def about_days(self, first: date, last: date) -> ObjectionQuerySet:
        return self.filter(occurred_on__range=(first, last))

    def within(self, prefix: str) -> ObjectionQuerySet:
        return self.filter(inside(prefix))

    def chosen(self, *, region: str | None = None, year: int | None = None, month: int | None = None, **equal: Any):
        rows = self.filter(**{name: value for name, value in equal.items() if value not in (None, "")})
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(occurred_on__year=year) if year else rows
        return rows.filter(occurred_on__month=month) if month else rows
