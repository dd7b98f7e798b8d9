"""The door of notices to townships."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from safety_api.doors import Door
from zero_accident.notices import sending
from zero_accident.notices.serializers import NoticeFilters, TownshipNoticeOut


class TownshipNoticeDoor(Door):
    """成绩变化通知"""

    serializer_class = TownshipNoticeOut
    ordering = ("-id",)
    etag_tables = ("inbox.Message", "inbox.Seen")
    filters = {"list": NoticeFilters}
    lookup_url_kwarg = "notice_id"

    def get_queryset(self):
        return sending.notices_for(self.request.user)

    def chosen(self, rows, *, year=None, seen=None, kind=None):
        rows = rows.filter(details__year=year) if year else rows
        rows = rows.filter(details__kind=kind) if kind else rows
        return rows if seen is None else rows.seen_by_any(seen)

    def page_of(self, rows) -> Response:
        show = self.shape().to_representation
        return self.get_paginated_response([show(sending.spelled_out(each)) for each in self.paginate_queryset(rows) or ()])

    @extend_schema(request=None, responses=TownshipNoticeOut)
    def seen(self, request, notice_id: int):
        """已阅。只由本乡镇的人阅知；第一个阅知的人留名。"""
        return self.shown(sending.spelled_out(sending.see(notice_id, by=self.by)))
