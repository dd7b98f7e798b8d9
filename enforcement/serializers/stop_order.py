"""Shapes of stop orders and resumption."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from enforcement import dates
from enforcement.kinds import COAL, Extent, StopState
from enforcement.rules import consents_missing, late
from enforcement.serializers.parts import (
    DepartmentParam,
    EntryOut,
    NamedState,
    PastDay,
    PublicationShape,
    QueueFilters,
    key,
    maybe,
    words,
)
from evidence.papers.serializers import PaperOfRecordOut, issuing
from reference import law
from reference.serializers import provisional_field
from reference.terms import Consent
from reference.working_out import provisional_in
from safety_api.parameters import Several
from safety_api.problems import TWICE
from safety_api.shapes import Out, RecordId, RemarksField, Shape, warnings_field

MOST_HAZARDS = 50


def check_number(fields: dict[str, Any], day: str) -> None:
    """A paper bears the day on which it is issued: what was decided before has its number already."""
    if not fields["document"] and fields[day] != timezone.localdate():
        raise serializers.ValidationError(
            {"document": serializers.ErrorDetail("补登以前的决定，须写明文号。", "required")}
        )


class StopShape(Shape):
    enterprise = key()
    site = key()
    hazards = serializers.ListField(child=RecordId(), max_length=MOST_HAZARDS, default=list)
    extent = serializers.ChoiceField(choices=Extent.choices)
    scope = maybe(500)
    reason = words(1000)
    basis = maybe(200)
    document = maybe(80, help_text="已另行制作的决定书文号；不写则随登记出具现场处理措施决定书")
    paper = key()
    issued_on = PastDay()
    companion = key(help_text="与本人一同承办文书的人员")
    issue = issuing()
    department = DepartmentParam(required=False, allow_null=True, default=None)

    def validate_hazards(self, keys: list[Any]) -> list[Any]:
        if len(keys) != len(set(keys)):
            raise serializers.ValidationError(TWICE.sentence(), code=TWICE.code)
        return keys

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        fields = super().to_internal_value(data)
        if fields["extent"] == Extent.PARTIAL and not fields["scope"]:
            raise serializers.ValidationError(
                {"scope": serializers.ErrorDetail("部分停产停业须写明部位。", "required")}
            )
        check_number(fields, "issued_on")
        return fields


class StopAcceptanceShape(Shape):
    on = PastDay()
    acceptance = words()
    document = maybe(80)


class StopConsentShape(Shape):
    kind = serializers.ChoiceField(choices=Consent.choices)
    person = words(60)
    document = words(80)
    on = PastDay()


class ResumptionShape(Shape):
    document = maybe(80, help_text="已另行制作的文书文号；不写则随恢复生产出具整改复查意见书")
    on = PastDay()
    companion = key(help_text="与本人一同承办文书的人员")
    issue = issuing()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        fields = super().to_internal_value(data)
        check_number(fields, "on")
        return fields


class StopEndShape(Shape):
    on = PastDay()
    note = words(1000)


class PublishStopShape(PublicationShape):
    what = serializers.ChoiceField(choices=["stop", "resumption"], default="stop")


class StopFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=StopState.choices))
    extent = serializers.ChoiceField(choices=Extent.choices, required=False)
    active = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="true 为仍在停产")


class StopConsentOut(Out):
    kind = serializers.ChoiceField(choices=Consent.choices)
    kind_name = serializers.CharField(source="get_kind_display")
    round = serializers.IntegerField()
    person = serializers.CharField()
    document = serializers.CharField()
    given_on = serializers.DateField()
    by_name = serializers.CharField()


class StoppedHazardOut(Out):
    id = serializers.UUIDField()
    state = serializers.CharField()
    description = serializers.CharField()


class StopOrderOut(EntryOut, NamedState):
    site = serializers.UUIDField(source="site_id", allow_null=True)
    site_name = serializers.CharField(allow_null=True)
    hazards = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=StopState.choices)
    extent = serializers.ChoiceField(choices=Extent.choices)
    scope = serializers.CharField()
    reason = serializers.CharField()
    basis = serializers.CharField()
    document = serializers.CharField()
    paper = serializers.UUIDField(source="paper_id", allow_null=True)
    issued_on = serializers.DateField()
    publication_due_on = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    published_at = serializers.CharField()
    round = serializers.IntegerField(help_text="第几次申请复产")
    applied_on = serializers.DateField(allow_null=True)
    application = serializers.CharField()
    acceptance_due_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    acceptance = serializers.CharField()
    acceptance_document = serializers.CharField()
    consents = serializers.SerializerMethodField()
    consents_missing = serializers.SerializerMethodField(help_text="煤矿复产尚缺的同意；其他行业为空")
    resumed_on = serializers.DateField(allow_null=True)
    resumption_document = serializers.CharField()
    resumption_publication_due_on = serializers.DateField(allow_null=True)
    resumption_published_on = serializers.DateField(allow_null=True)
    resumption_published_at = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True)
    ended_note = serializers.CharField()
    provisional = provisional_field()
    acceptance_overdue = serializers.SerializerMethodField()
    publication_late = serializers.SerializerMethodField()

    def get_provisional(self, row: Any) -> list[str]:
        return provisional_in(row, dates.STOP_ORDER)

    def get_hazards(self, row: Any) -> StoppedHazardOut(many=True):  # type: ignore[valid-type]
        show = StoppedHazardOut().to_representation
        return [show(each) for each in row.hazards.all()]

    def get_consents(self, row: Any) -> StopConsentOut(many=True):  # type: ignore[valid-type]
        show = StopConsentOut().to_representation
        return [show(each) for each in row.consents.all()]

    def get_consents_missing(self, row: Any) -> list[str]:
        if row.sector_id != COAL or row.state in (StopState.RESUMED, StopState.WITHDRAWN, StopState.CLOSED):
            return []
        given = [each.kind for each in row.consents.all() if each.round == row.round]
        return [str(each) for each in consents_missing(law.hazard_steps(self.context["today"]), given)]

    def get_acceptance_overdue(self, row: Any) -> bool:
        return row.state == StopState.APPLIED and late(row.acceptance_due_on, None, on=self.context["today"])

    def get_publication_late(self, row: Any) -> bool:
        today = self.context["today"]
        return late(row.publication_due_on, row.published_on, on=today) or late(
            row.resumption_publication_due_on, row.resumption_published_on, on=today
        )


class StopOrderWholeOut(StopOrderOut):
    papers = PaperOfRecordOut(many=True, source="shown_papers", help_text="随决定、复产出具的文书和待出具的草稿")
    warnings = warnings_field()
    remarks = RemarksField()
