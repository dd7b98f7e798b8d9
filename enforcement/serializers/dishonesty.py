"""Shapes of the serious-dishonesty list."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from enforcement import dates
from enforcement.kinds import DishonestyState, Removal, SubjectKind
from enforcement.serializers.parts import AboutShape, EntryOut, NamedState, PastDay, QueueFilters, maybe, words
from enforcement.serializers.subject import SubjectOut
from reference.serializers import provisional_field
from reference.working_out import provisional_in
from safety_api.parameters import Several
from safety_api.shapes import Shape


class DishonestyNoticeShape(AboutShape):
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, default=SubjectKind.UNIT)
    subject_name = maybe(120)
    person_post = maybe(80)
    clause = words(10)
    facts = words()
    penalty_document = words(80)
    notice_document = maybe(80)
    notified_on = PastDay()


class DishonestyObjectionShape(Shape):
    on = PastDay()
    objection = words()
    answer = maybe()


class DishonestyDropShape(Shape):
    on = PastDay()
    reason = words(1000)


class DishonestyDecisionShape(Shape):
    on = PastDay()
    document = words(80)
    objection_answer = maybe()


class DishonestyRemovalShape(Shape):
    on = PastDay()
    kind = serializers.ChoiceField(choices=Removal.choices)
    document = words(80)
    reason = maybe(1000)


class DishonestyRestoreShape(Shape):
    on = PastDay()
    document = words(80)
    reason = words(1000)


class DishonestyFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=DishonestyState.choices))
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, required=False)
    in_force = serializers.BooleanField(required=False, allow_null=True, default=None)


class DishonestyOut(EntryOut, NamedState, SubjectOut):
    state = serializers.ChoiceField(choices=DishonestyState.choices)
    in_force = serializers.SerializerMethodField(help_text="今日在名单上")
    regime = serializers.CharField(help_text="所依规定的版本，见 rules?kind=dishonesty")
    clause = serializers.CharField()
    facts = serializers.CharField()
    penalty_document = serializers.CharField()
    notice_document = serializers.CharField()
    notified_on = serializers.DateField()
    objection_due_on = serializers.DateField()
    provisional = provisional_field()
    objected_on = serializers.DateField(allow_null=True)
    objection = serializers.CharField()
    objection_answer = serializers.CharField()
    dropped_on = serializers.DateField(allow_null=True)
    drop_reason = serializers.CharField()
    listed_on = serializers.DateField(allow_null=True)
    decision_document = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True, help_text="在名单上的最后一日")
    early_removal_from = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    published_at = serializers.CharField()
    removal_applied_on = serializers.DateField(allow_null=True)
    removal_application = serializers.CharField()
    removed_on = serializers.DateField(allow_null=True)
    removal = serializers.CharField(help_text="移出方式，未移出为空")
    removal_document = serializers.CharField()
    removal_reason = serializers.CharField()
    restored_on = serializers.DateField(allow_null=True)
    restoring_document = serializers.CharField()
    restoring_reason = serializers.CharField()

    def get_provisional(self, row: Any) -> list[str]:
        return provisional_in(row, dates.DISHONESTY)

    def get_in_force(self, row: Any) -> bool:
        today = self.context["today"]
        removed = row.state == DishonestyState.REMOVED and row.removed_on <= today
        return row.listed_on is not None and row.listed_on <= today <= row.expires_on and not removed
