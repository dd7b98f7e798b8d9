"""Doors of files: JSON for the page, PDF for the binder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accidents.models import Accident
from enterprises.models import Enterprise
from hazards.models import Hazard
from ledgers.files import duty, printing
from ledgers.files.unit import unit_file
from safety_api.doors import Door, Filters
from safety_api.problems import NOT_FOUND
from safety_api.shapes import Out
from safety_api.trail import record

PDF = "application/pdf"


class FileFilters(Filters):
    format = serializers.ChoiceField(["json", "pdf"], default="json", required=False, help_text="pdf 为可装订的文件")


class SubjectOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ParticularOut(Out):
    name = serializers.CharField()
    value = serializers.CharField()


class SectionOut(Out):
    name = serializers.CharField()
    title = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.JSONField())
    total = serializers.IntegerField()


class FileOut(Out):
    kind = serializers.ChoiceField(["unit", "hazard", "accident"])
    title = serializers.CharField()
    subject = SubjectOut()
    made_at = serializers.DateTimeField()
    particulars = ParticularOut(many=True)
    sections = SectionOut(many=True)


class RuleInForceOut(Out):
    kind = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the option


class KnewOut(Out):
    who = serializers.CharField()
    role = serializers.CharField()
    since = serializers.DateTimeField()
    by = serializers.CharField()


class EventOut(Out):
    at = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    who = serializers.CharField()
    role = serializers.CharField()
    did = serializers.CharField()
    rule = serializers.CharField(help_text="依据；空为没有专门规定")
    details = serializers.JSONField()
    line = serializers.IntegerField(allow_null=True, help_text="留痕编号；系统提醒没有")
    seal = serializers.IntegerField(allow_null=True, help_text="封存号；空为尚未封存")
    proof = serializers.CharField()


class ProofOut(Out):
    lines = serializers.IntegerField()
    sealed = serializers.IntegerField()
    whole = serializers.BooleanField(help_text="已封存的各条均与封存一致")
    seals = serializers.ListField(child=serializers.IntegerField())


class DutyFileOut(FileOut):
    rules = RuleInForceOut(many=True)
    knew = KnewOut(many=True)
    timeline = EventOut(many=True)
    proof = ProofOut()
    sha256 = serializers.CharField()


class FileDoor(Door):
    """一企一档、尽职档案"""

    tag = "files"
    pagination_class = None  # type: ignore[assignment]
    filters = FileFilters

    @extend_schema(responses={(200, "application/json"): FileOut, (200, PDF): OpenApiTypes.BINARY})
    def unit(self, request, pk: UUID) -> HttpResponseBase:
        """一企一档：一次取得单位的类别与理由、证照到期、风险点、检查、隐患、文书、督办和事故，各部分限于本人管辖。"""
        rows = Enterprise.objects.select_related("sector")
        return self._answer(rows, pk, lambda unit: unit_file(unit, by=self.by, on=timezone.localdate()))

    @extend_schema(responses={(200, "application/json"): DutyFileOut, (200, PDF): OpenApiTypes.BINARY})
    def hazard(self, request, pk: UUID) -> HttpResponseBase:
        """隐患尽职档案：谁在何时知悉、依据哪条规则、做了什么，逐条以留痕封存为证。"""
        rows = Hazard.objects.select_related("enterprise", "sector")
        return self._answer(rows, pk, duty.of_hazard)

    @extend_schema(responses={(200, "application/json"): DutyFileOut, (200, PDF): OpenApiTypes.BINARY})
    def accident(self, request, pk: UUID) -> HttpResponseBase:
        """事故尽职档案：接报、上报、签收、认定各环节，逐条以留痕封存为证。"""
        return self._answer(Accident.objects.all(), pk, duty.of_accident)

    def _answer(self, rows: QuerySet, pk: UUID, make: Callable[[Any], dict[str, Any]]) -> HttpResponseBase:
        wanted = self.parameters()["format"]
        found = rows.filter(pk__in=rows.model.objects.visible_to(self.request.user).filter(pk=pk).values("pk")).first()
        if found is None:
            raise NOT_FOUND()
        file = make(found)
        if wanted == "json":
            return Response(file)
        record(self.by, "file.print", found, kind=file["kind"])
        answer = HttpResponse(printing.pdf(file), content_type=PDF)
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file['title'] + '.pdf')}"
        return answer


def as_files(verbs: Any) -> Any:
    return FileDoor.as_view(verbs, basename="files")
