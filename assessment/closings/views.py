"""Doors of closings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from assessment.closings import actions, changed_since, readiness, visibility
from assessment.closings.fields import NothingShape, ReasonShape, example
from assessment.closings.rules import rules_on
from assessment.closings.serializers import (
    CitedRankingOut,
    ClosingBrokenOut,
    ClosingFilters,
    ClosingOut,
    ClosingWholeOut,
    OpenClosingShape,
)
from assessment.closings.words import ClosingVerb
from assessment.models import Closing, ClosingState
from safety_api.doors import Door
from safety_api.permissions import inside
from safety_api.problems import NOT_FOUND
from safety_api.roles import ASSESSORS
from safety_api.stamps import etag_of


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
        body = self.read(OpenClosingShape)
        row, new = actions.open_closing(body["year"], body["month"] or 0, by=self.by, region=body["region"])
        return self.whole(row, 201 if new else 200)

    @extend_schema(responses=ClosingWholeOut)
    def retrieve(self, request, closing_id: int):
        """一份定稿：状态、还缺什么、签发或冻结的内容、冻结以后的变化。冻结前的内容只有应急管理局和安委办可见。"""
        return self.whole(self.get_object())

    @extend_schema(responses=CitedRankingOut)
    def ranking(self, request, closing_id: int):
        """冻结的乡镇排名，写明所引用的修订，并与上月比较。"""
        row = self.get_object()
        content = visibility.published(row, request.user)
        return Response(_cited(row) | {"before": content["before"], "rows": content["ranking"]})

    @extend_schema(responses=ClosingBrokenOut)
    def broken(self, request, closing_id: int):
        """冻结的破零名单（当年累计）和口径条目；不在管辖范围的单位和事故不显示。"""
        row = self.get_object()
        found = _cited(row) | {"rows": visibility.published(row, request.user)["broken"]}
        return Response({name: value for name, value in found.items() if name != "content_sha256"})

    @extend_schema(request=NothingShape, responses=ClosingWholeOut, examples=example("签发", {}))
    def sign(self, request, closing_id: int):
        """签发：按此刻所知算出内容并固定其摘要。由安委办或应急管理局负责人，不得由拟稿、核对的人；缺什么逐项列出。"""
        return self._step(actions.sign, closing_id, NothingShape)

    @extend_schema(request=ReasonShape, responses=ClosingWholeOut, examples=example("撤回", {"reason": "交警补来一起"}))
    def withdraw(self, request, closing_id: int):
        """撤回签发（冻结以前），须写明理由。"""
        return self._step(actions.withdraw, closing_id, ReasonShape)

    @extend_schema(request=NothingShape, responses=ClosingWholeOut, examples=example("冻结", {}))
    def freeze(self, request, closing_id: int):
        """冻结：此后不再改动。未签发的、签发人自己、签发后数字有变化的，均不行。"""
        return self._step(actions.freeze, closing_id, NothingShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: ClosingWholeOut},
        examples=example("修订", {"reason": "9月3日事故经认定为刑事案件，已核销"}),
    )
    def revise(self, request, closing_id: int):
        """修订已冻结的定稿：另立下一次修订，重新核对、签发、冻结；原来的永远可查。"""
        self._check_there(closing_id)
        body = self.read(ReasonShape)
        return self.whole(actions.revise(closing_id, by=self.by, fresh=self.check_fresh, **body), 201)

    @extend_schema(request=NothingShape, responses=ClosingOut, examples=example("无异议", {}))
    def no_objection(self, request, closing_id: int):
        """乡镇声明对本月没有异议。所有乡镇都声明的，不必等异议期满。"""
        self._check_there(closing_id)
        self.read(NothingShape)
        return self.shown(actions.no_objection(closing_id, by=self.by, fresh=self.check_fresh))

    def _step(self, action: Callable[..., Closing], closing_id: int, shape: Any) -> Response:
        self._check_there(closing_id)
        return self.whole(action(closing_id, by=self.by, fresh=self.check_fresh, **self.read(shape)))

    def _check_there(self, closing_id: int) -> None:
        if not Closing.objects.visible_to(self.request.user).filter(pk=closing_id).exists():
            raise NOT_FOUND()

    def whole(self, row: Closing, status: int = 200) -> Response:
        return Response(whole_of(row, self.request.user), status=status, headers={"ETag": etag_of(row)})


def whole_of(row: Closing, user: Any) -> dict[str, Any]:
    """All of a closing for one reader."""
    keeps = user.role in ASSESSORS
    steps = list(row.steps.order_by("at", "id"))
    waiting = readiness.missing(row) if keeps and row.state != ClosingState.FROZEN else None
    return ClosingWholeOut().to_representation(
        _With(
            row, steps=steps, waiting=waiting, objections_until=readiness.objections_until(row),
            provisional=readiness.provisional(row),
            terms=rules_on(row.last_day).version, content=visibility.content_for(row, user),
            no_objection=[each.region_code for each in steps if each.verb == ClosingVerb.NO_OBJECTION],
            changed_since=changed_since.since(row) if keeps and row.state == ClosingState.FROZEN else None,
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
