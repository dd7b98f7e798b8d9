"""Doors of hazards."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from evidence.models import Photo
from geo.serializers import crs_of
from hazards import actions, whereabouts
from hazards.models import Hazard
from hazards.serializers import (
    CloseOnSpotShape,
    ConfirmShape,
    HazardFilters,
    HazardOut,
    HazardPutOut,
    HazardShape,
    HazardStepOut,
    NoteShape,
)
from safety_api.doors import Door
from safety_api.idempotency import content_of
from safety_api.problems import NOT_FOUND, Problem
from safety_api.stamps import etag_of

EXAMPLE: dict[str, Any] = {
    "enterprise": None,
    "place": "东关村委会院内",
    "region": "141123100200",
    "sector": "fire_safety",
    "item": "F13-02",
    "level": "general",
    "description": "疏散通道堆放杂物",
    "found_at": "2026-11-23T09:00:00+08:00",
    "location": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8},
    "photos": [],
}
PHOTO = {
    "id": "3f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a11",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size": 4182733,
    "media_type": "image/jpeg",
    "taken_at": "2026-11-23T09:41:00+08:00",
}


class HazardDoor(Door):
    """隐患"""

    serializer_class = HazardOut
    ordering = ("-found_at", "id")
    etag_tables = ("hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": HazardFilters}
    lookup_url_kwarg = "hazard_id"

    def get_queryset(self):
        return Hazard.objects.visible_to(self.request.user).to_show()

    def shape_context(self) -> dict[str, Any]:
        return {"crs": crs_of(self.request), "today": timezone.localdate()}

    def chosen(self, rows, *, bbox=None, crs=None, **parameters):
        rows = rows.chosen(on=timezone.localdate(), **parameters)
        return (rows.filter(point__bboverlaps=bbox.polygon) if bbox else rows).as_rows()

    @extend_schema(responses=HazardOut)
    def retrieve(self, request, hazard_id):
        """一条隐患的现状。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=HazardShape,
        responses={200: HazardPutOut, 201: HazardPutOut},
        examples=[OpenApiExample("巡查发现", EXAMPLE, request_only=True)],
    )
    def put(self, request, hazard_id):
        """检查之外发现的隐患：一分钟即可上报。编号由手机生成，重复提交无害。"""
        sha256 = content_of(request.data)
        try:
            hazard, new = self._put(hazard_id, sha256)
        except (Problem, ValidationError):
            hazard, new = actions.stored(hazard_id, sha256, request.user), False
            if hazard is None:
                raise
        return self._shown_with_photos(hazard.pk, 201 if new else 200)

    def _put(self, hazard_id, sha256: str):
        fields = self.read(HazardShape)
        del fields["device"]
        where_fields = {name: fields.pop(name) for name in ("enterprise", "site", "place", "region", "sector")}
        where = whereabouts.resolve(self.request.user, fields["found_at"], **where_fields, location=fields["location"])
        return actions.put(hazard_id, content_sha256=sha256, by=self.request.user, where=where, **fields)

    def _shown_with_photos(self, hazard_id, status: int) -> Response:
        hazard = Hazard.objects.select_related("enterprise").get(pk=hazard_id)
        hazard.warnings = actions.warnings_of([hazard])  # type: ignore[attr-defined]
        hazard.photos = list(Photo.objects.filter(owner_kind="hazard", owner_id=hazard_id).order_by("pk"))  # type: ignore[attr-defined]
        body = self.shape(HazardPutOut).to_representation(hazard)
        return Response(body, status=status, headers={"ETag": etag_of(hazard)})

    @extend_schema(responses=HazardStepOut(many=True))
    def history(self, request, hazard_id):
        """隐患经过：每一步何时发生、何时记录、由谁、期限如何变化。"""
        hazard = self.get_object()
        return Response(HazardStepOut(hazard.steps.order_by("id"), many=True).data)

    @extend_schema(
        request=NoteShape,
        responses=HazardOut,
        examples=[OpenApiExample("不成立", {"note": "现场已复核，不构成隐患"}, request_only=True)],
    )
    def reject(self, request, hazard_id):
        """3 不成立。"""
        return self._step(actions.reject, hazard_id, NoteShape)

    @extend_schema(
        request=ConfirmShape,
        responses=HazardOut,
        examples=[OpenApiExample("确认为一般隐患", {"level": "general"}, request_only=True)],
    )
    def confirm(self, request, hazard_id):
        """4 确认：定级。重大隐患须写明条款或专家意见，并由部门负责人确认。"""
        return self._step(actions.confirm, hazard_id, ConfirmShape)

    @extend_schema(
        request=CloseOnSpotShape,
        responses=HazardOut,
        examples=[OpenApiExample("当场整改", {"photos": [PHOTO], "note": "杂物已清走"}, request_only=True)],
    )
    def close_on_spot(self, request, hazard_id):
        """6a 当场整改销号：仅一般隐患，须有整改前后照片。"""
        return self._step(actions.close_on_spot, hazard_id, CloseOnSpotShape)

    def _step(self, action, hazard_id, shape) -> Response:
        if not Hazard.objects.visible_to(self.request.user).filter(pk=hazard_id).exists():
            raise NOT_FOUND()  # before the body is judged: what lies outside does not exist
        action(hazard_id, by=self.request.user, check_fresh=self.check_fresh, **self.read(shape))
        return self.shown(self.get_object())
