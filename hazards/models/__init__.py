"""Tables of hazards, one file a noun."""

from hazards.models.hazard import Hazard
from hazards.models.history import HazardStep, Review
from hazards.models.rectification import Extension, Plan

__all__ = ["Extension", "Hazard", "HazardStep", "Plan", "Review"]
