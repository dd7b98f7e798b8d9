"""Shapes in and out of the doors to reference data."""

from collections.abc import Iterable, Mapping
from datetime import date

from rest_framework import serializers

from reference import law, shapes
from reference.law_calendar import HOLIDAYS, Entry, certainty_of
from reference.models import Document
from reference.terms import AnsweredBy, Certainty, DepartmentKind, Duty, InspectionKey, SeverityHint
from safety_api.days import check_term
from safety_api.doors import Filters
from safety_api.parameters import Several
from safety_api.problems import UNKNOWN_DEPARTMENT, UNKNOWN_SECTOR


def provisional_field() -> serializers.SerializerMethodField:
    return serializers.SerializerMethodField(help_text="暂定的日期（列名）：按工作日推算，跨尚未公布节假日安排的年度")


class SectorParam(serializers.CharField):
    """`sector=` of a list or a map → its code; one that does not exist is refused, for an empty list would say something else."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 30, "help_text": "领域代码，见 sectors", **options})

    def to_internal_value(self, data) -> str:
        code = super().to_internal_value(data)
        if code not in law.books().sectors:
            raise serializers.ValidationError(UNKNOWN_SECTOR.sentence(), code=UNKNOWN_SECTOR.code)
        return code


class DepartmentParam(serializers.CharField):
    """A department's code; one that does not exist is refused."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 30, "help_text": "部门代码", **options})

    def to_internal_value(self, data) -> str:
        code = super().to_internal_value(data)
        if code not in law.books().departments:
            raise serializers.ValidationError(UNKNOWN_DEPARTMENT.sentence(), code=UNKNOWN_DEPARTMENT.code)
        return code


class OnDay(Filters):
    on = serializers.DateField(required=False, help_text="某日有效的内容；不写则为今天")


class SectorFilters(OnDay):
    all = serializers.BooleanField(required=False, default=False, help_text="true 时加上 natural_hazard 与 other")


class ChecklistFilters(OnDay):
    sector = serializers.CharField(max_length=30, help_text="领域代码")
    department = serializers.CharField(
        max_length=30, required=False, help_text="部门代码：取该部门自定的检查表，见 others"
    )


class StandardFilters(OnDay):
    sector = serializers.CharField(max_length=30, required=False, help_text="领域代码；不写则列出全部")


class RuleFilters(OnDay):
    kind = serializers.CharField(
        max_length=30, required=False, help_text="如 zero_accident_policy、deadlines、open_questions"
    )
    code = serializers.CharField(max_length=40, required=False)


class CeilingRowOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    traits = serializers.ListField(child=serializers.CharField())
    directly_supervised = serializers.BooleanField(help_text="true：该部门直接监管的其他企业")
    key = serializers.CharField(
        help_text="按什么定：coal_assurance、mine_risk、standardization；class：县里的分类监管类别"
    )
    key_name = serializers.CharField()
    times = serializers.DictField(child=serializers.IntegerField(), help_text="等级 → 全年至多几次")
    note = serializers.CharField()


class CeilingsOut(serializers.Serializer):
    authority = serializers.CharField(help_text="部门代码；空：没有公布上限的各部门")
    authority_name = serializers.CharField()
    ours = serializers.BooleanField(help_text="true：县里自定的倍数，不是公布的上限")
    published_by = serializers.CharField()
    certainty = serializers.ChoiceField(Certainty.choices, help_text="核对程度")
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    supervision = serializers.IntegerField(allow_null=True, help_text="督导全年至多几次，另计")
    rows = CeilingRowOut(many=True)


class CeilingListOut(serializers.Serializer):
    on = serializers.DateField()
    results = CeilingsOut(many=True)


HEAD = ("code", "version", "title", "source", "effective_from", "effective_to")


