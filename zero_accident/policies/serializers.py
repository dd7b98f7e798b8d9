"""Shapes of a policy and its lines."""

from __future__ import annotations

from rest_framework import serializers

from safety_api.doors import Filters
from safety_api.shapes import Text


class PolicyLineOut(serializers.Serializer):
    code = serializers.CharField(help_text="条目代码，破零依据即引用它")
    name = serializers.CharField()
    value = serializers.JSONField(help_text="文件所写的值；规则本身的条目为 null")
    said = serializers.CharField(help_text="中文说明")
    source = serializers.CharField(help_text="依据")  # type: ignore[assignment]  # a field of that name, not the option
    open_question = serializers.CharField(allow_null=True, help_text="待县里决定的事项编号")


class PolicyFilters(Filters):
    version = Text(max_length=30, required=False, default=None, help_text="口径版本；不写为全部版本")
    line = Text(max_length=60, required=False, default=None, help_text="口径条目，如 min_deaths.Z1；不写为全部条目")


# --- the policy ------------------------------------------------------------------------------------------------------
class AskedPolicyLineOut(PolicyLineOut):
    question = serializers.CharField(allow_null=True, help_text="待决定事项的内容")
    default = serializers.CharField(allow_null=True, help_text="决定之前的做法")


class PolicyOut(serializers.Serializer):
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the option
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="末日（含）；null 为仍有效")
    parameters = AskedPolicyLineOut(many=True)
