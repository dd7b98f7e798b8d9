"""The door of sync."""

from __future__ import annotations

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from phone.sync.cursor import Cursor
from phone.sync.reading import next_page
from phone.sync.serializers import SyncFilters, SyncOut
from safety_api.doors import Door


@method_decorator(gzip_page, name="dispatch")  # a page of two thousand units: a third of its bytes
class SyncDoor(Door):
    """同步：手机离线工作所需的一切，只取变化的"""

    serializer_class = SyncOut
    pagination_class = None
    filters = SyncFilters

    @extend_schema(parameters=[SyncFilters], responses=SyncOut)
    def show(self, request):
        """从上次的 cursor 起变化了什么。没有变化时很便宜，可以常问。"""
        asked = self.parameters()
        cursor = Cursor.read(asked["cursor"]) if asked.get("cursor") else Cursor()
        page = next_page(request.user, cursor, on=timezone.localdate(), limit=asked["limit"])
        return Response(
            {
                "cursor": str(page.cursor), "more": page.more, "reset": page.reset, "server_time": timezone.now(),
                "streams": page.streams, "lists": page.lists,
            },
            headers={"Cache-Control": "private, no-store"},
        )  # fmt: skip
