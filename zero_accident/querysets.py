"""Reading accidents and kept figures, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from geo.codes import whole
from safety_api.permissions import inside, nothing, scope_of
from safety_api.roles import Role
from zero_accident.rules.policy import STANDARDS

Key = TypeVar("Key")


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def within(prefixes: Iterable[str] | None, column: str = "region_code") -> Q:
    """Rows in any of these places; everywhere when None."""
    if prefixes is None:
        return Q()
    found = Q()
    for prefix in filter(None, prefixes):
        found |= inside(prefix, column)
    return found or nothing()


MOST_KEYS = 10_000  # of one statement: it takes no more than 65,535 parameters


def in_parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """For `pk__in`: a province has more keys than a statement takes."""
    known = list(keys)
    return (known[at : at + MOST_KEYS] for at in range(0, len(known), MOST_KEYS))


def among(column: str, keys: Iterable[UUID]) -> Q:
    """Rows whose UUID in `column` is one of these, however many: they are one parameter."""
    return Q(**{f"{column}__in": RawSQL("SELECT unnest(%s::uuid[])", [list(keys)])})


class AccidentQuerySet(QuerySet):
    def visible_to(self, user: Any) -> AccidentQuerySet:
        """Jurisdiction; a unit's own; of the office also what one has reported oneself: a transfer strands nothing."""
        if user.role == Role.ENTERPRISE_OFFICER:
            return self.of_unit(user.enterprise_id) if user.enterprise_id else self.none()
        scope = scope_of(user, unit=None)
        return self.filter(scope if scope == nothing() else scope | Q(reported_by=user.pk))

    def single(self) -> AccidentQuerySet:
        """Each accident once: without the records that were joined to another."""
        return self.filter(joined_to=None)

    def in_year(self, year: int) -> AccidentQuerySet:
        return self.filter(occurred_at__gte=midnight(date(year, 1, 1)), occurred_at__lt=midnight(date(year + 1, 1, 1)))

    def of_unit(self, enterprise: UUID) -> AccidentQuerySet:
        """In which it has a part, as we know now."""
        parts = apps.get_model("zero_accident", "AccidentUnit").objects.known().filter(enterprise=enterprise)
        return self.filter(pk__in=parts.values("accident"))

    def chosen(
        self, *, region: str | None = None, year: int | None = None, occurred_from: datetime | None = None,
        occurred_before: datetime | None = None, enterprise: UUID | None = None, sector: str | None = None,
        joined: bool = False, **equal: Any,
    ) -> AccidentQuerySet:  # fmt: skip
        """What a list or a map is asked for; `equal`: kind, category, nature, grade, stat_status. Records joined to
        another are left out unless asked for.
        """
        rows = self.filter(**{name: value for name, value in equal.items() if value})
        rows = rows if joined else rows.single()
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(sector_id=sector) if sector else rows
        rows = rows.in_year(year) if year else rows
        rows = rows.filter(occurred_at__gte=occurred_from) if occurred_from else rows
        rows = rows.filter(occurred_at__lt=occurred_before) if occurred_before else rows
        return rows.of_unit(enterprise) if enterprise else rows

    def behind(
        self, *, in_statistics: bool | None = None, finding: str | None = None, effect: str | None = None,
        policy: str | None = None, region: str | None = None,
    ) -> AccidentQuerySet:  # fmt: skip
        """Those a figure is made of: counted in statistics; with a finding of this kind in force; that break somebody, or
        propose a veto, under a policy, and count in `region`.
        """
        rows = self if in_statistics is None else self.filter(in_statistics=in_statistics)
        if finding:
            found = apps.get_model("zero_accident", "Finding").objects.in_force().filter(kind=finding)
            rows = rows.exclude(stat_status="written_off").filter(pk__in=found.values("accident"))
        if effect:
            effects = apps.get_model("zero_accident", "AccidentEffect").objects.filter(**{effect: True})
            effects = effects.filter(policy=policy) if policy else effects
            effects = effects.filter(inside(region)) if region else effects
            rows = rows.filter(pk__in=effects.values("accident"))
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


class ReminderQuerySet(QuerySet):
    def visible_to(self, user: Any) -> ReminderQuerySet:
        """Addressed to the person's role, of accidents in the person's jurisdiction."""
        return self.filter(roles__contains=[user.role], leg__accident__in=_accidents().visible_to(user))


class FindingQuerySet(QuerySet):
    def in_force(self) -> FindingQuerySet:
        """Neither taken back nor itself the taking back of another."""
        return self.filter(revokes=None, revoked_by=None)


