"""What visits say of a supervision class, for many units at once: one statement, however many (API.md, `inspected_12m`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils.timezone import make_aware

VISITED = """
SELECT DISTINCT enterprise_id FROM inspections_inspection
WHERE enterprise_id = ANY(%(ids)s) AND started_at >= %(start)s AND started_at < %(end)s AND authority <> 'self_check'
"""


def visited(ids: Iterable[UUID], first: date, on: date) -> set[UUID]:
    """The units that somebody but themselves inspected from `first` to `on`, both included; days in Asia/Shanghai."""
    start, end = (make_aware(datetime.combine(day, time.min)) for day in (first, on + timedelta(days=1)))
    with connection.cursor() as cursor:
        cursor.execute(VISITED, {"ids": list(ids), "start": start, "end": end})
        return {key for (key,) in cursor.fetchall()}
