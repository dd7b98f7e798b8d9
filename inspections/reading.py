"""A visit with its parts, in a fixed number of queries, for answers and receipts."""

from __future__ import annotations

from django.utils import timezone

from evidence.models import Photo, State
from hazards.models import Hazard, Review
from inspections.models import Inspection


def with_photos(inspection: Inspection) -> Inspection:
    photos = Photo.objects.filter(owner_kind="inspection", owner_id=inspection.pk).order_by("declared_at", "pk")
    inspection.shown_photos = list(photos)  # type: ignore[attr-defined]
    inspection.complete = all(photo.state != State.MISSING for photo in photos)  # type: ignore[attr-defined]
    return inspection


def whole(inspection: Inspection) -> Inspection:
    """Five queries, however many parts."""
    with_photos(inspection)
    hazards = Hazard.objects.filter(inspection_id=inspection.pk).with_flags(on=timezone.localdate())
    inspection.shown_answers = list(inspection.answers.order_by("item"))  # type: ignore[attr-defined]
    inspection.shown_hazards = list(hazards.select_related("enterprise").order_by("pk"))  # type: ignore[attr-defined]
    inspection.shown_reviews = list(Review.objects.filter(inspection_id=inspection.pk).order_by("pk"))  # type: ignore[attr-defined]
    return inspection
