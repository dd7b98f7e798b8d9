"""Shapes of units, sites and stated facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from accounts.masking import mask_mobile, mask_name
from enterprises import additions
from enterprises.duties.notes import notes_of
from enterprises.kinds import KINDS, FactKind, FactSource, SiteKind, Status
from geo.serializers import BboxParam, CrsParam, NearParam, PointIn, PointOut, RegionParam
from reference.serializers import SectorParam
from reference.terms import Class, Colour, Trait, UnitType
from safety_api.doors import Filters
from safety_api.parameters import Several, on_day
from safety_api.parameters import flag as asked_flag
from safety_api.roles import COUNTY, REGISTRARS, Role
from safety_api.search import FOUND_BY
from safety_api.shapes import Moment, Money, RecordId, Shape, Text, Whole, reason

# Who calls a unit's people: all that act on the spot, on duty or for the township, and the unit itself.
# Lists never show them.
SEES_CONTACTS = REGISTRARS | COUNTY | {Role.INSPECTOR, Role.TOWNSHIP_LEADER, Role.ENTERPRISE_OFFICER}
MASKS = {
    "principal_name": mask_name,
    "principal_phone": mask_mobile,
    "owner_name": mask_name,
    "owner_phone": mask_mobile,
}


# --- in -------------------------------------------------------------------------------------------------------------
class SectorIn(Text):
    def __init__(self, **options: Any):
        super().__init__(**{"max_length": 30, "help_text": "领域代码，见 sectors", **options})


def optional(most: int, **options: Any) -> Text:
    return Text(**{"max_length": most, "required": False, "allow_blank": True, **options})


def day(**options: Any) -> serializers.DateField:
    return serializers.DateField(**{"required": False, "allow_null": True, **options})


def flag() -> serializers.BooleanField:
    return serializers.BooleanField(required=False)


class EnterpriseShape(Shape):
    id = RecordId(required=False, help_text="可由终端给出")
    name = Text(min_length=2, max_length=120)
    credit_code = Text(max_length=40, required=False, allow_null=True, help_text="18位；全角、小写、空格会被规整")
    no_credit_code_reason = optional(100, help_text="没有代码时必填")
    unit_type = serializers.ChoiceField(UnitType.choices)
    sector = SectorIn()
    sectors = serializers.ListField(child=SectorIn(), required=False, max_length=12, help_text="主要行业以外的行业")
    region = Text(max_length=12, help_text="生产经营地的村（社区）代码，12位")
    registered_region = optional(12, help_text="登记地代码，12位")
    address = optional(200)
    principal_name = optional(60)
    principal_phone = optional(30)
    status = serializers.ChoiceField(Status.choices, required=False)
    status_on = day(help_text="现状自哪天起；不在营的必填")
    opened_on = day(help_text="开业（投产）日")
    above_scale = flag()
    producing = flag()
    underground = flag()
    special_geology = flag()
    traits = serializers.ListField(child=serializers.ChoiceField(Trait.choices), required=False, max_length=len(Trait))
    location = PointIn(required=False, allow_null=True)


class EnterprisePatch(EnterpriseShape):
    """What is given changes. The status has a door of its own."""

    since = day(help_text="行业、所在地、规模等自哪天起变为如此；不写则自今天")
    correction = serializers.BooleanField(required=False, help_text="true：一直如此，原记有误")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for name in ("id", "status", "status_on"):
            del fields[name]
        for each in fields.values():
            each.required, each.default = False, empty
        return fields


class StatusShape(Shape):
    status = serializers.ChoiceField(Status.choices)
    on = serializers.DateField(help_text="自哪天起，不晚于今天")
    reason = Text(max_length=200)


class SiteShape(Shape):
    id = RecordId(required=False, help_text="可由终端给出")
    kind = serializers.ChoiceField(SiteKind.choices)
    name = Text(min_length=2, max_length=120)
    enterprise = RecordId(required=False, allow_null=True)
    sector = SectorIn()
    region = Text(max_length=12, help_text="村（社区）代码，12位")
    place_type = optional(20, help_text="消防检查表的场所类型")
    project_type = optional(20, help_text="城市建设检查表的工程类别")
    address = optional(200)
    owner_name = optional(60)
    owner_phone = optional(30)
    opened_on = day()
    closed_on = day()
    location = PointIn(required=False, allow_null=True)


# --- the value of a fact, in the shape that kinds.KINDS writes down --------------------------------------------------
VALUE_FIELDS: dict[str, Callable[..., serializers.Field]] = {
    "text": lambda **o: Text(max_length=200, **o),
    "flag": serializers.BooleanField,
    "whole": lambda **o: Whole(min_value=0, max_value=1_000_000, **o),
    "yuan": Money,
    "day": serializers.DateField,
    "1-3": lambda **o: Whole(min_value=1, max_value=3, **o),
}


def field_of(spec: str) -> serializers.Field:
    """`?` at the end: may be left out; `a|b`: one of these words; else a name of VALUE_FIELDS."""
    options: dict[str, Any] = {"required": False, "allow_null": True} if spec.endswith("?") else {}
    spec = spec.removesuffix("?")
    return (
        VALUE_FIELDS[spec](**options) if spec in VALUE_FIELDS else serializers.ChoiceField(spec.split("|"), **options)
    )


def value_shape(name: str, kind: FactKind) -> type[Shape]:
    fields = {field: field_of(spec) for field, spec in kind.value.items()}
    return type(f"{''.join(part.title() for part in name.split('_'))}Value", (Shape,), fields)


VALUE_SHAPES = {name: value_shape(name, kind) for name, kind in KINDS.items()}
VALUES = "；".join(f"{name} {kind.label} {kind.value}" for name, kind in KINDS.items())


class ValueField(serializers.DictField):
    """Checked by FactShape, once the kind is known."""


class FactShape(Shape):
    kind = serializers.ChoiceField([(name, kind.label) for name, kind in KINDS.items()])
    held_from = serializers.DateField(help_text="自，或发生之日")
    held_to = day(help_text="至（含）；没有末日的不写")
    value = ValueField(help_text=f"按种类：{VALUES}")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        [FactSource.AUTHORITY, FactSource.PLATFORM], required=False, help_text="单位自报的自动记为 self"
    )
    document = optional(200, help_text="依据文书的名称、文号")
    supersedes = RecordId(required=False, help_text="更正哪一条")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        shape = VALUE_SHAPES[attrs["kind"]](data=attrs["value"])
        if not shape.is_valid():
            raise serializers.ValidationError({"value": shape.errors})
        return {**attrs, "value": shape.validated_data}


class WithdrawShape(Shape):
    kind = serializers.ChoiceField([(name, kind.label) for name, kind in KINDS.items()])
    reason = Text(max_length=200)


# --- out ------------------------------------------------------------------------------------------------------------
class PlaceOut(serializers.Serializer):
    """Names of people and numbers are masked unless the context says `contacts`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    sector = serializers.CharField(source="sector_id")
    region = serializers.CharField(source="region_code")
    region_name = serializers.CharField(allow_null=True)
    township = serializers.CharField()
    township_name = serializers.CharField(allow_null=True)
    address = serializers.CharField()
    point = PointOut(allow_null=True)
    opened_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    is_demo = serializers.BooleanField(help_text="演示数据")
    created_at = serializers.DateTimeField()
    warnings = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="仅在新增、修改时：organisation_check、unit_type_differs、outside_county",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not self.context.get("contacts"):
            shown |= {name: mask(shown[name]) for name, mask in MASKS.items() if shown.get(name)}
        return shown


