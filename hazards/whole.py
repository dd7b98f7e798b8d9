"""One hazard whole: with its plan, photos and papers, the extension that waits, and the steps that whoever looks may take next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from evidence.papers.reading import of_hazard
from hazards import actions
from hazards.actions.extensions import ASK
from hazards.models import Extension, Hazard
from hazards.photos import shown_photos
from hazards.states import possible
from hazards.upward import stands_open
from safety_api.roles import Role

# An officer's only where nobody there has an account that could.
FOR_THE_UNIT = {"acknowledge": actions.has_account, "request-review": actions.has_principal, ASK: actions.has_principal}


def whole(hazard_id: UUID, user: Any) -> Any:
    """With `pending`, `may`, `shown_papers` and `photos`. Raises Http404 for what lies outside the jurisdiction."""
    hazard: Any = get_object_or_404(Hazard.objects.visible_to(user).whole(), pk=hazard_id)
    asked = list(hazard.extensions.order_by("asked_at"))
    hazard.pending = next((each for each in asked if each.answer == Extension.Answer.ASKED), None)
    hazard.may = _may(hazard, user, asked)
    hazard.shown_papers = of_hazard(hazard, user)
    hazard.photos = shown_photos(hazard)
    return hazard


def _may(hazard: Hazard, by: Any, asked: list[Extension]) -> list[str]:
    steps = [each for each in possible(hazard, by) if stands_open(hazard, each)]
    names = [*steps, *actions.extensions.possible(hazard, by, asked)]
    if by.role == Role.ENTERPRISE_OFFICER:
        return names
    return [each for each in names if each not in FOR_THE_UNIT or not FOR_THE_UNIT[each](hazard.enterprise_id)]