def published_ceilings_out(document: Document, on: date) -> dict:
    body = document.body
    return {
        **{name: getattr(document, name) for name in HEAD},
        "authority": document.code,
        "authority_name": law.department(document.code).name,
        "ours": False,
        "certainty": certainty_of(document, on),
        **{name: body[name] for name in ("published_by", "supervision")},
        "rows": [
            {
                "sectors": [], "traits": [], "directly_supervised": False, "note": "", **row,
                "key_name": InspectionKey(row["key"]).label,
            }
            for row in body["rows"]
        ],
    }  # fmt: skip


OURS = {"high_risk": "高危行业", "other": "其他"}


def own_ceilings_out(document: Document, on: date) -> dict:
    """Our factors times the floors, for departments that published none."""
    body, factors = document.body, document.body["ceiling_times_floor"]
    about = {"high_risk": {"sectors": body["high_risk_sectors"], "traits": body["high_risk_industries"]}, "other": {}}
    return {
        **{name: getattr(document, name) for name in HEAD},
        "authority": "", "authority_name": "没有公布上限的部门", "ours": True, "published_by": "",
        "certainty": certainty_of(document, on), "supervision": None,
        "rows": [
            {
                "code": kind, "name": name, "sectors": [], "traits": [], "directly_supervised": False, **about[kind],
                "key": "class", "key_name": "分类监管类别", "note": "",
                "times": {each: body["floor"][kind][each] * times for each, times in factors.items()},
            }
            for kind, name in OURS.items() if factors
        ],
    }  # fmt: skip


class LawCalendarFilters(OnDay):
    """`on`: what is in force that day; without it whatever the day."""

    until = serializers.DateField(required=False, help_text="此日或以前施行")
    certainty = Several(serializers.ChoiceField(Certainty.choices), help_text="核对程度")
    kind = serializers.ChoiceField(
        [*shapes.BODIES, HOLIDAYS], required=False, help_text="规定的种类；law_calendar：只列名称的法规"
    )

    def validate(self, attrs):
        if first := attrs.get("since"):
            check_term(first, attrs.get("until"), at="/until")
        return attrs

    def get_fields(self):
        first = serializers.DateField(required=False, source="since", help_text="此日或以后施行；只知年份的按全年")
        return {**super().get_fields(), "from": first}  # a word that Python keeps for itself


class AssignmentOut(serializers.Serializer):
    code = serializers.CharField(source="department_id")
    name = serializers.CharField(source="department.name")
    kind = serializers.ChoiceField(DepartmentKind.choices, source="department.kind")
    role = serializers.ChoiceField(Duty.choices)
    note = serializers.CharField(help_text="该部门在本领域管什么；空为全部")


class SectorOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    order = serializers.IntegerField(help_text="通知（七）中的次序")
    is_priority = serializers.BooleanField(help_text="属于 11 个重点行业领域")
    departments = serializers.SerializerMethodField()

    def get_departments(self, sector) -> AssignmentOut(many=True):  # type: ignore[valid-type]
        return AssignmentOut(law.departments_of(sector.code, self.context["on"]), many=True).data


class AmendedOut(serializers.Serializer):
    at = serializers.CharField(help_text="在 body 中的位置，如 /categories/Z4/min_deaths")
    effective_from = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]


class RuleOut(serializers.Serializer):
    kind = serializers.CharField()
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="最后有效日（含当日）")
    source = serializers.CharField()  # type: ignore[assignment]
    body = serializers.JSONField()
    amended = AmendedOut(many=True, help_text="从某日起单独变更的值，各有其依据")


class ItemOut(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    severity_hint = serializers.ChoiceField(SeverityHint.choices)
    source = serializers.CharField()  # type: ignore[assignment]
    by = serializers.ChoiceField(AnsweredBy.values, allow_null=True, help_text="本条按场所类型或工程类别作答")
    criteria = serializers.ListField(
        child=serializers.CharField(), help_text="所涉重大隐患判定条目的代码，见 reference/criteria"
    )


class PlaceTypeOut(serializers.Serializer):
    name = serializers.CharField(help_text="即检查记录 place_type 的取值")
    high_risk = serializers.BooleanField()


class OtherChecklistOut(serializers.Serializer):
    department = serializers.CharField(help_text="取用时的 department")
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()


class LawBehindOut(serializers.Serializer):
    title = serializers.CharField()
    number = serializers.CharField(help_text="文号")
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)
    certainty = serializers.ChoiceField(Certainty.choices, help_text="核对程度")


