"""Reading closings, lists and objections, in the words of the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessment.words import ObjectionState
from safety_api.permissions import COUNTY, TOWNSHIP, Role, inside, nothing

KEEPERS = frozenset({Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER})  # see what is not published yet


def county_of(user: Any) -> str:
    """The digits of the county of whoever asks, fewer for an officer of the city or the province."""
    return user.region[:6]


class ClosingQuerySet(QuerySet):
    def visible_to(self, user: Any) -> ClosingQuerySet:
        """Of one's county, whatever township one serves; what is in them before they are published is for the keepers."""
        return self.filter(inside(county_of(user))) if user.region else self.filter(nothing())

    def of(self, region_code: str, year: int, month: int) -> ClosingQuerySet:
        return self.filter(region_code=region_code, year=year, month=month)

    def frozen(self) -> ClosingQuerySet:
        return self.filter(state="frozen")

    def in_work(self) -> ClosingQuerySet:
        return self.exclude(state="frozen")


class SourceListQuerySet(QuerySet):
    def visible_to(self, user: Any) -> SourceListQuerySet:
        return self.filter(inside(county_of(user))) if user.region else self.filter(nothing())

    def current(self) -> SourceListQuerySet:
        """The last edition of each source and month."""
        keys = ("region_code", "source", "year", "month")
        return self.order_by(*keys, "-edition").distinct(*keys)


class SettlementQuerySet(QuerySet):
    def in_force(self) -> SettlementQuerySet:
        return self.filter(ended_at=None)


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
