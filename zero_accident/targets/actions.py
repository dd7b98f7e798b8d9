"""A county sets its own targets, on paper."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from geo.codes import whole
from geo.models import Region
from safety_api.actors import Actor
from safety_api.problems import IN_THE_FUTURE, UNKNOWN_REGION
from safety_api.trail import record
from zero_accident.models import Target


@transaction.atomic
def set_target(
    *, by: Actor, year: int, region: str, subject: str, percent: Decimal, document: str, approved_by: str
) -> tuple[Target, bool]:
    """The target of a county or of a township in it, on paper; replaces what it said before of the same year. The
    same again changes nothing: (target, new).

    Raises UNKNOWN_REGION for what is no county or township of the person's own county, or was none in that year;
    IN_THE_FUTURE for a year after the next.
    """
    today = timezone.localdate()
    if year > today.year + 1:
        raise IN_THE_FUTURE.at("/year")
    place = _place(region, min(year, today.year), by)
    said = {"percent": percent, "document": document, "approved_by": approved_by}
    current = (
        Target.objects.select_for_update().known().filter(year=year, region_code=place.code, subject=subject).first()
    )
    if current and all(getattr(current, name) == value for name, value in said.items()):
        return current, False
    before, now = None, timezone.now()
    if current:
        before, current.known_to = str(current.percent), now
        current.save(update_fields=["known_to"])
    made = Target.objects.create(
        year=year, region_code=place.code, subject=subject, by_id=by.pk, by_name=by.name, known_from=now, **said
    )
    made.refresh_from_db()
    record(
        by, "zero_accident.set_target", made, year=year, subject=subject, before=before, percent=str(percent),
        document=document, approved_by=approved_by,
    )  # fmt: skip
    return made, True


def _place(code: str, year: int, by: Actor) -> Region:
    """On the list at some time of the year, locked so that two people set its targets one after the other."""
    rows = Region.objects.select_for_update(of=("self",), no_key=True).filter(level__in=("county", "township"))
    place = rows.filter(code=whole(code)).within(by.region[:6]).first() if len(by.region) >= 6 else None
    ended = place is not None and place.valid_to is not None and place.valid_to.year < year
    begun_later = place is not None and place.valid_from is not None and place.valid_from.year > year
    if place is None or ended or begun_later:
        raise UNKNOWN_REGION.at("/region")
    return place
