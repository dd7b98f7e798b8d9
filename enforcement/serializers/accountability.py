"""Shapes of accountability: names in full only for whom it concerns."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.masking import mask_name
from enforcement.kinds import Measure
from enforcement.serializers.parts import AboutShape, EntryFilters, EntryOut, PastDay, key, maybe, words
from safety_api.shapes import Shape


class AccountabilityShape(AboutShape):
    case = words(500)
    hazard = key()
    accident = key()
    person_name = words(60)
    person_unit = words(120)
    person_post = words(80)
    authority = words(120)
    measure = serializers.ChoiceField(choices=Measure.choices)
    measure_text = maybe(500)
    document = words(80)
    decided_on = PastDay()


class AccountabilityVoidShape(Shape):
    on = PastDay()
    reason = words(500)


class AccountabilityFilters(EntryFilters):
    measure = serializers.ChoiceField(choices=Measure.choices, required=False)
    voided = serializers.BooleanField(required=False, allow_null=True, default=None)


class AccountabilityOut(EntryOut):
    case = serializers.CharField()
    hazard = serializers.UUIDField(source="hazard_id", allow_null=True)
    accident = serializers.UUIDField(source="accident_id", allow_null=True)
    person_name = serializers.SerializerMethodField(
        help_text="县应急局、安委办、本部门负责人和登记人见全名，其他人见首字"
    )
    person_unit = serializers.CharField()
    person_post = serializers.CharField()
    authority = serializers.CharField()
    measure = serializers.ChoiceField(choices=Measure.choices)
    measure_name = serializers.CharField(source="get_measure_display")
    measure_text = serializers.CharField()
    document = serializers.CharField()
    decided_on = serializers.DateField()
    voided_on = serializers.DateField(allow_null=True)
    void_reason = serializers.CharField()

    def get_person_name(self, row: Any) -> str:
        sees = self.context["sees_names"] or row.created_by == self.context["me"]
        return row.person_name if sees else mask_name(row.person_name)
