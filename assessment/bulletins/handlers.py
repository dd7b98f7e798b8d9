"""A closing that is opened has its bulletin from the first hour. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any

from assessment.bulletins import actions
from safety_api.outbox import handles


@handles("closing.opened")
def on_closing_opened(payload: dict[str, Any]) -> None:
    actions.draft_once(payload["closing"])
