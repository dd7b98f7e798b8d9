"""Doors of the figures: ratios and their parts, rankings, who broke, the policy, revisions, notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from safety_api.doors import Door
from safety_api.permissions import county_of
from safety_api.problems import BAD_PARAMETER
from safety_api.stamps import State
from zero_accident.figures import query, revisions
from zero_accident.figures import ranking as township_ranking
from zero_accident.figures import ratios as zero_ratios
from zero_accident.figures import rows as figures_rows
from zero_accident.figures.serializers import (
    BreakdownFilters,
    BreakdownOut,
    FigureRevisionOut,
    RankedOut,
    RankingFilters,
    RatioFilters,
    RatiosOut,
    RevisionFilters,
    TrendFilters,
    TrendOut,
    query_of,
)
from zero_accident.models import FigureRevision
from zero_accident.regions import check_region

OF_A_SECTOR = "按行业领域时只看单位。"


class Remembered:
    """Texts by what they were made from: a ranking that a whole county reads is made once a change."""

    MOST = 64

    def __init__(self) -> None:
        self.known: dict[tuple, bytes] = {}

    def text(self, key: tuple, make: Callable[[], bytes]) -> bytes:
        if connection.in_atomic_block:
            return make()  # within a transaction rows change and their stamp does not
        found = self.known.get(key)
        if found is None:
            found = make()
            if len(self.known) >= self.MOST:
                self.known.clear()
            self.known[key] = found
        return found


RANKINGS = Remembered()
ALL_DAYS = (*figures_rows.KEPT, *figures_rows.WORKED_OUT)  # what a ranking of whatever day is made from


class FigureDoor(Door):
    """零事故率、乡镇排名"""

    pagination_class = None  # type: ignore[assignment]
    serializer_class = RatiosOut
    filters = {"ratios": RatioFilters, "breakdown": BreakdownFilters, "ranking": RankingFilters, "trend": TrendFilters}

    def _asked(self) -> tuple[query.FigureQuery, str]:
        self.found = self.parameters()
        asked = query.figure_query(**query_of(self.found))
        self.etag_tables = figures_rows.KEPT if asked.kept else ALL_DAYS  # type: ignore[misc]
        return asked, self.found["region"] or county_of(self.request.user)

    @extend_schema(responses=RatiosOut)
    def ratios(self, request):
        """村和企事业单位的零事故率，对照目标，附一句话的全年预测。默认本县、今年、截至今天、按现在所知。

        as_of 为事实截至某日，as_known_on 为按某日终了时我们所知，可以同用。各办公岗位都能看到所有乡镇的数字。
        """
        asked, prefix = self._asked()
        return self._answer(lambda: zero_ratios.ratios(asked, prefix, self.found["sector"]))

    @extend_schema(responses=BreakdownOut(many=True))
    def breakdown(self, request):
        """同样的数字，按乡镇、县或行业领域分列；乡镇之和即为县。"""
        asked, prefix = self._asked()
        by, sector = self.found["by"], self.found["sector"]
        if by == "sector" and sector:
            raise BAD_PARAMETER(name="sector", detail="已按领域分列。")
        return self._answer(lambda: zero_ratios.breakdown(asked, prefix, by, sector))

    @extend_schema(responses=RankedOut(many=True))
    def ranking(self, request):
        """排名：依次比较村率、单位率、死亡人数、起数、隐患按期整改率；并列同名次，较大及以上事故排在最后，开发区列示不排名。

        可只排村率或单位率，可排县、领域，或按某领域的单位排乡镇。
        """
        asked, prefix = self._asked()
        wanted = ranking_of(self.found)

        def answer() -> HttpResponse:
            check_region(self.found["region"])
            key = (self.state, asked, prefix, wanted)
            text = RANKINGS.text(key, lambda: township_ranking.ranking(asked, prefix, wanted))
            return HttpResponse(text, content_type="application/json")

        return self.tagged(answer)

    @extend_schema(responses=TrendOut(many=True))
    def trend(self, request):
        """各乡镇近几个月每月月末的名次和比例，一次取全；每年从头算起，今年以前的月份按其年。以今天所知。"""
        self.found = self.parameters()
        prefix = self.found["region"] or county_of(request.user)
        last = query.figure_query(self.found["year"], self.found["as_of"]).of.as_of
        days = month_ends(last, self.found["months"])
        self.etag_tables = ALL_DAYS

        def answer() -> HttpResponse:
            check_region(self.found["region"])
            text = township_ranking.trend_of(days, lambda day: remembered_ranking(self.state, day, prefix))
            return HttpResponse(text, content_type="application/json")

        return self.tagged(answer)

    def _answer(self, make: Callable[[], Any]) -> HttpResponse:
        def answer() -> Response:
            check_region(self.found["region"])
            return Response(make())

        return self.tagged(answer)

    def tag_of_state(self, found: State, asked: tuple) -> str:
        """As ever, but what the answer is made from is known apart from who asks: `state`."""
        self.state = found.tag()
        return found.tag(*asked)


def month_ends(last: date, months: int) -> list[date]:
    """The last days of so many months, the last one up to that day."""
    found = [last]
    while len(found) < months:
        found.insert(0, found[0].replace(day=1) - timedelta(days=1))
    return found


def remembered_ranking(state: str, day: date, prefix: str) -> bytes:
    """The townships' ranking to a day, as JSON; `state`: of the tables ALL_DAYS."""
    asked = query.figure_query(day.year, day)
    return RANKINGS.text((state, asked, prefix, township_ranking.TOWNSHIPS), lambda: township_ranking.ranking(asked, prefix))


def ranking_of(found: dict[str, Any]) -> township_ranking.Ranking:
    """Raises BAD_PARAMETER for what cannot be ranked: villages have no sector."""
    of, by, sector = found["of"], found["by"], found["sector"]
    by_units = sector is not None or of == "sector"
    if by_units and by not in (None, "unit"):
        raise BAD_PARAMETER(name="by", detail=OF_A_SECTOR)
    if sector and of == "sector":
        raise BAD_PARAMETER(name="sector", detail="已按领域排名。")
    return township_ranking.Ranking(of, by or ("unit" if by_units else "overall"), sector)


# --- revisions and notices -------------------------------------------------------------------------------------------
class FigureRevisionDoor(Door):
    """修订记录"""

    serializer_class = FigureRevisionOut
    ordering = ("-number",)
    filters = {"list": RevisionFilters}

    def get_queryset(self):
        return FigureRevision.objects.all()

    @extend_schema(responses=FigureRevisionOut(many=True))
    def list(self, request, *args, **kwargs):
        """零事故数字的每次修订：原因、引起它的事故、乡镇数字的前后、谁破零、谁恢复；新的在前。按该年期末有效的口径。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, year=None, region=None):
        check_region(region)
        asked = query.figure_query(year, None)
        self.prefix = region or county_of(self.request.user)
        rows = rows.filter(policy=asked.of.policy.version, year=asked.of.year)
        return rows.concerning(self.prefix)

    def page_of(self, rows) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(revisions.revision_rows(page, self.prefix, self.request.user))
