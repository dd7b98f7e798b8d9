"""Tables, one file per noun; whoever uses them takes them from here."""

from zero_accident.models.attribution import AttributionOverride
from zero_accident.models.figures import (
    AccidentEffect,
    Break,
    Broken,
    FigureRevision,
    KeptFigure,
    KeptRow,
    TownshipCount,
    TownshipFigures,
)
from zero_accident.models.notices import TownshipNotice
from zero_accident.models.standards import StandardMark, StandardSheet
from zero_accident.models.targets import Target

__all__ = [
    "AccidentEffect",
    "AttributionOverride",
    "Break",
    "Broken",
    "FigureRevision",
    "KeptFigure",
    "KeptRow",
    "StandardMark",
    "StandardSheet",
    "Target",
    "TownshipCount",
    "TownshipFigures",
    "TownshipNotice",
]
