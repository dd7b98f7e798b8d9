"""The door of one's own keys."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accounts.keys import actions
from accounts.keys.serializers import KeyMadeOut, KeyOut, KeyShape
from accounts.second_factor import proved_second_factor
from safety_api.doors import Door


class KeyDoor(Door):
    """访问密钥：供 QGIS、ogr2ogr 等软件读取 /ogc/ 与地图图层，只读"""

    tag = "auth"
    pagination_class = None  # type: ignore[assignment]
    serializer_class = KeyOut
    keyed = False  # a key is never stored, not even in a kept answer

    @extend_schema(responses=KeyOut(many=True))
    def keys(self, request):
        """本人的访问密钥；密钥本身不再显示。"""
        rows = request.user.api_keys.living(on=timezone.localdate()).order_by("-made_at", "id")
        return Response(KeyOut(rows, many=True).data)

    @extend_schema(
        request=KeyShape, responses={201: KeyMadeOut},
        examples=[OpenApiExample("办公室的 QGIS", {"name": "办公室 QGIS", "ends_on": "2026-12-31"}, request_only=True)],
    )  # fmt: skip
    def make_key(self, request):
        """新建访问密钥，只显示一次；至多 8 个，最长一年。本人被停用、调动或修改口令后即失效。"""
        proved = proved_second_factor(request.auth, request._request)
        row, key = actions.make(request.user, **self.read(KeyShape), second_factor=proved)
        return Response(KeyMadeOut({**KeyOut(row).data, "key": key}).data, status=201)

    @extend_schema(responses={204: None})
    def revoke_key(self, request, key: UUID):
        """撤销访问密钥，立即失效。"""
        actions.revoke(request.user, key)
        return Response(status=204)
