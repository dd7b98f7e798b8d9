"""The door of targets."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema

from safety_api.doors import Door
from safety_api.permissions import county_of, inside
from zero_accident.models import Target
from zero_accident.regions import check_region
from zero_accident.targets import actions
from zero_accident.targets.serializers import TargetFilters, TargetOut, TargetShape

TARGET = {
    "year": 2026,
    "region": "141123000000",
    "subject": "village",
    "percent": "87.50",
    "document": "兴安委〔2026〕3号",
    "approved_by": "县安委会",
}


class TargetDoor(Door):
    """零事故目标"""

    serializer_class = TargetOut
    ordering = ("-year", "region_code", "subject", "id")
    etag_tables = ("zero_accident.Target",)
    filters = {"list": TargetFilters}

    def get_queryset(self):
        return Target.objects.known().filter(inside(county_of(self.request.user)))

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
        target, new = actions.set_target(by=self.by, **self.read(TargetShape))
        return self.shown(target, 201 if new else 200)
