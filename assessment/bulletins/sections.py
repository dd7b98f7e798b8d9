"""What a bulletin tells beside the figures, signed and frozen with them: overdue hazards by sector, the major ones, findings, events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone

from accidents.choices import Kind
from accidents.models import Accident, Finding
from accidents.querysets import midnight
from hazards.models import Hazard
from safety_api.permissions import inside

if TYPE_CHECKING:
    from assessment.content import Moment


def _overdue(at: Moment) -> Any:
    return Hazard.objects.overdue(on=timezone.localdate(at.known_at)).filter(inside(at.prefix))


def overdue_sectors(at: Moment) -> list[dict[str, Any]]:
    """By sector, in the order of the notice."""
    counted = _overdue(at).values("sector_id", "sector__name", "sector__order").order_by("sector__order", "sector_id")
    counted = counted.annotate(total=Count("pk"), major=Count("pk", filter=Q(level="major")))
    return [
        {"sector": each["sector_id"], "name": each["sector__name"], "general": each["total"] - each["major"],
         "major": each["major"], "total": each["total"]}
        for each in counted
    ]  # fmt: skip


def overdue_major(at: Moment) -> list[dict[str, Any]]:
    """Each one, the longest overdue first. What was written about it is left out: it may name persons."""
    rows = _overdue(at).major().select_related("enterprise", "sector").order_by("due_on", "pk")
    return [_major(at, each) for each in rows]


def _major(at: Moment, each: Hazard) -> dict[str, Any]:
    day = timezone.localdate(at.known_at)
    return {
        "hazard": str(each.pk), **at.township(each.region_code), "name": each.enterprise.name if each.enterprise else each.place,
        "sector": each.sector_id, "sector_name": each.sector.name, "due_on": each.due_on.isoformat() if each.due_on else None,
        "days": (day - each.due_on).days if each.due_on else None, "listed": "是" if each.listed_level else "否",
    }  # fmt: skip


def findings(at: Moment) -> list[dict[str, Any]]:
    """Wrongful reports found in the month, in force; of whatever accident of the county."""
    closing = at.closing
    rows = Finding.objects.in_force().filter(
        inside(at.prefix, "accident__region_code"), decided_on__range=(closing.first_day, closing.last_day)
    )
    return [
        {
            "accident": str(each.accident_id), "occurred_at": timezone.localtime(each.accident.occurred_at).isoformat(timespec="seconds"),
            **at.township(each.accident.region_code), "kind": each.kind, "kind_name": each.get_kind_display(),
            "level": each.level, "level_name": each.get_level_display(), "decided_on": each.decided_on.isoformat(), "document": each.document,
        }
        for each in rows.select_related("accident").order_by("decided_on", "id")
    ]  # fmt: skip


def risk_events(at: Moment) -> int:
    """较大涉险 of the month in which nobody was hurt: neither graded nor counted elsewhere."""
    first, after = midnight(at.closing.first_day), midnight(at.closing.last_day + timedelta(days=1))
    rows = Accident.objects.single().filter(inside(at.prefix), kind=Kind.EVENT)
    return rows.filter(occurred_at__gte=first, occurred_at__lt=after).count()


SECTIONS: dict[str, Callable[[Moment], Any]] = {
    "overdue_sectors": overdue_sectors,
    "overdue_major": overdue_major,
    "findings": findings,
    "risk_events": risk_events,
}
