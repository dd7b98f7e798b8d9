"""What our rooms do with our own topics."""

from accidents.quick_reports import handlers as quick_reports

__all__ = ["quick_reports"]
