"""The door of notices to townships."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema

from safety_api.doors import Door
from zero_accident.models import TownshipNotice
from zero_accident.notices import sending
from zero_accident.notices.serializers import NoticeFilters, TownshipNoticeOut


class TownshipNoticeDoor(Door):
    """成绩变化通知"""

    serializer_class = TownshipNoticeOut
    ordering = ("-id",)
    etag_tables = ("zero_accident.TownshipNotice",)
    filters = {"list": NoticeFilters}
    lookup_url_kwarg = "notice_id"

    def get_queryset(self):
        return TownshipNotice.objects.visible_to(self.request.user)

    def chosen(self, rows, *, year=None, seen=None, kind=None):
        rows = rows.filter(year=year) if year else rows
        rows = rows.filter(kind=kind) if kind else rows
        return rows if seen is None else rows.seen(seen)

    @extend_schema(request=None, responses=TownshipNoticeOut)
    def seen(self, request, notice_id: int):
        """已阅。只由本乡镇的人阅知；第一个阅知的人留名。"""
        return self.shown(sending.see(notice_id, by=self.by))
