"""Doors of differences, and of what is decided about a row of theirs or an accident of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from assessment.closings import periods
from assessment.closings.fields import ReasonShape, example
from assessment.closings.querysets import in_county
from assessment.closings.reconciliation import actions, differences
from assessment.closings.reconciliation.matching import Comparison, OurAccident
from assessment.closings.reconciliation.serializers import (
    CreateFromRowShape,
    DifferenceFilters,
    DifferencesOut,
    ExplainShape,
    MatchShape,
    SettlementOut,
)
from assessment.closings.source_lists.serializers import SourceListOut, SourceRowOut
from assessment.models import Settlement, SourceRow
from geo.models import Region
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND
from safety_api.stamps import etag_of

ACCIDENT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001"


class SourceRowDoor(Door):
    """部门月报的一行：是我方哪起事故"""

    serializer_class = SettlementOut

    @extend_schema(
        request=MatchShape, responses={201: SettlementOut}, examples=example("是这起", {"accident": ACCIDENT})
    )
    def match(self, request, row_id: int):
        """确认这一行就是我方某起事故；数字不同的另须说明，或更正我方记录。"""
        return self._settled(actions.match, row_id, MatchShape)

    @extend_schema(
        request=CreateFromRowShape,
        responses={201: SettlementOut},
        examples=example("补录", {"region": "141123100201", "nature": "non_production"}),
    )
    def add(self, request, row_id: int):
        """我方没有这起：由这一行补录为新事故，与认定同时完成。"""
        return self._settled(actions.create, row_id, CreateFromRowShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: SettlementOut},
        examples=example("不补录", {"reason": "发生在邻县，由对方统计"}),
    )
    def set_aside(self, request, row_id: int):
        """不是我方应计的，写明理由。"""
        return self._settled(actions.set_aside, row_id, ReasonShape)

    @extend_schema(
        request=ReasonShape,
        responses={201: SettlementOut},
        examples=example("说明差异", {"reason": "另一人于第9日死亡，已过7日期限"}),
    )
    def accept(self, request, row_id: int):
        """两边数字不同而各有依据的，写明理由；任何一边再变，须重新说明。"""
        return self._settled(actions.accept, row_id, ReasonShape)

    @extend_schema(request=ReasonShape, responses={204: None}, examples=example("撤销", {"reason": "认错了"}))
    def undo(self, request, row_id: int):
        """撤销这一行的认定；已补录的事故不因此取消。"""
        self._check_there(row_id)
        actions.undo(row_id, by=self.by, **self.read(ReasonShape))
        return Response(status=204)

    def _settled(self, action: Callable[..., Settlement], row_id: int, shape: Any) -> Response:
        self._check_there(row_id)
        row = action(row_id, by=self.by, **self.read(shape))
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
        return self.shown_as(SettlementOut, actions.explain(by=self.by, **self.read(ExplainShape)))

    def shown_as(self, shape: Any, row: Settlement) -> Response:
        return Response(self.shape(shape).to_representation(row), status=201, headers={"ETag": etag_of(row)})


def differences_of(
    user: Any, *, year: int, month: int, region: str | None = None, source: str | None = None, state: str = "open"
) -> dict[str, Any]:
    """Six queries, however many rows."""
    county = periods.county_for(user, region)
    reconciliation = differences.reconciliation_of(county, year, [month])
    found = [each for each in reconciliation.comparisons if source in (None, each.source)]
    wanted = [each for each in found if state == "all" or each.settled == (state == "settled")]
    names = _names(each.ours.region for each in wanted if each.ours)
    return {
        "region": county, "year": year, "month": month,
        "missing": [{"source": each.code, "name": each.name, "month": of} for each, of in reconciliation.missing([month])],
        "lists": [SourceListOut().to_representation(each) for each in reconciliation.lists.values()],
        "open": sum(not each.settled for each in found),
        "rows": [_difference(each, reconciliation, names) for each in wanted],
    }  # fmt: skip


def _names(codes: Any) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def _difference(each: Comparison, reconciliation: differences.Reconciliation, names: dict[str, str]) -> dict[str, Any]:
    settlement = reconciliation.decisions.get(each.decision.id) if each.decision else None
    return {
        "source": each.source, "month": each.month, "kind": each.kind, "kind_name": each.kind.label,
        "settled": each.settled,
        "row": SourceRowOut().to_representation(reconciliation.rows[each.theirs.row]) if each.theirs else None,
        "accident": _our_accident(each.ours, names) if each.ours else None,
        "fields": [
            {"field": one.name, "label": one.label, "theirs": one.theirs, "ours": one.ours} for one in each.fields
        ],
        "proposals": [
            {"accident": one.accident, "score": one.score, "reasons": list(one.reasons)} for one in each.proposals
        ],
        "settlement": SettlementOut().to_representation(settlement) if settlement else None,
    }  # fmt: skip


def _our_accident(each: OurAccident, names: dict[str, str]) -> dict[str, Any]:
    return {
        "accident": each.id, "day": each.day, "region": each.region, "region_name": names.get(each.region, ""),
        "deaths": each.deaths, "serious_injuries": each.serious_injuries, "category": each.category,
        "sector": each.sector, "gone": each.gone,
    }  # fmt: skip
