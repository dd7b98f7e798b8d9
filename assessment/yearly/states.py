"""Who may become what: one table a noun. A wrong step is answered 409 with the present state and what is possible."""

from django.db.models import TextChoices

from safety_api.steps import Flow, step


class PartyKind(TextChoices):
    TOWNSHIP = "township", "乡镇"
    DEPARTMENT = "department", "县安委会成员单位"


class SheetState(TextChoices):
    OPEN = "open", "待确认"
    CONFIRMED = "confirmed", "已确认"


class VetoState(TextChoices):
    PROPOSED = "proposed", "建议否决"
    CONFIRMED = "confirmed", "已否决"
    REJECTED = "rejected", "不予否决"
    WITHDRAWN = "withdrawn", "建议已撤回"  # by the facts themselves
    LIFTED = "lifted", "已解除"


class PatrolState(TextChoices):
    OPEN = "open", "待确定"
    FIXED = "fixed", "已确定"


class EntryState(TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "列入"
    REMOVED = "removed", "不列入"
    WITHDRAWN = "withdrawn", "建议已撤回"


class Origin(TextChoices):
    FACTS = "facts", "依据事实提出"
    HAND = "hand", "人工列入"


S, V, P, E = SheetState, VetoState, PatrolState, EntryState
SHEET = Flow(
    SheetState,
    step("state_view", "陈述意见", S.OPEN),
    step("confirm", "确认", S.OPEN, to=S.CONFIRMED),
    step("revise", "修订", S.CONFIRMED),  # makes another revision; this one stands
)
VETO = Flow(
    VetoState,
    step("confirm", "确认否决", V.PROPOSED, to=V.CONFIRMED),
    step("reject", "不予否决", V.PROPOSED, to=V.REJECTED),
    step("lift", "解除", V.CONFIRMED, to=V.LIFTED),
    step("withdraw", "撤回建议", V.PROPOSED, to=V.WITHDRAWN),
    step("propose", "再次建议", V.WITHDRAWN, to=V.PROPOSED),
    begins={V.PROPOSED: "依据事实提出"},
)
PATROL = Flow(
    PatrolState,
    step("add", "人工列入", P.OPEN),
    step("decide", "逐个确认", P.OPEN),
    step("fix", "确定名单", P.OPEN, to=P.FIXED),
)
ENTRY = Flow(
    EntryState,
    step("confirm", "列入", E.PROPOSED, E.REMOVED, E.WITHDRAWN, to=E.CONFIRMED),
    step("remove", "不列入", E.PROPOSED, E.CONFIRMED, to=E.REMOVED),
)
