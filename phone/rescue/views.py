"""Doors of what was rescued."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accounts.authentication import WITH_DEVICE_KEY
from evidence.streams import AnyBytes
from phone.models import Rescue
from phone.rescue import actions
from phone.rescue.serializers import (
    PlaceShape,
    RescueFilters,
    RescueKeptOut,
    RescueOut,
    RescueQuery,
    RescueWholeOut,
    SetAsideShape,
)
from safety_api.doors import Door
from safety_api.parsers import at_most


class RescuingDoor(Door):
    """补救：手机怎么也交不上的内容，原样存下，由办公室处理"""

    authentication_classes = WITH_DEVICE_KEY
    serializer_class = RescueKeptOut
    parser_classes = (AnyBytes,)
    filters = RescueQuery
    keyed = False  # the same bytes again are what stands

    @extend_schema(request={"*/*": OpenApiTypes.BINARY}, responses={200: RescueKeptOut, 201: RescueKeptOut})
    def keep(self, request):
        """什么都收，原样存下：201 新收，200 已有。答复中的 sha256 与手机所存相同，才可删去手机上的一份。令牌失效的凭终端密钥。"""
        asked = self.parameters()
        device_id = asked.pop("device_id")
        content = at_most(actions.MOST_BYTES, request._request, {"request": request})
        sent = actions.Sent(content, request.content_type or "", device_id)
        row, new = actions.rescue(sent, actions.Meant(**asked), by=request.user)
        return self.shown(row, status=201 if new else 200)


class RescueDoor(Door):
    """手机未能提交的记录：查看、归入、不再处理"""

    serializer_class = RescueOut
    ordering = ("-received_at", "id")
    etag_tables = ("phone.Rescue",)
    filters = {"list": RescueFilters}
    lookup_url_kwarg = "rescue_id"

    def get_queryset(self):
        return Rescue.objects.visible_to(self.request.user).without_content()

    def chosen(self, rows, *, mine=None, **equal):
        rows, own = rows.filter(**equal), {"by_id": self.request.user.pk}
        return rows if mine is None else rows.filter(**own) if mine else rows.exclude(**own)

    @extend_schema(responses=RescueWholeOut)
    def retrieve(self, request, rescue_id: UUID):
        return Response(RescueWholeOut(self._whole()).data)

    def _whole(self) -> Rescue:
        row: Rescue = self.get_object()
        row.refresh_from_db(fields=["content"])
        return row

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def content(self, request, rescue_id: UUID):
        """原样的字节。"""
        row = self._whole()
        headers = {"Content-Disposition": f'attachment; filename="{row.pk}.bin"', "Cache-Control": "private, no-store"}
        return HttpResponse(bytes(row.content), content_type="application/octet-stream", headers=headers)

    @extend_schema(
        request=PlaceShape, responses=RescueOut,
        examples=[OpenApiExample("改正后归入", {"reason": "单位编号写错，已与本人核实", "body": {}}, request_only=True)],
    )  # fmt: skip
    def place(self, request, rescue_id: UUID):
        """以提交人的名义，按原地址（或 path）再提交一次；门上怎么答复就怎么答复，不成的仍待处理。"""
        row, answer = actions.place(rescue_id, by=self.by, **self.read(PlaceShape))
        return answer if answer.status_code >= 400 else self.shown(row)

    @extend_schema(
        request=SetAsideShape, responses=RescueOut, examples=[OpenApiExample("已另行录入", {"reason": "已另行录入"}, request_only=True)]
    )  # fmt: skip
    def set_aside(self, request, rescue_id: UUID):
        """不必归入：已另行录入、重复、不是记录。内容仍保存。"""
        return self.shown(actions.set_aside(rescue_id, by=self.by, **self.read(SetAsideShape)))
