"""Shapes of what falls due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework import serializers

from accounts.masking import mask_name
from enterprises.duties.rules import Due
from safety_api.doors import Filters


class DutyFilters(Filters):
    on = serializers.DateField(required=False, help_text="以哪天为今天；不写则为今天")


class FineOut(serializers.Serializer):
    what = serializers.CharField()
    article = serializers.CharField()
    unit_from_yuan = serializers.CharField()
    unit_to_yuan = serializers.CharField()
    person_from_yuan = serializers.CharField(allow_null=True)
    person_to_yuan = serializers.CharField(allow_null=True)


class DueOut(serializers.Serializer):
    kind = serializers.ChoiceField(["plan", "drill", "special_operation", "insurance"])
    what = serializers.CharField(help_text="filing check evaluation yearly half_yearly reported next ends")
    name = serializers.CharField()
    holder = serializers.CharField(help_text="特种作业证的持证人，按岗位遮掩")
    due_on = serializers.DateField(allow_null=True, help_text="空：从哪天起算不详")
    overdue = serializers.BooleanField()
    since = serializers.DateField(allow_null=True, help_text="从哪天起算")
    of = serializers.ChoiceField([("unit", "单位"), ("authority", "受理机关")])
    article = serializers.CharField(help_text="条款")
    source = serializers.CharField()  # type: ignore[assignment]
    provisional = serializers.BooleanField(help_text="跨尚未公布节假日安排的年度，暂定")
    reported = serializers.BooleanField(help_text="须报送演练情况")
    fact = serializers.UUIDField(allow_null=True, help_text="由哪条事实而来")
    fine = FineOut(allow_null=True, help_text="逾期的罚则；金额引用前请对照法律原文")


class DutiesOut(serializers.Serializer):
    on = serializers.DateField()
    results = DueOut(many=True, help_text="先到期的在前，日期不详的在后")


NO_PERSON = {"person_from_yuan": None, "person_to_yuan": None}


def duties_out(found: Iterable[Due], on: date, fines: Iterable[dict[str, Any]], *, contacts: bool) -> dict[str, Any]:
    by_code = {each["code"]: {**NO_PERSON, **each} for each in fines}
    rows = [
        {
            **vars(each),
            "holder": each.holder if contacts else mask_name(each.holder),
            "overdue": each.overdue(on),
            "fine": by_code.get(each.fine) if each.overdue(on) else None,
        }
        for each in found
    ]
    return DutiesOut({"on": on, "results": rows}).data
