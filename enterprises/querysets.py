"""Reading units, sites, conditions and stated facts, in domain words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateField, F, FloatField, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Left

from enterprises.kinds import Status
from geo.querysets import located
from safety_api.known import KnownQuerySet
from safety_api.permissions import inside, scope_of
from safety_api.roles import Role
from safety_api.search import saying


# --- orders: an index has each of these as it stands here, without a parameter ------------------------------------------
def last_visit_key() -> Func:
    """The day of the last visit; of a unit that nobody ever visited a day before all others."""
    return Func(F("last_visit_on"), template="COALESCE(%(expressions)s, DATE '0001-01-01')", output_field=DateField())


def risk_rank() -> Func:
    """1 red to 4 blue, 5 where no risk was assessed."""
    words = (
        "CASE %(expressions)s WHEN 'red' THEN 1 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 3 WHEN 'blue' THEN 4 ELSE 5 END"
    )
    return Func(F("risk_colour"), template=words, output_field=IntegerField())


def on_the_globe() -> Func:
    return Func(F("point"), template="(%(expressions)s::geography)")


def metres_from(lon: float, lat: float) -> RawSQL:
    """How far a unit's point is, on the globe; the index `enterprise_near` gives them in this order."""
    words = '"enterprises_enterprise"."point"::geography <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography'
    return RawSQL(words, (lon, lat), output_field=FloatField())  # noqa: S611 - our own words, the numbers are parameters


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


UNITS_ASKED = {  # parameter → what must hold of the row
    "type": "unit_type", "status": "status__in", "class": "supervision_class__in", "risk_colour": "risk_colour__in",
    "last_visit_from": "last_visit_on__gte", "last_visit_before": "last_visit_on__lt",
}  # fmt: skip


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

    def chosen(
        self, *, region: str | None = None, sector: str | None = None, never_visited: bool | None = None, **asked: Any
    ) -> EnterpriseQuerySet:
        """The rows that the parameters of a list or a map ask for, by their names in the contract."""
        rows = self.filter(**{UNITS_ASKED[name]: value for name, value in asked.items()})
        rows = rows.in_sector(sector) if sector else rows
        rows = rows if never_visited is None else rows.filter(last_visit_on__isnull=never_visited)
        return rows.within(region) if region else rows

    def near(self, lon: float, lat: float) -> EnterpriseQuerySet:
        """With their `distance` in metres; those whose place is not known are not near anything."""
        return self.filter(point__isnull=False).annotate(distance=metres_from(lon, lat))

    def bulk_create(self, objs: Any, *args: Any, **options: Any):
        """As ever, with the search columns filled in."""
        units = list(objs)
        for unit in units:
            unit.spell()
        return super().bulk_create(units, *args, **options)


SITES_ASKED = {"kind": "kind__in", "enterprise": "enterprise_id", "sector": "sector_id"}


class SiteQuerySet(Placed):
    def visible_to(self, user) -> SiteQuerySet:
        return self.filter(scope_of(user))

    def open(self, *, on: date, is_so: bool = True) -> SiteQuerySet:
        here = Q(opened_on=None) | Q(opened_on__lte=on)
        here &= Q(closed_on=None) | Q(closed_on__gt=on)
        return self.filter(here) if is_so else self.exclude(here)

    def saying(self, words: str) -> SiteQuerySet:
        """By name, place, the unit's name, pinyin or its initials."""
        return saying(self, "site", words)

    def chosen(
        self, *, on: date, region: str | None = None, q: str = "", open: bool | None = None, **asked: Any
    ) -> SiteQuerySet:
        """The rows that the parameters of a list ask for, by their names in the contract."""
        rows = self.filter(**{SITES_ASKED[name]: value for name, value in asked.items()})
        rows = rows if open is None else rows.open(on=on, is_so=open)
        rows = rows.within(region) if region else rows
        return rows.saying(q) if q else rows


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
