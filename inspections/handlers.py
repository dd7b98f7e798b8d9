"""What follows a visit after its commit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspections.last_visits import write_last_visits
from inspections.remarks import remark_received
from safety_api.outbox import handles


@handles("inspection.received")
def on_inspection_received(payload: dict[str, Any]) -> None:
    remark_received(payload["inspection"])
    if payload["enterprise"]:
        write_last_visits([UUID(payload["enterprise"])])
