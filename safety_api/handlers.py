"""What the ground does with its own topics."""

from __future__ import annotations

from typing import Any

from safety_api import search
from safety_api.outbox import handles


@handles("words.fill")
def on_words_fill(payload: dict[str, Any]) -> None:
    search.go_on(payload["kind"], payload["after"])
