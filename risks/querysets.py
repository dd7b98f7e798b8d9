"""Reading risk points, assessments and self-checks, in domain words; the day is an argument."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, FloatField, Func, Q, QuerySet

from enterprises.kinds import Status
from reference.terms import LEVEL_OF, Colour
from safety_api.days import during
from safety_api.permissions import inside, scope_of
from safety_api.remarks import remarked
from safety_api.roles import Role

ASSESSMENT = (
    "id", "occasion", "methods_version", "method", "inherent", "residual", "inherent_score", "residual_score",
    "inherent_level", "residual_level", "forced_major", "measures", "control_level", "persons", "controlled",
    "assessed_on", "review_due_on", "held_from", "held_to", "recorded_at", "recorded_by_name",
)  # fmt: skip
POINT = (
    "risk_id", "risk__epoch", "risk__xid", "risk__name", "risk__place", "risk__hazard_factors", "risk__accident_types",
    "risk__status", "risk__retired_on", "risk__retired_why", "risk__site_id", "risk__created_at", "risk__is_demo",
    "risk__enterprise_id", "risk__enterprise__name", "risk__enterprise__sector_id", "risk__enterprise__region_code",
)  # fmt: skip
CHECK = (
    "id", "epoch", "xid", "content_sha256", "level", "checked_at", "checked_told_at", "clock_skew_s", "warnings", "received_at", "period_from",
    "due_on", "shift", "in_time", "points", "counted", "hazards", "note", "by_name", "is_demo", "enterprise_id", "enterprise__name",
)  # fmt: skip


def in_reach(user: Any, unit: str) -> Q:
    """Rows whose unit this person sees: the same as `Enterprise.objects.visible_to`, through the column `unit`."""
    rows = scope_of(user, region=f"{unit}__region_code", sector=None, unit=f"{unit}_id")
    if user.role == Role.ENTERPRISE_OFFICER or not user.sectors:
        return rows
    return rows & (Q(**{f"{unit}__sector_id__in": user.sectors}) | Q(**{f"{unit}__sectors__overlap": user.sectors}))


def of_units(unit: str, *, enterprise: Any = None, region: str | None = None, sector: str | None = None) -> Q:
    """What every list here may be chosen by, through the column `unit`."""
    rows = Q(**{f"{unit}_id": enterprise}) if enterprise else Q()
    rows &= inside(region, f"{unit}__region_code") if region else Q()
    if sector:
        rows &= Q(**{f"{unit}__sector_id": sector}) | Q(**{f"{unit}__sectors__contains": [sector]})
    return rows


class RiskPointQuerySet(QuerySet):
    def visible_to(self, user: Any) -> RiskPointQuerySet:
        return self.filter(in_reach(user, "enterprise"))

    def current(self) -> RiskPointQuerySet:
        return self.filter(status="current")

    def on_the_map(
        self, *, on: date, colour: str | None = None, overdue_review: bool | None = None, **of: Any
    ) -> RiskPointQuerySet:
        """Current ones of units in business, by the same words as the list."""
        rows = self.current().exclude(enterprise__status=Status.CLOSED).filter(of_units("enterprise", **of))
        rows = rows.filter(level=LEVEL_OF[Colour(colour)]) if colour else rows
        if overdue_review is None:
            return rows
        late = Q(review_due_on__lt=on)
        return rows.filter(late) if overdue_review else rows.exclude(late)


class AssessmentQuerySet(QuerySet):
    def visible_to(self, user: Any) -> AssessmentQuerySet:
        return self.filter(in_reach(user, "risk__enterprise"))

    def in_force(self, on: date | None = None) -> AssessmentQuerySet:
        """One a point: today's, or that of a day. Half-open: the day of a change belongs to the new one."""
        if on is None:
            return self.filter(held_to=None)
        return self.filter(Q(held_to=None) | Q(held_to__gt=on), held_from__lte=on)

    def on_duty(self, day: date) -> AssessmentQuerySet:
        """Under which a period that begins on this day is owed."""
        return self.filter(Q(duty_to=None) | Q(duty_to__gt=day), duty_from__lte=day)

    def chosen(
        self, *, on: date, colour: str | None = None, overdue_review: bool | None = None, **of: Any
    ) -> AssessmentQuerySet:
        rows = self.filter(of_units("risk__enterprise", **of))
        rows = rows.filter(residual_level=LEVEL_OF[Colour(colour)]) if colour else rows
        if overdue_review is None:
            return rows
        late = Q(review_due_on__lt=on)
        return rows.filter(late) if overdue_review else rows.exclude(late)

    def as_rows(self) -> QuerySet:
        """Points with their assessment, as named tuples, the place as two numbers."""
        placed = self.annotate(
            wgs_lon=Func(F("risk__point"), function="ST_X", output_field=FloatField()),
            wgs_lat=Func(F("risk__point"), function="ST_Y", output_field=FloatField()),
        )
        return placed.values_list(*ASSESSMENT, *POINT, "wgs_lon", "wgs_lat", named=True)


class SelfCheckQuerySet(QuerySet):
    def visible_to(self, user: Any) -> SelfCheckQuerySet:
        return self.filter(in_reach(user, "enterprise"))

    def chosen(
        self,
        *,
        level: str | None = None,
        since: date | None = None,
        until: date | None = None,
        warning: str | None = None,
        **of: Any,
    ) -> SelfCheckQuerySet:
        """`since` and `until` are days in county time, both included."""
        rows = self.filter(of_units("enterprise", **of))
        rows = rows.filter(level=level) if level else rows
        rows = rows.filter(remarked(warning)) if warning else rows
        return rows.filter(during("checked_at", since, until))

    def as_rows(self) -> QuerySet:
        return self.values_list(*CHECK, named=True)
