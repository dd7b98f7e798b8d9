"""Doors of one's own inbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from inbox import actions
from inbox.models import Message
from inbox.paging import MergedKeyset
from inbox.serializers import InboxCountOut, InboxFilters, MessageOut, SeenShape
from safety_api.doors import Door

MOST_COUNTED = 100


class InboxDoor(Door):
    """收件箱：与本人、本岗位有关的提醒和告知"""

    serializer_class = MessageOut
    pagination_class = MergedKeyset
    ordering = ("-id",)
    etag_tables = ("inbox.Message", "inbox.Seen")
    filters = {"list": InboxFilters}
    lookup_url_kwarg = "message_id"

    def get_queryset(self) -> Any:
        return Message.objects.visible_to(self.request.user).with_seen(self.request.user)

    def list(self, request, *args, **kwargs):
        """最新的在前。发给本人的，和发给本人现任岗位（区划、行业、部门、单位）的；调动后由接任的人看到。"""
        wanted = self.parameters()
        return self.tagged(lambda: self.page_of(self._lists(**wanted)))

    def _lists(
        self, *, done: bool, unseen: bool, kind: str = "", about: Any = None, since: Any = None
    ) -> Sequence[Any]:
        user = self.request.user
        equal = {name: value for name, value in (("kind", kind), ("about", about), ("made_at__gte", since)) if value}
        rows = [each.filter(**equal) for each in Message.objects.addressed_to(user, done=done)]
        return [(each.unseen(user) if unseen else each).with_seen(user) for each in rows]

    @extend_schema(responses=InboxCountOut)
    def count(self, request):
        """未阅的条数，供角标显示。"""
        lists = self._lists(done=False, unseen=True)
        found = {key for each in lists for key in each.values_list("pk", flat=True)[: MOST_COUNTED + 1]}
        return Response({"unseen": min(len(found), MOST_COUNTED), "more": len(found) > MOST_COUNTED})

    @extend_schema(request=None, responses=MessageOut)
    def seen(self, request, message_id: int):
        """已阅一条；重复提交无害。"""
        actions.see([message_id], by=self.by)
        return self.shown(self.get_object())

    @extend_schema(
        request=SeenShape,
        responses={204: None},
        examples=[OpenApiExample("一页已阅", {"messages": [41, 42, 57]}, request_only=True)],
    )
    def seen_many(self, request):
        """已阅多条，如看过的一页；有一条不是本人的则全部不记。"""
        actions.see(self.read(SeenShape)["messages"], by=self.by)
        return Response(status=204)
