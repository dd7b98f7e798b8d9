"""What of visits a load touches: tasks still to be made, and visits since the first day whose answers stand by the former list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from enterprises.kinds import Status
from enterprises.models import Enterprise
from inspections.ceilings.lists import lowered, shown, with_grades
from inspections.models import Authority, Inspection, Task
from safety_api.days import midnight
from safety_api.loads import Touch, touched_by


@touched_by("checklist")
def checklists(touch: Touch) -> str:
    tasks = Task.objects.to_make().filter(sector__in={code.partition(".")[0] for code in touch.codes}).count()
    visits = Inspection.objects.filter(checklist_code__in=touch.codes, started_at__gte=midnight(touch.since)).count()
    said = f"检查表：{touch.since} 以来用原表的检查 {visits} 次，不变；未完成的任务 {tasks} 项将用新表"
    return said if tasks or visits else ""


@touched_by("frequencies", "inspection_ceilings", "inspection_counting")
def frequencies(touch: Touch) -> str:
    count = Task.objects.to_make().count()
    return f"检查任务：未完成 {count} 项，次数的上下限自 {touch.since} 起按新规定" if count else ""


@touched_by("inspection_bodies", "inspecting")
def bodies(touch: Touch) -> str:
    tasks = Task.objects.to_make().filter(authority=Authority.ADMINISTRATIVE).count()
    visits = Inspection.objects.filter(
        authority=Authority.ADMINISTRATIVE, started_at__gte=midnight(touch.since)
    ).count()
    said = f"检查主体：{touch.since} 以来的行政检查 {visits} 次，提示不变；未完成的行政检查任务 {tasks} 项按新名单"
    return said if tasks or visits else ""


@touched_by("inspection_course")
def course(touch: Touch) -> str:
    count = Task.objects.to_make().count()
    return f"检查任务：未完成 {count} 项，检查的步骤自 {touch.since} 起按新规定" if count else ""


NAMED = 10  # of the units, in a sentence; `inspection-ceilings/units?lowered=true` has them all


@touched_by("inspection_ceilings", "frequencies")
def floors_lowered(touch: Touch) -> str:
    """By what holds on its first day, or today where that is past."""
    on = max(touch.since, timezone.localdate())
    rows = with_grades(Enterprise.objects.exclude(status=Status.CLOSED), on).filter(lowered(on))
    first = [_lowered(shown(row, on)) for row in rows.order_by("region_code", "pk")[:NAMED]]
    return (
        f"检查频次：{on} 起 {rows.count()} 家单位的下限高于公布的上限，按上限执行：{'；'.join(first)}" if first else ""
    )


def _lowered(unit: Mapping[str, Any]) -> str:
    return f"{unit['name']}（{unit['class']}类下限 {unit['floor']} 次，{unit['row']}上限 {unit['ceiling']} 次）"
