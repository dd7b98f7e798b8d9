"""Shapes of joint punishment."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from enforcement.kinds import JointMeasure, SubjectKind
from enforcement.serializers.parts import AboutShape, DepartmentParam, EntryFilters, EntryOut, PastDay, maybe, words
from enforcement.serializers.subject import SubjectOut
from safety_api.problems import TWICE
from safety_api.shapes import Shape


def once(values: list[Any]) -> list[Any]:
    if len(values) != len(set(values)):
        raise serializers.ValidationError(TWICE.sentence(), code=TWICE.code)
    return values


class PunishmentShape(AboutShape):
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, default=SubjectKind.UNIT)
    subject_name = maybe(120)
    person_post = maybe(80)
    reason = words(1000)
    basis = maybe(200)
    document = words(80)
    measures = serializers.ListField(
        child=serializers.ChoiceField(choices=JointMeasure.choices), min_length=1, max_length=len(JointMeasure)
    )
    departments = serializers.ListField(child=DepartmentParam(), min_length=1, max_length=30)
    held_from = PastDay()
    held_to = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_measures(self, values: list[Any]) -> list[Any]:
        return once(values)

    def validate_departments(self, values: list[Any]) -> list[Any]:
        return once(values)


class PunishmentLiftShape(Shape):
    on = PastDay()
    document = words(80)
    reason = words(500)


class PunishmentFilters(EntryFilters):
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, required=False)
    in_force = serializers.BooleanField(required=False, allow_null=True, default=None)
    carried_out_by = DepartmentParam(required=False, help_text="实施部门")


class PunishmentOut(EntryOut, SubjectOut):
    reason = serializers.CharField()
    basis = serializers.CharField()
    document = serializers.CharField()
    measures = serializers.ListField(child=serializers.ChoiceField(choices=JointMeasure.choices))
    departments = serializers.ListField(child=serializers.CharField())
    held_from = serializers.DateField()
    held_to = serializers.DateField(allow_null=True)
    lifted_on = serializers.DateField(allow_null=True)
    lifting_document = serializers.CharField()
    lifting_reason = serializers.CharField()
    in_force = serializers.SerializerMethodField(help_text="今日有效")

    def get_in_force(self, row: Any) -> bool:
        today = self.context["today"]
        ended = (row.held_to is not None and row.held_to < today) or (
            row.lifted_on is not None and row.lifted_on <= today
        )
        return row.held_from <= today and not ended