class EnterpriseOut(PlaceOut):
    credit_code = serializers.CharField(allow_null=True)
    no_credit_code_reason = serializers.CharField()
    unit_type = serializers.ChoiceField(UnitType.choices)
    sectors = serializers.ListField(child=serializers.CharField())
    registered_region = serializers.CharField(source="registered_region_code")
    principal_name = serializers.CharField(help_text="列表中遮掩；详情按岗位")
    principal_phone = serializers.CharField(help_text="列表中遮掩；详情按岗位")
    status = serializers.ChoiceField(Status.choices)
    status_on = serializers.DateField(allow_null=True)
    above_scale = serializers.BooleanField()
    producing = serializers.BooleanField()
    underground = serializers.BooleanField()
    special_geology = serializers.BooleanField()
    traits = serializers.ListField(child=serializers.ChoiceField(Trait.choices))
    class_on = serializers.DateField(allow_null=True)
    class_provisional = serializers.BooleanField()
    risk_colour = serializers.ChoiceField(["", *Colour.choices])
    last_visit_on = serializers.DateField(allow_null=True, help_text="最近一次被检查（自查不计）")
    distance_m = serializers.SerializerMethodField(help_text="距 near 的米数；没有问距离的为空")

    def get_distance_m(self, unit: Any) -> int | None:
        far = getattr(unit, "distance", None)
        return None if far is None else round(far)

    def get_fields(self) -> dict[str, serializers.Field]:
        word = serializers.ChoiceField(["", *Class.choices], source="supervision_class", help_text="空：未分类")
        return {**super().get_fields(), "class": word}  # a word that Python keeps for itself


class EnterpriseWholeOut(EnterpriseOut):
    """One unit, with what the floors above add to it."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), **additions.fields_of_parts()}


class SiteCorrectionShape(SiteShape):
    """What is given is put right."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        del fields["id"]
        for each in fields.values():
            each.required, each.default = False, empty
        return {**fields, "reason": reason()}


