"""What our rooms do with our own topics. Repeating a message changes nothing."""

from typing import Any
from uuid import UUID

from accidents.clock import reminding
from accidents.quick_reports import handlers as quick_reports
from safety_api.outbox import handles

__all__ = ["quick_reports"]


@handles("accident.changed")
def on_accident_changed(payload: dict[str, Any]) -> None:
    reminding.follow_place(UUID(payload["accident"]))
