"""Doors of likely duplicates, and of joining one record to another."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accidents.duplicates import joining
from accidents.duplicates.serializers import (
    DuplicateFilters,
    DuplicateJoinShape,
    DuplicatePairOut,
    DuplicateReasonShape,
)
from accidents.models import DuplicatePair
from accidents.reports.serializers import AccidentOut
from accidents.reports.views import UNIT, CaseDoor, example
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND


class JoiningDoor(CaseDoor):
    """同一起事故，一条记录的"""

    @extend_schema(
        request=DuplicateJoinShape,
        responses=AccidentOut,
        examples=example("并入", into=UNIT, reason="同一起冒顶，时间地点一致"),
    )
    def join(self, request, accident_id: UUID):
        """同一起事故：本条并入另一条，数字只计一次，两边的报告、照片、环节都保留。"""
        self.act(joining.join, accident_id, DuplicateJoinShape)
        return self.accident(accident_id)

    @extend_schema(
        request=DuplicateReasonShape, responses=AccidentOut, examples=example("撤销合并", reason="经核实为两起")
    )
    def separate(self, request, accident_id: UUID):
        """撤销合并：本条恢复单独计算。"""
        self.act(joining.separate, accident_id, DuplicateReasonShape)
        return self.accident(accident_id)

    @extend_schema(responses=DuplicatePairOut(many=True))
    def twins(self, request, accident_id: UUID):
        """与本条疑似同一起的记录，按时间和地点提出，由人判断。"""
        self.get_object()
        rows = DuplicatePair.objects.of(accident_id).visible_to(request.user).select_related("first", "second")
        return Response(DuplicatePairOut(rows.order_by("-id")[:50], many=True).data)


class DuplicateDoor(Door):
    """疑似同一起的事故"""

    serializer_class = DuplicatePairOut
    ordering = ("-id",)
    filters = {"list": DuplicateFilters}
    lookup_url_kwarg = "pair_id"

    def get_queryset(self):
        return DuplicatePair.objects.visible_to(self.request.user).select_related("first", "second")

    def chosen(self, rows, *, state, accident=None):
        rows = rows.filter(state=state)
        return rows.of(accident) if accident else rows

    @extend_schema(
        request=DuplicateReasonShape,
        responses=DuplicatePairOut,
        examples=example("不是同一起", reason="相邻两矿各一起"),
    )
    def dismiss(self, request, pair_id: int):
        """不是同一起：不再提示。"""
        if not self.get_queryset().filter(pk=pair_id).exists():
            raise NOT_FOUND()
        pair = joining.dismiss(pair_id, by=self.by, **self.read(DuplicateReasonShape))
        return Response(DuplicatePairOut(self.get_queryset().get(pk=pair.pk)).data)
