"""Tables, one file per noun; whoever uses them takes them from here."""

from accidents.models.accidents import Accident, AccidentReport, AccidentUnit, Authored, Decision, Wording
from accidents.models.duplicates import DuplicatePair, Joining
from accidents.models.investigation import Appraisal, Investigation, InvestigationMark
from accidents.models.quick_reports import QuickReport
from accidents.models.reporting import Call, Finding, Receipt, Reminder, ReportLeg
from accidents.models.words import AccidentWords

__all__ = [
    "Accident",
    "AccidentReport",
    "AccidentUnit",
    "AccidentWords",
    "Appraisal",
    "Authored",
    "Call",
    "Decision",
    "DuplicatePair",
    "Finding",
    "Investigation",
    "InvestigationMark",
    "Joining",
    "QuickReport",
    "Receipt",
    "Reminder",
    "ReportLeg",
    "Wording",
]
