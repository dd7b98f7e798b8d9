"""Shapes of the list of those who may inspect."""

from __future__ import annotations

from rest_framework import serializers

from reference.serializers import OnDay, SectorParam
from safety_api.shapes import Out, Shape, Text


class BodyShape(Shape):
    body = Text(max_length=30, help_text="部门代码；乡镇为区划代码（九位或十二位）")
    scope = Text(max_length=300, help_text="检查范围，如名单所写")
    sectors = serializers.ListField(
        child=SectorParam(), max_length=20, required=False, default=list, help_text="只限这些领域；不写即不限"
    )
    published_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="与名单不同日公布的，如增补：自该日起才在名单内"
    )
    source = Text(max_length=100, required=False, allow_blank=True, default="", help_text="与名单不同的依据")  # type: ignore[assignment]


class BodyListShape(Shape):
    published_on = serializers.DateField(help_text="县政府公布之日；自此日起适用，到下一份名单为止")
    source = Text(max_length=100, help_text="公布文件的文号或网页")  # type: ignore[assignment]
    title = Text(max_length=100, required=False, allow_blank=True, default="")
    bodies = serializers.ListField(child=BodyShape(), min_length=1, max_length=100, help_text="整份名单")
    reason = Text(max_length=300, required=False, allow_blank=True, default="", help_text="更正同一日的名单时必写")


class BodyOut(Out):
    body = serializers.CharField(source="code")
    name = serializers.CharField()
    kind = serializers.CharField(help_text="部门性质；乡镇为 township")
    scope = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField(), help_text="空为不限")
    status = serializers.ChoiceField(choices=["proposed", "published"])
    published_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]


class BodyListDayOut(Out):
    published_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=["proposed", "published"])
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class CoordinatingOut(Out):
    body = serializers.CharField()
    name = serializers.CharField()


class BodyListOut(Out):
    on = serializers.DateField()
    status = serializers.ChoiceField(
        choices=["none", "proposed", "published"], help_text="proposed：县政府名单录入之前，按部门分工视同在名单内"
    )
    title = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    not_offered_from = serializers.DateField(
        allow_null=True, help_text="自此日起，不在名单内的不再提供 administrative；现场已作的记录照收"
    )
    bodies = BodyOut(many=True)
    coordinating = CoordinatingOut(many=True, help_text="议事协调机构的办事机构：不检查，不出具文书")
    lists = BodyListDayOut(many=True, help_text="历次名单，新的在前")


class BodyFilters(OnDay):
    pass
