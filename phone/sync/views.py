"""The door of sync."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema

from phone.sync.cursor import Cursor
from phone.sync.reading import next_page
from phone.sync.serializers import SyncFilters, SyncOut
from safety_api.doors import Door
from safety_api.renderers import to_json


@method_decorator(gzip_page, name="dispatch")  # a page of two thousand units: a third of its bytes
class SyncDoor(Door):
    """同步：手机离线工作所需的一切，只取变化的"""

    serializer_class = SyncOut
    filters = SyncFilters

    @extend_schema(parameters=[SyncFilters], responses=SyncOut)
    def show(self, request):
        """从上次的 cursor 起变化了什么。没有变化时很便宜，可以常问。"""
        asked = self.parameters()
        cursor = Cursor.read(asked["cursor"]) if asked.get("cursor") else Cursor()
        page = next_page(request.user, cursor, on=timezone.localdate(), limit=asked["limit"])
        body = to_json({
            "cursor": str(page.cursor), "more": page.more, "reset": page.reset, "server_time": timezone.now(),
            "streams": page.streams, "lists": page.lists,
        })  # fmt: skip
        return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "private, no-store"})
