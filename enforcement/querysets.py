"""Reading the registers, in the words of the office; the day is an argument."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet

from enforcement.kinds import CaseState, DishonestyState, HandoverState, ListingState, ProposalState, StopState
from enforcement.states import CASE, DISHONESTY, HANDOVER, LISTING, PROPOSAL, STOP, awaiting
from safety_api.permissions import inside, nothing, scope_of
from safety_api.roles import KEEPERS, Role

ACTIVE_STOPS = frozenset({StopState.STOPPED, StopState.APPLIED, StopState.ACCEPTED})
ASKED = {
    "state": "state__in", "level": "level", "sector": "sector_id", "department": "department_id", "hazard": "hazard_id",
    "enterprise": "enterprise_id", "trigger": "trigger", "extent": "extent", "to_department": "to_department_id",
    "from_department": "from_department_id", "result": "result", "measure": "measure", "subject_kind": "subject_kind",
    "regime": "regime", "created_since": "created_at__gte", "created_before": "created_at__lt",
}  # fmt: skip


class EntryQuerySet(QuerySet):
    under_way: ClassVar[frozenset] = frozenset()  # states of what is not over
    flow: ClassVar[Any] = None

    def visible_to(self, user: Any) -> Any:
        return self.filter(scope_of(user))

    def in_sector(self, code: str) -> Any:
        return self.filter(sector_id=code)

    def within(self, prefix: str) -> Any:
        return self.filter(inside(prefix))

    def chosen(
        self, *, region: str | None = None, by: Any = None, mine: bool | None = None, open: bool | None = None,
        waiting_for: str | None = None, **asked: Any,
    ) -> Any:  # fmt: skip
        """The rows that the parameters of a list ask for, by their names in the contract; None asks for nothing. `by` is who asks."""
        rows = self.filter(**{ASKED[name]: value for name, value in asked.items() if value is not None})
        for held, wanted in ((Q(created_by=by.pk if by else None), mine), (Q(state__in=self.under_way), open)):
            rows = rows if wanted is None else rows.filter(held) if wanted else rows.exclude(held)
        rows = rows.filter(self.turn_of(by)) if waiting_for else rows
        return rows.within(region) if region else rows

    def turn_of(self, user: Any) -> Q:
        """What waits for a step that this person may take."""
        return Q(state__in=awaiting(self.flow, user)) if self.flow else nothing()

    def to_show(self) -> Any:
        """Names beside the keys, in the same query."""
        return self.annotate(enterprise_name=F("enterprise__name"))


class OfHazard(EntryQuerySet):
    """Rows about a hazard."""

    def to_show(self) -> Any:
        return super().to_show().annotate(hazard_description=F("hazard__description"))


class ListingQuerySet(OfHazard):
    under_way, flow = frozenset(ListingState) - {ListingState.DELISTED}, LISTING

    def chosen(
        self, *, listed_from: date | None = None, listed_before: date | None = None, standing_on: date | None = None,
        overdue_on: date | None = None, **asked: Any,
    ) -> ListingQuerySet:  # fmt: skip
        rows = super().chosen(**asked)
        rows = rows.filter(listed_on__gte=listed_from) if listed_from else rows
        rows = rows.filter(listed_on__lt=listed_before) if listed_before else rows
        rows = rows.standing(on=standing_on) if standing_on else rows
        return rows.late(on=overdue_on) if overdue_on else rows

    def standing(self, *, on: date) -> ListingQuerySet:
        """Put up by that day and not yet taken down, past or present."""
        return self.filter(Q(delisted_on=None) | Q(delisted_on__gt=on), listed_on__lte=on)

    def late(self, *, on: date) -> ListingQuerySet:
        """Standing on that day, its time past and not accepted by then."""
        accepted = Q(state__in=[ListingState.ACCEPTED, ListingState.DELISTED], accepted_on__lte=on)
        return self.standing(on=on).filter(deadline__lt=on).exclude(accepted)

    def open(self) -> ListingQuerySet:
        return self.exclude(state=ListingState.DELISTED)

    def overdue(self, *, on: date, is_so: bool = True) -> ListingQuerySet:
        """Still listed, and its time has passed."""
        late = ~Q(state__in=[ListingState.ACCEPTED, ListingState.DELISTED]) & Q(deadline__lt=on)
        return self.filter(late) if is_so else self.exclude(late)

    def report_overdue(self, *, on: date) -> ListingQuerySet:
        return self.filter(state__in=[ListingState.LISTED, ListingState.APPLIED], report_due_on__lt=on)

    def acceptance_overdue(self, *, on: date) -> ListingQuerySet:
        return self.filter(state=ListingState.APPLIED, acceptance_due_on__lt=on)


class CaseQuerySet(OfHazard):
    under_way, flow = frozenset({CaseState.OPEN}), CASE

    def undecided(self) -> CaseQuerySet:
        return self.filter(state=CaseState.OPEN)

    def to_show(self) -> Any:
        """With the hazard, by which it is said whether it is one that is not to be fined."""
        return super().to_show().select_related("hazard").defer("hazard__point")

    def latest_of(self, hazard: Any) -> Any:
        """The one that was written last."""
        return self.filter(hazard=hazard).order_by("-created_at", "pk").first()


class ProposalQuerySet(OfHazard):
    under_way, flow = frozenset({ProposalState.OPEN}), PROPOSAL

    def open(self) -> ProposalQuerySet:
        return self.filter(state=ProposalState.OPEN)


class StopOrderQuerySet(EntryQuerySet):
    under_way, flow = ACTIVE_STOPS, STOP

    def active(self) -> StopOrderQuerySet:
        """Production may not go on."""
        return self.filter(state__in=ACTIVE_STOPS)

    def acceptance_overdue(self, *, on: date) -> StopOrderQuerySet:
        return self.filter(state=StopState.APPLIED, acceptance_due_on__lt=on)

    def standing(self, *, on: date) -> StopOrderQuerySet:
        """In force on a day, past or present: the day of the order included, that of resumption not."""
        ended = Q(resumed_on__lte=on) | Q(ended_on__lte=on)
        return self.filter(issued_on__lte=on).exclude(ended).exclude(state=StopState.WITHDRAWN)

    def to_show(self) -> Any:
        return super().to_show().annotate(site_name=F("site__name")).prefetch_related("hazards", "consents")


class HandoverQuerySet(OfHazard):
    under_way, flow = frozenset({HandoverState.SENT}), HANDOVER

    def turn_of(self, user: Any) -> Q:
        """Of a department what was sent to it."""
        sent = super().turn_of(user)
        return sent & Q(to_department_id=user.department_id) if user.role == Role.DEPARTMENT_OFFICER else sent

    def visible_to(self, user: Any) -> HandoverQuerySet:
        """The jurisdiction's, and what was sent to one's own department."""
        if user.role == Role.DEPARTMENT_OFFICER and user.department_id:
            return self.filter(scope_of(user) | Q(to_department_id=user.department_id))
        return self.filter(scope_of(user))

    def unanswered(self) -> HandoverQuerySet:
        return self.filter(state=HandoverState.SENT)

    def overdue(self, *, on: date, is_so: bool = True) -> HandoverQuerySet:
        late = Q(state=HandoverState.SENT, answer_due_on__lt=on)
        return self.filter(late) if is_so else self.exclude(late)


class ApprovalNoteQuerySet(EntryQuerySet):
    def visible_to(self, user: Any) -> ApprovalNoteQuerySet:
        """The jurisdiction's, and what one's own department told."""
        if user.role == Role.DEPARTMENT_OFFICER and user.department_id:
            return self.filter(scope_of(user) | Q(from_department_id=user.department_id))
        return self.filter(scope_of(user))

    def acknowledged(self, is_so: bool = True) -> ApprovalNoteQuerySet:
        return self.exclude(acknowledged_on=None) if is_so else self.filter(acknowledged_on=None)


class AccountabilityQuerySet(EntryQuerySet):
    def visible_to(self, user: Any) -> AccountabilityQuerySet:
        """Restricted (DOMAIN §8.4): bureau and committee see their jurisdiction's, a department its own, nobody else any."""
        if user.role in (Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER):
            return self.filter(scope_of(user))
        if user.role == Role.DEPARTMENT_OFFICER and user.department_id:
            return self.filter(scope_of(user), department_id=user.department_id)
        return self.filter(nothing())

    def standing(self) -> AccountabilityQuerySet:
        """Without what was entered in error."""
        return self.filter(voided_on=None)


