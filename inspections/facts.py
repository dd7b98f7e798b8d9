"""What visits say of a supervision class, for many units at once: one statement, however many (API.md, `inspected_12m`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection

from safety_api.days import day_over, midnight

VISITED = """
SELECT DISTINCT enterprise_id FROM inspections_inspection
WHERE enterprise_id = ANY(%(ids)s) AND started_at >= %(start)s AND started_at < %(end)s AND authority <> 'self_check' AND joined_to_id IS NULL
"""


def visited(ids: Iterable[UUID], first: date, on: date) -> set[UUID]:
    """The units that somebody but themselves inspected from `first` to `on`, both included; days in Asia/Shanghai."""
    with connection.cursor() as cursor:
        cursor.execute(VISITED, {"ids": list(ids), "start": midnight(first), "end": day_over(on)})
        return {key for (key,) in cursor.fetchall()}
