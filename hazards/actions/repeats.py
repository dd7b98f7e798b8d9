"""重复隐患 The same item or clause at the same unit within the months of `hazard_steps` (DOMAIN §3.6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from hazards.models import Hazard
from reference import law

# The earlier one was reported, was one, and is not this very hazard before it was handed over. Found at the same moment is the same visit.
MARK = """
UPDATE hazards_hazard AS hazard SET repeat_of_id = earlier.id
FROM unnest(%(hazards)s::uuid[]) AS asked (id), hazards_hazard AS reported, LATERAL (
  SELECT before.id FROM hazards_hazard AS before
  WHERE before.enterprise_id = reported.enterprise_id AND before.id <> reported.id
    AND before.found_at < reported.found_at AND before.found_at >= reported.found_at - make_interval(months => %(months)s)
    AND before.state NOT IN ('draft', 'rejected', 'void', 'transferred')
    AND ((before.item <> '' AND before.item = reported.item)
      OR (before.standard_clause <> '' AND before.standard_clause = reported.standard_clause))
  ORDER BY before.found_at DESC, before.id LIMIT 1
) AS earlier
WHERE hazard.id = reported.id AND reported.id = asked.id AND reported.repeat_of_id IS NULL
"""


def unmark_repeats(hazard: str) -> int:
    """It never was a hazard: what was held to repeat it repeats an earlier one, or none. Safe to repeat; returns how many there were."""
    gone = Hazard.objects.filter(pk=hazard).values("enterprise")
    later = Hazard.objects.filter(enterprise__in=gone, repeat_of=hazard)  # of its unit: by that there is an index
    keys = [str(key) for key in later.values_list("pk", flat=True)]
    later.update(repeat_of=None)
    if keys:
        mark_repeats(keys)
    return len(keys)


def mark_repeats(hazards: Sequence[str]) -> int:
    """One statement; safe to repeat. Returns how many were found to be repeated."""
    months = law.hazard_steps(timezone.localdate())["repeat_months"]
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"hazards": list(hazards), "months": months})
        return cursor.rowcount
