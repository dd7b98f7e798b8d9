"""What of risks a load touches: points keep their assessment until the next review."""

from __future__ import annotations

from risks.models import RiskPoint
from safety_api.loads import Touch, touched_by


@touched_by("risk_methods")
def points(touch: Touch) -> str:
    count = RiskPoint.objects.current().count()
    return f"风险点：{count} 处，等级到下次评审为止按原评定，不变" if count else ""
