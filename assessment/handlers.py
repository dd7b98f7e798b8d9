"""What our rooms do with the topics of lower floors, and of closings."""

import assessment.bulletins.handlers  # noqa: F401
import assessment.quick_reports.handlers  # noqa: F401
import assessment.yearly.handlers  # noqa: F401
