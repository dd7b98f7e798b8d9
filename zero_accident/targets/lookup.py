"""Targets of “零事故” per year and place: the county's own on paper, and the law's where it has set none.

Which one holds for a place and a year, the first that there is:
1. the township's own of that year;
2. its county's of that year;
3. the law's document of that year (reference kind `targets`);
4. the last one before that year, of whichever of these three, the nearer to the place when they are of one year —
   shown with its own year (DOMAIN, corrections to 7.2).
A city or a province is measured by the law alone. Percentages are Decimal, never float.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from geo.codes import whole
from reference import law
from reference.terms import Subject
from safety_api.permissions import significant
from zero_accident.models import Target

LAW = ""  # the place of the law's own targets


@dataclass(frozen=True)
class TargetInForce:
    """A target of a place (a prefix; LAW for the law's) and the year for which it was set."""

    region: str
    year: int
    percent: Decimal


def chosen(known: Iterable[TargetInForce], year: int, prefix: str) -> TargetInForce | None:
    """The one that holds for the place and the year (see above). Pure."""
    here = [each for each in known if each.year <= year and prefix.startswith(each.region)]
    return max(here, key=lambda each: (each.year, len(each.region)), default=None)


def targets_of(year: int, prefix: str, known_at: datetime | None = None) -> dict[str, TargetInForce]:
    """Of villages and of units; one query. Raises NO_RULE for a year before the law's first."""
    return targets_of_all(year, [prefix], known_at)[prefix]


def targets_of_all(
    year: int, prefixes: Collection[str], known_at: datetime | None = None
) -> dict[str, dict[str, TargetInForce]]:
    """The same of many places, one query; as we knew at that moment when one is given."""
    document, own = law.targets(year).body, _own(year, prefixes, known_at)
    of_law = {each: TargetInForce(LAW, document["year"], Decimal(document[each]["target"])) for each in Subject.values}
    return {
        prefix: {each: chosen([of_law[each], *own.get(each, ())], year, prefix) or of_law[each] for each in of_law}
        for prefix in prefixes
    }


def _own(year: int, prefixes: Iterable[str], known_at: datetime | None) -> Mapping[str, list[TargetInForce]]:
    places = {whole(prefix[:length]) for prefix in prefixes for length in (6, 9) if len(prefix) >= length}
    rows = Target.objects.known(known_at).filter(region_code__in=places, year__lte=year) if places else ()
    found: dict[str, list[TargetInForce]] = {}
    for each in rows:
        found.setdefault(each.subject, []).append(TargetInForce(significant(each.region_code), each.year, each.percent))
    return found
