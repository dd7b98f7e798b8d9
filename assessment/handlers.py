"""What our rooms do with the topics of lower floors, and of closings."""

from assessment.bulletins import handlers as bulletins
from assessment.closings import handlers as closings
from assessment.yearly import handlers as yearly

__all__ = ["bulletins", "closings", "yearly"]
