"""Reading kept figures, notices and standards, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from geo.codes import whole
from reference.terms import Standard
from safety_api.known import KnownQuerySet
from safety_api.permissions import coded, inside, scope_of, within


class RevisionQuerySet(QuerySet):
    def concerning(self, prefix: str) -> RevisionQuerySet:
        """Revisions of figures of a county or a township of it; of all within a city or a province."""
        rows = self.filter(counties__contains=[prefix[:6]]) if len(prefix) >= 6 else self
        return rows.filter(changes__townships__has_key=whole(prefix[:9])) if len(prefix) >= 9 else rows


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
        return rows.filter(~Exists(later))

    def stands(self) -> MarkQuerySet:
        """The last assessment of each sheet and standard, whatever its day."""
        return self.filter(known_to=None).filter(~Exists(self._later(None)))

    def _later(self, known_on: datetime | None) -> QuerySet:
        known = self.model._default_manager.all().known(known_on)  # type: ignore[attr-defined]
        return known.filter(sheet=OuterRef("sheet"), standard=OuterRef("standard"), held_on__gt=OuterRef("held_on"))

    def nine_passed(self, column: str = "sheet") -> QuerySet:
        """Of the rows that stood: the sheets, or their units or villages, of which all nine are passed."""
        passed = self.filter(passed=True).order_by().values(column)
        return passed.annotate(n=Count("pk")).filter(n=len(Standard)).values(column)


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
            rows = rows.filter(coded(region, "village") | inside(region, "enterprise__region_code"))
        if accepted is None:
            return rows
        marks = apps.get_model("zero_accident", "StandardMark").objects
        whole = Exists(marks.stands().filter(sheet=OuterRef("pk")).nine_passed())
        return rows.filter(whole if accepted else ~whole)
