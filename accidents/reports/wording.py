"""更正文字 of what was first told: by whoever keeps the desk, with the reason; the original is kept."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accidents.models import Accident, Wording
from accidents.reports.locking import locked_open
from accidents.reports.parts import said_by
from evidence.papers.wording import replace
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.trail import record
from safety_api.writing import Fresh


@transaction.atomic
def correct_wording(
    accident_id: UUID, *, by: Actor, field: str, text: str, reason: str, fresh: Fresh = None
) -> Accident:
    """Figures are never corrected here: they are reported anew. Raises SAME_WORDING and what `locked_open` raises."""
    accident = locked_open(accident_id, by, fresh, "correct-wording")
    was = replace(accident, field, text)
    accident.save(update_fields=[field])
    Wording.objects.create(accident=accident, field=field, was=was, text=text, reason=reason, **said_by(by))
    record(by, "accident.correct_wording", accident, field=field, was=was, text=text, reason=reason)
    outbox.send("accident.changed", {"accident": str(accident.pk), "enterprises": []})
    return accident
