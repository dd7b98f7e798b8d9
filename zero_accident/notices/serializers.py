"""Shapes of notices to townships."""

from __future__ import annotations

from rest_framework import serializers

from safety_api.doors import Filters
from safety_api.shapes import Out, Year
from zero_accident.choices import NoticeKind


class NoticeFilters(Filters):
    year = Year(help_text="不写为全部")
    seen = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="已阅或未阅")
    kind = serializers.ChoiceField(choices=NoticeKind.choices, required=False, default=None)


# --- notices ---------------------------------------------------------------------------------------------------------
class TownshipNoticeOut(Out):
    id = serializers.IntegerField()
    township = serializers.CharField()
    year = serializers.IntegerField()
    policy = serializers.CharField()
    revision = serializers.IntegerField(help_text="见 zero-accident/revisions")
    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    kind_name = serializers.CharField()
    better = serializers.BooleanField(allow_null=True, help_text="好转或变差")
    rank_before = serializers.IntegerField(allow_null=True)
    rank_after = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField()
    made_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    seen_name = serializers.CharField()
