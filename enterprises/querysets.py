"""Reading units, sites, conditions and stated facts, in domain words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Left

from enterprises.kinds import Status
from geo.querysets import located
from safety_api.known import KnownQuerySet
from safety_api.permissions import inside, scope_of
from safety_api.roles import Role
from safety_api.search import saying


class Placed(QuerySet):
    """Rows with a `region_code`."""

    def within(self, prefix: str):
        return self.filter(inside(prefix))

    def named_places(self):
        """`region_name` and `township_name` as they are called today, in the same query."""
        regions = apps.get_model("geo", "Region").objects
        township = Concat(Left(OuterRef("region_code"), 9), Value("000"))
        return self.annotate(
            region_name=Subquery(regions.filter(code=OuterRef("region_code")).values("name")[:1]),
            township_name=Subquery(regions.filter(code=township).values("name")[:1]),
        )


def named_rows(rows: Any, *names: str) -> Any:
    """What happened at units, as named tuples: these fields, the key, the point's numbers, and `enterprise_name`."""
    named = located(rows).annotate(enterprise_name=F("enterprise__name"))
    return named.values_list("id", *names, "wgs_lon", "wgs_lat", "enterprise_name", named=True)


class EnterpriseQuerySet(Placed):
    def visible_to(self, user) -> EnterpriseQuerySet:
        """Jurisdiction; of an officer with sectors also the units for which one of them is a further sector."""
        rows = self.filter(scope_of(user, sector=None, unit="pk"))
        if user.role == Role.ENTERPRISE_OFFICER or not user.sectors:
            return rows
        return rows.filter(Q(sector_id__in=user.sectors) | Q(sectors__overlap=user.sectors))

    def in_sector(self, code: str) -> EnterpriseQuerySet:
        return self.filter(Q(sector_id=code) | Q(sectors__contains=[code]))

    def saying(self, words: str) -> EnterpriseQuerySet:
        """By name, place, credit code, pinyin or its initials."""
        return saying(self, "enterprise", words)

    def bulk_create(self, objs: Any, *args: Any, **options: Any):
        """As ever, with the search columns filled in."""
        units = list(objs)
        for unit in units:
            unit.spell()
        return super().bulk_create(units, *args, **options)


class SiteQuerySet(Placed):
    def visible_to(self, user) -> SiteQuerySet:
        return self.filter(scope_of(user))

    def open(self, *, on: date) -> SiteQuerySet:
        return self.filter(Q(opened_on=None) | Q(opened_on__lte=on), Q(closed_on=None) | Q(closed_on__gt=on))


class Held(KnownQuerySet):
    """What holds of a unit from a day on, as we knew."""

    def begun(self, day: date):
        return self.filter(held_from__lte=day)


class ConditionQuerySet(Held):
    def as_of(self, day: date, known_on: datetime | None = None) -> ConditionQuerySet:
        """One row a unit: its condition on that day. Half-open: the day of a change belongs to the new condition."""
        return self.known(known_on).begun(day).filter(Q(held_to=None) | Q(held_to__gt=day))

    def in_business(self) -> ConditionQuerySet:
        return self.exclude(status=Status.CLOSED)

    def within(self, prefix: str) -> ConditionQuerySet:
        return self.filter(inside(prefix))


class StatedQuerySet(Held):
    def as_of(self, day: date, known_on: datetime | None = None) -> StatedQuerySet:
        """What held on that day, its first and last day included."""
        return self.known(known_on).begun(day).filter(Q(held_to=None) | Q(held_to__gte=day))


class PaperQuerySet(StatedQuerySet):
    """Certificates and licences: what an authority took away before the day does not hold on it."""

    def as_of(self, day: date, known_on: datetime | None = None) -> PaperQuerySet:
        held = super().as_of(day, known_on)
        return held.filter(Q(state="valid") | Q(state_on__gt=day))  # type: ignore[return-value]

    def ending(self, first: date, last: date) -> PaperQuerySet:
        """Running out between two days, both included."""
        return self.known().filter(state="valid", held_to__range=(first, last)).order_by(F("held_to"))
