"""What is overdue at that moment: hazards by township and by sector, and each major one."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from assessment.closings.content.closing_facts import ClosingFacts
from geo.codes import whole
from geo.querysets import township_today
from hazards.models import Hazard
from safety_api.permissions import inside


def _overdue(facts: ClosingFacts) -> Any:
    return Hazard.objects.overdue(on=timezone.localdate(facts.known_at)).filter(inside(facts.prefix))


def overdue_hazards(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Townships with hazards that are overdue at that moment."""
    counted = _overdue(facts).annotate(home=township_today()).values("home").order_by("home")
    counted = counted.annotate(total=Count("pk"), major=Count("pk", filter=Q(level="major")))
    return [
        {"region": whole(home), "name": facts.names.get(whole(home), ""), "general": total - major, "major": major,
         "total": total}
        for home, total, major in counted.values_list("home", "total", "major")
    ]  # fmt: skip


def overdue_sectors(facts: ClosingFacts) -> list[dict[str, Any]]:
    """By sector, in the order of the notice."""
    counted = (
        _overdue(facts).values("sector_id", "sector__name", "sector__order").order_by("sector__order", "sector_id")
    )
    counted = counted.annotate(total=Count("pk"), major=Count("pk", filter=Q(level="major")))
    return [
        {"sector": each["sector_id"], "name": each["sector__name"], "general": each["total"] - each["major"],
         "major": each["major"], "total": each["total"]}
        for each in counted
    ]  # fmt: skip


def overdue_major(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Each one, the longest overdue first. What was written about it is left out: it may name persons."""
    rows = _overdue(facts).major().select_related("enterprise", "sector").order_by("due_on", "pk")
    return [_major(facts, each) for each in rows]


def _major(facts: ClosingFacts, each: Hazard) -> dict[str, Any]:
    day = timezone.localdate(facts.known_at)
    return {
        "hazard": str(each.pk), **facts.township(each.region_code), "name": each.enterprise.name if each.enterprise else each.place,
        "sector": each.sector_id, "sector_name": each.sector.name, "due_on": each.due_on.isoformat() if each.due_on else None,
        "days": (day - each.due_on).days if each.due_on else None, "listed": "是" if each.listed_level else "否",
    }  # fmt: skip
