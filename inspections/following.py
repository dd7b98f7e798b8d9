"""What tasks do when their unit moves: those still to be made go along."""

from __future__ import annotations

from enterprises.following import follows_moves
from enterprises.models import Enterprise
from inspections.models import Task
from safety_api.actors import Actor
from safety_api.trail import line, record_many


@follows_moves
def take_tasks_along(unit: Enterprise, before: str, by: Actor) -> None:
    moved = list(Task.objects.to_make().filter(enterprise=unit, region_code=before).select_for_update().order_by("pk"))
    Task.objects.filter(pk__in=[task.pk for task in moved]).update(region_code=unit.region_code)
    record_many(line(by, "task.relocate", task, before=before, after=unit.region_code) for task in moved)
