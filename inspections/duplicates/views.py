"""Doors of visits that may be one."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from inspections.duplicates import joining
from inspections.models import InspectionPair, VisitKind
from inspections.serializers import InspectionOut
from inspections.views import InspectionDoor
from safety_api import doubles
from safety_api.doors import Door
from safety_api.doubles import PairFilters, PairJoinShape, PairOut, PairReasonShape
from safety_api.shapes import RecordId

VISIT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0b03"


class VisitSideOut(serializers.Serializer):
    id = serializers.UUIDField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    place = serializers.CharField()
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    by_name = serializers.CharField()
    hazards_found = serializers.IntegerField()


class VisitPairOut(PairOut):
    first = VisitSideOut()
    second = VisitSideOut()


class VisitPairFilters(PairFilters):
    inspection = RecordId(required=False, default=None)


def example(name: str, **body: str) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class VisitJoiningDoor(InspectionDoor):
    """同一次检查"""

    @extend_schema(
        request=PairJoinShape, responses=InspectionOut, examples=example("并入", into=VISIT, reason="手机重复提交")
    )
    def join(self, request, inspection_id: UUID):
        """与另一条是同一次检查：本条并入它，只计一次；两条都有的隐患一并合并。"""
        joining.join(inspection_id, by=self.by, fresh=self.check_fresh, **self.read(PairJoinShape))
        return self.retrieve(request, inspection_id)

    @extend_schema(
        request=PairReasonShape, responses=InspectionOut, examples=example("撤销合并", reason="上午、下午各一次")
    )
    def separate(self, request, inspection_id: UUID):
        """撤销合并：本条和其中的隐患恢复单独计算。"""
        joining.separate(inspection_id, by=self.by, fresh=self.check_fresh, **self.read(PairReasonShape))
        return self.retrieve(request, inspection_id)

    @extend_schema(responses=VisitPairOut(many=True))
    def twins(self, request, inspection_id: UUID):
        """与本条疑似同一次的检查，由人判断。"""
        self._one()
        rows = InspectionPair.objects.of(inspection_id).visible_to(request.user).select_related("first", "second")
        return Response(VisitPairOut(rows.order_by("-id")[:50], many=True).data)


class VisitPairDoor(Door):
    """疑似重复的检查"""

    serializer_class = VisitPairOut
    ordering = ("-id",)
    filters = {"list": VisitPairFilters}
    lookup_url_kwarg = "pair_id"

    def get_queryset(self):
        return InspectionPair.objects.visible_to(self.request.user).select_related("first", "second")

    def chosen(self, rows, *, state, inspection=None):
        rows = rows.filter(state=state)
        return rows.of(inspection) if inspection else rows

    @extend_schema(
        request=PairReasonShape, responses=VisitPairOut, examples=example("不是同一次", reason="上午、下午各一次")
    )
    def dismiss(self, request, pair_id: int):
        """不是同一次：不再提示。"""
        pair = doubles.dismiss(
            InspectionPair, pair_id, "inspection.dismiss_double", by=self.by, **self.read(PairReasonShape)
        )
        return Response(VisitPairOut(self.get_queryset().get(pk=pair.pk)).data)
