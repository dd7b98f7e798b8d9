"""Shapes of wrongful reports."""

from __future__ import annotations

from rest_framework import serializers

from accidents.choices import (
    WrongReportKind,
)
from reference.terms import (
    ReportLevel,
)
from safety_api.shapes import PaperShape, PastDay, RecordId, Required, Shape, paper


class WrongReportOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=WrongReportKind.choices)
    kind_name = serializers.CharField(source="get_kind_display")
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    evidence = serializers.CharField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    decided_on = serializers.DateField()
    known_at = serializers.DateTimeField()
    by_name = serializers.CharField()
    revokes = serializers.IntegerField(source="revokes_id", allow_null=True, help_text="本项撤销的认定")
    in_force = serializers.BooleanField(source="shown_in_force")


# --- findings --------------------------------------------------------------------------------------------------------
class WrongReportShape(Shape):
    kind = serializers.ChoiceField(choices=WrongReportKind.choices)
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    enterprise = RecordId(required=False, allow_null=True, default=None)
    evidence = Required("evidence_required", "请写明事实和证据。", max_length=2000)
    document = paper(200)
    approved_by = paper(100)
    on = PastDay(required=False, allow_null=True, default=None)


class WrongReportRevokeShape(PaperShape):
    """A finding is taken back as it was made: by reason and paper."""
