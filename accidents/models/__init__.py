"""Tables, one file per noun; whoever uses them takes them from here."""

from accidents.models.accidents import Accident, AccidentStatement, AccidentUnit, Decision, Told
from accidents.models.duplicates import Joining, TwinPair
from accidents.models.investigation import Appraisal, Investigation, InvestigationMark
from accidents.models.quick_reports import QuickReport
from accidents.models.reporting import Call, Finding, Receipt, Reminder, ReportLeg

__all__ = [
    "Accident",
    "AccidentStatement",
    "AccidentUnit",
    "Appraisal",
    "Call",
    "Decision",
    "Finding",
    "Investigation",
    "InvestigationMark",
    "Joining",
    "QuickReport",
    "Receipt",
    "Reminder",
    "ReportLeg",
    "Told",
    "TwinPair",
]
