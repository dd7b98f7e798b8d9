"""What may change a class is announced from below by its topic, and the units concerned are evaluated at once.

DOMAIN §5.2 allows one working day.

A hazard that is only reported changes no fact until it is confirmed.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from hazards.models import Hazard
from safety_api.outbox import handles
from supervision import actions

# What a class asks about a unit itself; a new telephone number is none of it.
PARTICULARS = frozenset(
    {"status", "sector_id", "above_scale", "producing", "special_geology", "traits", "opened_on", "status_on"}
)


TAKES_BACK = frozenset({"void", "reject", "join"})  # steps after which a hazard never was one


def _evaluate_unit(payload: dict[str, Any]) -> None:
    if payload["enterprise"]:
        actions.evaluate([UUID(payload["enterprise"])], localdate())


@handles("enterprise.created")
def on_enterprise_created(payload: dict[str, Any]) -> None:
    _evaluate_unit(payload)


@handles("enterprise.changed")
def on_enterprise_changed(payload: dict[str, Any]) -> None:
    if PARTICULARS.intersection(payload["what"]):
        _evaluate_unit(payload)


@handles("enterprise.fact_stated")
def on_enterprise_fact_stated(payload: dict[str, Any]) -> None:
    """Stated, or withdrawn."""
    if payload["enterprise"]:
        actions.evaluate_after_correction([UUID(payload["enterprise"])], localdate())


@handles("inspection.received")
def on_inspection_received(payload: dict[str, Any]) -> None:
    _evaluate_unit(payload)


@handles("risk.changed")
def on_risk_changed(payload: dict[str, Any]) -> None:
    _evaluate_unit(payload)


@handles("hazard.moved")
def on_hazard_moved(payload: dict[str, Any]) -> None:
    rows = Hazard.objects.filter(pk=payload["hazard"], enterprise__isnull=False)
    evaluate = actions.evaluate_after_correction if payload["step"] in TAKES_BACK else actions.evaluate
    evaluate(rows.values_list("enterprise_id", flat=True), localdate())


@handles("accident.changed")
def on_accident_changed(payload: dict[str, Any]) -> None:
    """Also those no longer named in it: they are cleared."""
    actions.evaluate_after_correction([UUID(key) for key in payload["enterprises"]], localdate())


@handles("supervision.run")
def on_supervision_run(payload: dict[str, Any]) -> None:
    actions.continue_run(date.fromisoformat(payload["on"]), UUID(payload["after"]), UUID(payload["until"]))
