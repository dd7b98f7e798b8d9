"""Doors that belong to no room: health, documents, the trail and the outbox."""

from __future__ import annotations

import hashlib
from functools import cache

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from rest_framework import serializers
from rest_framework.response import Response

from safety_api import health, outbox, trail
from safety_api.doors import Door, Filters
from safety_api.metrics import House
from safety_api.models import OutboxMessage, TrailLine, TrailSeal
from safety_api.shapes import RecordId
from safety_api.watching import noted, warnings

_house = CollectorRegistry(auto_describe=False)
_house.register(House())


@require_safe
def docs(request) -> HttpResponse:
    """The API's documents from files of our own: no page calls a foreign host."""
    return render(request, "safety_api/docs.html")


@cache
def _document() -> tuple[bytes, str]:
    """The OpenAPI document and its tag: made once a process, for the code does not change under it."""
    content = OpenApiJsonRenderer2().render(
        SchemaGenerator().get_schema(request=None, public=True), renderer_context={}
    )
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@require_safe
def schema(request) -> HttpResponse:
    """OpenAPI 3.1."""
    content, tag = _document()
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(content, content_type=OpenApiJsonRenderer.media_type, headers={"ETag": tag})


@require_safe
def healthz(request) -> JsonResponse:
    return JsonResponse({"status": "alive"})


# Part of `/readyz` → the check that finds it gone.
PARTS = {"redis": "cache_away", "storage": "storage_refuses", "broker": "broker_away"}


@require_safe
def readyz(request) -> JsonResponse:
    """503 when writing is impossible; `degraded` with names when something is not as it should be (safety_api/health.py)."""
    lacks = health.lacking("web")
    gone = "database_gone" in lacks
    wrong = health.wrong_without_database() if gone else health.wrong()
    answer: dict = {
        "status": "unavailable" if lacks else "degraded" if wrong else "ready",
        "parts": {"database": _database_part(lacks), **{part: "gone" if name in wrong else "ok" for part, name in PARTS.items()}},
        "degraded": [{"name": name, "says": says} for name, says in wrong.items()],
    }
    if not gone:
        answer["outbox"] = outbox.waiting()
        today = timezone.localdate()
        answer |= {"warnings": warnings(today), **noted(today)}
    return JsonResponse(answer, status=503 if lacks else 200)


def _database_part(lacks: dict[str, str]) -> str:
    return "gone" if "database_gone" in lacks else "read_only" if "database_read_only" in lacks else "ok"


@require_safe
def metrics(request) -> HttpResponse:
    figures = generate_latest() + generate_latest(_house)
    return HttpResponse(figures, content_type=CONTENT_TYPE_LATEST)


class TrailFilters(Filters):
    object_kind = serializers.CharField(max_length=60, required=False)
    object_id = serializers.CharField(max_length=60, required=False)
    actor = RecordId(required=False, source="actor_id")
    verb = serializers.CharField(max_length=60, required=False)


class TrailLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.UUIDField(source="actor_id", allow_null=True)
    actor_name = serializers.CharField()
    actor_role = serializers.CharField()
    verb = serializers.CharField()
    object_kind = serializers.CharField()
    object_id = serializers.CharField()
    region = serializers.CharField(source="region_code")
    details = serializers.JSONField()
    trace_id = serializers.CharField()


class TrailDoor(Door):
    """谁在何时做了什么"""

    serializer_class = TrailLineOut
    ordering = ("-id",)
    filters = {"list": TrailFilters}

    def get_queryset(self):
        return TrailLine.objects.all()

    def chosen(self, rows, **parameters):
        return rows.filter(**parameters)


class SealOut(serializers.Serializer):
    number = serializers.IntegerField(source="id")
    sealed_at = serializers.DateTimeField()
    lines = serializers.SerializerMethodField()
    before = serializers.CharField()
    digest = serializers.CharField()

    def get_lines(self, seal) -> int:
        return len(seal.line_ids)


class SealDoor(Door):
    """留痕的封存摘要，供异地保存"""

    serializer_class = SealOut
    ordering = ("-id",)
    tag = "trail"

    def get_queryset(self):
        return TrailSeal.objects.all()

    @extend_schema(
        responses={200: {"type": "object", "properties": {"breaks": {"type": "array", "items": {"type": "string"}}}}}
    )
    def verify(self, request):
        """重新计算全部封存，列出每一处被改动、缺失、插入或换序。"""
        return Response({"breaks": list(trail.verify())})


class OutboxOut(serializers.Serializer):
    id = serializers.IntegerField()
    topic = serializers.CharField()
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    parked_at = serializers.DateTimeField(allow_null=True)
    error = serializers.SerializerMethodField()

    def get_error(self, message) -> str:
        """The last line: the whole traceback may hold data of business."""
        return message.error.strip().splitlines()[-1][:200] if message.error else ""


class OutboxDoor(Door):
    """发件箱：待处理与搁置的后台任务"""

    serializer_class = OutboxOut
    ordering = ("id",)

    def get_queryset(self):
        return OutboxMessage.objects.all()
