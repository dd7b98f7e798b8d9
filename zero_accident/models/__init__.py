"""Tables, one file per noun; whoever uses them takes them from here."""

from zero_accident.models.attribution import AttributionOverride
from zero_accident.models.figures import AccidentEffect, Break, Broken, Figure, FigureRevision, Kept, Standing, Tally
from zero_accident.models.notices import StandingNotice
from zero_accident.models.standards import StandardMark, StandardSheet
from zero_accident.models.targets import Target

__all__ = [
    "AccidentEffect",
    "AttributionOverride",
    "Break",
    "Broken",
    "Figure",
    "FigureRevision",
    "Kept",
    "StandardMark",
    "StandardSheet",
    "Standing",
    "StandingNotice",
    "Tally",
    "Target",
]