class ChecklistOut(serializers.Serializer):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    place_types = PlaceTypeOut(many=True)
    project_types = serializers.ListField(child=serializers.CharField())
    items = ItemOut(many=True)
    others = OtherChecklistOut(many=True, help_text="本领域各部门自定的其他检查表")
    laws = LawBehindOut(many=True, help_text="当日有效的相关法规、标准（只列名称）：检查时以其现行文本为准")


class StandardOut(serializers.Serializer):
    code = serializers.CharField()
    sector = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    effective_from = serializers.DateField(allow_null=True, help_text="未核对为空")
    effective_to = serializers.DateField(allow_null=True)
    verified = serializers.BooleanField(help_text="false：名称或文号凭记忆，引用前请核对")
    note = serializers.CharField()
    edition = serializers.CharField(
        allow_null=True, help_text="判定条目见 reference/criteria/{edition}；空为只在名录中"
    )


class StandardsOut(serializers.Serializer):
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    standards = StandardOut(many=True)


def checklist_out(
    checklist: Document, others: Iterable[Document], laws: Iterable[Entry], criteria: Mapping[str, list[str]]
) -> dict:
    body = checklist.body
    return {
        "code": checklist.code,
        "version": checklist.version,
        "title": checklist.title,
        "source": checklist.source,
        "effective_from": checklist.effective_from,
        "effective_to": checklist.effective_to,
        "place_types": body.get("place_types", []),
        "project_types": body.get("project_types", []),
        "items": [{"by": None, "criteria": criteria.get(item["code"], []), **item} for item in body["items"]],
        "others": [
            {"department": each.code.partition(".")[2], "code": each.code, "version": each.version, "title": each.title}
            for each in others
        ],
        "laws": LawBehindOut(laws, many=True).data,
    }


def standard_out(standard: dict) -> dict:
    return {
        "code": standard["code"],
        "sector": standard["sector"],
        "title": standard["title"],
        "number": standard.get("number"),
        "effective_from": standard.get("from"),
        "effective_to": standard.get("to"),
        "verified": standard["verified"],
        "note": standard.get("note", ""),
        "edition": standard.get("edition"),
    }


class LawEntryOut(serializers.Serializer):
    kind = serializers.CharField(help_text="规定的种类；law_calendar：只列名称的法规")
    code = serializers.CharField()
    version = serializers.CharField(help_text="只列名称的为空")
    title = serializers.CharField()
    number = serializers.CharField(help_text="文号")
    effective_from = serializers.DateField(allow_null=True, help_text="施行日；只知年份或不详为空")
    effective_to = serializers.DateField(allow_null=True, help_text="最后有效日（含当日）")
    year = serializers.IntegerField(allow_null=True, help_text="只知年份的")
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField()
    certainty = serializers.ChoiceField(Certainty.choices)
    certainty_name = serializers.SerializerMethodField(help_text="核对程度")
    ends = serializers.ListField(child=serializers.CharField(), help_text="它使什么失效")
    touches = serializers.ListField(child=serializers.CharField(), help_text="本系统哪些地方随它")
    in_force = serializers.SerializerMethodField(help_text="今天是否有效")

    def get_certainty_name(self, entry) -> str:
        return str(Certainty(entry.certainty).label)

    def get_in_force(self, entry) -> bool:
        return entry.holds(self.context["today"])


class LawCalendarOut(serializers.Serializer):
    today = serializers.DateField()
    results = LawEntryOut(many=True, help_text="按施行日")
