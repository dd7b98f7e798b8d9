"""What of accidents a load touches: those the bureau has not decided, and legs of reports that are still owed."""

from __future__ import annotations

from accidents.models import Accident, ReportLeg
from safety_api.days import midnight
from safety_api.loads import Touch, touched_by


@touched_by("accident_grades", "windows", "window_kinds", "investigation", "statistics_entry")
def accidents_since(touch: Touch) -> str:
    rows = Accident.objects.single()
    opened, since = rows.open().count(), rows.filter(occurred_at__gte=midnight(touch.since)).count()
    return f"事故：待定性或待核实 {opened} 起；{touch.since} 以来发生 {since} 起" if opened or since else ""


@touched_by("report_limits", "report_desk")
def legs_owed(touch: Touch) -> str:
    count = ReportLeg.objects.owed().count()
    return f"事故报送：{count} 个环节未报，时限按事故发生之日的规定，不变" if count else ""
