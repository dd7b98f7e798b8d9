"""Shapes of sheets, vetoes, the key-patrol list and larger disasters."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessment.yearly.states import EntryState, Origin, PartyKind, PatrolState, SheetState, VetoState
from enforcement.serializers.parts import DepartmentParam, NamedState, maybe, words
from geo.codes import is_code, level_of, whole
from geo.serializers import RegionParam
from safety_api.doors import Filters
from safety_api.problems import UNKNOWN_REGION
from safety_api.shapes import Out, RecordId, Shape, Text, Whole

FIRST_YEAR = 2021  # 兴政发〔2021〕11号


# --- parts -----------------------------------------------------------------------------------------------------------
class YearParam(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": FIRST_YEAR, "max_value": 2100, "required": False, **options})


class YearIn(Whole):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": FIRST_YEAR, "max_value": 2100, **options})


@extend_schema_field({"type": "string", "pattern": "^[0-9]{9}([0-9]{3})?$", "example": "141123100000"})
class TownshipIn(Text):
    """Nine or twelve digits → twelve; whether it is on the list of the day is asked by the action."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 12, "help_text": "乡镇代码，9 或 12 位", **options})

    def to_internal_value(self, data: Any) -> str:
        code = whole(super().to_internal_value(data))
        if not is_code(code) or level_of(code) != "township":
            raise serializers.ValidationError(UNKNOWN_REGION.sentence(), code=UNKNOWN_REGION.code)
        return code


@extend_schema_field({"type": "string", "pattern": "^[0-9]{6}(0{6})?$", "example": "141123000000"})
class CountyIn(Text):
    """Six or twelve digits → twelve; not said: one's own county."""

    def __init__(self, **options: Any) -> None:
        given = {
            "max_length": 12,
            "required": False,
            "allow_null": True,
            "default": None,
            "help_text": "县代码；不写为本县",
        }
        super().__init__(**{**given, **options})

    def to_internal_value(self, data: Any) -> str:
        code = whole(super().to_internal_value(data))
        if not is_code(code) or level_of(code) != "county":
            raise serializers.ValidationError(UNKNOWN_REGION.sentence(), code=UNKNOWN_REGION.code)
        return code


def paper(**options: Any) -> Text:
    return Text(min_length=1, max_length=80, **options)


def maybe_paper() -> Text:
    return Text(max_length=80, required=False, allow_blank=True, default="")


# --- in --------------------------------------------------------------------------------------------------------------
class SheetDraftShape(Shape):
    year = YearIn()
    region = CountyIn()


class SheetViewShape(Shape):
    text = words()


class SheetConfirmShape(Shape):
    conclusion = Text(min_length=1, max_length=20, help_text="考核等次，见规定 assessment")
    comment = maybe()
    document = maybe_paper()
    content_sha256 = Text(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="您看到的内容的摘要；写了而数字已变的不予确认",
    )


class SheetReviseShape(Shape):
    reason = words(1000)


class VetoConfirmShape(Shape):
    document = paper()
    effective_from = serializers.DateField(required=False, allow_null=True, default=None, help_text="不写为事故发生日")
    reason = maybe(1000)


class VetoRejectShape(Shape):
    reason = words(1000)


class VetoLiftShape(Shape):
    document = paper()
    reason = words(1000)
    on = serializers.DateField(required=False, default=timezone.localdate)


class KeyPatrolOpenShape(Shape):
    year = YearIn(help_text="巡查的年度：依据其上年度的事实提出")
    region = CountyIn()


class KeyPatrolAddShape(Shape):
    township = TownshipIn()
    reason = words(1000)


class KeyPatrolConfirmShape(Shape):
    reason = maybe(1000)


class KeyPatrolRemoveShape(Shape):
    reason = words(1000)


class KeyPatrolFixShape(Shape):
    document = maybe_paper()


class LargerDisasterShape(Shape):
    township = TownshipIn()
    happened_on = serializers.DateField()
    name = words(100)
    document = paper()
    note = maybe(1000)


class LargerDisasterVoidShape(Shape):
    reason = words(1000)


# --- filters ---------------------------------------------------------------------------------------------------------
class PartyFilters(Filters):
    year = YearParam()
    party_kind = serializers.ChoiceField(choices=PartyKind.choices, required=False)
    region = RegionParam(required=False)
    department = DepartmentParam(required=False)


class SheetFilters(PartyFilters):
    state = serializers.ChoiceField(choices=SheetState.choices, required=False)
    conclusion = Text(max_length=20, required=False)
    revisions = serializers.ChoiceField(
        choices=[("current", "现行的和在办的"), ("all", "全部")], required=False, default="current"
    )


class SheetExportFilters(Filters):
    year = YearParam(required=True)
    party_kind = serializers.ChoiceField(choices=PartyKind.choices, required=False)
    region = RegionParam(required=False)


class VetoFilters(PartyFilters):
    state = serializers.ChoiceField(choices=VetoState.choices, required=False)
    accident = RecordId(required=False)


class KeyPatrolFilters(Filters):
    year = YearParam()
    region = RegionParam(required=False)


class LargerDisasterFilters(KeyPatrolFilters):
    pass


# --- out -------------------------------------------------------------------------------------------------------------
class PartyOut(NamedState, Out):
    id = serializers.UUIDField()
    region = serializers.CharField(source="region_code")
    year = serializers.IntegerField()
    party_kind = serializers.ChoiceField(choices=PartyKind.choices)
    party = serializers.CharField(help_text="乡镇代码或部门代码")
    party_name = serializers.CharField()


