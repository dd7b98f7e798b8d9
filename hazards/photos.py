"""What the photos of a hazard show: as it was, put right, or still there at a review; told by the steps and reviews that brought them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evidence.models import Photo
from evidence.shown import Shows
from hazards.actions import photos_of
from hazards.models import Hazard, HazardStep, Review

NAMED = {
    "photos_before": Shows.BEFORE,
    "photos": Shows.AFTER,
    "review": Shows.REVIEW,
}  # where a step's details name its photos
OF_REVIEW: dict[str, Shows] = {Review.Result.PASS: Shows.AFTER, Review.Result.FAIL: Shows.REVIEW}


def first_photos(hazard: Hazard) -> list[Photo]:
    """Of one that has just been entered: no step or review has brought any yet. One query."""
    photos: list[Any] = list(photos_of(hazard).as_entered().with_names())
    for photo in photos:
        photo.shows = Shows.BEFORE
    return photos


def shown_photos(hazard: Hazard, steps: Iterable[HazardStep] | None = None) -> list[Photo]:
    """In the order in which they were entered. One query when there are none, else three."""
    photos: list[Any] = list(photos_of(hazard).as_entered().with_names())
    if not photos:
        return []
    named = named_by(hazard.steps.only("details", "hazard") if steps is None else steps)
    reviewed = dict(Review.objects.filter(hazard=hazard).values_list("inspection_id", "result"))
    for photo in photos:
        photo.shows = named.get(str(photo.pk)) or OF_REVIEW.get(reviewed.get(photo.owner_id, "")) or Shows.BEFORE
    return photos


def named_by(steps: Iterable[HazardStep]) -> dict[str, Shows]:
    """Photo → what the step that named it says it shows."""
    return {key: shows for step in steps for name, shows in NAMED.items() for key in step.details.get(name) or ()}


def with_photos(hazard: Hazard, steps: list[Any]) -> list[HazardStep]:
    """Each step with the photos that came with it; those that no step names came with the first."""
    photos = shown_photos(hazard, steps)
    kept = {str(photo.pk): photo for photo in photos}
    for step in steps:
        step.photos = [kept[key] for name in NAMED for key in step.details.get(name) or () if key in kept]
    named = named_by(steps)
    if steps:
        first = [photo for photo in photos if str(photo.pk) not in named and photo.shows == Shows.BEFORE]  # type: ignore[attr-defined]
        steps[0].photos = [*first, *steps[0].photos]
    return steps
