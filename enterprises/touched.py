"""What of units a load touches: what is required of those in business."""

from __future__ import annotations

from enterprises.kinds import Status
from enterprises.models import Enterprise
from safety_api.loads import Touch, touched_by


@touched_by("unit_duties", "standardization")
def units_in_business(touch: Touch) -> str:
    count = Enterprise.objects.exclude(status=Status.CLOSED).count()
    return f"单位：{count} 家未关闭的单位自 {touch.since} 起按新的要求" if count else ""
