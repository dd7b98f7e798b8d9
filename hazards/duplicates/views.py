"""Doors of hazards that may be one."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hazards.duplicates import joining
from hazards.models import Hazard, HazardPair
from hazards.serializers import HazardWholeOut
from hazards.states import State
from hazards.views import HazardDoor
from hazards.views.samples import HAZARD
from safety_api import doubles
from safety_api.doors import Door
from safety_api.doubles import PairFilters, PairJoinShape, PairOut, PairReasonShape
from safety_api.problems import NOT_FOUND
from safety_api.shapes import RecordId


class HazardSideOut(serializers.Serializer):
    id = serializers.UUIDField()
    found_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    place = serializers.CharField()
    item = serializers.CharField()
    description = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    reporter_name = serializers.CharField()


class HazardPairOut(PairOut):
    first = HazardSideOut()
    second = HazardSideOut()


class HazardPairFilters(PairFilters):
    hazard = RecordId(required=False, default=None)


def example(name: str, **body: str) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class HazardJoiningDoor(HazardDoor):
    """同一条隐患"""

    @extend_schema(
        request=PairJoinShape,
        responses=HazardWholeOut,
        examples=example("并入", into=HAZARD, reason="手机重复提交，同一处锚杆"),
    )
    def join(self, request, hazard_id: UUID):
        """与另一条是同一隐患：本条并入它，只计一次，两条都保留可查。"""
        joining.join(hazard_id, by=self.by, fresh=self.check_fresh, **self.read_for(hazard_id, PairJoinShape))
        return self.whole(hazard_id, 200)

    @extend_schema(
        request=PairReasonShape, responses=HazardWholeOut, examples=example("撤销合并", reason="经核实为两处")
    )
    def separate(self, request, hazard_id: UUID):
        """撤销合并：本条恢复到并入之前的状态，单独计算。"""
        joining.separate(hazard_id, by=self.by, fresh=self.check_fresh, **self.read_for(hazard_id, PairReasonShape))
        return self.whole(hazard_id, 200)

    @extend_schema(responses=HazardPairOut(many=True))
    def twins(self, request, hazard_id: UUID):
        """与本条疑似同一条的隐患，由人判断。"""
        if not Hazard.objects.visible_to(request.user).filter(pk=hazard_id).exists():
            raise NOT_FOUND()
        rows = HazardPair.objects.of(hazard_id).visible_to(request.user).select_related("first", "second")
        return Response(HazardPairOut(rows.order_by("-id")[:50], many=True).data)


class HazardPairDoor(Door):
    """疑似重复的隐患"""

    serializer_class = HazardPairOut
    ordering = ("-id",)
    filters = {"list": HazardPairFilters}
    lookup_url_kwarg = "pair_id"

    def get_queryset(self):
        return HazardPair.objects.visible_to(self.request.user).select_related("first", "second")

    def chosen(self, rows, *, state, hazard=None):
        rows = rows.filter(state=state)
        return rows.of(hazard) if hazard else rows

    @extend_schema(
        request=PairReasonShape, responses=HazardPairOut, examples=example("不是同一条", reason="两条巷道各一处")
    )
    def dismiss(self, request, pair_id: int):
        """不是同一条：不再提示。"""
        pair = doubles.dismiss(HazardPair, pair_id, "hazard.dismiss_double", by=self.by, **self.read(PairReasonShape))
        return Response(HazardPairOut(self.get_queryset().get(pk=pair.pk)).data)
