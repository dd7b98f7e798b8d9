"""Doors of the nine creation standards, of who falls short of them, and of targets."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from safety_api.doors import Door
from safety_api.permissions import inside
from zero_accident import answers, falling_short, standards, targets
from zero_accident.figure_views import check_region, own_county
from zero_accident.models import StandardSheet, Target
from zero_accident.standards_serializers import (
    AssessedOut,
    ShortFilters,
    ShortOut,
    StandardsFilters,
    StandardSheetOut,
    StandardsShape,
    TargetFilters,
    TargetOut,
    TargetShape,
)
from zero_accident.words import Subject

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
TARGET = {
    "year": 2026,
    "region": "141123000000",
    "subject": "village",
    "percent": "87.50",
    "document": "兴安委〔2026〕3号",
    "approved_by": "县安委会",
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
        return self.get_paginated_response([show(sheet) for sheet in standards.with_marks(page)])

    @extend_schema(
        request=StandardsShape,
        responses={200: AssessedOut, 201: AssessedOut},
        examples=[OpenApiExample("验收一个村", ASSESSMENT, request_only=True)],
    )
    def assess(self, request):
        """评定：九项中的几项或全部，一次可评多个村和单位。同样的内容重复提交无害；同一天的不同结果以后报的为准，另一天的
        另记一次。未通过的写明理由。
        """
        told = self.read(StandardsShape)
        results = [standards.Result(**each) for each in told.pop("results")]
        found = standards.assess_standards(by=request.user, results=results, **told)
        body = {"new_marks": found.marks, "sheets": standards.with_marks(found.sheets)}
        return Response(self.shape(AssessedOut).to_representation(body), status=201 if found.marks else 200)


class ShortDoor(Door):
    """未破零而未达创建标准的村和单位"""

    serializer_class = ShortOut
    filters = {"list": ShortFilters}

    def get_queryset(self):
        return StandardSheet.objects.none()  # what is listed are villages or units, see `chosen`

    @property
    def ordering(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("code",) if self.kind == Subject.VILLAGE else ("region_code", "id")

    def chosen(self, rows, *, year=None, region=None, kind=Subject.VILLAGE):
        check_region(region)
        self.kind, self.of = kind, answers.question(year, None).of
        prefix = region or own_county(self.request.user)
        return (falling_short.villages if kind == Subject.VILLAGE else falling_short.units)(self.of, prefix)

    def page_of(self, rows) -> Response:
        shown = falling_short.shown_villages if self.kind == Subject.VILLAGE else falling_short.shown_units
        page: Any = self.paginate_queryset(rows) or []
        show = self.shape().to_representation
        return self.get_paginated_response([show(row) for row in shown(self.of, page, self.request.user)])


class TargetDoor(Door):
    """零事故目标"""

    serializer_class = TargetOut
    ordering = ("-year", "region_code", "subject", "id")
    etag_tables = ("zero_accident.Target",)
    filters = {"list": TargetFilters}

    def get_queryset(self):
        return Target.objects.known().filter(inside(own_county(self.request.user)))

    def chosen(self, rows, *, year=None, region=None):
        check_region(region)
        rows = rows.filter(inside(region)) if region else rows
        return rows.filter(year=year) if year else rows

    @extend_schema(
        request=TargetShape,
        responses={200: TargetOut, 201: TargetOut},
        examples=[OpenApiExample("县定目标", TARGET, request_only=True)],
    )
    def set(self, request):
        """确定本县或所辖乡镇某年的目标，须有文书和批准人；再次确定即更正，旧的留存。没有自定目标的，用县的；县也没有的，用法规
        文件的。
        """
        target, new = targets.set_target(by=request.user, **self.read(TargetShape))
        return self.shown(target, 201 if new else 200)
