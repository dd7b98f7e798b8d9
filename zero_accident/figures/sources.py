"""Where the figures are read from: the tables, as we know now. `recall.FactsAsKnown` reads them as we knew at a moment.

One place for every query that `working_out.work_out` makes, so there is one way in which figures are made and two in
which facts are remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Left

from enterprises.models import Condition
from geo.models import Region, RegionSuccession
from hazards.models import Hazard
from hazards.querysets import was_on_time
from hazards.states import ENDED, State
from safety_api.parts import among
from safety_api.permissions import within
from zero_accident.models import AccidentEffect, Break, StandardMark

if TYPE_CHECKING:
    from zero_accident.figures.periods import Period
    from zero_accident.figures.places import Places

BreakLine = tuple[date, UUID, bool]  # day, accident, provisional
# Nobody's failure: ended otherwise than by being put right, or told to no unit yet.
NO_FAILURE = [*sorted(ENDED - {State.CLOSED}), State.DRAFT, State.REPORTED]


@dataclass(frozen=True)
class BreakReason:
    """Why an accident broke a village or a unit: the line of the policy, how it is charged, and the sentence."""

    line: str
    attribution: str
    reason: str


@dataclass(frozen=True)
class RankImpact:
    """What a breaking accident weighs in a ranking."""

    deaths: int
    veto: bool


class CurrentFacts:
    """As we know now."""

    moment: datetime | None = None  # what we knew then; None is now

    # --- places
    def regions(self, of: Period, prefixes: Iterable[str] | None) -> Iterable[tuple[str, str, str, bool]]:
        """Townships and villages of the list of the day: code, name, level, virtual; in order of code."""
        listed = Region.objects.on(of.as_of).filter(level__in=("township", "village")).filter(within(prefixes, "code"))
        return listed.order_by("code").values_list("code", "name", "level", "virtual")

    def successions(self, of: Period, *, whole_history: bool = False) -> set[tuple[str, str, date]]:
        """What became of places. Of villages those within the period (an accident lies in a village of its own day);
        of townships, and of villages that went to another township, all with what they came from: a unit keeps its
        code.
        """
        known = self._successions().filter(on__lte=of.as_of).exclude(successor=None)
        moved = ~Q(predecessor__startswith=Left("successor", 9))
        rows = known if whole_history else known.filter(Q(on__gte=of.start) | Q(predecessor__endswith="000") | moved)
        found = set(rows.values_list("predecessor", "successor", "on"))
        ahead = {before for before, after, _ in found if before[:9] != after[:9]}
        while ahead:
            more = set(known.filter(successor__in=ahead).values_list("predecessor", "successor", "on")) - found
            found |= more
            ahead = {before for before, *_ in more}
        return found

    def listed(self, of: Period, codes: Collection[str]) -> set[str]:
        """Those of the codes that are on the list of the day."""
        if not codes:
            return set()
        return set(Region.objects.on(of.as_of).filter(code__in=codes).values_list("code", flat=True))

    def _successions(self) -> QuerySet:
        return RegionSuccession.objects.all()

    # --- units
    def conditions(self, of: Period) -> Any:
        """One row a unit, of the policy's types: its condition on that day."""
        return Condition.objects.as_of(of.as_of, self.moment).filter(unit_type__in=of.policy.unit_types)

    def known_conditions(self) -> Any:
        return Condition.objects.known(self.moment)

    def marks(self, of: Period) -> Any:
        """The nine standards of villages and units for the year, as they stood on that day."""
        return StandardMark.objects.stood(of.year, of.as_of, self.moment)

    def charged(self, of: Period, places: Places) -> Q:
        """Conditions of units that some accident may have broken: all of them, and perhaps more."""
        return Q(Exists(self._breaks(of).filter(enterprise=OuterRef("enterprise"))))

    # --- accidents
    def lines(self, of: Period, places: Places, column: str, where: Q) -> dict[Any, list[BreakLine]]:
        """Village or unit (`column`) → the accidents that break it; perhaps of more than `where` asks for."""
        found: dict[Any, list[BreakLine]] = defaultdict(list)
        for key, *line in self._breaks(of).filter(where).values_list(column, "occurred_on", "accident", "provisional"):
            found[key].append(tuple(line))
        return found

    def _breaks(self, of: Period) -> QuerySet:
        return Break.objects.of(of.policy.version, of.year).filter(occurred_on__lte=of.as_of)

    def effects(self, of: Period, places: Places) -> Iterable[tuple[str, int, int, int]]:
        """Place, effective deaths, number of breaking accidents, larger-and-above ones."""
        rows = self._effects(of).filter(places.rows("region_code")).values("region_code").order_by()
        sums = rows.annotate(
            dead=Sum("deaths", filter=Q(breaks=True), default=0),
            broke=Count("pk", filter=Q(breaks=True)),
            larger=Count("pk", filter=Q(veto=True)),
        )
        return sums.values_list("region_code", "dead", "broke", "larger")

    def _effects(self, of: Period) -> QuerySet:
        return AccidentEffect.objects.of(of.policy.version, of.year).filter(occurred_on__lte=of.as_of)

    def weights(self, of: Period, accidents: Iterable[UUID]) -> dict[UUID, RankImpact]:
        rows = self._effects(of).filter(among("accident", accidents)).values_list("accident", "deaths", "veto")
        return {accident: RankImpact(deaths, veto) for accident, deaths, veto in rows}

    def because(self, of: Period, accidents: Collection[UUID]) -> dict[tuple[UUID, str], BreakReason]:
        """(accident, unit or "" for its village) → why."""
        rows = self._breaks(of).filter(among("accident", accidents))
        columns = rows.values_list("accident", "enterprise", "line", "attribution", "reason")
        return {(accident, str(unit or "")): BreakReason(*why) for accident, unit, *why in columns}

    # --- hazards
    def hazards(self, of: Period, where: Q, moved: Collection[str] = ()) -> Iterable[tuple[str, int, int]]:
        """Township prefix (of the villages `moved` their own code), hazards that fell due in the year to that day, those of them closed in time.

        In time (hazards.rules.closed_on_time): review asked for by the deadline and passed, or closed by then, and not
        overdue before a later deadline was granted (DOMAIN, corrections to 3.7). One still open has fallen due when
        its day is over, unless its review was asked for in time: how late that comes is the authority's own affair.
        What is only reported, or was rejected, voided, handed over, or lost its unit, is nobody's failure.
        """
        rows = Hazard.objects.filter(where).filter(fell_due(of)).exclude(state__in=NO_FAILURE)
        return by_town(rows, was_on_time(), moved)


def fell_due(of: Period, due_on: str = "due_on", state: str = "state", asked_on: str = "review_requested_on") -> Q:
    over = min(of.as_of + timedelta(days=1), of.today)
    in_the_year = Q(**{f"{due_on}__range": (of.start, of.as_of)})
    waits = Q(overdue_since=None, **{f"{asked_on}__isnull": False, f"{asked_on}__lte": F(due_on)})
    return in_the_year & (Q(**{state: State.CLOSED}) | Q(**{f"{due_on}__lt": over}) & ~waits)


def by_town(rows: QuerySet, in_time: Q, moved: Collection[str] = ()) -> Iterable[tuple[str, int, int]]:
    towns = rows.annotate(town=town_of(moved)).values("town").order_by()
    return towns.annotate(due=Count("pk"), in_time=Count("pk", filter=in_time)).values_list("town", "due", "in_time")


def town_of(moved: Collection[str], column: str = "region_code") -> Any:
    """The township prefix of a row; of villages that went to another township their code, so that they are kept apart
    from those that stayed.
    """
    town = Left(F(column), 9)
    return Case(When(**{f"{column}__in": sorted(moved)}, then=F(column)), default=town) if moved else town
