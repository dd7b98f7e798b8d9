"""Reading the year's records, in the words of the office: whose they are, and what is published to whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.yearly.states import EntryState, PartyKind, PatrolState, SheetState, VetoState
from safety_api.permissions import coded, inside, nothing
from safety_api.roles import ASSESSORS, TOWNSHIP, Role


def own(user: Any) -> Q:
    """Rows of the party that the person belongs to."""
    if user.role in TOWNSHIP and len(user.region) >= 9:
        return Q(party_kind=PartyKind.TOWNSHIP) & coded(user.region[:9], "party")
    if user.role == Role.DEPARTMENT_OFFICER and user.department_id:
        return Q(party_kind=PartyKind.DEPARTMENT, party=user.department_id)
    return nothing()


def of_county(user: Any) -> Q:
    """Rows of the county, or of all counties of a wider jurisdiction; their region is the county's own code."""
    return inside(user.region[:6]) if user.region else nothing()


class PartyQuerySet(QuerySet):
    """Rows of a party: whoever keeps them sees all of the county, the party its own, and each what is published."""

    published = Q()

    def visible_to(self, user: Any) -> Any:
        if user.role in ASSESSORS:
            return self.filter(of_county(user))
        if user.role in TOWNSHIP or user.role == Role.DEPARTMENT_OFFICER:
            return self.filter(of_county(user), own(user) | self.published)
        return self.filter(nothing())

    def chosen(self, *, year: int | None = None, party_kind: str | None = None, region: str | None = None,
               department: str | None = None, state: str | None = None, **equal: Any) -> Any:  # fmt: skip
        """`region`: a county, or a township as the party."""
        rows = self.filter(**{name: value for name, value in equal.items() if value is not None})
        rows = rows.filter(year=year) if year else rows
        rows = rows.filter(party_kind=party_kind) if party_kind else rows
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(party_kind=PartyKind.DEPARTMENT, party=department) if department else rows
        return rows.of_place(region) if region else rows

    def of_place(self, prefix: str) -> Any:
        if len(prefix) <= 6:
            return self.filter(inside(prefix))
        return self.filter(Q(party_kind=PartyKind.TOWNSHIP) & coded(prefix, "party"))


class SheetQuerySet(PartyQuerySet):
    published = Q(state=SheetState.CONFIRMED)

    def of(self, county: str, year: int) -> SheetQuerySet:
        return self.filter(region_code=county, year=year)

    def current(self) -> SheetQuerySet:
        """What stands, and what is in work: without revisions that a later confirmed one replaced."""
        same = {name: OuterRef(name) for name in ("region_code", "year", "party_kind", "party")}
        later = self.model._default_manager.filter(state=SheetState.CONFIRMED, number__gt=OuterRef("number"), **same)
        return self.filter(~Exists(later))


class VetoQuerySet(PartyQuerySet):
    published = Q(state__in=[VetoState.CONFIRMED, VetoState.LIFTED])

    def in_force(self) -> VetoQuerySet:
        return self.filter(state=VetoState.CONFIRMED)

    def undecided(self) -> VetoQuerySet:
        return self.filter(state=VetoState.PROPOSED)


class PatrolQuerySet(QuerySet):
    def visible_to(self, user: Any) -> PatrolQuerySet:
        """A list that is not yet fixed is for those who make it."""
        if user.role in ASSESSORS:
            return self.filter(of_county(user))
        if user.role in TOWNSHIP or user.role == Role.DEPARTMENT_OFFICER:
            return self.filter(of_county(user), state=PatrolState.FIXED)
        return self.filter(nothing())


class EntryQuerySet(QuerySet):
    def listed(self) -> EntryQuerySet:
        return self.filter(state=EntryState.CONFIRMED)


class DisasterQuerySet(QuerySet):
    def visible_to(self, user: Any) -> DisasterQuerySet:
        return self.filter(inside(user.region)) if user.region else self.filter(nothing())

    def standing(self) -> DisasterQuerySet:
        """Without what was entered in error."""
        return self.filter(voided_at=None)

    def in_year(self, year: int) -> DisasterQuerySet:
        return self.filter(happened_on__range=(date(year, 1, 1), date(year, 12, 31)))

    def chosen(self, *, year: int | None = None, region: str | None = None) -> DisasterQuerySet:
        rows = self.in_year(year) if year else self
        return rows.filter(inside(region)) if region else rows
