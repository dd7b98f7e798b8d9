"""Reading departments' lists: the edition that holds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from assessment.closings.querysets import in_county


class SourceListQuerySet(QuerySet):
    def visible_to(self, user: Any) -> SourceListQuerySet:
        return self.filter(in_county(user))

    def current(self) -> SourceListQuerySet:
        """The last edition of each source and month."""
        keys = ("region_code", "source", "year", "month")
        return self.order_by(*keys, "-edition").distinct(*keys)
