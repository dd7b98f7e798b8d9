"""Reading visits and tasks, in the words of the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet

from accounts.models import User
from enterprises.querysets import named_rows
from geo.querysets import located
from safety_api.permissions import inside, nothing, scope_of
from safety_api.remarks import remarked
from safety_api.roles import ADMINS, ENTERPRISE, Role

SHOWN = (
    "epoch", "xid", "by_id", "by_name", "enterprise_id", "site_id", "place", "region_code", "sector_id", "kind", "authority",
    "type", "source", "started_at", "finished_at", "started_told_at", "finished_told_at", "received_at", "hazards_found", "warnings", "is_demo",
)  # fmt: skip


TASKS_ASKED = {
    "sector": "sector_id", "enterprise": "enterprise_id", "site": "site_id", "kind": "kind__in", "type": "type__in",
    "assignee": "assignees__contains",
    "due_from": "due_on__gte", "due_before": "due_on__lt",
}  # fmt: skip
VISITS_ASKED = {  # parameter → what must hold of the row
    "kind": "kind__in", "type": "type__in", "authority": "authority__in", "sector": "sector_id", "enterprise": "enterprise_id", "by": "by_id",
    "department": "department",
    "started_from": "started_at__gte", "started_before": "started_at__lt", "received_since": "received_at__gte",
    "received_before": "received_at__lt",
}  # fmt: skip


AHEAD_OF_NOTICE = Q(kind="unannounced", done_by=None) & ~Q(course__has_key="notice")


class InspectionQuerySet(QuerySet):
    def visible_to(self, user: Any) -> InspectionQuerySet:
        """The jurisdiction's, and one's own wherever they were made: a transfer hides nobody's work from themselves."""
        if user.role in ADMINS:
            return self.filter(nothing())
        return self.filter(scope_of(user) | Q(by_id=user.pk))

    def single(self) -> InspectionQuerySet:
        """Each visit once: without the records that were joined to another."""
        return self.filter(joined_to=None)

    def chosen(
        self, *, by: Any, mine: bool | None = None, region: str | None = None, warning: str | None = None, joined: bool = False,
        **asked: Any,
    ) -> InspectionQuerySet:  # fmt: skip
        """The rows that the parameters of a list ask for, by their names in the contract; `by` is who asks."""
        rows = self.filter(**{VISITS_ASKED[name]: value for name, value in asked.items()})
        rows = rows if joined else rows.single()
        rows = rows if mine is None else rows.filter(made_by(by)) if mine else rows.exclude(made_by(by))
        rows = rows.filter(inside(region)) if region else rows
        return rows.filter(remarked(warning)) if warning else rows

    def to_show(self) -> InspectionQuerySet:
        """What an answer needs, and nothing more of the unit than its name."""
        return located(self.select_related("enterprise").only(*SHOWN, "enterprise__name"))

    def as_rows(self) -> QuerySet:
        """The same for a list, as named tuples."""
        return named_rows(self, *SHOWN)


def made_by(user: Any) -> Q:
    """By this person or with them; that there are companions lets the index of them serve."""
    return Q(by_id=user.pk) | Q(companions__contains=[user.pk]) & ~Q(companions=[])


class TaskQuerySet(QuerySet):
    def visible_to(self, user: Any) -> TaskQuerySet:
        """Those who make visits see their own; offices see their jurisdiction's. No unit reads that nobody will announce a visit to it."""
        mine = Q(assignees__contains=[user.pk])
        rows = self.filter(mine if user.role == Role.INSPECTOR else mine | scope_of(user))
        return rows.exclude(AHEAD_OF_NOTICE) if user.role in ENTERPRISE else rows

    def to_make(self) -> TaskQuerySet:
        return self.filter(done_by=None, cancelled_on=None)

    def with_names(self) -> TaskQuerySet:
        """Of those who are to make them, in their order; of ended accounts too."""
        one_of = Func(
            F("pk"), OuterRef("assignees"), template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
        )  # fmt: skip
        place = Func(OuterRef("assignees"), F("pk"), function="array_position")
        people = User.objects.filter(one_of).alias(place=place).order_by("place")
        return self.annotate(assignee_names=ArraySubquery(people.values("name")))

    def overdue(self, *, on: date, is_so: bool = True) -> TaskQuerySet:
        """Not made, and its last day has passed."""
        late = Q(done_by=None, cancelled_on=None, due_on__lt=on)
        return self.filter(late) if is_so else self.exclude(late)

    def chosen(
        self, *, by: Any, on: date, region: str | None = None, done: bool | None = None, cancelled: bool | None = None,
        open: bool | None = None, overdue: bool | None = None, mine: bool | None = None, waiting_for: str | None = None, **asked: Any,
    ) -> TaskQuerySet:  # fmt: skip
        """The rows that the parameters of a list ask for, by their names in the contract; `by` is who asks. Those to make, unless asked
        for what was made or cancelled."""
        rows = self.filter(**{TASKS_ASKED[name]: value for name, value in asked.items()}).standing(
            done, cancelled, open
        )
        mine = True if waiting_for else mine
        given = Q(assignees__contains=[by.pk])
        rows = rows if mine is None else rows.filter(given) if mine else rows.exclude(given)
        rows = rows if overdue is None else rows.overdue(on=on, is_so=overdue)
        return rows.filter(inside(region)) if region else rows

    def standing(self, done: bool | None, cancelled: bool | None, open: bool | None) -> TaskQuerySet:
        if open is False:
            return self.exclude(done_by=None, cancelled_on=None)
        rows = self if done is None else self.exclude(done_by=None) if done else self.filter(done_by=None)
        rows = (
            rows
            if cancelled is None
            else rows.exclude(cancelled_on=None)
            if cancelled
            else rows.filter(cancelled_on=None)
        )
        return rows if done or cancelled else rows.to_make()
