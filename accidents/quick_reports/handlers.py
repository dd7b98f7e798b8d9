"""What was reported of an accident drafts its next quick report. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accidents.quick_reports import actions
from accidents.search import ACCIDENTS
from safety_api.outbox import handles
from safety_api.search import keep


@handles("accident.changed")
def on_accident_changed(payload: dict[str, Any]) -> None:
    keep(ACCIDENTS, [payload["accident"]])
    actions.follow_report(UUID(payload["accident"]))
