"""What closings and objections say is told to people. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any

from assessment.closings import telling
from safety_api.outbox import handles


@handles("closing.signed")
def on_closing_signed(payload: dict[str, Any]) -> None:
    telling.tell_of_signing(payload["closing"])


@handles("closing.frozen")
def on_closing_frozen(payload: dict[str, Any]) -> None:
    telling.tell_of_freezing(payload["closing"])


@handles("objection.made")
def on_objection_made(payload: dict[str, Any]) -> None:
    telling.tell_of_objection(payload["objection"])


@handles("objection.answered")
def on_objection_answered(payload: dict[str, Any]) -> None:
    telling.tell_of_answer(payload["objection"])
