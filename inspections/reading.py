"""A visit with its parts, in a fixed number of queries, for answers and receipts."""

from __future__ import annotations

from typing import Any

from evidence.models import Photo, PhotoState
from evidence.papers.reading import of_record
from hazards.models import Hazard, Review
from inspections.models import Inspection


def with_photos(inspection: Inspection, photos: list[Photo] | None = None) -> Inspection:
    if photos is None:
        photos = list(Photo.objects.filter(owner_kind="inspection", owner_id=inspection.pk))
    inspection.shown_photos = sorted(photos, key=lambda photo: photo.pk)  # type: ignore[attr-defined]
    inspection.complete = all(photo.state != PhotoState.MISSING for photo in photos)  # type: ignore[attr-defined]
    return inspection


def as_stored(
    inspection: Inspection, *, hazards: list[Hazard], reviews: list[Review], photos: list[Photo], papers: list[dict[str, Any]]
) -> Inspection:  # fmt: skip
    """The visit with the parts that were just written: what `whole` would read."""
    with_photos(inspection, photos)
    inspection.shown_papers = papers  # type: ignore[attr-defined]
    inspection.shown_hazards = sorted(hazards, key=lambda hazard: hazard.pk)  # type: ignore[attr-defined]
    inspection.shown_reviews = reviews  # type: ignore[attr-defined]
    return inspection


def whole(inspection: Inspection, user: Any) -> Inspection:
    """Five queries, however many parts; none when they were just written. Of papers what this person may see."""
    if hasattr(inspection, "shown_photos"):
        return inspection
    hazards = Hazard.objects.filter(inspection_id=inspection.pk).to_show()
    reviews = Review.objects.filter(inspection_id=inspection.pk).order_by("pk")
    photos = Photo.objects.filter(owner_kind="inspection", owner_id=inspection.pk)
    papers = of_record(inspection, user)
    return as_stored(inspection, hazards=list(hazards), reviews=list(reviews), photos=list(photos), papers=papers)
