"""Shapes of the lists: who broke, who has unmet standards, who is zero."""

from __future__ import annotations

from rest_framework import serializers

from geo.serializers import Prefix
from reference.terms import Standard, Subject
from safety_api.doors import Filters
from safety_api.shapes import Out, RecordId, Year
from zero_accident.figures.serializers import FigureFilters, sector
from zero_accident.policies.serializers import PolicyLineOut


# --- why -------------------------------------------------------------------------------------------------------------
class BreakReasonOut(serializers.Serializer):
    accident = serializers.UUIDField(allow_null=True, help_text="不在管辖范围的为 null")
    line = serializers.CharField(help_text="口径条目")
    sentence = serializers.CharField(allow_null=True)


class BrokenFilters(FigureFilters):
    kind = serializers.ChoiceField(choices=Subject.choices, required=False, default=None)
    sector = sector("只列该领域的单位")
    accident = RecordId(required=False, default=None, help_text="只列因这起事故破零的")


# --- who broke -------------------------------------------------------------------------------------------------------
class WhyOut(BreakReasonOut):
    attribution = serializers.CharField(help_text="归属：place 发生地，override 认定变更，或涉事角色")
    parameter = PolicyLineOut(allow_null=True, help_text="口径条目在口径中的原文")


class BrokenOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Subject.choices)
    key = serializers.CharField(allow_null=True, help_text="村代码或单位编号；不在管辖范围的单位为 null")
    region = serializers.CharField()
    region_name = serializers.CharField()
    township = serializers.CharField()
    township_name = serializers.CharField()
    enterprise = serializers.UUIDField(allow_null=True, help_text="单位；不在管辖范围的为 null")
    sector = serializers.CharField(allow_null=True, help_text="单位的行业领域")
    name = serializers.CharField(allow_null=True, help_text="村名或单位名；不在管辖范围的单位为 null")
    broken_on = serializers.DateField()
    provisional = serializers.BooleanField()
    accidents = WhyOut(many=True)
    policy = serializers.CharField()
    revision = serializers.IntegerField()


class UnmetStandardsFilters(Filters):
    year = Year(help_text="不写为今年")
    region = Prefix()
    kind = serializers.ChoiceField(choices=Subject.choices, required=False, default=Subject.VILLAGE)


class UnmetStandardOut(Out):
    standard = serializers.ChoiceField(choices=Standard.choices)
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[("not_assessed", "未评定"), ("not_passed", "未通过")])
    reason = serializers.CharField(allow_null=True, help_text="不在管辖范围的为 null")


class UnmetStandardsOut(Out):
    kind = serializers.ChoiceField(choices=Subject.choices)
    region = serializers.CharField()
    region_name = serializers.CharField()
    township_name = serializers.CharField()
    enterprise = serializers.UUIDField(allow_null=True, help_text="单位；不在管辖范围的为 null")
    name = serializers.CharField(allow_null=True)
    missing = UnmetStandardOut(many=True)
    line = serializers.CharField(help_text="口径条目")
    parameter = PolicyLineOut(allow_null=True, help_text="口径条目在口径中的原文")
    sentence = serializers.CharField()
    policy = serializers.CharField()


# --- who is zero -----------------------------------------------------------------------------------------------------
class ZeroFilters(FigureFilters):
    kind = serializers.ChoiceField(choices=Subject.choices, required=False, default=Subject.VILLAGE)
    sector = sector("只列该领域的单位")


class ZeroOut(Out):
    kind = serializers.ChoiceField(choices=Subject.choices)
    region = serializers.CharField()
    region_name = serializers.CharField()
    township = serializers.CharField()
    township_name = serializers.CharField()
    enterprise = serializers.UUIDField(allow_null=True, help_text="村为 null")
    sector = serializers.CharField(allow_null=True, help_text="单位的行业领域")
    name = serializers.CharField()
