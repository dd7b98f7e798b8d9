"""Shapes of listed supervision."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from enforcement import dates
from enforcement.kinds import Every, ListingLevel, ListingState, ProposalState, Trigger
from enforcement.rules import late
from enforcement.serializers.parts import (
    NamedState,
    OfHazardOut,
    PastDay,
    PublicationShape,
    QueueFilters,
    maybe,
    words,
)
from reference.serializers import provisional_field
from reference.working_out import provisional_in
from safety_api.parameters import Several
from safety_api.shapes import Money, Out, RecordId, Shape, Whole


class PutUpShape(Shape):
    """The decision and its notice: named leader, measures, money, person, deadline, plan."""

    level = serializers.ChoiceField(choices=ListingLevel.choices)
    document = words(80)
    listed_on = PastDay()
    leader = words(60)
    leader_post = words(80)
    responsible_person = words(60)
    measures = words()
    funds_yuan = Money()
    deadline = serializers.DateField()
    plan = words()
    report_every = serializers.ChoiceField(choices=Every.choices, default=Every.MONTH)


class DelistShape(Shape):
    document = words(80)
    on = PastDay()
    note = maybe()


class PublishListingShape(PublicationShape):
    what = serializers.ChoiceField(choices=["listing", "delisting"], default="listing")


class ListingProgressShape(Shape):
    on = PastDay()
    done = words()
    percent = Whole(min_value=0, max_value=100)
    problems = maybe()
    funds_spent_yuan = Money(required=False, allow_null=True, default=None)


class RegisterApplicationShape(Shape):
    on = PastDay()
    application = words()


class ListingAcceptanceShape(Shape):
    on = PastDay()
    acceptance = words()


class ListingAskShape(Shape):
    hazard = RecordId()
    note = words()
    on = PastDay()


class ListingDeclineShape(Shape):
    reason = words()
    on = PastDay()


class ListingFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=ListingState.choices))
    level = serializers.ChoiceField(choices=ListingLevel.choices, required=False)
    hazard = RecordId(required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    listed_from = serializers.DateField(required=False, help_text="挂牌日不早于")
    listed_before = serializers.DateField(required=False, help_text="挂牌日早于")
    standing_on = serializers.DateField(required=False, help_text="该日尚未摘牌")
    overdue_on = serializers.DateField(required=False, help_text="该日尚未摘牌，已过整改时限而未验收合格")


class ProposalFilters(QueueFilters):
    state = Several(serializers.ChoiceField(choices=ProposalState.choices))
    trigger = serializers.ChoiceField(choices=Trigger.choices, required=False)
    hazard = RecordId(required=False)


class ListingOut(OfHazardOut, NamedState):
    level = serializers.ChoiceField(choices=ListingLevel.choices)
    state = serializers.ChoiceField(choices=ListingState.choices)
    document = serializers.CharField()
    listed_on = serializers.DateField()
    leader = serializers.CharField()
    leader_post = serializers.CharField()
    responsible_person = serializers.CharField()
    measures = serializers.CharField()
    funds_yuan = serializers.DecimalField(max_digits=16, decimal_places=2)
    deadline = serializers.DateField()
    plan = serializers.CharField()
    report_every = serializers.ChoiceField(choices=Every.choices)
    report_due_on = serializers.DateField()
    publication_due_on = serializers.DateField()
    published_on = serializers.DateField(allow_null=True)
    published_at = serializers.CharField()
    applied_on = serializers.DateField(allow_null=True)
    application = serializers.CharField()
    acceptance_due_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    acceptance = serializers.CharField()
    delisted_on = serializers.DateField(allow_null=True)
    delisting_document = serializers.CharField()
    delisting_note = serializers.CharField()
    delisting_publication_due_on = serializers.DateField(allow_null=True)
    delisting_published_on = serializers.DateField(allow_null=True)
    delisting_published_at = serializers.CharField()
    provisional = provisional_field()
    overdue = serializers.SerializerMethodField(help_text="整改时限已过而未验收合格")
    report_overdue = serializers.SerializerMethodField(help_text="进展报告逾期未报")
    acceptance_overdue = serializers.SerializerMethodField(help_text="收到申请后逾期未验收")
    publication_late = serializers.SerializerMethodField(help_text="挂牌或摘牌公告迟了，或到期未公告")

    def get_provisional(self, row: Any) -> list[str]:
        return provisional_in(row, dates.LISTING)

    def get_overdue(self, row: Any) -> bool:
        ended = row.state in (ListingState.ACCEPTED, ListingState.DELISTED)
        return not ended and late(row.deadline, None, on=self.context["today"])

    def get_report_overdue(self, row: Any) -> bool:
        awaited = row.state in (ListingState.LISTED, ListingState.APPLIED)
        return awaited and late(row.report_due_on, None, on=self.context["today"])

    def get_acceptance_overdue(self, row: Any) -> bool:
        return row.state == ListingState.APPLIED and late(row.acceptance_due_on, None, on=self.context["today"])

    def get_publication_late(self, row: Any) -> bool:
        today = self.context["today"]
        return late(row.publication_due_on, row.published_on, on=today) or late(
            row.delisting_publication_due_on, row.delisting_published_on, on=today
        )


class ListingProgressOut(Out):
    due_on = serializers.DateField()
    reported_on = serializers.DateField()
    late = serializers.SerializerMethodField()
    done = serializers.CharField()
    problems = serializers.CharField()
    percent = serializers.IntegerField()
    funds_spent_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    recorded_at = serializers.DateTimeField()
    by_name = serializers.CharField()

    def get_late(self, row: Any) -> bool:
        return late(row.due_on, row.reported_on, on=row.reported_on)


class ListingWholeOut(ListingOut):
    reports = serializers.SerializerMethodField()

    def get_reports(self, row: Any) -> ListingProgressOut(many=True):  # type: ignore[valid-type]
        show = ListingProgressOut().to_representation
        return [show(each) for each in row.reports.all()]


class ListingProposalOut(OfHazardOut, NamedState):
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    trigger_name = serializers.CharField(source="get_trigger_display")
    state = serializers.ChoiceField(choices=ProposalState.choices)
    proposed_on = serializers.DateField()
    note = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    decided_by_name = serializers.CharField()
    reason = serializers.CharField()
    listing = serializers.UUIDField(source="listing_id", allow_null=True)
