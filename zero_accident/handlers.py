"""What lower floors did, and what of it moves the figures. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hazards.models import Hazard
from safety_api.outbox import handles
from zero_accident.figures import keeping

COUNTS = frozenset({"region_code", "status", "unit_type", "sector_id", "opened_on", "status_on", "closed_on"})


@handles("enterprise.created")
def on_enterprise_created(payload: dict[str, Any]) -> None:
    keeping.units_changed([payload["enterprise"]], reason="单位登记")


@handles("enterprise.changed")
def on_enterprise_changed(payload: dict[str, Any]) -> None:
    if COUNTS & set(payload["what"]):
        keeping.units_changed([payload["enterprise"]], reason="单位变动")


@handles("regions.loaded")
def on_regions_loaded(payload: dict[str, Any]) -> None:
    keeping.places_changed(keeping.townships_of(payload["codes"]), reason="区划撤并")


@handles("hazard.reported")
def on_hazard_reported(payload: dict[str, Any]) -> None:
    _rate_follows(payload["hazards"])


@handles("hazard.moved")
def on_hazard_moved(payload: dict[str, Any]) -> None:
    _rate_follows([payload["hazard"]])


def _rate_follows(hazards: list[str]) -> None:
    """Only of hazards whose deadline lies in a kept year and which have fallen due or were closed; the rest the
    nightly refresh meets.
    """
    rows = Hazard.objects.filter(pk__in=hazards, due_on__lte=timezone.localdate()) | Hazard.objects.filter(
        pk__in=hazards, closed_on__isnull=False
    )
    found = list(rows.values_list("region_code", "due_on"))
    if found:
        townships = keeping.townships_of(code for code, _ in found)
        keeping.places_changed(townships, reason="隐患整改", years={due_on.year for _, due_on in found if due_on})
