"""Reading what was decided of rows and accidents."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet


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
