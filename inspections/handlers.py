"""What follows a visit after its commit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from enterprises.inspection_keys import DECIDES, NAMED_BY
from inspections.ceilings.counting import continue_recount, hold, recount, recount_year_of
from inspections.course.following import follow_course
from inspections.last_visits import write_last_visits
from inspections.models import Inspection
from inspections.remarks import remark_received
from inspections.search import VISITS
from inspections.telling import end_made
from safety_api.outbox import handles
from safety_api.search import keep


@handles("inspection.received")
def on_inspection_received(payload: dict[str, Any]) -> None:
    if payload["enterprise"]:
        hold([UUID(payload["enterprise"])])
    keep(VISITS, [payload["inspection"]])
    remark_received(payload["inspection"])
    end_made(UUID(payload["inspection"]))
    follow_course(payload["inspection"])
    if payload["enterprise"]:
        write_last_visits([UUID(payload["enterprise"])])
        recount_year_of(payload["inspection"], UUID(payload["enterprise"]))


@handles("enterprise.changed")
def on_enterprise_changed(payload: dict[str, Any]) -> None:
    """Visits to a unit are found by what it is called today, and what it is decides its ceiling."""
    if "name" in payload["what"]:
        keep(VISITS, Inspection.objects.filter(enterprise=payload["enterprise"]).values_list("pk", flat=True))
    if DECIDES.intersection(payload["what"]):
        recount([UUID(payload["enterprise"])])


@handles("enterprise.fact_stated")
def on_enterprise_fact_stated(payload: dict[str, Any]) -> None:
    if payload["kind"] in NAMED_BY:
        recount([UUID(payload["enterprise"])])


@handles("inspection.recount")
def on_inspection_recount(payload: dict[str, Any]) -> None:
    continue_recount(UUID(payload["after"]))
