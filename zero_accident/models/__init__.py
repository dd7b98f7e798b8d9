"""Tables, one file per noun; whoever uses them takes them from here."""

from zero_accident.models.accidents import (
    Accident,
    AccidentStatement,
    AccidentUnit,
    AttributionOverride,
    Decision,
    Told,
)
from zero_accident.models.figures import (
    AccidentEffect,
    Break,
    Broken,
    Figure,
    FigureRevision,
    Kept,
    Standing,
    Tally,
)
from zero_accident.models.investigation import Appraisal, Investigation, InvestigationMark
from zero_accident.models.notices import StandingNotice
from zero_accident.models.reporting import Call, Finding, Receipt, Reminder, ReportLeg
from zero_accident.models.standards import StandardMark, StandardSheet
from zero_accident.models.targets import Target
from zero_accident.models.twins import Joining, TwinPair

__all__ = [
    "Accident",
    "AccidentEffect",
    "AccidentStatement",
    "AccidentUnit",
    "Appraisal",
    "AttributionOverride",
    "Break",
    "Broken",
    "Call",
    "Decision",
    "Figure",
    "FigureRevision",
    "Finding",
    "Investigation",
    "InvestigationMark",
    "Joining",
    "Kept",
    "Receipt",
    "Reminder",
    "ReportLeg",
    "StandardMark",
    "StandardSheet",
    "Standing",
    "StandingNotice",
    "Tally",
    "Target",
    "Told",
    "TwinPair",
]
