"""Reading accidents, in the words of the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from safety_api.days import during
from safety_api.permissions import inside, nothing, scope_of
from safety_api.roles import Role


class AccidentQuerySet(QuerySet):
    def visible_to(self, user: Any) -> AccidentQuerySet:
        """Jurisdiction; a unit's own; of the office also what one has reported oneself: a transfer strands nothing."""
        if user.role == Role.ENTERPRISE_OFFICER:
            return self.of_unit(user.enterprise_id) if user.enterprise_id else self.none()
        scope = scope_of(user, unit=None)
        return self.filter(scope if scope == nothing() else scope | Q(reported_by=user.pk))

    def sent_by_or_visible_to(self, user: Any) -> AccidentQuerySet:
        """And whatever one has sent oneself, also of a unit that turned out to have no part in it."""
        return self.filter(Q(pk__in=self.visible_to(user).values("pk")) | Q(reported_by=user.pk))

    def single(self) -> AccidentQuerySet:
        """Each accident once: without the records that were joined to another."""
        return self.filter(joined_to=None)

    def in_year(self, year: int) -> AccidentQuerySet:
        return self.filter(during("occurred_at", date(year, 1, 1), date(year, 12, 31)))

    def of_unit(self, enterprise: UUID) -> AccidentQuerySet:
        """In which it has a part, as we know now."""
        parts = apps.get_model("accidents", "AccidentUnit").objects.known().filter(enterprise=enterprise)
        return self.filter(pk__in=parts.values("accident"))

    def chosen(
        self, *, region: str | None = None, year: int | None = None, occurred_from: datetime | None = None,
        occurred_before: datetime | None = None, received_since: datetime | None = None, received_before: datetime | None = None,
        enterprise: UUID | None = None, sector: str | None = None,
        joined: bool = False, **equal: Any,
    ) -> AccidentQuerySet:  # fmt: skip
        """What a list or a map is asked for; `equal`: kind, and any of several categories, natures, grades, statuses.
        Records joined to another are left out unless asked for.
        """
        several = {name: f"{name}__in" for name in ("category", "nature", "grade", "stat_status")}
        rows = self.filter(**{several.get(name, name): value for name, value in equal.items() if value})
        rows = rows if joined else rows.single()
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(sector_id=sector) if sector else rows
        rows = rows.in_year(year) if year else rows
        rows = rows.filter(occurred_at__gte=occurred_from) if occurred_from else rows
        rows = rows.filter(occurred_at__lt=occurred_before) if occurred_before else rows
        rows = rows.filter(received_at__gte=received_since) if received_since else rows
        rows = rows.filter(received_at__lt=received_before) if received_before else rows
        return rows.of_unit(enterprise) if enterprise else rows

    def open(self, is_so: bool = True) -> AccidentQuerySet:
        """The bureau has not yet said what it is."""
        undecided = Q(nature="undetermined") | Q(stat_status="provisional")
        return self.filter(undecided) if is_so else self.exclude(undecided)

    def mine(self, user: Any, is_so: bool = True) -> AccidentQuerySet:
        return self.filter(reported_by=user.pk) if is_so else self.exclude(reported_by=user.pk)

    def behind(self, *, in_statistics: bool | None = None, finding: str | None = None) -> AccidentQuerySet:
        """Those a figure is made of: counted in statistics; with a finding of this kind in force."""
        rows = self if in_statistics is None else self.filter(in_statistics=in_statistics)
        if finding:
            found = apps.get_model("accidents", "Finding").objects.in_force().filter(kind=finding)
            rows = rows.exclude(stat_status="written_off").filter(pk__in=found.values("accident"))
        return rows


class LegQuerySet(QuerySet):
    def visible_to(self, user: Any) -> LegQuerySet:
        """With their accidents."""
        return self.filter(accident__in=_accidents().visible_to(user))

    def owed(self) -> LegQuerySet:
        return self.filter(sent_at=None, void_at=None)

    def overdue(self, at: datetime) -> LegQuerySet:
        """The very moment of the limit is in time."""
        return self.owed().filter(due_at__lt=at)

    def in_time(self, at: datetime) -> LegQuerySet:
        return self.owed().filter(due_at__gte=at)

    def chosen(self, *, region: str | None = None, accident: UUID | None = None, **equal: Any) -> LegQuerySet:
        """`equal`: level, to, code, warning."""
        rows = self.filter(**{name: value for name, value in equal.items() if value not in (None, "")})
        rows = rows.filter(accident=accident) if accident else rows
        return rows.filter(inside(region, "accident__region_code")) if region else rows


class FindingQuerySet(QuerySet):
    def in_force(self) -> FindingQuerySet:
        """Neither taken back nor itself the taking back of another."""
        return self.filter(revokes=None, revoked_by=None)


class DuplicateQuerySet(QuerySet):
    def visible_to(self, user: Any) -> DuplicateQuerySet:
        """Only when both records are the person's to see."""
        mine = _accidents().visible_to(user)
        return self.filter(first__in=mine, second__in=mine)

    def of(self, accident: UUID) -> DuplicateQuerySet:
        return self.filter(Q(first=accident) | Q(second=accident))


def _accidents() -> Any:
    return apps.get_model("accidents", "Accident").objects
