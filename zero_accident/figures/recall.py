"""What we knew at a moment: the same figures, from the facts as they were known then. Nothing here writes.

Of an accident of which nothing was learned since, the kept effects and breaks still say what we knew; every other one
is judged again by the same pure rules (`impact.assess`), from its reports, decisions, units, overrides and joinings
of then. So the cost is that of what was learned since, in the places asked for.

What has no time of knowing stands as it is: the law (a version once loaded never changes), who took over from a code
that ended (known with the list it belongs to), and the day on which a unit opened, where a policy asks for its age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accidents.models import Accident, AccidentReport, AccidentUnit, Decision, Joining
from enterprises.models import Condition
from geo.codes import level_of
from geo.models import RegionEdition, RegionVersion
from geo.rules import is_virtual
from hazards.models import Hazard, HazardStep
from hazards.querysets import was_on_time
from hazards.states import State
from reference.terms import AccidentKind
from safety_api.days import day_over, during
from safety_api.parts import among, in_parts
from safety_api.permissions import within
from zero_accident.attribution import facts as attribution
from zero_accident.figures import impact
from zero_accident.figures.periods import Period
from zero_accident.figures.places import Places
from zero_accident.figures.sources import (
    NO_FAILURE,
    BreakLine,
    BreakReason,
    CurrentFacts,
    RankImpact,
    by_town,
    fell_due,
)
from zero_accident.figures.tables import BreakKey, BreakSays, EffectSays
from zero_accident.models import AttributionOverride
from zero_accident.rules import AttributedAccident

BATCH = 2000


@dataclass
class EffectsAsKnown:
    """What accidents did to places as we knew it then, of those of which more was learned since (`later`)."""

    later: set[UUID] = field(default_factory=set)
    effects: dict[UUID, EffectSays] = field(default_factory=dict)
    breaks: dict[BreakKey, BreakSays] = field(default_factory=dict)


class FactsAsKnown(CurrentFacts):
    """One recollection answers one question: what it has found out of a year and its places it keeps."""

    moment: datetime

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self._then: EffectsAsKnown | None = None

    def then(self, of: Period, places: Places) -> EffectsAsKnown:
        if self._then is None:
            self._then = effects_as_known(self.moment, of, places)
        return self._then

    # --- places
    def regions(self, of: Period, prefixes: Iterable[str] | None) -> Iterable[tuple[str, str, str, bool]]:
        """The list as our books had it, which are two-timed; before the day of the first list, as that day left it:
        a list is public, and is no news of ours.
        """
        if self._books_at is None:
            return super().regions(of, prefixes)
        rows = RegionVersion.objects.known(self._books_at).on(of.as_of).filter(within(prefixes, "code"))
        named = ((code, name, level_of(code)) for code, name in rows.order_by("code").values_list("code", "name"))
        return (
            (code, name, level, is_virtual(name)) for code, name, level in named if level in ("township", "village")
        )

    def listed(self, of: Period, codes: Collection[str]) -> set[str]:
        if not codes or self._books_at is None:
            return super().listed(of, codes)
        rows = RegionVersion.objects.known(self._books_at).on(of.as_of).filter(code__in=codes)
        return set(rows.values_list("code", flat=True))

    def _successions(self) -> QuerySet:
        rows = super()._successions()
        if self._books_at is None:
            return rows
        return rows.filter(edition__in=RegionEdition.objects.filter(loaded_at__lte=self._books_at).values("label"))

    @cached_property
    def _books_at(self) -> datetime | None:
        """None when no list came since."""
        found = RegionEdition.objects.aggregate(first=Min("loaded_at"), last=Max("loaded_at"))
        if found["first"] is None:
            return None
        at = max(self.moment, day_over(timezone.localdate(found["first"])))
        return at if at < found["last"] else None

    # --- units
    def charged(self, of: Period, places: Places) -> Q:
        units = {key.enterprise_id for key in self.then(of, places).breaks if key.enterprise_id}
        return super().charged(of, places) | among("enterprise", units)

    # --- accidents
    def lines(self, of: Period, places: Places, column: str, where: Q) -> dict[Any, list[BreakLine]]:
        then = self.then(of, places)
        found: dict[Any, list[BreakLine]] = defaultdict(list)
        for key, listed in super().lines(of, places, column, where).items():
            if still := [line for line in listed if line[1] not in then.later]:
                found[key] = still
        for (accident, village, enterprise), says in then.breaks.items():
            if (key := village if column == "village" else enterprise) and says.occurred_on <= of.as_of:
                found[key].append((says.occurred_on, accident, says.provisional))
        return found

    def effects(self, of: Period, places: Places) -> Iterable[tuple[str, int, int, int]]:
        then = self.then(of, places)
        if not then.later:
            return super().effects(of, places)
        columns = ("region_code", "breaks", "deaths", "veto")
        kept = self._effects(of).filter(places.rows("region_code")).values_list("accident", *columns)
        rows = [row for accident, *row in kept if accident not in then.later]
        rows += [[getattr(says, name) for name in columns] for says in self._of_days(then, of)]
        return [(code, deaths if breaks else 0, int(breaks), int(veto)) for code, breaks, deaths, veto in rows]

    @staticmethod
    def _of_days(then: EffectsAsKnown, of: Period) -> Iterator[EffectSays]:
        return (says for says in then.effects.values() if says.occurred_on <= of.as_of)

    def weights(self, of: Period, accidents: Iterable[UUID]) -> dict[UUID, RankImpact]:
        then, accidents = self._then or EffectsAsKnown(), set(accidents)
        found = {key: weight for key, weight in super().weights(of, accidents).items() if key not in then.later}
        own = then.effects.keys() & accidents
        return found | {key: RankImpact(then.effects[key].deaths, then.effects[key].veto) for key in own}

    def because(self, of: Period, accidents: Collection[UUID]) -> dict[tuple[UUID, str], BreakReason]:
        then = self._then or EffectsAsKnown()
        found = {key: why for key, why in super().because(of, accidents).items() if key[0] not in then.later}
        return found | {
            (accident, str(enterprise or "")): BreakReason(says.line, says.attribution, says.reason)
            for (accident, _, enterprise), says in then.breaks.items()
        }

    # --- hazards
    def hazards(self, of: Period, where: Q, moved: Collection[str] = ()) -> Iterable[tuple[str, int, int]]:
        """As far as the steps show. A hazard that took no step since stands as it stood. Of the others the state is
        that of its last step recorded by then, its deadline the last one that such a step set (an extension granted
        later had not been granted); one that was closed then has its columns of closing, which no later step changes.
        Being marked overdue is no step: it is taken as it stands, and matters only to what is closed.
        """
        steps = HazardStep.objects.filter(hazard=OuterRef("pk"))
        since = Exists(steps.filter(recorded_at__gt=self.moment))
        known = steps.filter(recorded_at__lte=self.moment).order_by("-id")
        rows = Hazard.objects.filter(where, since).annotate(
            state_then=Subquery(known.values("after")[:1]),
            due_then=Coalesce(Subquery(known.exclude(due_on=None).values("due_on")[:1]), F("due_on")),
        )
        asked = known.filter(after=State.REVIEW_REQUESTED).exclude(step="fall-due").exclude(before=F("after"))
        waiting = When(state_then=State.REVIEW_REQUESTED, then=Subquery(asked.values("happened_at__date")[:1]))
        rows = rows.annotate(asked_then=Case(waiting, output_field=DateField()))
        rows = rows.exclude(state_then=None).exclude(state_then__in=NO_FAILURE)
        yield from super().hazards(of, where & Q(received_at__lte=self.moment) & ~Q(since), moved)
        in_time = was_on_time() & Q(state_then=State.CLOSED)
        yield from by_town(rows.filter(fell_due(of, "due_then", "state_then", "asked_then")), in_time, moved)


# --- accidents as they were known ------------------------------------------------------------------------------------
def effects_as_known(moment: datetime, of: Period, places: Places) -> EffectsAsKnown:
    """Every accident of the year that touches, or touched, these places and of which more was learned since; judged
    by what was known of it. One of which nobody had reported yet is not there.
    """
    found = EffectsAsKnown()
    decided = Decision.objects.filter(during("occurred_at", date(of.year, 1, 1), date(of.year, 12, 31)))
    happened = Accident.objects.in_year(of.year) | Accident.objects.filter(pk__in=decided.values("accident"))
    rows = happened.filter(_here(of, places), _learned_since(moment))
    for accidents in in_parts(list(rows), BATCH):
        found.later |= {accident.pk for accident in accidents}
        were = as_they_were([each for each in accidents if each.received_at <= moment], moment)
        for accident, known in were:
            if known.occurred_on.year != of.year:  # the bureau has stated another time since
                continue
            effect, lines = impact.assess(of.policy, accident, known)
            found.effects |= {key.accident_id: says for key, says in effect.items()}
            found.breaks |= lines
    return found


def _learned_since(moment: datetime) -> Q:
    """Reports and decisions are dated by `known_at`; parts, overrides and joinings also end."""
    found = Q(received_at__gt=moment)
    for model in (AccidentReport, Decision):
        found |= Q(Exists(model._default_manager.filter(accident=OuterRef("pk"), known_at__gt=moment)))
    for two_timed in (AccidentUnit, AttributionOverride, Joining):
        rows = two_timed._default_manager.filter(accident=OuterRef("pk"))
        found |= Q(Exists(rows.filter(Q(known_from__gt=moment) | Q(known_to__gt=moment))))
    return found


def _here(of: Period, places: Places) -> Q:
    """Lies, or was ever held to lie, in these places; or is, or was, charged to a village or a unit of them."""
    if places.prefixes is None:
        return Q()
    here, units = places.rows("region_code"), Condition.objects.filter(places.rows("region_code")).values("enterprise")
    ids = [
        Accident.objects.in_year(of.year).filter(here).values("pk"),
        Decision.objects.filter(here).values("accident"),
        AttributionOverride.objects.filter(places.rows("village") | Q(enterprise__in=units)).values("accident"),
        AccidentUnit.objects.filter(enterprise__in=units).values("accident"),
    ]
    return Q(pk__in=ids[0].union(*ids[1:]))


def as_they_were(accidents: Sequence[Accident], moment: datetime) -> Iterator[tuple[Accident, AttributedAccident]]:
    """Copies with the columns of the last decision known then, and the facts of that time. Six queries, however many."""
    keys = [accident.pk for accident in accidents]
    decided = _last_decisions(keys, moment)
    joined = dict(Joining.objects.known(moment).filter(accident__in=keys).values_list("accident", "stays"))
    hurt = _harm_reported_at([key for key, each in decided.items() if each.kind == AccidentKind.EVENT], moment)
    were = [_as_it_was(each, decided.get(each.pk), joined.get(each.pk), hurt.get(each.pk)) for each in accidents]
    facts = attribution.facts_of(were, moment)
    return ((each, facts[each.pk]) for each in were)


def _last_decisions(keys: list[UUID], moment: datetime) -> dict[UUID, Decision]:
    rows = Decision.objects.filter(accident__in=keys, known_at__lte=moment).order_by("id")
    return {each.accident_id: each for each in rows}


HARM = Q(deaths__gt=0) | Q(serious_injuries__gt=0) | Q(acute_poisonings__gt=0) | Q(light_injuries__gt=0)


def _harm_reported_at(keys: list[UUID], moment: datetime) -> dict[UUID, datetime]:
    """When somebody was last reported hurt: it makes an accident of an event, without a decision."""
    rows = AccidentReport.objects.filter(HARM, accident__in=keys, known_at__lte=moment) if keys else ()
    return {each.accident_id: each.known_at for each in sorted(rows, key=lambda each: each.known_at)}


def _as_it_was(accident: Accident, decided: Decision | None, joined: UUID | None, hurt: datetime | None) -> Accident:
    """Without a decision in the books of that time it stands as it is."""
    was = copy(accident)
    was.joined_to_id = joined
    if decided is not None:
        for name in ("region_code", "on_trunk_road", "category", "nature", "stat_status", "sector_inherited"):
            setattr(was, name, getattr(decided, name))
        was.sector_id = decided.sector_code or None
        was.occurred_at = decided.occurred_at or was.occurred_at
        was.kind = decided.kind or accident.kind
        if was.kind == AccidentKind.EVENT and hurt and hurt > decided.known_at:
            was.kind = AccidentKind.ACCIDENT.value
    return was
