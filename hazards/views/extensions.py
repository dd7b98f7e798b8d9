"""Doors of extensions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from hazards import actions
from hazards.models import Extension, Hazard
from hazards.serializers import ExtensionAnswerShape, ExtensionFilters, ExtensionOut, ExtensionShape, NoteShape
from hazards.views.samples import EXTENSION
from safety_api.doors import Door
from safety_api.permissions import inside
from safety_api.problems import NOT_FOUND


class ExtensionDoor(Door):
    """延期"""

    serializer_class = ExtensionOut
    ordering = ("-asked_at", "id")
    tag = "hazards"
    lookup_url_kwarg = "extension_id"
    filters = {"list": ExtensionFilters}

    def get_queryset(self):
        return Extension.objects.filter(hazard__in=Hazard.objects.visible_to(self.request.user)).select_related("hazard")

    def chosen(self, rows, *, overdue=None, enterprise=None, region=None, **equal):
        rows = rows.filter(**equal)
        rows = rows.filter(hazard__enterprise=enterprise) if enterprise else rows
        rows = rows.filter(inside(region, "hazard__region_code")) if region else rows
        late = Q(answer=Extension.Answer.ASKED, answer_due_on__lt=timezone.localdate())
        return rows if overdue is None else rows.filter(late if overdue else ~late)

    @extend_schema(responses=ExtensionOut(many=True))
    def of_hazard(self, request, hazard_id: UUID):
        """一条隐患的各次延期申请和答复，新的在前。"""
        self._check_visible(hazard_id)
        rows = Extension.objects.filter(hazard_id=hazard_id).select_related("hazard").order_by(*self.ordering)
        show = self.shape().to_representation
        return Response([show(row) for row in rows])

    @extend_schema(
        request=ExtensionShape,
        responses={201: ExtensionOut},
        examples=[OpenApiExample("申请延期", EXTENSION, request_only=True)],
    )
    def ask(self, request, hazard_id: UUID):
        """企业主要负责人申请延期；单位没有主要负责人账号的，由执法人员或乡镇代录。待批期间原期限不变；最多同意两次；逾期的事实不因延期消除。"""
        self._check_visible(hazard_id)
        return self.shown(actions.extensions.ask(hazard_id, by=self.by, **self.read(ExtensionShape)), status=201)

    @extend_schema(
        request=ExtensionAnswerShape,
        responses=ExtensionOut,
        examples=[OpenApiExample("同意", {"note": "情况属实，同意"}, request_only=True)],
    )
    def grant(self, request, extension_id: UUID):
        """同意延期：部门负责人；挂牌督办的由安委办。"""
        return self._answer(actions.extensions.grant, extension_id, ExtensionAnswerShape)

    @extend_schema(
        request=NoteShape,
        responses=ExtensionOut,
        examples=[OpenApiExample("不同意", {"note": "不属不可抗力"}, request_only=True)],
    )
    def deny(self, request, extension_id: UUID):
        """不同意延期，说明理由。"""
        return self._answer(actions.extensions.deny, extension_id, NoteShape)

    def _answer(self, action: Any, extension_id: UUID, shape: Any) -> Response:
        self.get_object()  # before the body is judged
        return self.shown(action(extension_id, by=self.by, **self.read(shape)))

    def _check_visible(self, hazard_id: UUID) -> None:
        if not Hazard.objects.visible_to(self.request.user).filter(pk=hazard_id).exists():
            raise NOT_FOUND()
