"""Doors of hazards: lists, one of them, its history; the steps stand in steps.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from evidence.papers.reading import of_hazard
from evidence.receipts import ReceiptOut, with_receipt
from evidence.shown import completed, flagged
from geo.serializers import CrsOnly, crs_of
from hazards import actions, whereabouts
from hazards.actions import photos_of
from hazards.models import Hazard
from hazards.photos import first_photos, shown_photos, with_photos
from hazards.serializers import (
    HazardFilters,
    HazardOut,
    HazardPutOut,
    HazardShape,
    HazardStepOut,
    HazardWholeOut,
    LookAgainShape,
)
from hazards.views.samples import EXAMPLE, LOOK
from hazards.views.steps import StepDoors
from hazards.whole import whole
from reference import law
from safety_api.doors import Door
from safety_api.idempotency import Sent
from safety_api.paging import both
from safety_api.search import search_for
from safety_api.stamps import etag_of


class HazardDoor(StepDoors, Door):
    """隐患"""

    serializer_class = HazardOut
    ordering = ("-found_at", "id")
    etag_tables = (
        "hazards.Hazard",
        "enterprises.Enterprise",
        "reference.Load",
    )  # a load brings an edition beside its own
    etag_asked = {"complete": "evidence.Photo", "photo_flag": "evidence.Photo", "open_on": "hazards.Figure"}
    filters = {"list": HazardFilters, "*": CrsOnly}
    sorts = both(
        found_at=("found_at", "-id"),
        received_at=("received_at", "id"),
        deadline=("due_on", "id"),
        review_due_on=("review_due_on", "id"),
    )
    lookup_url_kwarg = "hazard_id"

    def get_queryset(self):
        return Hazard.objects.visible_to(self.request.user).to_show()

    def shape_context(self) -> dict[str, Any]:
        return {"crs": crs_of(self.request), "today": timezone.localdate()}

    def chosen(self, rows, *, bbox=None, crs=None, complete=None, photo_flag=None, q=None, **parameters):
        self.search = search_for("hazard", q, "found_at")
        rows = rows.chosen(on=timezone.localdate(), by=self.request.user, **parameters)
        rows = flagged(completed(rows, "hazard", complete), "hazard", photo_flag)
        return (rows.filter(point__bboverlaps=bbox.polygon) if bbox else rows).as_rows()

    def in_order(self, rows):
        return rows.awaiting_review() if "review_due_on" in self.ordering[0] else rows

    @extend_schema(responses=HazardWholeOut)
    def retrieve(self, request, hazard_id):
        """一条隐患的现状：整改方案、标记、复查期限、由谁闭环，以及此人现在可以办理的步骤。"""
        return self.whole(hazard_id, 200)

    def whole(self, hazard_id: UUID, status: int) -> Response:
        hazard = whole(hazard_id, self.request.user)
        body = self.shape(HazardWholeOut).to_representation(hazard)
        return Response(body, status=status, headers={"ETag": etag_of(hazard)})

    @extend_schema(
        request=HazardShape,
        responses={200: HazardPutOut, 201: HazardPutOut},
        examples=[OpenApiExample("巡查发现", EXAMPLE, request_only=True)],
    )
    def put(self, request, hazard_id):
        """检查之外发现的隐患：一分钟即可上报。编号由手机生成，重复提交无害。`draft` 为真时只存草稿，仅本人可见。"""
        sent = Sent.of(request.data)
        hazard, new = actions.SENT.or_as_before(hazard_id, sent, self.by, lambda: self._put(hazard_id, sent))
        return self._shown_with_photos(hazard.pk, new)

    def _put(self, hazard_id, sent: Sent):
        fields = sent.read(self.read(HazardShape))
        sending = law.sending(fields.pop("device"), timezone.now())
        found = sending.counting(fields.pop("found_at"))
        where_fields = {name: fields.pop(name) for name in ("enterprise", "site", "place", "region", "sector")}
        where = whereabouts.resolve(self.by, found.at, **where_fields, location=fields["location"], point_suffices=True)
        return actions.put(hazard_id, sent=sent, by=self.by, where=where, found=found, sending=sending, **fields)

    @extend_schema(
        request=LookAgainShape,
        responses=HazardWholeOut,
        examples=[OpenApiExample("改按现行标准", LOOK, request_only=True)],
    )
    def look_again(self, request, hazard_id):
        """按现行标准复看：新标准施行后仍按已失效文本判定的隐患，由人写明结论和理由；rejudged 改按现行标准的条目。"""
        shape = self.read_for(hazard_id, LookAgainShape)
        actions.look_again(hazard_id, by=self.by, check_fresh=self.check_fresh, **shape)
        return self.whole(hazard_id, 200)

    def _shown_with_photos(self, hazard_id, new: bool) -> Response:
        hazard = Hazard.objects.select_related("enterprise").get(pk=hazard_id)
        hazard.photos = first_photos(hazard) if new else shown_photos(hazard)  # type: ignore[attr-defined]
        body = self.shape(HazardPutOut).to_representation(hazard)
        return Response(body, status=201 if new else 200, headers={"ETag": etag_of(hazard)})

    @extend_schema(responses=ReceiptOut)
    def receipt(self, request, hazard_id):
        """回执：收到的时间、内容指纹、上报和各步骤的每张照片的哈希与状态。手机据此核对后才可删除本机原件。"""
        hazard = get_object_or_404(Hazard.objects.sent_by_or_visible_to(request.user), pk=hazard_id)
        with_receipt(hazard, photos_of(hazard).as_entered(), of_hazard(hazard, request.user))
        return Response(self.shape(ReceiptOut).to_representation(hazard))

    @extend_schema(responses=HazardStepOut(many=True))
    def history(self, request, hazard_id):
        """隐患经过：每一步何时发生、何时记录、由谁、期限如何变化。"""
        hazard = self.get_object()
        steps = with_photos(hazard, list(hazard.steps.order_by("id")))
        return Response(HazardStepOut(steps, many=True).data)
