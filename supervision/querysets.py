"""Reading evaluations, in the words of the office; the day is an argument."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

COLUMNS = (
    "enterprise_id", "on", "made_at", "scheme", "facts", "answer", "computed", "d_reason", "effective", "since", "step",
    "reason",
)  # fmt: skip
JSON = ("facts", "answer", "manual")
# Written out because composing it from querysets took three quarters of the door's time.
IN_FORCE = f"""
SELECT {", ".join(f'e."{name}"' for name in COLUMNS)},
  (SELECT jsonb_build_object('effective', m.effective, 'first', m.first, 'until', m.until, 'reason', m.reason,
                             'document', m.document, 'lifts', m.lifts, 'approver_name', m.approver_name)
   FROM supervision_manual_class m WHERE m.enterprise_id = e.enterprise_id AND m.first <= %(day)s
   ORDER BY m.id DESC LIMIT 1) AS manual,
  (SELECT max(a."on") FROM supervision_acceptance a
   WHERE a.enterprise_id = e.enterprise_id AND a."on" <= %(day)s) AS accepted_on
FROM supervision_evaluation e WHERE e.enterprise_id = %(enterprise)s AND e."on" <= %(day)s
ORDER BY e."on" DESC, e.id DESC LIMIT 1
"""  # noqa: S608 - our own columns


class EvaluationQuerySet(QuerySet):
    def in_force(self, day: date) -> EvaluationQuerySet:
        """Those about that day or an earlier one; the first is the one in force, as we know it now."""
        return self.filter(on__lte=day).order_by("enterprise_id", "-on", "-id")

    def one_each(self) -> EvaluationQuerySet:
        return self.distinct("enterprise_id")


def class_on(enterprise: UUID, day: date) -> Any | None:
    """The evaluation in force on a day with what people decided by then: `manual`, the last adjustment begun, and
    `accepted_on`. One statement. Whose it is, is the caller's question."""
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, {"enterprise": enterprise, "day": day})
        row = cursor.fetchone()
    if row is None:
        return None
    values = dict(zip((*COLUMNS, "manual", "accepted_on"), row, strict=True))
    return SimpleNamespace(**values | {name: json.loads(values[name]) for name in JSON if values[name]})
