"""Likely duplicates: records that may be the same accident, by place and time, proposed to a person."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accidents.clock.limits import limits_at

METRES_A_DEGREE = 111_320  # of latitude; of longitude that times the cosine
NORTHERNMOST = 54  # the latitude up to which a point may lie
# One statement for one new record or for all of a year: the boxes of the points use the GiST index, places without a
# point the index of (township, occurred_at). Without points a township must do, and the categories must not differ.
PROPOSE = """
INSERT INTO zero_accident_twin (first_id, second_id, metres, minutes, state, reason, by_name)
SELECT DISTINCT ON (first_id, second_id) first_id, second_id, metres, minutes, 'proposed', '', ''
FROM zero_accident_accident AS me
CROSS JOIN LATERAL (
  SELECT other.id, other.received_at, other.occurred_at,
         ST_DistanceSphere(other.point, me.point)::int AS metres
  FROM zero_accident_accident AS other
  WHERE other.point && ST_Expand(me.point, %(lon)s, %(lat)s)
    AND other.occurred_at BETWEEN me.occurred_at - %(apart)s::interval AND me.occurred_at + %(apart)s::interval
    AND other.joined_to_id IS NULL AND other.stat_status <> 'written_off' AND other.id <> me.id
    AND ST_DistanceSphere(other.point, me.point) <= %(metres)s
  UNION ALL
  SELECT other.id, other.received_at, other.occurred_at, NULL
  FROM zero_accident_accident AS other
  WHERE left(other.region_code, 9) = left(me.region_code, 9)
    AND other.occurred_at BETWEEN me.occurred_at - %(apart)s::interval AND me.occurred_at + %(apart)s::interval
    AND (other.point IS NULL OR me.point IS NULL)
    AND (other.category = me.category OR other.category = '' OR me.category = '')
    AND other.joined_to_id IS NULL AND other.stat_status <> 'written_off' AND other.id <> me.id
) AS near
CROSS JOIN LATERAL (
  SELECT CASE WHEN (near.received_at, near.id) < (me.received_at, me.id) THEN near.id ELSE me.id END AS first_id,
         CASE WHEN (near.received_at, near.id) < (me.received_at, me.id) THEN me.id ELSE near.id END AS second_id,
         (abs(extract(epoch FROM near.occurred_at - me.occurred_at)) / 60)::int AS minutes
) AS pair
WHERE me.joined_to_id IS NULL AND me.stat_status <> 'written_off' AND me.id = ANY(%(ids)s::uuid[])
ORDER BY first_id, second_id
ON CONFLICT (first_id, second_id) DO NOTHING
"""


def propose(accidents: Iterable[UUID]) -> int:
    """Pairs of these with any others, once each: one that was answered is not proposed again. Returns how many."""
    limits = limits_at(timezone.now())
    degrees = limits.duplicate_metres / METRES_A_DEGREE
    near: dict[str, Any] = {
        "metres": limits.duplicate_metres,
        "lat": degrees,
        "lon": degrees / cos(radians(NORTHERNMOST)),  # wide enough anywhere; the sphere decides
        "apart": f"{limits.duplicate_hours} hours",
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE, {**near, "ids": list(accidents)})
        return cursor.rowcount
