"""Visits of a year that are counted: only what a test is about is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from enterprises.models import Enterprise, StatedFact
from inspections.models import Inspection

SOMEBODY = UUID(int=0xCE11)
YEAR = 2026


def visit_on(day: str, unit: Enterprise, number: int = 0, **columns: Any) -> Inspection:
    """An administrative one of the emergency department; `day`: of the year that is tried, or with its own."""
    day = day if len(day) == 10 else f"{YEAR}-{day}"
    started = parse_datetime(f"{day}T09:00:00+08:00")
    return Inspection.objects.create(
        **{
            "id": UUID(int=0xCE110000 + Inspection.objects.count() + number), "content_sha256": "", "by_id": SOMEBODY, "by_name": "张巡",
            "enterprise": unit, "region_code": unit.region_code, "sector_id": unit.sector_id, "kind": "routine",
            "authority": "administrative", "type": "daily", "source": {"kind": "plan"}, "department": "emergency",
            "started_at": started, "finished_at": started + timedelta(hours=1), "received_at": started, "unanswered": "pass",
            **columns,
        }
    )  # fmt: skip


def graded(
    unit: Enterprise, grade: str, kind: str = "coal_assurance", held_from: str = "2025-01-01", **columns: Any
) -> StatedFact:
    return StatedFact.objects.create(
        enterprise=unit, kind=kind, held_from=held_from, value={"grade": grade}, document="晋能源安〔2025〕7号",
        known_from=timezone.now(), **columns,
    )  # fmt: skip


def remarked(*visits: Inspection) -> list[bool]:
    return ["over_ceiling" in Inspection.objects.get(pk=each.pk).warnings for each in visits]
