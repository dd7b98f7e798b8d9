"""Tables of hazards, one file a noun."""

from hazards.models.duplicates import HazardPair
from hazards.models.figures import Counted, Figure
from hazards.models.hazard import Hazard
from hazards.models.history import HazardStep, Review
from hazards.models.looks import EditionLook
from hazards.models.rectification import Extension, Plan
from hazards.models.reminder import ClockTurn, Reminder, ReminderSeen
from hazards.models.words import HazardWords

__all__ = [
    "ClockTurn", "Counted", "EditionLook", "Extension", "Figure", "Hazard", "HazardPair", "HazardStep", "HazardWords", "Plan", "Reminder",
    "ReminderSeen", "Review",
]  # fmt: skip
