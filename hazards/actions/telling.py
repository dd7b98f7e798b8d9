"""告知 Whoever found a hazard hears what became of it. After the commit of the step, and safe to repeat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from hazards.messages import CONFIRMED, REJECTED
from hazards.models import Hazard, HazardStep
from inbox import actions as inbox
from inbox.letters import Letter, person

KIND_OF_STEP = {"confirm": CONFIRMED, "reject": REJECTED}


def tell_finder(hazard_id: UUID, step: str) -> None:
    """Of each step of this name not told yet; nobody is told what they did themselves."""
    hazard = Hazard.objects.select_related("enterprise").filter(pk=hazard_id).first()
    if hazard is None or not User.objects.filter(pk=hazard.reported_by).exists():
        return
    taken = hazard.steps.filter(step=step).exclude(by_id=hazard.reported_by).order_by("id")
    inbox.send([_letter(hazard, each) for each in taken])


def _letter(hazard: Hazard, step: HazardStep) -> Letter:
    return Letter(
        kind=KIND_OF_STEP[step.step], once=f"hazard/{hazard.pk}/{step.pk}", sentence=_sentence(hazard, step),
        to=person(hazard.reported_by), day=timezone.localdate(step.happened_at), about_kind="hazard", about=hazard.pk,
        due_on=step.due_on, **of_hazard(hazard),
    )  # fmt: skip


def of_hazard(hazard: Hazard) -> dict[str, Any]:
    """Where a matter of this hazard lies."""
    return {
        "region_code": hazard.region_code, "sector": hazard.sector_id, "department": hazard.department_id,
        "enterprise": hazard.enterprise_id,
    }  # fmt: skip


def _sentence(hazard: Hazard, step: HazardStep) -> str:
    where = hazard.enterprise.name if hazard.enterprise else hazard.place
    what = f"“{hazard.description[:60]}”（{where}）" if where else f"“{hazard.description[:60]}”"
    if step.step == "reject":
        return f"您上报的隐患{what}经{step.by_name}核实，认定不成立：{step.note}"
    limit = f"，整改期限 {step.due_on}" if step.due_on else ""
    return f"您上报的隐患{what}已由{step.by_name}确认为{hazard.get_level_display()}隐患{limit}"
