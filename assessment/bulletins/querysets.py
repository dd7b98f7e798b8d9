"""Reading bulletins: drafts are the keepers', what is frozen is every office's of the county."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from safety_api.permissions import inside, nothing
from safety_api.roles import ASSESSORS, OFFICE


class BulletinQuerySet(QuerySet):
    def visible_to(self, user: Any) -> BulletinQuerySet:
        if user.role not in OFFICE or not user.region:
            return self.filter(nothing())
        rows = self.filter(inside(user.region[:6]))
        return rows if user.role in ASSESSORS else rows.frozen()

    def frozen(self, is_so: bool = True) -> BulletinQuerySet:
        return self.filter(frozen_at__isnull=not is_so)

    def of(self, region_code: str, year: int, month: int) -> BulletinQuerySet:
        return self.filter(region_code=region_code, year=year, month=month)
