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
from typing import Any

from django.db import transaction
from django.utils import timezone

from geo.codes import whole
from geo.models import Region
from reference import law
from safety_api.permissions import significant
from safety_api.problems import IN_THE_FUTURE, UNKNOWN_REGION
from safety_api.trail import record
from zero_accident.models import Target
from zero_accident.places import at_field
from zero_accident.words import Subject

LAW = ""  # the place of the law's own targets


@dataclass(frozen=True)
class Held:
    """A target of a place (a prefix; LAW for the law's) and the year for which it was set."""

    region: str
    year: int
    percent: Decimal

    @property
    def of_the_law(self) -> bool:
        return self.region == LAW


def chosen(known: Iterable[Held], year: int, prefix: str) -> Held | None:
    """The one that holds for the place and the year (see above). Pure."""
    here = [each for each in known if each.year <= year and prefix.startswith(each.region)]
    return max(here, key=lambda each: (each.year, len(each.region)), default=None)


def targets_of(year: int, prefix: str, known_at: datetime | None = None) -> dict[str, Held]:
    """Of villages and of units; one query. Raises NO_RULE for a year before the law's first."""
    return targets_of_all(year, [prefix], known_at)[prefix]


def targets_of_all(
    year: int, prefixes: Collection[str], known_at: datetime | None = None
) -> dict[str, dict[str, Held]]:
    """The same of many places, one query; as we knew at that moment when one is given."""
    document, own = law.targets(year).body, _own(year, prefixes, known_at)
    of_law = {each: Held(LAW, document["year"], Decimal(document[each]["target"])) for each in Subject.values}
    return {
        prefix: {each: chosen([of_law[each], *own.get(each, ())], year, prefix) or of_law[each] for each in of_law}
        for prefix in prefixes
    }


def _own(year: int, prefixes: Iterable[str], known_at: datetime | None) -> Mapping[str, list[Held]]:
    places = {whole(prefix[:length]) for prefix in prefixes for length in (6, 9) if len(prefix) >= length}
    rows = Target.objects.known(known_at).filter(region_code__in=places, year__lte=year) if places else ()
    found: dict[str, list[Held]] = {}
    for each in rows:
        found.setdefault(each.subject, []).append(Held(significant(each.region_code), each.year, each.percent))
    return found


@transaction.atomic
def set_target(
    *, by: Any, year: int, region: str, subject: str, percent: Decimal, document: str, approved_by: str
) -> tuple[Target, bool]:
    """The target of a county or of a township in it, on paper; replaces what it said before of the same year. The
    same again changes nothing: (target, new).

    Raises UNKNOWN_REGION for what is no county or township of the person's own county, or was none in that year;
    IN_THE_FUTURE for a year after the next.
    """
    today = timezone.localdate()
    if year > today.year + 1:
        raise at_field(IN_THE_FUTURE, "/year")
    place = _place(region, min(year, today.year), by)
    said = {"percent": percent, "document": document, "approved_by": approved_by}
    standing = (
        Target.objects.select_for_update().known().filter(year=year, region_code=place.code, subject=subject).first()
    )
    if standing and all(getattr(standing, name) == value for name, value in said.items()):
        return standing, False
    before, now = None, timezone.now()
    if standing:
        before, standing.known_to = str(standing.percent), now
        standing.save(update_fields=["known_to"])
    made = Target.objects.create(
        year=year, region_code=place.code, subject=subject, by_id=by.pk, by_name=by.name, known_from=now, **said
    )
    made.refresh_from_db()
    record(
        by, "zero_accident.set_target", made, year=year, subject=subject, before=before, percent=str(percent),
        document=document, approved_by=approved_by,
    )  # fmt: skip
    return made, True


def _place(code: str, year: int, by: Any) -> Region:
    """On the list at some time of the year, locked so that two people set its targets one after the other."""
    rows = Region.objects.select_for_update(of=("self",), no_key=True).filter(level__in=("county", "township"))
    place = rows.filter(code=whole(code)).within(by.region[:6]).first() if len(by.region) >= 6 else None
    ended = place is not None and place.valid_to is not None and place.valid_to.year < year
    begun_later = place is not None and place.valid_from is not None and place.valid_from.year > year
    if place is None or ended or begun_later:
        raise at_field(UNKNOWN_REGION, "/region")
    return place
