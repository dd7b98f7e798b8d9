"""Shapes of bulletins."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assessment.bulletins.composing import CHAPTERS
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text


def added(chapter: str) -> serializers.ListField:
    return serializers.ListField(
        child=Text(max_length=1000), max_length=10, required=False, help_text=CHAPTERS[chapter]
    )


class BulletinFilters(Filters):
    year = serializers.IntegerField(required=False, min_value=2000, max_value=2100)
    month = serializers.IntegerField(required=False, min_value=1, max_value=12)
    frozen = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="已定稿；草稿只有县应急局、安委办可见"
    )


class ChapterParagraphs(Shape):
    """Paragraphs added at the end of a chapter; an empty list takes them away."""

    ratios = added("ratios")
    ranking = added("ranking")
    changes = added("changes")
    accidents = added("accidents")
    hazards = added("hazards")
    reporting = added("reporting")
    reconciliation = added("reconciliation")
    requirements = added("requirements")


class BulletinEditShape(Shape):
    recipients = Text(max_length=500, required=False, help_text="主送")
    copies = Text(max_length=500, required=False, allow_blank=True, help_text="抄送；空为没有")
    opening = Text(max_length=2000, required=False, allow_blank=True, help_text="导语；空为自动生成")
    paragraphs = ChapterParagraphs(required=False, help_text="补充到各部分末尾的段落")
    requirements = serializers.ListField(
        child=Text(max_length=1000), max_length=20, required=False, help_text="工作要求，一段一条"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("没有要修改的内容。", code="required")
        return attrs


class BulletinRowOut(Out):
    id = serializers.IntegerField()
    closing = serializers.IntegerField(source="closing_id")
    region = serializers.CharField(source="region_code")
    year = serializers.IntegerField()
    month = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="1 为首次通报，以后为更正通报")
    first = serializers.IntegerField(source="first_id", allow_null=True, help_text="所更正的首次通报")
    frozen = serializers.SerializerMethodField()
    number = serializers.CharField(help_text="文号；草稿为空")
    issued_on = serializers.DateField(allow_null=True)
    frozen_at = serializers.DateTimeField(allow_null=True)
    gathered_at = serializers.DateTimeField(help_text="数字汇总的时间")
    drafted_name = serializers.CharField()
    edited_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()

    def get_frozen(self, row: Any) -> bool:
        return row.frozen_at is not None


class BulletinOut(BulletinRowOut):
    recipients = serializers.CharField()
    copies = serializers.CharField()
    opening = serializers.CharField()
    paragraphs = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    requirements = serializers.ListField(child=serializers.CharField())
    edited_name = serializers.CharField()
    frozen_name = serializers.CharField()
    code = serializers.CharField(help_text="核验码；草稿为空")
    text = serializers.JSONField(source="shown_text", help_text="全文：标题、主送、各段各表、落款；草稿为现在生成的")
