"""The door of the report on a page."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from evidence.papers.views import PDF, download
from safety_api.doors import Door, Filters
from safety_api.permissions import county_of
from safety_api.problems import NOT_FOUND
from safety_api.shapes import Year
from safety_api.stamps import state_of
from safety_api.trail import record
from zero_accident.figures import query
from zero_accident.figures.serializers import a_day
from zero_accident.figures.views import ALL_DAYS, month_ends, remembered_ranking
from zero_accident.reports import composing, printing
from zero_accident.reports.querysets import reported_to

MONTHS = 12


class ReportFilters(Filters):
    year = Year(help_text="不写为今年")
    as_of = a_day("事实截至某日；不写为今天，往年为年末")


class TownshipReportDoor(Door):
    """乡镇一页报告"""

    tag = "zero_accident"
    pagination_class = None  # type: ignore[assignment]
    filters = ReportFilters

    def get_queryset(self):
        return reported_to(self.request.user)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def pdf(self, request, code: str):
        """一页 A4：名次和凭什么、怎样才能靠前、两项比例、十二个月、计入的事故、所引口径；印有打印人和时间。限本人管辖的乡镇。"""
        found, now = self.parameters(), timezone.now()
        figures = query.figure_query(found["year"], found["as_of"])
        place = self.get_queryset().on(figures.of.as_of).filter(code=code).first()
        if place is None:
            raise NOT_FOUND()
        ranked = partial(remembered_ranking, state_of(ALL_DAYS).tag(), prefix=county_of(request.user))
        asked = composing.Asked(code, figures, month_ends(figures.of.as_of, MONTHS), ranked, request.user)
        report = composing.report(asked, made_at=now)
        record(self.by, "report.print", place, as_of=figures.of.as_of.isoformat())
        by = f"{request.user.name}（{request.user.get_role_display()}）"
        sheet = printing.pdf(report, printed_by=by, printed_at=now, demo=settings.DEMO or request.user.is_demo)
        answer: HttpResponse = download(sheet, PDF, f"{report['title']}{figures.of.as_of}.pdf", inline=True)
        answer["Cache-Control"] = "private, no-store"  # it says when it was printed
        return answer
