"""Doors of objections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from assessment.closings.fields import NothingShape, example
from assessment.closings.objections import actions
from assessment.closings.objections.serializers import (
    AttributionObjectionFilters,
    AttributionObjectionOut,
    AttributionObjectionShape,
    ObjectionAnswerShape,
)
from assessment.models import Objection
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND

UNIT = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"


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
        body = self.read(AttributionObjectionShape)
        return self.shown(actions.object_to(accident_id, by=self.by, **body), 201)

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
        return self._step(actions.answer, objection_id, ObjectionAnswerShape)

    @extend_schema(request=NothingShape, responses=AttributionObjectionOut, examples=example("撤回", {}))
    def withdraw(self, request, objection_id: int):
        """乡镇撤回自己的异议（答复以前）。"""
        return self._step(actions.withdraw, objection_id, NothingShape)

    def _step(self, action: Callable[..., Objection], objection_id: int, shape: Any) -> Response:
        if not Objection.objects.visible_to(self.request.user).filter(pk=objection_id).exists():
            raise NOT_FOUND()
        body = self.read(shape)
        return self.shown(action(objection_id, by=self.by, fresh=self.check_fresh, **body))
