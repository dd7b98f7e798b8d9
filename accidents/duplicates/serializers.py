"""Shapes of likely duplicates and of joining."""

from __future__ import annotations

from rest_framework import serializers

from accidents.choices import DuplicateState
from safety_api.doors import Filters
from safety_api.shapes import RecordId, Shape, reason


# --- duplicates ------------------------------------------------------------------------------------------------------
class DuplicateJoinShape(Shape):
    into = RecordId(help_text="保留的记录；本条并入它")
    reason = reason()


class DuplicateReasonShape(Shape):
    reason = reason()


class DuplicateSideOut(serializers.Serializer):
    id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    place = serializers.CharField()
    category = serializers.CharField()
    description = serializers.CharField()
    deaths = serializers.IntegerField()
    reporter_name = serializers.CharField()


class DuplicatePairOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=DuplicateState.choices)
    metres = serializers.IntegerField(allow_null=True, help_text="相距；没有坐标的为 null")
    minutes = serializers.IntegerField()
    proposed_at = serializers.DateTimeField()
    first = DuplicateSideOut()
    second = DuplicateSideOut()
    stays = serializers.UUIDField(source="stays_id", allow_null=True)
    reason = serializers.CharField()
    by_name = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class DuplicateFilters(Filters):
    state = serializers.ChoiceField(choices=DuplicateState.choices, required=False, default=DuplicateState.PROPOSED)
    accident = RecordId(required=False, default=None)
