"""Doors of the figures: ratios and their parts, rankings, who broke, the policy, revisions, notices."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from geo.models import Region
from reference import law
from safety_api.doors import Door
from safety_api.paging import Keyset, read_count, read_limit
from safety_api.permissions import inside
from safety_api.problems import BAD_PARAMETER, UNKNOWN_POLICY, UNKNOWN_POLICY_LINE
from safety_api.stamps import etag_of_tables
from zero_accident import answers, notices, reading, revising, rules
from zero_accident.figure_serializers import (
    BreakdownFilters,
    BreakdownOut,
    BrokenFilters,
    BrokenOut,
    FigureRevisionOut,
    NoticeFilters,
    PolicyFilters,
    PolicyOut,
    RankedOut,
    RankingFilters,
    RatioFilters,
    RatiosOut,
    RevisionFilters,
    StandingNoticeOut,
    question_of,
)
from zero_accident.models import Broken, FigureRevision, StandingNotice

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


class FigureDoor(Door):
    """零事故率、乡镇排名"""

    pagination_class = None  # type: ignore[assignment]
    serializer_class = RatiosOut
    filters = {"ratios": RatioFilters, "breakdown": BreakdownFilters, "ranking": RankingFilters}

    def _asked(self) -> tuple[answers.Question, str]:
        self.found = self.parameters()
        asked = answers.question(**question_of(self.found))
        self.etag_tables = answers.KEPT if asked.kept else (*answers.KEPT, *answers.WORKED_OUT)  # type: ignore[misc]
        return asked, self.found["region"] or own_county(self.request.user)

    @extend_schema(responses=RatiosOut)
    def ratios(self, request):
        """村和企事业单位的零事故率，对照目标，附一句话的全年预测。默认本县、今年、截至今天、按现在所知。

        as_of 为事实截至某日，as_known_on 为按某日终了时我们所知，可以同用。各办公岗位都能看到所有乡镇的数字。
        """
        asked, prefix = self._asked()
        return self._told(lambda: answers.ratios(asked, prefix, self.found["sector"]))

    @extend_schema(responses=BreakdownOut(many=True))
    def breakdown(self, request):
        """同样的数字，按乡镇、县或行业领域分列；乡镇之和即为县。"""
        asked, prefix = self._asked()
        by, sector = self.found["by"], self.found["sector"]
        if by == "sector" and sector:
            raise BAD_PARAMETER(name="sector", detail="已按领域分列。")
        return self._told(lambda: answers.breakdown(asked, prefix, by, sector))

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
            text = RANKINGS.text(key, lambda: answers.ranking(asked, prefix, wanted))
            return HttpResponse(text, content_type="application/json")

        return self.tagged(answer)

    def _told(self, make: Callable[[], Any]) -> HttpResponse:
        def answer() -> Response:
            check_region(self.found["region"])
            return Response(make())

        return self.tagged(answer)

    def tagged(self, answer, *more: object) -> HttpResponse:
        """As ever, but what the answer is made from is known apart from who asks: `state`."""
        self.state = etag_of_tables(self.etag_tables)
        told = repr((self.state, *self.who_asks_for_what(), *more))
        tag = f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
        if tag in self.request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers={"ETag": tag})
        response = answer()
        response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
        return response


def ranking_of(found: dict[str, Any]) -> answers.Ranking:
    """Raises BAD_PARAMETER for what cannot be ranked: villages have no sector."""
    of, by, sector = found["of"], found["by"], found["sector"]
    by_units = sector is not None or of == "sector"
    if by_units and by not in (None, "unit"):
        raise BAD_PARAMETER(name="by", detail=OF_A_SECTOR)
    if sector and of == "sector":
        raise BAD_PARAMETER(name="sector", detail="已按领域排名。")
    return answers.Ranking(of, by or ("unit" if by_units else "overall"), sector)


def own_county(user: Any) -> str:
    """The county of whoever asks; of an officer of the city or the province all of it."""
    return user.region[:6]


def check_region(prefix: str | None) -> None:
    """Raises `unknown_region` for a code that never was one; of a city or a province its counties are known."""
    if prefix and not Region.objects.filter(inside(prefix, "code")).exists():
        raise ValidationError({"region": [ErrorDetail("没有这个行政区划。", "unknown_region")]})


# --- who broke -------------------------------------------------------------------------------------------------------
class KeysetOfRows(Keyset):
    """The same pages of rows in memory, which are in the order of the keys."""

    def paginate_queryset(self, rows: Any, request, view=None) -> list:
        if isinstance(rows, QuerySet):
            return super().paginate_queryset(rows, request, view)
        self.request, self.limit = request, read_limit(request.query_params.get("limit"))
        self.keys = [(name.lstrip("-"), name.startswith("-")) for name in view.ordering]
        self.total = len(rows) if read_count(request.query_params.get("count")) else None
        direction, values = self._read_cursor(Broken)
        found = [row for row in rows if not values or self._is_beyond(row, values, backwards=direction == "p")]
        more = len(found) > self.limit
        self.page = found[-self.limit :] if direction == "p" else found[: self.limit]
        self.has_next = more if direction == "n" else True
        self.has_previous = bool(values) if direction == "n" else more
        return self.page

    def _is_beyond(self, row: Broken, values: list[Any], *, backwards: bool) -> bool:
        for (name, descending), value in zip(self.keys, values, strict=True):
            if (own := getattr(row, name)) != value:
                return (own > value) != (descending != backwards)
        return False


class BrokenDoor(Door):
    """破零名单"""

    pagination_class = KeysetOfRows
    serializer_class = BrokenOut
    ordering = ("region_code", "-subject", "key")  # in a place its village first
    filters = {"list": BrokenFilters}
    kept_tables = (
        "zero_accident.Broken",
        "zero_accident.Break",
        "zero_accident.Accident",
        "enterprises.Enterprise",
        "geo.Region",
        "reference.Load",
    )

    def get_queryset(self):
        return Broken.objects.all()

    @extend_schema(responses=BrokenOut(many=True))
    def list(self, request, *args, **kwargs):
        """破零的村和单位，各因哪起事故、口径哪一条（附该条在口径中的名称、值和依据）。

        as_of、as_known_on 同 ratios。他人辖区的单位和事故不列名称。
        """
        asked = answers.question(**question_of(self.parameters()))
        self.etag_tables = self.kept_tables if asked.kept else (*self.kept_tables, *answers.WORKED_OUT)
        self.asked = asked
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, region=None, kind=None, sector=None, accident=None, **when):
        check_region(region)
        self.told = answers.Found(self.asked, region or own_county(self.request.user))
        choice = answers.Choice(kind, sector, accident)
        if self.asked.kept:
            return choice.of(self.told.kept_broken())
        return [row for row in self.told.broken() if choice.holds(row)]

    def page_of(self, rows) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(answers.shown(page, self.told, self.request.user))


# --- the policy ------------------------------------------------------------------------------------------------------
class PolicyDoor(Door):
    """零事故口径"""

    pagination_class = None  # type: ignore[assignment]
    serializer_class = PolicyOut
    etag_tables = ("reference.Load",)
    filters = {"list": PolicyFilters}

    @extend_schema(responses=PolicyOut(many=True))
    def list(self, request):
        """各版口径的施行日期和全部条目：代码、名称、值、中文说明、依据、是否待县里决定。

        破零依据引用的条目（如 min_deaths.Z1）用 version 和 line 查。
        """
        asked = self.parameters()
        return self.tagged(lambda: Response(policies(**asked)))


def policies(version: str | None, line: str | None) -> list[dict[str, Any]]:
    """Raises UNKNOWN_POLICY, UNKNOWN_POLICY_LINE."""
    documents = reading.documents_of(version)
    if not documents:
        raise UNKNOWN_POLICY()
    questions = {each["id"]: each for each in law.in_force("open_questions", timezone.localdate()).body["questions"]}
    found = [
        {
            **{name: getattr(each, name) for name in ("version", "title", "source", "effective_from", "effective_to")},
            "parameters": [
                _parameter(parameter, questions)
                for parameter in rules.parameters_of(reading.policy_of(each))
                if line in (None, parameter.code)
            ],
        }
        for each in documents
    ]
    if line and not any(each["parameters"] for each in found):
        raise UNKNOWN_POLICY_LINE()
    return found


def _parameter(parameter: rules.Parameter, questions: dict[str, Any]) -> dict[str, Any]:
    asked = questions.get(parameter.open_question or "", {})
    return asdict(parameter) | {"question": asked.get("question"), "default": asked.get("default")}


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
        asked = answers.question(year, None)
        self.prefix = region or own_county(self.request.user)
        rows = rows.filter(policy=asked.of.policy.version, year=asked.of.year)
        return rows.concerning(self.prefix)

    def page_of(self, rows) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(revising.told(page, self.prefix, self.request.user))


class StandingNoticeDoor(Door):
    """成绩变化通知"""

    serializer_class = StandingNoticeOut
    ordering = ("-id",)
    etag_tables = ("zero_accident.StandingNotice",)
    filters = {"list": NoticeFilters}
    lookup_url_kwarg = "notice_id"

    def get_queryset(self):
        return StandingNotice.objects.visible_to(self.request.user)

    def chosen(self, rows, *, year=None, seen=None, kind=None):
        rows = rows.filter(year=year) if year else rows
        rows = rows.filter(kind=kind) if kind else rows
        return rows if seen is None else rows.seen(seen)

    @extend_schema(request=None, responses=StandingNoticeOut)
    def seen(self, request, notice_id: int):
        """已阅。只由本乡镇的人阅知；第一个阅知的人留名。"""
        return self.shown(notices.see(notice_id, by=request.user))
