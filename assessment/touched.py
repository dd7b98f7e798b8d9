"""What of the assessment a load touches: what is not yet fixed. What is frozen or confirmed keeps the text it was made by."""

from __future__ import annotations

from assessment.models import Closing, ClosingState, KeyPatrol, Sheet, Veto
from assessment.yearly.states import PatrolState, SheetState
from safety_api.loads import Touch, touched_by


@touched_by("assessment", "bulletins", "closing", "open_questions")
def in_work(touch: Touch) -> str:
    counts = {
        "未定稿的月度核对": Closing.objects.exclude(state=ClosingState.FROZEN),
        "待确认的考核表": Sheet.objects.filter(state=SheetState.OPEN),
        "待决定的一票否决": Veto.objects.undecided(),
        "待确定的重点巡查名单": KeyPatrol.objects.filter(state=PatrolState.OPEN),
    }
    said = "、".join(f"{name} {number} 件" for name, rows in counts.items() if (number := rows.count()))
    return f"考核：{said}，自 {touch.since} 起按新规定" if said else ""
