"""Doors of closings, of departments' lists and their differences, of objections."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from assessment import changes, closing, lists, objecting, periods, publishing, reconciling
from assessment.matching import Found, Ours
from assessment.models import Closing, Objection, Settlement, SourceList, SourceRow, State
from assessment.querysets import KEEPERS, in_county
from assessment.serializers import (
    AttributionObjectionFilters,
    AttributionObjectionOut,
    AttributionObjectionShape,
    CitedRankingOut,
    ClosingBrokenOut,
    ClosingFilters,
    ClosingOut,
    ClosingWholeOut,
    CreateFromRowShape,
    DifferenceFilters,
    DifferencesOut,
    ExplainShape,
    MatchShape,
    NothingShape,
    ObjectionAnswerShape,
    OpenClosingShape,
    ReasonShape,
    SendListFilters,
    SettlementOut,
    SourceListFilters,
    SourceListOut,
    SourceListShape,
    SourceListWholeOut,
    SourceRowOut,
)
from assessment.terms import terms_on
from assessment.words import Verb
from geo.models import Region
from safety_api.doors import Door
from safety_api.parsers import WorkbookBytes
from safety_api.permissions import Role, inside
from safety_api.problems import NOT_FOUND
from safety_api.sheets import XLSX, write_template
from safety_api.stamps import etag_of

ACCIDENT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001"
UNIT = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"


def example(name: str, body: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


# --- closings --------------------------------------------------------------------------------------------------------
class ClosingDoor(Door):
    """月度、年度定稿"""

    serializer_class = ClosingOut
    ordering = ("-year", "-month", "-number", "id")
    etag_tables = ("assessment.Closing",)
    filters = {"list": ClosingFilters}
    lookup_url_kwarg = "closing_id"

    def get_queryset(self):
        rows = Closing.objects.visible_to(self.request.user)
        return rows.defer("content") if self.action == "list" else rows

    def chosen(self, rows, *, region=None, **equal):
        rows = rows.filter(**equal)
        return rows.filter(inside(region)) if region else rows

    @extend_schema(
        request=OpenClosingShape,
        responses={200: ClosingWholeOut, 201: ClosingWholeOut},
        examples=example("开始核对十月", {"year": 2026, "month": 10}),
    )
    def create(self, request):
        """开始核对一个月（month 为 0 或不写：全年）。每月一日自动进行；已在核对的原样返回。没有结束的月份不行。"""
        told = self.read(OpenClosingShape)
        row, new = closing.open_closing(told["year"], told["month"] or 0, by=request.user, region=told["region"])
        return self.whole(row, 201 if new else 200)

    @extend_schema(responses=ClosingWholeOut)
    def retrieve(self, request, closing_id: int):
        """一份定稿：状态、还缺什么、签发或冻结的内容、冻结以后的变化。冻结前的内容只有应急管理局和安委办可见。"""
        return self.whole(self.get_object())

    @extend_schema(responses=CitedRankingOut)
    def ranking(self, request, closing_id: int):
        """冻结的乡镇排名，写明所引用的修订，并与上月比较。"""
        row = self.get_object()
        told = publishing.published(row, request.user)
        return Response(_cited(row) | {"before": told["before"], "rows": told["ranking"]})

    @extend_schema(responses=ClosingBrokenOut)
    def broken(self, request, closing_id: int):
        """冻结的破零名单（当年累计）和口径条目；不在管辖范围的单位和事故不显示。"""
        row = self.get_object()
        found = _cited(row) | {"rows": publishing.published(row, request.user)["broken"]}
        return Response({name: value for name, value in found.items() if name != "content_sha256"})

    @extend_schema(request=NothingShape, responses=ClosingWholeOut, examples=example("签发", {}))
    def sign(self, request, closing_id: int):
        """签发：按此刻所知算出内容并固定其摘要。由安委办或应急管理局负责人，不得由拟稿、核对的人；缺什么逐项列出。"""
        return self._step(closing.sign, closing_id, NothingShape)

    @extend_schema(request=ReasonShape, responses=ClosingWholeOut, examples=example("撤回", {"reason": "交警补来一起"}))
    def withdraw(self, request, closing_id: int):
        """撤回签发（冻结以前），须写明理由。"""
        return self._step(closing.withdraw, closing_id, ReasonShape)

    @extend_schema(request=NothingShape, responses=ClosingWholeOut, examples=example("冻结", {}))
    def freeze(self, request, closing_id: int):
        """冻结：此后不再改动。未签发的、签发人自己、签发后数字有变化的，均不行。"""
        return self._step(closing.freeze, closing_id, NothingShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: ClosingWholeOut},
        examples=example("修订", {"reason": "9月3日事故经认定为刑事案件，已核销"}),
    )
    def revise(self, request, closing_id: int):
        """修订已冻结的定稿：另立下一次修订，重新核对、签发、冻结；原来的永远可查。"""
        self._check_there(closing_id)
        told = self.read(ReasonShape)
        return self.whole(closing.revise(closing_id, by=request.user, fresh=self.check_fresh, **told), 201)

    @extend_schema(request=NothingShape, responses=ClosingOut, examples=example("无异议", {}))
    def no_objection(self, request, closing_id: int):
        """乡镇声明对本月没有异议。所有乡镇都声明的，不必等异议期满。"""
        self._check_there(closing_id)
        self.read(NothingShape)
        return self.shown(closing.no_objection(closing_id, by=request.user, fresh=self.check_fresh))

    def _step(self, action: Callable[..., Closing], closing_id: int, shape: Any) -> Response:
        self._check_there(closing_id)
        return self.whole(action(closing_id, by=self.request.user, fresh=self.check_fresh, **self.read(shape)))

    def _check_there(self, closing_id: int) -> None:
        if not Closing.objects.visible_to(self.request.user).filter(pk=closing_id).exists():
            raise NOT_FOUND()

    def whole(self, row: Closing, status: int = 200) -> Response:
        return Response(whole_of(row, self.request.user), status=status, headers={"ETag": etag_of(row)})


def whole_of(row: Closing, user: Any) -> dict[str, Any]:
    """All of a closing for one reader."""
    keeps = user.role in KEEPERS
    steps = list(row.steps.order_by("at", "id"))
    waiting = closing.missing(row) if keeps and row.state != State.FROZEN else None
    return ClosingWholeOut().to_representation(
        _With(
            row, steps=steps, waiting=waiting, objections_until=closing.objections_until(row),
            terms=terms_on(row.last_day).version, content=publishing.content_for(row, user),
            no_objection=[each.region_code for each in steps if each.verb == Verb.NO_OBJECTION],
            changed_since=changes.since(row) if keeps and row.state == State.FROZEN else None,
        )
    )  # fmt: skip


class _With:
    """A row and what is shown beside it."""

    def __init__(self, row: Any, **more: Any) -> None:
        self._row = row
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _cited(row: Closing) -> dict[str, Any]:
    return {
        "closing": row.pk, "number": row.number, "state": row.state, "as_of": row.last_day,
        "content_sha256": row.content_sha256,
    }  # fmt: skip


# --- lists of departments --------------------------------------------------------------------------------------------
LIST = {
    "source": "police", "year": 2026, "month": 10,
    "rows": [{
        "external_number": "兴公交〔2026〕47号", "day": "2026-10-12", "time": "21:40", "region": "蔚汾镇", "place": "218省道 12 公里处",
        "deaths": 1, "serious_injuries": 0, "category": "Z2", "description": "小客车驶出路面",
    }],
}  # fmt: skip
NIL = {"source": "fire", "year": 2026, "month": 10, "nil_return": True}
BYTES = {"type": "string", "format": "binary"}
BOOK = {XLSX: BYTES, "application/octet-stream": BYTES}


class SourceListDoor(Door):
    """部门月报：公安交警、消防救援等按月列出的事故，或零报告"""

    serializer_class = SourceListOut
    ordering = ("-year", "-month", "source", "-edition", "id")
    etag_tables = ("assessment.SourceList",)
    filters = {"list": SourceListFilters}
    lookup_url_kwarg = "list_id"

    def get_queryset(self):
        user: Any = self.request.user
        rows = SourceList.objects.visible_to(user)
        if user.role != Role.DEPARTMENT_OFFICER:
            return rows
        return rows.filter(source__in=_own_sources(user))

    def chosen(self, rows, *, region=None, current=False, **equal):
        rows = rows.filter(**equal)
        rows = rows.filter(inside(region)) if region else rows
        return rows.filter(pk__in=rows.current().values("pk")) if current else rows

    @extend_schema(responses=SourceListWholeOut)
    def retrieve(self, request, list_id: int):
        """一版月报和它的各行。"""
        return self._whole(self.get_object())

    @extend_schema(
        request=SourceListShape,
        responses={201: SourceListWholeOut},
        examples=[
            OpenApiExample("交警月报", LIST, request_only=True),
            OpenApiExample("零报告", NIL, request_only=True),
        ],
    )
    def create(self, request):
        """提交一份月报（整份收或整份不收）；更正后重交成为新的一版，旧版保留。"""
        return self._whole(lists.take_rows(by=request.user, **self.read(SourceListShape)), 201)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def template(self, request) -> HttpResponseBase:
        """空表：第一行列名（*为必填），第二行说明。"""
        with TemporaryDirectory(prefix="table-") as folder:
            path = Path(folder) / "list.xlsx"
            write_template(path, lists.COLUMNS)
            file = open(path, "rb")  # noqa: SIM115 - the answer closes it
            os.unlink(path)
        return FileResponse(file, as_attachment=True, filename="部门月报.xlsx", content_type=XLSX)

    def _whole(self, row: SourceList, status: int = 200) -> Response:
        shown = self.shape(SourceListOut).to_representation(row)
        show = self.shape(SourceRowOut).to_representation
        rows = [show(each) for each in row.rows.order_by("line", "id")]
        return Response({**shown, "rows": rows}, status=status, headers={"ETag": etag_of(row)})


def _own_sources(user: Any) -> list[str]:
    return [each.code for each in terms_on(timezone.localdate()).sources if each.department == user.department_id]


class SourceWorkbookDoor(SourceListDoor):
    """部门月报，Excel"""

    tag = "source_lists"
    parser_classes = (WorkbookBytes,)
    filters = {"send_workbook": SendListFilters}
    content = b""

    @extend_schema(request=BOOK, parameters=[SendListFilters], responses={201: SourceListWholeOut})
    def send_workbook(self, request):
        """提交一份月报，正文即 .xlsx 文件（至多 5 MB、2000 行，不得含公式）；有误的各格逐一指出，整份不收。"""
        told = self.parameters()
        _ = request.data  # read by the parser
        return self._whole(lists.take_workbook(self.content, by=request.user, **told), 201)


class SourceRowDoor(Door):
    """部门月报的一行：是我方哪起事故"""

    serializer_class = SettlementOut

    @extend_schema(
        request=MatchShape, responses={201: SettlementOut}, examples=example("是这起", {"accident": ACCIDENT})
    )
    def match(self, request, row_id: int):
        """确认这一行就是我方某起事故；数字不同的另须说明，或更正我方记录。"""
        return self._settled(reconciling.match, row_id, MatchShape)

    @extend_schema(
        request=CreateFromRowShape,
        responses={201: SettlementOut},
        examples=example("补录", {"region": "141123100201", "nature": "non_production"}),
    )
    def add(self, request, row_id: int):
        """我方没有这起：由这一行补录为新事故，与认定同时完成。"""
        return self._settled(reconciling.create, row_id, CreateFromRowShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: SettlementOut},
        examples=example("不补录", {"reason": "发生在邻县，由对方统计"}),
    )
    def set_aside(self, request, row_id: int):
        """不是我方应计的，写明理由。"""
        return self._settled(reconciling.set_aside, row_id, ReasonShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: SettlementOut},
        examples=example("说明差异", {"reason": "另一人于第9日死亡，已过7日期限"}),
    )
    def accept(self, request, row_id: int):
        """两边数字不同而各有依据的，写明理由；任何一边再变，须重新说明。"""
        return self._settled(reconciling.accept, row_id, ReasonShape)

    @extend_schema(request=ReasonShape, responses={204: None}, examples=example("撤销", {"reason": "认错了"}))
    def undo(self, request, row_id: int):
        """撤销这一行的认定；已补录的事故不因此取消。"""
        self._check_there(row_id)
        reconciling.undo(row_id, by=request.user, **self.read(ReasonShape))
        return Response(status=204)

    def _settled(self, action: Callable[..., Settlement], row_id: int, shape: Any) -> Response:
        self._check_there(row_id)
        row = action(row_id, by=self.request.user, **self.read(shape))
        return self.shown(row, 201)

    def _check_there(self, row_id: int) -> None:
        if not SourceRow.objects.filter(in_county(self.request.user, "of__region_code"), pk=row_id).exists():
            raise NOT_FOUND()


class DifferenceDoor(Door):
    """与部门月报的差异"""

    serializer_class = DifferencesOut
    pagination_class = None  # type: ignore[assignment]
    filters = {"show": DifferenceFilters}
    etag_tables = ("assessment.SourceList", "assessment.Settlement", "accidents.Accident", "reference.Load")

    @extend_schema(responses=DifferencesOut)
    def show(self, request):
        """一个月的全部差异：对方有我方无的（附疑似同一起的及理由）、我方有对方无的、数字不同的，和已作的认定。"""
        asked = self.parameters()
        return self.tagged(lambda: Response(differences_of(request.user, **asked)))

    @extend_schema(
        request=ExplainShape,
        responses={201: SettlementOut},
        examples=example(
            "说明对方未列",
            {
                "source": "police",
                "year": 2026,
                "month": 10,
                "accident": ACCIDENT,
                "reason": "发生在厂区内，不归交警统计",
            },
        ),
    )
    def explain(self, request):
        """我方有而对方未列的，写明理由。"""
        return self.shown_as(SettlementOut, reconciling.explain(by=request.user, **self.read(ExplainShape)))

    def shown_as(self, shape: Any, row: Settlement) -> Response:
        return Response(self.shape(shape).to_representation(row), status=201, headers={"ETag": etag_of(row)})


def differences_of(
    user: Any, *, year: int, month: int, region: str | None = None, source: str | None = None, state: str = "open"
) -> dict[str, Any]:
    """Six queries, however many rows."""
    county = periods.county_for(user, region)
    books = reconciling.books_of(county, year, [month])
    found = [each for each in books.found if source in (None, each.source)]
    wanted = [each for each in found if state == "all" or each.settled == (state == "settled")]
    names = _names(each.ours.region for each in wanted if each.ours)
    return {
        "region": county, "year": year, "month": month,
        "missing": [{"source": each.code, "name": each.name, "month": of} for each, of in books.missing([month])],
        "lists": [SourceListOut().to_representation(each) for each in books.lists.values()],
        "open": sum(not each.settled for each in found),
        "rows": [_difference(each, books, names) for each in wanted],
    }  # fmt: skip


def _names(codes: Any) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def _difference(each: Found, books: reconciling.Books, names: dict[str, str]) -> dict[str, Any]:
    settlement = books.decisions.get(each.known.id) if each.known else None
    return {
        "source": each.source, "month": each.month, "kind": each.kind, "kind_name": each.kind.label,
        "settled": each.settled,
        "row": SourceRowOut().to_representation(books.rows[each.theirs.row]) if each.theirs else None,
        "accident": _ours(each.ours, names) if each.ours else None,
        "fields": [
            {"field": one.name, "label": one.label, "theirs": one.theirs, "ours": one.ours} for one in each.fields
        ],
        "proposals": [
            {"accident": one.accident, "score": one.score, "reasons": list(one.reasons)} for one in each.proposals
        ],
        "settlement": SettlementOut().to_representation(settlement) if settlement else None,
    }  # fmt: skip


def _ours(each: Ours, names: dict[str, str]) -> dict[str, Any]:
    return {
        "accident": each.id, "day": each.day, "region": each.region, "region_name": names.get(each.region, ""),
        "deaths": each.deaths, "serious_injuries": each.serious_injuries, "category": each.category,
        "sector": each.sector, "gone": each.gone,
    }  # fmt: skip


# --- objections ------------------------------------------------------------------------------------------------------
class AttributionObjectionDoor(Door):
    """乡镇对认定的异议"""

    serializer_class = AttributionObjectionOut
    ordering = ("-made_at", "id")
    etag_tables = ("assessment.Objection",)
    filters = {"list": AttributionObjectionFilters}
    lookup_url_kwarg = "objection_id"

    def get_queryset(self):
        return Objection.objects.visible_to(self.request.user)

    def chosen(self, rows, **asked):
        return rows.chosen(**asked)

    @extend_schema(responses=AttributionObjectionOut)
    def retrieve(self, request, objection_id: int):
        """一份异议和答复。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=AttributionObjectionShape,
        responses={201: AttributionObjectionOut},
        examples=example(
            "对计入单位的异议",
            {
                "about": "unit",
                "enterprise": UNIT,
                "reason": "该单位只是车辆挂靠",
                "evidence": ["挂靠合同", "行驶证复印件"],
            },
        ),
    )
    def make(self, request, accident_id: UUID):
        """乡镇（本乡镇的事故，或计入本乡镇的村、单位）在该月冻结以前提出异议，附理由和材料。"""
        told = self.read(AttributionObjectionShape)
        return self.shown(objecting.object_to(accident_id, by=request.user, **told), 201)

    @extend_schema(
        request=ObjectionAnswerShape,
        responses=AttributionObjectionOut,
        examples=[
            OpenApiExample(
                "异议成立",
                {
                    "upheld": True, "answer": "经查，该单位无责任，不计入", "document": "兴应急〔2026〕31号",
                    "approved_by": "县安委办", "override": {"subject": "unit", "effect": "exclude", "enterprise": UNIT},
                },
                request_only=True,
            ),
            OpenApiExample("异议不成立", {"upheld": False, "answer": "责任认定依据充分，维持"}, request_only=True),
        ],
    )  # fmt: skip
    def answer(self, request, objection_id: int):
        """应急管理局答复；成立的须写明如何更正（override 或 decide 之一）、文书和批准人，更正同时完成。"""
        return self._step(objecting.answer, objection_id, ObjectionAnswerShape)

    @extend_schema(request=NothingShape, responses=AttributionObjectionOut, examples=example("撤回", {}))
    def withdraw(self, request, objection_id: int):
        """乡镇撤回自己的异议（答复以前）。"""
        return self._step(objecting.withdraw, objection_id, NothingShape)

    def _step(self, action: Callable[..., Objection], objection_id: int, shape: Any) -> Response:
        if not Objection.objects.visible_to(self.request.user).filter(pk=objection_id).exists():
            raise NOT_FOUND()
        told = self.read(shape)
        return self.shown(action(objection_id, by=self.request.user, fresh=self.check_fresh, **told))