class SheetOut(PartyOut):
    number = serializers.IntegerField(help_text="修订号")
    state = serializers.ChoiceField(choices=SheetState.choices)
    reason = serializers.CharField(help_text="修订原因")
    opened_at = serializers.DateTimeField()
    opened_name = serializers.CharField()
    conclusion = serializers.CharField(help_text="未确认时为空")
    conclusion_name = serializers.CharField()
    document = serializers.CharField()
    confirmed_name = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class BehindOut(serializers.Serializer):
    route = serializers.CharField()
    parameters = serializers.DictField(child=serializers.CharField())


class SheetFigureOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    value = serializers.JSONField(help_text="个数为整数；比率为百分数文字，只舍不入；没有则为空")
    part = serializers.IntegerField(allow_null=True, help_text="比率的分子；排名为名次")
    of = serializers.IntegerField(allow_null=True, help_text="比率的分母；排名为参加排名的个数")
    target = serializers.CharField(allow_null=True)
    target_year = serializers.IntegerField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)
    behind = BehindOut(many=True, help_text="这些清单合起来就是这个数字；看不到的行由清单略去")


class SheetVetoOut(serializers.Serializer):
    veto = serializers.UUIDField()
    accident = serializers.UUIDField()
    state = serializers.ChoiceField(choices=VetoState.choices)
    state_name = serializers.CharField()
    said = serializers.CharField()
    effective_from = serializers.DateField()
    document = serializers.CharField()
    ground_lost = serializers.BooleanField()
    lifted_on = serializers.DateField(allow_null=True)
    lift_document = serializers.CharField()


class SupervisedOut(serializers.Serializer):
    sector = serializers.CharField()
    name = serializers.CharField()
    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.DateField()}


class SheetPartyOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=PartyKind.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.BooleanField(help_text="开发区")
    listed = serializers.BooleanField(help_text="年末仍在名单上")
    sectors = SupervisedOut(many=True, help_text="部门当年监管的领域及起止")


class CountyOut(serializers.Serializer):
    region = serializers.CharField()
    name = serializers.CharField()


class StatedViewOut(serializers.Serializer):
    by = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class SheetContentOut(serializers.Serializer):
    schema = serializers.IntegerField()
    county = CountyOut()
    year = serializers.IntegerField()
    as_of = serializers.DateField()
    policy = serializers.CharField()
    figures_revision = serializers.IntegerField()
    party = SheetPartyOut()
    figures = SheetFigureOut(many=True)
    vetoes = SheetVetoOut(many=True)
    views = StatedViewOut(many=True)


class SheetWholeOut(SheetOut):
    comment = serializers.CharField()
    known_at = serializers.DateTimeField(allow_null=True)
    content = SheetContentOut(source="shown_content", help_text="已确认的为当时内容，未确认的为此刻算出")
    content_sha256 = serializers.CharField(source="shown_sha256")
    vetoes_now = SheetVetoOut(source="shown_vetoes", many=True, help_text="“一票否决”此刻的情况，与确认时的内容分开")


class VetoOut(PartyOut):
    accident = serializers.UUIDField(source="accident_id")
    grade = serializers.CharField()
    said = serializers.CharField(help_text="事由")
    state = serializers.ChoiceField(choices=VetoState.choices)
    proposed_at = serializers.DateTimeField()
    effective_from = serializers.DateField()
    document = serializers.CharField()
    decided_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    ground_lost_at = serializers.DateTimeField(allow_null=True, help_text="事由消失的时间：须由人解除")
    lifted_on = serializers.DateField(allow_null=True)
    lift_document = serializers.CharField()
    lift_reason = serializers.CharField()
    lifted_name = serializers.CharField()


class GroundOut(serializers.Serializer):
    kind = serializers.ChoiceField(
        choices=[("larger_accident", "较大事故"), ("larger_disaster", "较大自然灾害"), ("many_accidents", "事故多发")]
    )
    said = serializers.CharField()
    accidents = serializers.ListField(child=serializers.UUIDField())
    disasters = serializers.ListField(child=serializers.UUIDField())


class EntryOut(NamedState, Out):
    id = serializers.UUIDField()
    township = serializers.CharField(source="region_code")
    name = serializers.CharField()
    origin = serializers.ChoiceField(choices=Origin.choices)
    grounds = GroundOut(many=True)
    state = serializers.ChoiceField(choices=EntryState.choices)
    reason = serializers.CharField()
    decided_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class KeyPatrolOut(NamedState, Out):
    id = serializers.UUIDField()
    region = serializers.CharField(source="region_code")
    year = serializers.IntegerField(help_text="巡查年度")
    state = serializers.ChoiceField(choices=PatrolState.choices)
    opened_at = serializers.DateTimeField()
    opened_name = serializers.CharField()
    document = serializers.CharField()
    fixed_name = serializers.CharField()
    fixed_at = serializers.DateTimeField(allow_null=True)
    content_sha256 = serializers.CharField()
    entries = serializers.SerializerMethodField()

    @extend_schema_field(EntryOut(many=True))
    def get_entries(self, row: Any) -> list[dict[str, Any]]:
        show = EntryOut().to_representation
        return [show(each) for each in row.shown_entries]


class LargerDisasterOut(Out):
    id = serializers.UUIDField()
    township = serializers.CharField(source="region_code")
    happened_on = serializers.DateField()
    name = serializers.CharField()
    document = serializers.CharField()
    note = serializers.CharField()
    stated_name = serializers.CharField()
    stated_at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField()
