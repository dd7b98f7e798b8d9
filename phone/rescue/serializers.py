"""Shapes of what was rescued."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from phone.models import RescueState
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text, reason


class RescueQuery(Filters):
    path = Text(max_length=200, required=False, default="", allow_blank=True, help_text="原要提交到的地址，如 inspections/{id}；请写上")
    method = serializers.ChoiceField(["PUT", "POST", "PATCH"], required=False, default="PUT", help_text="原方法")
    status = serializers.IntegerField(required=False, min_value=100, max_value=599, help_text="原答复的状态码")
    code = Text(max_length=60, required=False, default="", allow_blank=True, help_text="原答复的 code")
    device_id = Text(max_length=80, required=False, default="", allow_blank=True, help_text="终端编号")


class RescueFilters(Filters):
    state = serializers.ChoiceField(RescueState.choices, required=False)
    mine = serializers.BooleanField(required=False, help_text="只看本人的")
    proven_by_device = serializers.BooleanField(required=False, help_text="只看凭终端密钥交来的，或只看凭令牌的")


class RescueKeptOut(Out):
    """What the phone is told: nothing of the account, nor of what became of it."""

    id = serializers.UUIDField()
    received_at = serializers.DateTimeField()
    sha256 = serializers.CharField(help_text="与手机所存相同时，手机可以删去自己的一份")
    size = serializers.IntegerField()
    path = serializers.CharField()
    proven_by_device = serializers.BooleanField(help_text="令牌已失效，凭终端密钥交来")


class RescueOut(RescueKeptOut):
    state = serializers.ChoiceField(RescueState.choices)
    media_type = serializers.CharField()
    by_id = serializers.UUIDField()
    by_name = serializers.CharField()
    device_id = serializers.CharField()
    method = serializers.CharField()
    refused_status = serializers.IntegerField(allow_null=True)
    refused_code = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_name = serializers.CharField()
    reason = serializers.CharField()
    placed_at_path = serializers.CharField()


class RescueWholeOut(RescueOut):
    text = serializers.SerializerMethodField(help_text="内容；不是 UTF-8 文字的为空，请取 content")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_text(self, row: Any) -> str | None:
        try:
            return bytes(row.content).decode("utf-8")
        except UnicodeDecodeError:
            return None


class PlaceShape(Shape):
    reason = reason()
    path = Text(max_length=200, required=False, default="", allow_blank=True, help_text="归入的地址；不写为手机原要提交的")
    body = serializers.JSONField(required=False, default=None, allow_null=True, help_text="改正后的内容；不写为原样")


class SetAsideShape(Shape):
    reason = reason()
