"""Doors to classes, to the schemes behind them, and to “what if”."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Enterprise
from reference import law
from reference.views import ReferenceDoor
from risks.facts import highest_colour
from safety_api.doors import Door, UntaggedResponse
from safety_api.problems import IN_FUTURE, INVALID, NO_CLASS_YET, NOT_FOUND, REGISTRY, UNKNOWN_SECTOR, Problem
from supervision import actions, rules
from supervision.explaining import explained
from supervision.models import Evaluation
from supervision.querysets import class_on
from supervision.rules import BadDocument
from supervision.schemes import scheme_on, schemes_shown
from supervision.serializers import (
    AcceptanceShape,
    AnswerOut,
    ClassOut,
    FactsShape,
    ManualShape,
    OnFilter,
    SchemesOut,
)

FACTS = {
    "on": "2026-11-23", "sector": "coal_mine",
    "months_since_fatal": 40, "months_since_larger": None, "months_operating": 120,
    "serious_injury_accidents_12m": 0, "other_accidents_12m": 0,
    "standardization": {"applicable": True, "level": 2, "minimum": 2, "expired_days": 0},
    "risk_control": {"reviewed_12m": True, "red_orange_controlled": True, "self_check_rate": 98},
    "hazards": {"due_12m": 20, "on_time_12m": 18, "inspected_12m": True, "major_open": 0, "major_overdue": 0},
    "penalties": {"ordinary_12m": 1, "heavy_12m": 0},
    "emergency": {
        "plan_filed": True, "drill_on_time": True, "people_certified": True, "training_done": True, "insured": True,
    },
    "stopped_by_order": False, "licence_invalid": False, "dishonesty_listed": False, "months_since_concealment": None,
    "refused_inspection": False, "stopped_months": 0, "special_geology": False, "missing_bases": [],
}  # fmt: skip


def example(name: str, body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, body, request_only=True)


class ClassDoor(Door):
    """一家单位的分类监管类别"""

    tag = "supervision"
    serializer_class = ClassOut
    pagination_class = None  # type: ignore[assignment]
    filters = {"show": OnFilter}
    etag_tables = (
        "supervision.Evaluation", "supervision.ManualClass", "supervision.Acceptance", "enterprises.Enterprise",
        "risks.RiskAssessment",
    )  # fmt: skip

    @extend_schema(responses=ClassOut)
    def show(self, request: Request, pk: UUID) -> HttpResponse:
        """某日（默认今天）执行的类别，逐项说明：依据、各部分得分、封顶、计算类别、升降级。过去之日按当日的评定。"""
        day = self.parameters().get("on") or localdate()
        if day > localdate():
            raise ValidationError({"on": [ErrorDetail(IN_FUTURE.sentence(), IN_FUTURE.code)]})
        return self.tagged(lambda: self._answer(self._class_of(pk, day)))

    def _answer(self, shown: dict[str, Any]) -> Response:
        """The tables say when evaluations change; what is worked out on the spot is none."""
        return (Response if shown["stored"] else UntaggedResponse)(shown)

    def _class_of(self, pk: UUID, day: date) -> dict[str, Any]:
        kept = list(
            Enterprise.objects.visible_to(self.request.user).filter(pk=pk).values_list("risk_colour", flat=True)
        )
        if not kept:
            raise NOT_FOUND()
        row = class_on(pk, day)
        answer = explained(row, day) if row else self.not_yet(pk, day)
        return {**answer, "risk_colour": kept[0] if day == localdate() else highest_colour(pk, day)}

    def not_yet(self, pk: UUID, day: date) -> dict[str, Any]:
        """Never evaluated: worked out on the spot and not stored. Raises NO_CLASS_YET, NO_RULE."""
        row = None if Evaluation.objects.filter(enterprise_id=pk).exists() else actions.preview(pk, day)
        if row is None:
            raise NO_CLASS_YET()
        return explained(row, day, stored=False)

    @extend_schema(
        request=AcceptanceShape,
        responses={201: ClassOut},
        examples=[example("现场验收", {"on": "2026-06-20", "document": "兴应急验〔2026〕3号", "note": "整改到位"})],
    )
    def accept(self, request: Request, pk: UUID) -> Response:
        """登记D类单位的现场验收（部门负责人）。下一个评审日方可升级。"""
        actions.accept(pk, by=self.by, **self.read(AcceptanceShape))
        return Response(self._class_of(pk, localdate()), status=201)

    @extend_schema(
        request=ManualShape,
        responses={201: ClassOut},
        examples=[
            example(
                "人工调整", {"class": "C", "until": "2099-12-31", "reason": "重点监管", "document": "兴安办〔2026〕9号"}
            )
        ],
    )
    def set_manual(self, request: Request, pk: UUID) -> Response:
        """人工调整类别，须有理由、文书和截止日（部门负责人）。期满回到执行类别。"""
        actions.set_manual(pk, by=self.by, **self.read(ManualShape))
        return Response(self._class_of(pk, localdate()), status=201)


class WhatIfDoor(Door):
    """假如情况如此，是哪一类"""

    tag = "supervision"
    serializer_class = FactsShape
    pagination_class = None  # type: ignore[assignment]

    @extend_schema(request=FactsShape, responses=AnswerOut, examples=[example("二级标准化的煤矿", FACTS)])
    def what_if(self, request: Request) -> Response:
        """按 on 当日的方案计算，不存档。各项含义同评定说明中的 facts。"""
        try:
            facts = rules.read_facts(request.data)
        except BadDocument as bad:
            raise refusal(bad) from None
        if facts["sector"] not in law.books().sectors:
            raise UNKNOWN_SECTOR.at("/sector")
        return Response(rules.evaluate(facts, scheme_on(date.fromisoformat(facts["on"]))).answer())


def refusal(bad: BadDocument) -> Problem:
    """One word over all faults when they share a registered one, `invalid` else."""
    words = {fault.code for fault in bad.faults}
    kind = REGISTRY.get(words.pop(), INVALID) if len(words) == 1 else INVALID
    return kind(errors=[{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in bad.faults])


class SchemeDoor(ReferenceDoor):
    """分类方案：分值、档次、封顶、升降级规则，及各类别每年检查次数的下限与上限"""

    tag = "supervision"
    serializer_class = SchemesOut
    pagination_class = None  # type: ignore[assignment]
    filters = {"schemes": OnFilter}

    @extend_schema(responses=SchemesOut)
    def schemes(self, request: Request) -> HttpResponse:
        """全部版本，新的在前；带 on 时为当日有效的方案与频次。"""
        day = self.parameters().get("on")
        return self.tagged(lambda: Response({"results": schemes_shown(day, localdate())}))


as_class = partial(ClassDoor.as_view, basename="supervision_class")
as_what_if = partial(WhatIfDoor.as_view, basename="supervision")
as_schemes = partial(SchemeDoor.as_view, basename="supervision")
