"""What the steps so far say that a further step asks about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from evidence.models import Photo
from hazards.models import Hazard, HazardStep
from hazards.states import State

ACCEPTED, UNDOES_ACCEPTANCE = "accept-listing", ("list", "fail")
CONSENTED, UNDOES_CONSENT = "consent-resumption", ("stop-production",)


@dataclass(frozen=True)
class PastStep:
    step: str
    before: str
    after: str
    happened_at: datetime
    details: dict[str, Any]


@dataclass(frozen=True)
class History:
    """All steps of one hazard, oldest first: one query for all that a review asks."""

    steps: list[PastStep]

    def ordered_by(self) -> set[str]:
        """Who signed the last order."""
        last = self.last("order")
        return {each["id"] for each in last.details.get("officers", ())} if last else set()

    def last(self, *names: str) -> PastStep | None:
        return next((each for each in reversed(self.steps) if each.step in names), None)

    def asked_at(self) -> datetime | None:
        """Since when it waits for a review, by the unit's request or by the clock."""
        moved = (each for each in reversed(self.steps) if each.after == State.REVIEW_REQUESTED != each.before)
        return next((each.happened_at for each in moved), None)

    def after_photos(self, *, since_failed: bool = False) -> list[str]:
        """Ids of photos of what was put right."""
        failed = max((at for at, each in enumerate(self.steps) if each.step == "fail"), default=-1)
        steps = self.steps[failed + 1 :] if since_failed else self.steps
        return [key for each in steps for key in each.details.get("photos", ())]

    def stands(self, name: str, undone_by: Collection[str]) -> bool:
        """Whether a step of this name was taken and nothing that undoes it came later."""
        return next((each.step == name for each in reversed(self.steps) if each.step in (name, *undone_by)), False)


def history_of(hazard: Hazard) -> History:
    rows = HazardStep.objects.filter(hazard_id=hazard.pk).order_by("id")
    return History([PastStep(*row) for row in rows.values_list("step", "before", "after", "happened_at", "details")])


def failed_reviews(hazard: Hazard) -> int:
    return HazardStep.objects.filter(hazard_id=hazard.pk, step="fail").count()


def photos_of(hazard: Hazard) -> Any:
    """Its own photos, and those that show it: of a visit, or of the hazard it was handed over from."""
    return Photo.objects.filter(Q(owner_kind="hazard", owner_id=hazard.pk) | Q(subjects__contains=[hazard.pk]))


def before_photos(hazard: Hazard, *, after: Iterable[str]) -> Any:
    """Those that show it as it was; `after` are ids of photos taken of what was put right."""
    return photos_of(hazard).exclude(pk__in=list(after))