class JointPunishmentQuerySet(EntryQuerySet):
    def in_force(self, *, on: date, is_so: bool = True) -> JointPunishmentQuerySet:
        """Begun, not run out and not lifted by that day; the day of lifting is free."""
        ended = Q(held_to__isnull=False, held_to__lt=on) | Q(lifted_on__isnull=False, lifted_on__lte=on)
        holds = Q(held_from__lte=on) & ~ended
        return self.filter(holds) if is_so else self.exclude(holds)

    def carried_out_by(self, department: str) -> JointPunishmentQuerySet:
        return self.filter(departments__contains=[department])


class DishonestyQuerySet(EntryQuerySet):
    under_way, flow = frozenset({DishonestyState.NOTIFIED, DishonestyState.LISTED}), DISHONESTY

    def visible_to(self, user: Any) -> DishonestyQuerySet:
        """What is only announced or was dropped is for its keepers and for the subject itself."""
        rows = self.filter(scope_of(user))
        if user.role in KEEPERS or user.role == Role.ENTERPRISE_OFFICER:
            return rows
        return rows.decided()

    def decided(self) -> DishonestyQuerySet:
        return self.filter(state__in=[DishonestyState.LISTED, DishonestyState.REMOVED])

    def in_force(self, *, on: date, is_so: bool = True) -> DishonestyQuerySet:
        """On the list on that day: its first and last day included, the day of removal not."""
        removed = Q(state=DishonestyState.REMOVED) & Q(removed_on__lte=on)
        holds = Q(listed_on__lte=on, expires_on__gte=on) & ~removed
        return self.filter(holds) if is_so else self.exclude(holds)
