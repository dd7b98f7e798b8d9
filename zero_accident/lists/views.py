"""Doors of the lists: who broke, who has unmet standards, who is zero."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from reference.terms import Subject
from safety_api.doors import Door
from safety_api.paging import Keyset, read_count, read_limit
from safety_api.permissions import county_of
from zero_accident.figures import query
from zero_accident.figures import rows as figures_rows
from zero_accident.figures.serializers import (
    query_of,
)
from zero_accident.lists import broken, unmet_standards, zero
from zero_accident.lists.serializers import (
    BrokenFilters,
    BrokenOut,
    UnmetStandardsFilters,
    UnmetStandardsOut,
    ZeroFilters,
    ZeroOut,
)
from zero_accident.models import Broken, StandardSheet
from zero_accident.regions import check_region


# --- who broke -------------------------------------------------------------------------------------------------------
class KeysetOfRows(Keyset):
    """The same pages of rows in memory, which are in the order of the keys."""

    def paginate_queryset(self, rows: Any, request, view=None) -> list:
        if isinstance(rows, QuerySet):
            return super().paginate_queryset(rows, request, view)
        self.request, self.limit = request, read_limit(request.query_params.get("limit"))
        self.keys = [(name.lstrip("-"), name.startswith("-")) for name in view.ordering]
        self.total = len(rows) if read_count(request.query_params.get("count")) else None
        direction, values = self._read_cursor(Broken.objects.none())
        found = [row for row in rows if not values or self._is_beyond(row, values, backwards=direction == "p")]
        more = len(found) > self.limit
        self.page = found[-self.limit :] if direction == "p" else found[: self.limit]
        self.has_next = more if direction == "n" else True
        self.has_previous = bool(values) if direction == "n" else more
        return self.page

    def _is_beyond(self, row: Broken, values: list[Any], *, backwards: bool) -> bool:
        for (name, descending), value in zip(self.keys, values, strict=True):
            if (own := getattr(row, name)) != value:
                return (own > value) != (descending != backwards)
        return False


class BrokenDoor(Door):
    """破零名单"""

    pagination_class = KeysetOfRows
    serializer_class = BrokenOut
    ordering = ("region_code", "-subject", "key")  # in a place its village first
    filters = {"list": BrokenFilters}
    kept_tables = (
        "zero_accident.Broken",
        "zero_accident.Break",
        "accidents.Accident",
        "enterprises.Enterprise",
        "geo.Region",
        "reference.Load",
    )

    def get_queryset(self):
        return Broken.objects.all()

    @extend_schema(responses=BrokenOut(many=True))
    def list(self, request, *args, **kwargs):
        """破零的村和单位，各因哪起事故、口径哪一条（附该条在口径中的名称、值和依据）。

        as_of、as_known_on 同 ratios。他人辖区的单位和事故不列名称。
        """
        asked = query.figure_query(**query_of(self.parameters()))
        self.etag_tables = self.kept_tables if asked.kept else (*self.kept_tables, *figures_rows.WORKED_OUT)
        self.asked = asked
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, region=None, kind=None, sector=None, accident=None, **when):
        check_region(region)
        self.figures = figures_rows.FigureRows(self.asked, region or county_of(self.request.user))
        choice = broken.BrokenSelection(kind, sector, accident)
        if self.asked.kept:
            return choice.of(self.figures.kept_broken())
        return [row for row in self.figures.broken() if choice.holds(row)]

    def page_of(self, rows) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(broken.shown(page, self.figures, self.request.user))


class UnmetStandardsDoor(Door):
    """未破零而未达创建标准的村和单位"""

    serializer_class = UnmetStandardsOut
    filters = {"list": UnmetStandardsFilters}

    def get_queryset(self):
        return StandardSheet.objects.none()  # what is listed are villages or units, see `chosen`

    @property
    def ordering(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("code",) if self.kind == Subject.VILLAGE else ("region_code", "id")

    def chosen(self, rows, *, year=None, region=None, kind=Subject.VILLAGE):
        check_region(region)
        self.kind, self.of = kind, query.figure_query(year, None).of
        prefix = region or county_of(self.request.user)
        return (unmet_standards.villages if kind == Subject.VILLAGE else unmet_standards.units)(self.of, prefix)

    def page_of(self, rows) -> Response:
        shown = unmet_standards.shown_villages if self.kind == Subject.VILLAGE else unmet_standards.shown_units
        page: Any = self.paginate_queryset(rows) or []
        show = self.shape().to_representation
        return self.get_paginated_response([show(row) for row in shown(self.of, page, self.request.user)])


class ZeroDoor(Door):
    """零事故的村和单位"""

    serializer_class = ZeroOut
    filters = {"list": ZeroFilters}

    def get_queryset(self):
        return Broken.objects.none()  # what is listed are villages or units, see `chosen`

    @property
    def ordering(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("code",) if self.kind == Subject.VILLAGE else ("region_code", "id")

    @extend_schema(responses=ZeroOut(many=True))
    def list(self, request, *args, **kwargs):
        """计入而未破零（口径要求时并已达创建标准）的村或单位；单位只列本人管辖的。日期同 ratios。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, region=None, kind=Subject.VILLAGE, sector=None, **when):
        check_region(region)
        self.kind, asked = kind, query.figure_query(**when)
        prefix = region or county_of(self.request.user)
        return zero.villages(asked, prefix) if kind == Subject.VILLAGE else zero.units(asked, prefix, self.request.user, sector)

    def page_of(self, rows) -> Response:
        page: Any = self.paginate_queryset(rows) or []
        show = self.shape().to_representation
        shown = (zero.shown_villages if self.kind == Subject.VILLAGE else zero.shown_units)(page)
        return self.get_paginated_response([show(row) for row in shown])
