"""Reading objections, in the words of the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessment.closings.words import ObjectionState
from safety_api.permissions import inside, nothing
from safety_api.roles import COUNTY, TOWNSHIP


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
