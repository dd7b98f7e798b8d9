"""The door to units whose floor is lowered, or whose ceiling nobody can tell."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from enterprises.models import Enterprise
from inspections.ceilings import lists
from inspections.ceilings.serializers import CeilingUnitFilters, CeilingUnitOut
from safety_api.doors import Door


class CeilingUnitDoor(Door):
    """单位的检查频次：按类别的下限，公布的上限，两者中较低的；哪些被压低，哪些缺依据"""

    tag = "inspections"
    serializer_class = CeilingUnitOut
    ordering = ("region_code", "id")
    filters = CeilingUnitFilters
    etag_tables = (
        "enterprises.Enterprise", "enterprises.StatedFact", "enterprises.StandardizationCertificate", "reference.Load",
    )  # fmt: skip
    on: date

    def get_queryset(self):
        return Enterprise.objects.visible_to(self.request.user).exclude(status="closed")

    def chosen(self, rows, *, on=None, lowered=None, missing=None, **asked):
        self.on = on or timezone.localdate()
        rows = lists.with_grades(rows.chosen(**asked).only("name", "region_code"), self.on)
        for wanted, which in ((lowered, lists.lowered), (missing, lists.without_key)):
            if wanted is not None:
                rows = rows.filter(which(self.on)) if wanted else rows.exclude(which(self.on))
        return rows

    def page_of(self, rows):
        show = self.shape().to_representation
        return self.get_paginated_response(
            [show(lists.shown(row, self.on)) for row in self.paginate_queryset(rows) or ()]
        )
