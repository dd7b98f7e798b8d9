"""Shapes of quick reports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accidents.choices import ReportType
from accidents.quick_reports.composing import NAMES, SECTIONS
from safety_api.shapes import Out, Shape, Text


def part(code: str) -> Text:
    return Text(max_length=4000, required=False, allow_blank=True, help_text=f"{SECTIONS[code]}；空为自动生成")


class QuickWords(Shape):
    """What replaces the words of a part; of casualties it is added, the numbers are those reported."""

    unit = part("unit")
    scene = part("scene")
    course = part("course")
    casualties = part("casualties")
    measures = part("measures")
    other = part("other")


class QuickReportEditShape(Shape):
    words = QuickWords(required=False)
    recipients = Text(max_length=500, required=False, help_text="主报")
    copies = Text(max_length=500, required=False, allow_blank=True, help_text="抄送；空为没有")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("没有要修改的内容。", code="required")
        return attrs


class QuickReportSignShape(Shape):
    seen = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="所看到的草稿的 digest；其间有变化即拒绝（stale），请重新看过",
    )


class QuickReportRowOut(Out):
    id = serializers.IntegerField()
    accident = serializers.UUIDField(source="accident_id")
    issue = serializers.IntegerField(help_text="本起事故第几期")
    kind = serializers.ChoiceField(choices=ReportType.choices)
    kind_name = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField(help_text="draft 草稿，signed 已签发")
    number = serializers.CharField(help_text="全县编号；草稿为空")
    drafted_at = serializers.DateTimeField()
    drafted_name = serializers.CharField()
    edited_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    signed_name = serializers.CharField()
    signed_role = serializers.CharField()
    sha256 = serializers.CharField()

    def get_kind_name(self, row: Any) -> str:
        return NAMES[ReportType(row.kind)]

    def get_state(self, row: Any) -> str:
        return "signed" if row.signed_at else "draft"


class QuickReportOut(QuickReportRowOut):
    recipients = serializers.CharField()
    copies = serializers.CharField()
    words = serializers.DictField(child=serializers.CharField(), help_text="人工改写的部分")
    digest = serializers.CharField(source="shown_digest", help_text="所看内容的摘要，签发时作 seen 送回")
    text = serializers.JSONField(source="shown_text", help_text="全文；草稿为现在生成的")
