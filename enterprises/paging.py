"""Pages of units by distance."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from safety_api.paging import Keyset

AT_ONE_PLACE = 100  # units of one point that are put in order here


class NearestFirst(Keyset):
    """By distance alone the index of places gives them in order (PostgreSQL 15: with a second key it does not); the second key is put
    in order here, and by the database when more units stand on one point than are looked at.
    """

    def read_rows(self, queryset: Any, condition: Q, order: list[tuple[str, bool]], most: int) -> list:
        if order[0] != ("distance", False):
            return super().read_rows(queryset, condition, order, most)
        rows = queryset.filter(condition) if condition else queryset
        found = list(rows.order_by("distance")[: most + AT_ONE_PLACE])
        if len(found) > most + AT_ONE_PLACE - 1 and found[-1].distance == found[most - 1].distance:
            return super().read_rows(queryset, condition, order, most)
        return sorted(found, key=lambda row: (row.distance, row.pk))[:most]
