"""What stands in the way of a signature: lists, differences, objections, time."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from assessment.closings.reconciliation import differences
from assessment.closings.reconciliation.matching import Comparison
from assessment.closings.rules import objections_provisional, rules_on
from assessment.closings.words import ClosingVerb, DifferenceKind
from assessment.models import Closing, Objection
from geo.models import Region
from safety_api.permissions import significant
from safety_api.problems import (
    DIFFERENCES_OPEN,
    OBJECTION_PERIOD_RUNS,
    OBJECTIONS_OPEN,
    SOURCE_LIST_MISSING,
    ProblemKind,
)

MOST_NAMED = 50


def objections_until(closing: Closing) -> date:
    """The last day of the period for objections."""
    return rules_on(closing.last_day).objections_until(timezone.localdate(closing.opened_at))


def provisional(closing: Closing) -> list[str]:
    """Names of the dates that stand on weekends alone."""
    held, opened_on = rules_on(closing.last_day), timezone.localdate(closing.opened_at)
    return ["objections_until"] if objections_provisional(held, opened_on) else []


def missing(closing: Closing, *, today: date | None = None) -> list[dict[str, str]]:
    """What stands in the way of the signature, each with its word: lists, differences, objections, time. Ten queries."""
    reconciliation = differences.of_closing(closing)
    found = [
        (SOURCE_LIST_MISSING, f"{closing.year}年{month}月 {source.name}")
        for source, month in reconciliation.missing(closing.months)
    ]
    found += [(DIFFERENCES_OPEN, _in_words(each, reconciliation)) for each in reconciliation.unsettled]
    first = date(closing.year, 1, 1)  # figures are of the year to date: an old objection moves them too
    waiting = Objection.objects.within(significant(closing.region_code)).open().about_days(first, closing.last_day)
    found += [(OBJECTIONS_OPEN, f"{each.pk} {each.get_about_display()}") for each in waiting.order_by("made_at", "id")]
    if running := _period_runs(closing, today or timezone.localdate()):
        found.append((OBJECTION_PERIOD_RUNS, running))
    return [kind.fault(said=said[:300]) for kind, said in found]


def _in_words(each: Comparison, reconciliation: differences.Reconciliation) -> str:
    source = reconciliation.rules.source(each.source)
    name = source.name if source else each.source
    about = each.theirs.number if each.theirs else f"{each.ours.day} {each.ours.id}"  # type: ignore[union-attr]
    return f"{name} {DifferenceKind(each.kind).label}：{about}"


def _period_runs(closing: Closing, today: date) -> str:
    """Empty when the period has passed, or every township has said that it has no objection."""
    until = objections_until(closing)
    if today > until:
        return ""
    said = set(closing.steps.filter(verb=ClosingVerb.NO_OBJECTION).values_list("region_code", flat=True))
    names = [name for code, name in townships_of(closing).items() if code not in said]
    return f"异议期至 {until}；未声明无异议：{'、'.join(names[:MOST_NAMED])}" if names else ""


def townships_of(closing: Closing) -> dict[str, str]:
    """Of the county, as listed on the last day; code → name."""
    rows = Region.objects.on(closing.last_day).townships().within(significant(closing.region_code)).order_by("code")
    return dict(rows.values_list("code", "name"))


def check_ready(closing: Closing) -> None:
    """Raises the word of what is missing first, with the list of all that is."""
    if found := missing(closing):
        raise BY_WORD[found[0]["code"]](errors=found)


BY_WORD: dict[str, ProblemKind] = {
    each.code: each for each in (SOURCE_LIST_MISSING, DIFFERENCES_OPEN, OBJECTIONS_OPEN, OBJECTION_PERIOD_RUNS)
}
