"""Tables, one file a noun."""

from assessment.models.bulletins import Bulletin
from assessment.models.closing_steps import ClosingStep
from assessment.models.closings import Closing, ClosingState
from assessment.models.objections import Objection
from assessment.models.settlements import Settlement
from assessment.models.source_lists import SourceList, SourceRow
from assessment.models.yearly import KeyPatrol, KeyPatrolEntry, LargerDisaster, Sheet, SheetView, Veto

__all__ = ["Closing", "ClosingState", "ClosingStep", "Objection", "Settlement", "SourceList", "SourceRow"]
__all__ += ["KeyPatrol", "KeyPatrolEntry", "LargerDisaster", "Sheet", "SheetView", "Veto"]
__all__ += ["Bulletin"]