class TwinQuerySet(QuerySet):
    def visible_to(self, user: Any) -> TwinQuerySet:
        """Only when both records are the person's to see."""
        mine = _accidents().visible_to(user)
        return self.filter(first__in=mine, second__in=mine)

    def of(self, accident: UUID) -> TwinQuerySet:
        return self.filter(Q(first=accident) | Q(second=accident))


class RevisionQuerySet(QuerySet):
    def concerning(self, prefix: str) -> RevisionQuerySet:
        """Revisions of figures of a county or a township of it; of all within a city or a province."""
        rows = self.filter(counties__contains=[prefix[:6]]) if len(prefix) >= 6 else self
        return rows.filter(changes__townships__has_key=whole(prefix[:9])) if len(prefix) >= 9 else rows


class NoticeQuerySet(QuerySet):
    def visible_to(self, user: Any) -> NoticeQuerySet:
        """Of the townships of the person's jurisdiction."""
        return self.filter(inside(user.region, "township")) if user.region else self.none()

    def seen(self, is_so: bool = True) -> NoticeQuerySet:
        return self.exclude(seen_at=None) if is_so else self.filter(seen_at=None)


def _accidents() -> Any:
    return apps.get_model("zero_accident", "Accident").objects


class KnownQuerySet(QuerySet):
    def known(self, on: datetime | None = None) -> KnownQuerySet:
        """What we held true at that moment; now when none is given."""
        if on is None:
            return self.filter(known_to=None)
        return self.filter(Q(known_to=None) | Q(known_to__gt=on), known_from__lte=on)


class PlacedQuerySet(QuerySet):
    def of(self, policy: str, year: int) -> PlacedQuerySet:
        return self.filter(policy=policy, year=year)

    def within(self, prefixes: Iterable[str] | None, column: str = "region_code") -> PlacedQuerySet:
        return self.filter(within(prefixes, column))


# --- the nine standards ----------------------------------------------------------------------------------------------
class MarkQuerySet(KnownQuerySet):
    def stood(self, year: int, day: date, known_on: datetime | None = None) -> MarkQuerySet:
        """One row a sheet and standard: the last assessment for the year until that day. On the year's last day also
        what was assessed later, for the year that was over.
        """
        rows, later = self.known(known_on).filter(sheet__year=year), self._later(known_on)
        if day < date(year, 12, 31):
            rows, later = rows.filter(held_on__lte=day), later.filter(held_on__lte=day)
        return rows.filter(~Exists(later))  # type: ignore[return-value]

    def stands(self) -> MarkQuerySet:
        """The last assessment of each sheet and standard, whatever its day."""
        return self.filter(known_to=None).filter(~Exists(self._later(None)))

    def _later(self, known_on: datetime | None) -> QuerySet:
        known = self.model._default_manager.all().known(known_on)  # type: ignore[attr-defined]
        return known.filter(sheet=OuterRef("sheet"), standard=OuterRef("standard"), held_on__gt=OuterRef("held_on"))

    def nine_passed(self, column: str = "sheet") -> QuerySet:
        """Of the rows that stood: the sheets, or their units or villages, of which all nine are passed."""
        passed = self.filter(passed=True).order_by().values(column)
        return passed.annotate(n=Count("pk")).filter(n=len(STANDARDS)).values(column)


class SheetQuerySet(QuerySet):
    def visible_to(self, user: Any) -> SheetQuerySet:
        """Villages of one's jurisdiction, and units that one may see."""
        units = apps.get_model("enterprises", "Enterprise").objects.visible_to(user)
        villages = scope_of(user, region="village", sector=None, unit=None)
        return self.filter(Q(subject="village") & villages | Q(enterprise__in=units.values("pk")))

    def chosen(
        self, *, year: int | None = None, region: str | None = None, accepted: bool | None = None, **equal: Any
    ) -> SheetQuerySet:
        """What the list is asked for; `equal`: subject, village, enterprise. Accepted by what stands now."""
        rows = self.filter(**{name: value for name, value in equal.items() if value})
        rows = rows.filter(year=year) if year else rows
        if region:
            rows = rows.filter(inside(region, "village") | inside(region, "enterprise__region_code"))
        if accepted is None:
            return rows
        marks = apps.get_model("zero_accident", "StandardMark").objects
        whole = Exists(marks.stands().filter(sheet=OuterRef("pk")).nine_passed())
        return rows.filter(whole if accepted else ~whole)
