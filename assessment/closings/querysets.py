"""Reading closings; whose county they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from safety_api.permissions import county_of, inside, nothing


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