class SiteCorrectionOut(serializers.Serializer):
    reason = serializers.CharField()
    before = serializers.SerializerMethodField(help_text="原记")
    after = serializers.SerializerMethodField(help_text="更正为")
    made_at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by_id")
    by_name = serializers.CharField()
    by_role = serializers.CharField()

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_before(self, row: Any) -> dict[str, Any]:
        return self._masked(row.before)

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_after(self, row: Any) -> dict[str, Any]:
        return self._masked(row.after)

    def _masked(self, values: dict[str, Any]) -> dict[str, Any]:
        if self.context.get("contacts"):
            return values
        return values | {name: mask(values[name]) for name, mask in MASKS.items() if values.get(name)}


class SiteOut(PlaceOut):
    kind = serializers.ChoiceField(SiteKind.choices)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    place_type = serializers.CharField()
    project_type = serializers.CharField()
    owner_name = serializers.CharField(help_text="列表中遮掩；详情按岗位")
    owner_phone = serializers.CharField(help_text="列表中遮掩；详情按岗位")


class ConditionOut(serializers.Serializer):
    status = serializers.ChoiceField(Status.choices)
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    sectors = serializers.ListField(child=serializers.CharField())
    unit_type = serializers.ChoiceField(UnitType.choices)
    above_scale = serializers.BooleanField()
    producing = serializers.BooleanField()
    underground = serializers.BooleanField()
    special_geology = serializers.BooleanField()
    traits = serializers.ListField(child=serializers.CharField())
    held_from = serializers.DateField(help_text="1900-01-01：开业日不详")
    held_to = serializers.DateField(allow_null=True, help_text="不含当日")
    reason = serializers.CharField()
    known_from = serializers.DateTimeField()
    known_to = serializers.DateTimeField(allow_null=True)


class NoteOut(serializers.Serializer):
    word = serializers.CharField()
    sentence = serializers.CharField()


class FactOut(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    kind_name = serializers.SerializerMethodField()
    held_from = serializers.DateField()
    held_to = serializers.DateField(allow_null=True, help_text="含当日")
    value = serializers.DictField()
    source = serializers.ChoiceField(FactSource.choices)  # type: ignore[assignment]
    document = serializers.CharField()
    recorded_by = serializers.UUIDField(source="recorded_by_id", allow_null=True)
    known_from = serializers.DateTimeField()
    known_to = serializers.DateTimeField(allow_null=True)
    superseded_by = serializers.UUIDField(source="superseded_by_id", allow_null=True)

    notes = serializers.SerializerMethodField(help_text="所属版本；法律要求而没有登记、没有达到的")

    def get_kind_name(self, fact: Any) -> str:
        return KINDS[fact.kind].label

    @extend_schema_field(NoteOut(many=True))
    def get_notes(self, fact: Any) -> list[dict[str, str]]:
        return [{"word": word, "sentence": sentence} for word, sentence in notes_of(fact, localdate())]

    def to_representation(self, fact: Any) -> dict[str, Any]:
        """Whose certificate it is, by role as other names are."""
        shown = super().to_representation(fact)
        if shown["value"].get("holder") and not self.context.get("contacts"):
            shown["value"] = {**shown["value"], "holder": mask_name(shown["value"]["holder"])}
        return shown


# --- parameters -----------------------------------------------------------------------------------------------------
class UnitFilters(Filters):
    """What a list and a map layer of units are chosen by."""

    sector = SectorParam(required=False)
    region = RegionParam(required=False)
    type = serializers.ChoiceField(UnitType.choices, required=False)
    status = Several(serializers.ChoiceField(Status.choices))
    risk_colour = Several(serializers.ChoiceField(Colour.choices), help_text="最高风险等级")
    last_visit_from = on_day("最近一次检查不早于")
    last_visit_before = on_day("最近一次检查早于")
    never_visited = asked_flag("true：从未检查过的")

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "class": Several(serializers.ChoiceField(Class.choices))}


class EnterpriseFilters(UnitFilters):
    q = serializers.CharField(required=False, max_length=60, help_text=FOUND_BY)
    near = NearParam(required=False)
    bbox = BboxParam(required=False)
    crs = CrsParam()


class SiteFilters(Filters):
    q = serializers.CharField(required=False, max_length=60, help_text=FOUND_BY)
    kind = Several(serializers.ChoiceField(SiteKind.choices))
    region = RegionParam(required=False)
    enterprise = RecordId(required=False)
    sector = SectorParam(required=False)
    open = asked_flag("true：在用的；false：未启用或已停用的")
    crs = CrsParam()


class FactFilters(Filters):
    kind = serializers.ChoiceField(list(KINDS), required=False)
    on = serializers.DateField(required=False, help_text="某日有效的；不写则不论何时")
    known_on = Moment(required=False, help_text="当时所知；不写则为现在所知")
