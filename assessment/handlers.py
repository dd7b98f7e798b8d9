"""What our rooms do with the topics of lower floors, and of closings."""

from assessment.bulletins import handlers as bulletins
from assessment.quick_reports import handlers as quick_reports
from assessment.yearly import handlers as yearly

__all__ = ["bulletins", "quick_reports", "yearly"]
