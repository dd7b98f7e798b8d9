"""What of the registers a load touches: open entries keep the days that were worked out when they were made."""

from __future__ import annotations

from django.utils import timezone

from enforcement.models import Case, Dishonesty, Handover, Listing, StopOrder
from safety_api.loads import Touch, touched_by


@touched_by("enforcement", "dishonesty")
def open_entries(touch: Touch) -> str:
    today = timezone.localdate()
    counts = {
        "挂牌督办": Listing.objects.standing(on=today),
        "停产停业": StopOrder.objects.active(),
        "移送未答复": Handover.objects.unanswered(),
        "未决案件": Case.objects.undecided(),
        "失信名单": Dishonesty.objects.in_force(on=today),
    }
    said = "、".join(f"{name} {number} 件" for name, rows in counts.items() if (number := rows.count()))
    return f"执法台账：{said}，期限按原规定，不变" if said else ""
