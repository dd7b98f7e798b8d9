"""Doors to reference data. Everyone who is signed in may read all of it: law is no secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reference import law, law_calendar
from reference.criteria import editions
from reference.models import Document, Sector
from reference.serializers import (
    CeilingListOut,
    ChecklistFilters,
    ChecklistOut,
    LawCalendarFilters,
    LawCalendarOut,
    LawEntryOut,
    OnDay,
    RuleFilters,
    RuleOut,
    SectorFilters,
    SectorOut,
    StandardFilters,
    StandardsOut,
    checklist_out,
    own_ceilings_out,
    published_ceilings_out,
    standard_out,
)
from safety_api.doors import Door


class ReferenceDoor(Door):
    tag = "reference"
    words_lag = False
    etag_tables = ("reference.Load",)  # every load that changes something writes one row

    def tagged(self, answer, *more: object):
        """The tag is as new as the tables, so the answer must be too."""

        def renewed() -> Response:
            law.renew()
            return answer()

        return super().tagged(renewed, *more)


class SectorDoor(ReferenceDoor):
    """行业领域：按通知（七）的次序列出 11 个重点行业领域及其部门分工；?all=true 加上 natural_hazard 与 other。"""

    serializer_class = SectorOut
    ordering = ("order",)
    filters = SectorFilters
    on: date | None = None

    def get_queryset(self):
        return Sector.objects.all()

    def chosen(self, rows, **asked):
        self.on = asked.get("on")
        return rows if asked["all"] else rows.filter(is_priority=True)

    def shape_context(self) -> dict[str, Any]:
        return {"on": self.on or localdate()}


class ChecklistDoor(ReferenceDoor):
    """检查表：某领域的检查员所答的条目；没有专门条目的领域用通用检查表。部门自定的检查表列在 others，以 department 取。"""

    serializer_class = ChecklistOut
    pagination_class = None  # type: ignore[assignment]
    filters = ChecklistFilters

    @extend_schema(responses=forced_singular_serializer(ChecklistOut))
    def list(self, request: Request) -> Response:
        asked = self.parameters()
        return self.tagged(lambda: Response(self.asked_for(**{"on": localdate(), **asked})))

    @staticmethod
    def asked_for(*, sector: str, on: date, department: str = "") -> dict[str, Any]:
        found = law.own_checklist(sector, department, on) if department else law.checklist(sector, on)
        others = [each for each in law.own_checklists(sector, on) if each is not found]
        laws, criteria = law_calendar.of_sector(sector, on), editions.of_checklist(found.code, on)
        return checklist_out(found, others, laws, criteria)


class StandardDoor(ReferenceDoor):
    """重大事故隐患判定标准名录：名称、文号与施行日，不含条文。"""

    serializer_class = StandardsOut
    pagination_class = None  # type: ignore[assignment]
    filters = StandardFilters

    @extend_schema(responses=forced_singular_serializer(StandardsOut))
    def list(self, request: Request) -> Response:
        asked = self.parameters()
        return self.tagged(lambda: Response(self.register(asked.get("on") or localdate(), asked.get("sector"))))

    def register(self, on: date, sector: str | None) -> dict[str, Any]:
        if sector:
            law.sector(sector)
        register = law.in_force("hazard_standards", on)
        return {
            "version": register.version,
            "title": register.title,
            "source": register.source,
            "standards": [standard_out(each) for each in law.hazard_standards(on, sector)],
        }


class CeilingDoor(ReferenceDoor):
    """行政检查频次上限：各部门公布的表，照录并附来源；没有公布的，县里自定的倍数（ours）。"""

    serializer_class = CeilingListOut
    pagination_class = None  # type: ignore[assignment]
    filters = OnDay

    @extend_schema(responses=forced_singular_serializer(CeilingListOut))
    def list(self, request: Request) -> Response:
        day = self.parameters().get("on") or localdate()
        return self.tagged(lambda: Response(self.shape().to_representation(self.in_force(day))))

    def in_force(self, on: date) -> dict[str, Any]:
        published = [published_ceilings_out(each, on) for each in law.all_in_force(on, "inspection_ceilings")]
        return {
            "on": on,
            "results": published + [own_ceilings_out(each, on) for each in law.all_in_force(on, "frequencies")],
        }


class RuleDoor(ReferenceDoor):
    """某日有效的全部规定原样：口径、目标、时限、频次、待县里决定的事项及其默认值。"""

    serializer_class = RuleOut
    ordering = ("kind", "code", "id")
    filters = RuleFilters

    def get_queryset(self):
        return Document.objects.all()

    def chosen(self, rows, **asked):
        return rows.in_force(asked.pop("on", localdate())).filter(**asked)


class LawCalendarDoor(ReferenceDoor):
    """法规日历：每份规定和只列名称的法规，其施行日、来源、核对程度、使什么失效、本系统哪里随它。"""

    serializer_class = LawCalendarOut
    pagination_class = None  # type: ignore[assignment]
    filters = LawCalendarFilters

    @extend_schema(responses=forced_singular_serializer(LawCalendarOut))
    def list(self, request: Request) -> Response:
        asked = self.parameters()
        return self.tagged(lambda: Response(self.shown_to(localdate(), **asked)))

    @staticmethod
    def shown_to(
        today: date, *, since: date | None = None, until: date | None = None, on: date | None = None, kind: str = "",
        certainty: Sequence[str] = (),
    ) -> dict[str, Any]:  # fmt: skip
        found = [
            each
            for each in law_calendar.entries(today)
            if each.begins_between(since, until)
            and (on is None or each.holds(on))
            and kind in ("", each.kind)
            and (not certainty or each.certainty in certainty)
        ]
        return {"today": today, "results": LawEntryOut(found, many=True, context={"today": today}).data}
