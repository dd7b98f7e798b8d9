"""Verbs of hazards: reporting.py how one comes into being, steps.py how it moves."""

from hazards.actions.reporting import prepare, put, review_in_visit, stored, trail_lines, warnings_of, write
from hazards.actions.steps import close_on_spot, confirm, photos_of, reject

__all__ = [
    "close_on_spot", "confirm", "photos_of", "prepare", "put", "reject", "review_in_visit", "stored", "trail_lines", "warnings_of", "write",
]  # fmt: skip
