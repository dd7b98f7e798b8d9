"""Doors of hazards, one file a noun."""

from hazards.views.extensions import ExtensionDoor
from hazards.views.hazards import HazardDoor

__all__ = ["ExtensionDoor", "HazardDoor"]
