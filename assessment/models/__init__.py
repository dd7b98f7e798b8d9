"""Tables, one file a noun."""

from assessment.models.closing import Closing, State

__all__ = ["Closing", "State"]
