"""Verbs of hazards: reporting.py how one comes into being, steps.py the office's steps, rectifying.py the unit's, reviewing.py closing and
sending back, offspring.py handing over and finding again, extensions.py more time,
ordering.py what a visit orders on the spot, issuing.py the paper of a step."""

from hazards.actions import extensions
from hazards.actions.correcting import follow_start, follow_visit
from hazards.actions.editions import look_again, name_editions
from hazards.actions.history import photos_of
from hazards.actions.offspring import recur, transfer
from hazards.actions.ordering import order_in_visit
from hazards.actions.rectifying import acknowledge, has_account, has_principal, request_review, start
from hazards.actions.reporting import SENT, announce_reported, prepare, put, trail_lines, warnings_of, write
from hazards.actions.reviewing import apply_reviews, fail, pass_, review_in_visit
from hazards.actions.steps import (
    close_on_spot,
    confirm,
    correct_wording,
    enforce,
    escalate,
    order,
    reject,
    report,
    resume,
    unit_close,
    void,
)

__all__ = [
    "SENT",
    "acknowledge",
    "announce_reported",
    "apply_reviews",
    "close_on_spot",
    "confirm",
    "correct_wording",
    "enforce",
    "escalate",
    "extensions",
    "fail",
    "follow_start",
    "follow_visit",
    "has_account",
    "has_principal",
    "look_again",
    "name_editions",
    "order",
    "order_in_visit",
    "pass_",
    "photos_of",
    "prepare",
    "put",
    "recur",
    "reject",
    "report",
    "request_review",
    "resume",
    "review_in_visit",
    "start",
    "trail_lines",
    "transfer",
    "unit_close",
    "void",
    "warnings_of",
    "write",
]  # fmt: skip
