"""Shapes of what goes to the approving department and what comes from it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from enforcement import dates
from enforcement.kinds import Approval, HandoverResult, HandoverState
from enforcement.rules import late
from enforcement.serializers.parts import (
    AboutShape,
    DepartmentParam,
    EntryFilters,
    EntryOut,
    NamedState,
    OfHazardOut,
    PastDay,
    QueueFilters,
    key,
    maybe,
    words,
)
from enterprises.kinds import LicenceKind
from reference.serializers import provisional_field
from reference.working_out import provisional_in
from safety_api.parameters import Several
from safety_api.shapes import RecordId, Shape


class HandoverShape(Shape):
    hazard = key()
    enterprise = key()
    inspection = key()
    to_department = DepartmentParam(default="approval")
    problem = words()
    licence_kind = serializers.ChoiceField(choices=LicenceKind.choices, allow_blank=True, default="")
    licence_number = maybe(60)
    document = maybe(80)
    sent_on = PastDay()


class HandoverAnswerShape(Shape):
    on = PastDay()
    answer = words()
    result = serializers.ChoiceField(choices=HandoverResult.choices)
    document = maybe(80)


class HandoverFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=HandoverState.choices))
    to_department = DepartmentParam(required=False)
    hazard = RecordId(required=False)
    result = serializers.ChoiceField(choices=HandoverResult.choices, required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)


class HandoverOut(OfHazardOut, NamedState):
    inspection = serializers.UUIDField(source="inspection_id", allow_null=True)
    to_department = serializers.CharField(source="to_department_id")
    state = serializers.ChoiceField(choices=HandoverState.choices)
    problem = serializers.CharField()
    licence_kind = serializers.CharField()
    licence_number = serializers.CharField()
    document = serializers.CharField()
    sent_on = serializers.DateField()
    answer_due_on = serializers.DateField()
    overdue = serializers.SerializerMethodField(help_text="到期未答复")
    provisional = provisional_field()
    answered_late = serializers.SerializerMethodField()
    reminders = serializers.IntegerField(help_text="催办次数")
    reminded_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField()
    answer_document = serializers.CharField()
    result = serializers.CharField(help_text="处理结果，未答复为空")
    answered_by_name = serializers.CharField()

    def get_provisional(self, row: Any) -> list[str]:
        return provisional_in(row, dates.HANDOVER)

    def get_overdue(self, row: Any) -> bool:
        return row.state == HandoverState.SENT and late(row.answer_due_on, None, on=self.context["today"])

    def get_answered_late(self, row: Any) -> bool:
        return row.answered_on is not None and row.answered_on > row.answer_due_on


class ApprovalNoteShape(AboutShape):
    from_department = DepartmentParam(default="approval")
    subject_name = maybe(120)
    matter = words(200)
    result = serializers.ChoiceField(choices=Approval.choices)
    licence_number = maybe(60)
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)
    decided_on = PastDay()
    received_on = PastDay()
    note = maybe(1000)


class ApprovalTakenShape(Shape):
    on = PastDay()
    note = words(1000)


class ApprovalFilters(EntryFilters):
    result = serializers.ChoiceField(choices=Approval.choices, required=False)
    from_department = DepartmentParam(required=False)
    acknowledged = serializers.BooleanField(required=False, allow_null=True, default=None)


class ApprovalNoteOut(EntryOut):
    from_department = serializers.CharField(source="from_department_id")
    subject_name = serializers.CharField()
    matter = serializers.CharField()
    result = serializers.ChoiceField(choices=Approval.choices)
    licence_number = serializers.CharField()
    valid_to = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField()
    received_on = serializers.DateField()
    note = serializers.CharField()
    acknowledged_on = serializers.DateField(allow_null=True)
    acknowledged_by_name = serializers.CharField()
    acknowledged_note = serializers.CharField()
