"""Tables, one file a noun."""

from assessment.models.closing import Closing, State
from assessment.models.closing_steps import ClosingStep
from assessment.models.objections import Objection
from assessment.models.sources import Settlement, SourceList, SourceRow

__all__ = ["Closing", "ClosingStep", "Objection", "Settlement", "SourceList", "SourceRow", "State"]
