"""Doors of criteria: looked up by words, one edition whole for a phone without a network, clauses entered by the bureau."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reference.criteria import actions, editions
from reference.criteria.rules import of_article
from reference.criteria.serializers import (
    ClauseShape,
    ClauseWithdrawShape,
    CriteriaFilters,
    CriteriaOut,
    CriterionOut,
    WholeEditionOut,
    changes_at,
    edition_out,
    whole_out,
)
from reference.views import ReferenceDoor

Rows = Sequence[dict[str, Any]]
CLAUSE = {
    "article": "8(1)",
    "label": "主要通风机停了还在作业",
    "source": "应急管理部令第4号正式文本，局档案室",
}


class CriteriaDoor(ReferenceDoor):
    """重大事故隐患判定标准的条目"""

    serializer_class = CriteriaOut
    pagination_class = None  # type: ignore[assignment]
    filters = {"list": CriteriaFilters}
    lookup_url_kwarg = "edition"

    @extend_schema(responses=forced_singular_serializer(CriteriaOut))
    def list(self, request: Request) -> Response:
        """某日有效的条目，按领域、词语或条款号查；条目是系统自己的短句，判定以正式文本为准。"""
        asked = self.parameters()
        return self.tagged(lambda: Response(self.asked_for(**asked)))

    def asked_for(self, *, sector: str = "", on: Any = None, q: str = "", article: str = "") -> dict[str, Any]:
        on = on or localdate()
        held = [each for each in (editions.of_field(sector) if sector else editions.every()) if each.holds(on)]
        rows = [item for each in held for item in editions.items_of(each.code)]
        rows = [each for each in rows if of_article(each["article"], article)] if article else rows
        rows = editions.found_by(rows, q) if q else rows
        return {
            "on": on,
            "editions": [edition_out(each) for each in held],
            "items": rows,
            "changed": [change for each in held for change in self.changed(each, rows, article, q)],
        }

    @staticmethod
    def changed(edition: Any, rows: Rows, article: str, q: str) -> Rows:
        """At the articles shown; asked by words also what the words name and is gone."""
        if not (article or q):
            return changes_at(edition)
        shown = {each["article"].partition("(")[0] for each in rows if each["edition"] == edition.code}
        shown |= {article.partition("(")[0]} if article else set()
        named = editions.changes_naming(edition, q)
        return [
            row
            for row, each in zip(changes_at(edition), edition.body.get("changed", ()), strict=True)
            if row["article"] in shown or each in named
        ]

    @extend_schema(responses=WholeEditionOut)
    def retrieve(self, request: Request, edition: str) -> Response:
        """一版判定标准全部内容，供手机离线使用：各条、数值表、答复、与上一版的变化、来源。"""
        return self.tagged(lambda: Response(whole_out(editions.edition(edition))))

    @extend_schema(
        request=ClauseShape,
        responses={201: CriterionOut},
        examples=[OpenApiExample("录入一条", CLAUSE, request_only=True)],
    )
    def enter(self, request: Request, edition: str) -> Response:
        """录入条文：只知名称和日期（或条文不全）的一版，由应急管理局注明来源录入；随系统来的条目不能覆盖。"""
        editions.edition(edition)
        clause = actions.enter(edition, by=self.by, **self.read(ClauseShape))
        return Response(editions.item(str(clause)), status=201)

    @extend_schema(
        request=ClauseWithdrawShape,
        responses=WholeEditionOut,
        examples=[OpenApiExample("撤回", {"reason": "条号录错"}, request_only=True)],
    )
    def withdraw(self, request: Request, clause_id: int) -> Response:
        """撤回录入的一条，写明理由；原录入保留备查。"""
        clause = actions.withdraw(clause_id, by=self.by, **self.read(ClauseWithdrawShape))
        return Response(whole_out(editions.edition(clause.edition)))
