"""A visit with its parts, in a fixed number of queries, for answers and receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from evidence.models import Photo
from evidence.papers.reading import of_record
from evidence.receipts import with_receipt
from evidence.shown import Shows
from hazards.models import Hazard, Review
from hazards.photos import OF_REVIEW
from inspections.models import Inspection


def as_stored(
    inspection: Inspection, *, hazards: list[Hazard], reviews: list[Review], photos: list[Photo], papers: list[dict[str, Any]]
) -> Inspection:  # fmt: skip
    """The visit with the parts that were just written: what `whole` would read."""
    with_receipt(inspection, photos, papers)
    inspection.shown_hazards = hazards  # type: ignore[attr-defined]
    inspection.shown_reviews = reviews  # type: ignore[attr-defined]
    shows = dict.fromkeys((hazard.pk for hazard in hazards), Shows.BEFORE)
    shows |= {review.hazard_id: OF_REVIEW[review.result] for review in reviews}
    for photo in photos:
        _judged(photo, shows, inspection.by_name)
    return inspection


def papers_of(inspection: Inspection, user: Any) -> list[dict[str, Any]]:
    """Its own, and those of its task: approval and notice are often written beforehand."""
    return of_record(inspection, user, inspection.task_id)


def _judged(photo: Any, shows: dict[UUID, Shows], by_name: str) -> None:
    """Which of the visit's hazards a photo shows, and as what; one of none is of the scene. Whoever made the visit took them all."""
    photo.hazards = [{"hazard": key, "shows": shows[key]} for key in photo.subjects if key in shows]
    photo.shows = photo.hazards[0]["shows"] if photo.hazards else Shows.SCENE
    photo.by_name = by_name


def whole(inspection: Inspection, user: Any) -> Inspection:
    """Five queries, however many parts; none when they were just written. Of papers what this person may see."""
    if hasattr(inspection, "shown_photos"):
        return inspection
    hazards = Hazard.objects.filter(inspection_id=inspection.pk).to_show().as_entered()
    reviews = Review.objects.filter(inspection_id=inspection.pk).order_by("pk")
    photos = Photo.objects.of("inspection", inspection.pk).as_entered()
    papers = papers_of(inspection, user)
    return as_stored(inspection, hazards=list(hazards), reviews=list(reviews), photos=list(photos), papers=papers)
