"""Shapes of cases."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enforcement.kinds import WITH_AMOUNT, CaseState, Penalty
from enforcement.serializers.parts import NamedState, OfHazardOut, PastDay, QueueFilters, maybe, words
from hazards.leniency import no_penalty
from hazards.serializers import NoPenaltyOut
from safety_api.parameters import Several
from safety_api.problems import TWICE
from safety_api.shapes import Money, RecordId, Shape


class CaseShape(Shape):
    hazard = RecordId()
    reason = words()
    opened_on = PastDay()


class DecisionShape(Shape):
    """A penalty with number, day and, where it is money, the amount; or the ground for none."""

    outcome = serializers.ChoiceField(choices=[("penalty", "处罚"), ("none", "不予处罚")])
    penalties = serializers.ListField(
        child=serializers.ChoiceField(choices=Penalty.choices), max_length=len(Penalty), default=list
    )
    document = maybe(80)
    decided_on = PastDay()
    amount_yuan = Money(required=False, allow_null=True, default=None, help_text="罚款、没收须写明金额")
    basis = maybe(200)
    ground = maybe()
    note = maybe()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        fields = super().to_internal_value(data)
        if faults := {name: serializers.ErrorDetail(said, code) for name, code, said in wrong(fields)}:
            raise serializers.ValidationError(faults)
        return fields


def wrong(fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, word, sentence) of whatever a decision of this outcome lacks or may not have."""
    penalty, money = fields["outcome"] == "penalty", WITH_AMOUNT.intersection(fields["penalties"])
    amount, kinds = fields["amount_yuan"], fields["penalties"]
    rows = [
        ("penalties", "required", "请写明处罚种类。", penalty and not kinds),
        ("document", "required", "请写明处罚决定书文号。", penalty and not fields["document"]),
        ("amount_yuan", "required", "罚款、没收须写明金额，大于零。", bool(money) and not amount),
        ("amount_yuan", "not_for_this", "没有罚款、没收的，不写金额。", not money and amount is not None),
        ("ground", "required", "不予处罚的，请写明理由。", not penalty and not fields["ground"]),
        ("ground", "not_for_this", "已经处罚的，不写不予处罚的理由。", penalty and bool(fields["ground"])),
        ("penalties", "not_for_this", "不予处罚的，不写处罚种类。", not penalty and bool(kinds)),
        ("penalties", TWICE.code, TWICE.zh, len(kinds) != len(set(kinds))),
    ]
    return [row[:3] for row in rows if row[3]]


class DecisionCorrectionShape(DecisionShape):
    reason = words(1000)


class CaseFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=CaseState.choices))
    hazard = RecordId(required=False)


class CaseOut(OfHazardOut, NamedState):
    state = serializers.ChoiceField(choices=CaseState.choices)
    opened_on = serializers.DateField()
    reason = serializers.CharField()
    penalties = serializers.ListField(child=serializers.ChoiceField(choices=Penalty.choices))
    penalty_names = serializers.SerializerMethodField()
    document = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    amount_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    basis = serializers.CharField()
    ground = serializers.CharField()
    note = serializers.CharField()
    decided_by_name = serializers.CharField()
    no_penalty = serializers.SerializerMethodField(
        help_text="提醒，不拦：所转隐患系企业自查自报并按期整改的，依据；没有为空"
    )

    @extend_schema_field(NoPenaltyOut(allow_null=True))
    def get_no_penalty(self, row: Any) -> dict[str, str] | None:
        return no_penalty(row.hazard, on=row.opened_on) if row.hazard else None

    def get_penalty_names(self, row: Any) -> list[str]:
        return [Penalty(each).label for each in row.penalties]
