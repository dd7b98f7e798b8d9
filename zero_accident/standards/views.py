"""Doors of the nine creation standards, of who has not met them, and of targets."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from safety_api.doors import Door
from zero_accident.models import StandardSheet
from zero_accident.regions import check_region
from zero_accident.standards import assessing
from zero_accident.standards.serializers import AssessedOut, StandardsFilters, StandardSheetOut, StandardsShape

ASSESSMENT = {
    "year": 2026,
    "held_on": "2026-11-20",
    "villages": ["141123100201"],
    "enterprises": [],
    "results": [
        {"standard": "leadership", "passed": True},
        {"standard": "meetings", "passed": False, "reason": "全年只开了一次安全会议"},
    ],
    "document": "蔚汾镇“零事故”创建验收表（2026）",
}


class StandardsDoor(Door):
    """创建标准评定：五到位、两健全、一落实、一及时"""

    serializer_class = StandardSheetOut
    ordering = ("-year", "id")
    etag_tables = ("zero_accident.StandardSheet", "enterprises.Enterprise", "geo.Region")
    filters = {"list": StandardsFilters}

    def get_queryset(self):
        return StandardSheet.objects.visible_to(self.request.user)

    def chosen(self, rows, *, region=None, **asked):
        check_region(region)
        return rows.chosen(region=region, **asked)

    def page_of(self, rows) -> Response:
        show, page = self.shape().to_representation, self.paginate_queryset(rows) or []
        return self.get_paginated_response([show(sheet) for sheet in assessing.with_marks(page)])

    @extend_schema(
        request=StandardsShape,
        responses={200: AssessedOut, 201: AssessedOut},
        examples=[OpenApiExample("验收一个村", ASSESSMENT, request_only=True)],
    )
    def assess(self, request):
        """评定：九项中的几项或全部，一次可评多个村和单位。同样的内容重复提交无害；同一天的不同结果以后报的为准，另一天的
        另记一次。未通过的写明理由。
        """
        fields = self.read(StandardsShape)
        results = [assessing.Result(**each) for each in fields.pop("results")]
        found = assessing.assess_standards(by=self.by, results=results, **fields)
        body = {"new_marks": found.marks, "sheets": assessing.with_marks(found.sheets)}
        return Response(self.shape(AssessedOut).to_representation(body), status=201 if found.marks else 200)
