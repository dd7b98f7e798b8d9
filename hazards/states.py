"""The flow of a hazard as one table (DOMAIN §3.7): it feeds the code, the answer 409, the schema and the picture in the docs.

A row is a step: from where, to where, which parties may, what must be true. Two rows of one name are the same verb in
two loops (县级闭环, 乡镇闭环, 企业自查自改).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from reference.terms import HazardLevel, Loop
from safety_api import steps
from safety_api.actors import Actor
from safety_api.problems import FORBIDDEN, LEADER_REQUIRED, PRINCIPAL_REQUIRED, ProblemKind
from safety_api.roles import DEPARTMENTS, ENFORCING, ENTERPRISE, REPORTERS, Role


class State(TextChoices):
    DRAFT = "draft", "草稿"
    REPORTED = "reported", "已上报"
    REJECTED = "rejected", "不成立"
    CONFIRMED = "confirmed", "已确认"
    ORDERED = "ordered", "已责令"
    RECTIFYING = "rectifying", "整改中"
    REVIEW_REQUESTED = "review_requested", "申请复查"
    CLOSED = "closed", "已销号"
    TRANSFERRED = "transferred", "已移送"
    VOID = "void", "已撤销"
    ENFORCEMENT = "enforcement", "转执法"
    UNIT_CLOSED = "unit_closed", "单位关闭"


# Nobody has to do anything any more; every other state is open.
ENDED = frozenset({State.REJECTED, State.CLOSED, State.TRANSFERRED, State.VOID, State.UNIT_CLOSED})
OPEN = frozenset(State) - ENDED - {State.DRAFT}
# Confirmed, or begun by the unit itself: the unit knows of it. Only these fall due and are overdue.
TOLD = OPEN - {State.REPORTED}


class Origin(TextChoices):
    INSPECTION = "inspection", "检查发现"
    SELF = "self", "企业自查"
    VILLAGE = "village", "村级上报"
    PATROL = "patrol", "属地巡查"


LOOP_OF = {
    Origin.INSPECTION: Loop.COUNTY,
    Origin.SELF: Loop.UNIT,
    Origin.VILLAGE: Loop.TOWNSHIP,
    Origin.PATROL: Loop.TOWNSHIP,
}


def loop_of(origin: str, level: str) -> Loop:
    """A major hazard goes to the department at once, whoever found it (安全生产法 第四十一条)."""
    return Loop.COUNTY if level == HazardLevel.MAJOR else LOOP_OF[Origin(origin)]


@dataclass(frozen=True)
class Party:
    """Some who may take a step: their roles, and for which hazards."""

    roles: frozenset[Role]
    loops: frozenset[Loop] = frozenset(Loop)
    levels: frozenset[HazardLevel] = frozenset(HazardLevel)
    origins: frozenset[Origin] = frozenset(Origin)
    leader: bool = False  # 部门负责人
    principal: bool = False  # 企业主要负责人
    not_author: bool = False
    for_the_unit: bool = False  # only where nobody there has an account
    for_its_principal: bool = False  # only where its principal has none

    def meets(self, hazard: Any) -> bool:
        return hazard.loop in self.loops and hazard.level in self.levels and hazard.origin in self.origins


@dataclass(frozen=True)
class Step(steps.Step):
    number: str  # as DOMAIN §3.7 counts them
    by: tuple[Party, ...]  # none: only the system
    needs: str = ""  # what must be true besides, for readers; the action asks for it
    aside: bool = False  # no step on the way: named neither under `may` nor as what is possible instead of another

    @property
    def verb(self) -> str:
        """The name of the action and of the route."""
        return self.name.replace("-", "_")

    @property
    def title(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def offered(self) -> bool:
        return bool(self.by) and not self.aside


_TOWNSHIP = frozenset({Role.TOWNSHIP_OFFICER})
_GENERAL, _MAJOR = frozenset({HazardLevel.GENERAL}), frozenset({HazardLevel.MAJOR})
_OWN = frozenset({Loop.TOWNSHIP})
_SELF = frozenset({Loop.UNIT})
_FROM_COUNTY = (Party(ENFORCING),)
_FROM_TOWNSHIP = Party(_TOWNSHIP, loops=_OWN, levels=_GENERAL)
_LEADER = (Party(DEPARTMENTS, leader=True),)
_REVIEWING = (Party(ENFORCING, levels=_GENERAL), Party(ENFORCING, levels=_MAJOR, leader=True), _FROM_TOWNSHIP)
# What nobody has an account for, an officer writes down for it; the action asks whether that is so.
_FOR_THE_UNIT = Party(ENFORCING | _TOWNSHIP, for_the_unit=True)
_FOR_ITS_PRINCIPAL = Party(ENFORCING | _TOWNSHIP, for_its_principal=True)

_REPORTED, _CONFIRMED = frozenset({State.REPORTED}), frozenset({State.CONFIRMED})
_RECTIFYING = frozenset({State.RECTIFYING})
_ASKED = frozenset({State.REVIEW_REQUESTED})
_UNDER_WAY = frozenset({State.ORDERED, State.RECTIFYING})

FLOW: steps.Flow[Step] = steps.Flow(
    State,
    Step("report", "上报", frozenset({State.DRAFT}), State.REPORTED, "2", (Party(REPORTERS),), "仅本人"),
    Step("reject", "不成立", _REPORTED, State.REJECTED, "3",
         (Party(DEPARTMENTS, not_author=True), Party(_TOWNSHIP, loops=_OWN, not_author=True)), "说明理由"),
    Step("confirm", "确认", _REPORTED, State.CONFIRMED, "4", (Party(DEPARTMENTS), _FROM_TOWNSHIP),
         "定级；重大须有判定条款或专家意见，并由部门负责人确认"),
    Step("transfer", "移送", _CONFIRMED, State.TRANSFERRED, "5", (Party(DEPARTMENTS),), "写明接收部门；期限继续计算"),
    Step("order", "责令整改", _CONFIRMED, State.ORDERED, "6", (*_FROM_COUNTY, _FROM_TOWNSHIP),
         "两名执法人员，有人无有效执法证的文书存为草稿；乡镇发隐患整改告知书，不是执法文书"),
    Step("close-on-spot", "当场整改销号", _REPORTED | _CONFIRMED, State.CLOSED, "6a",
         (Party(ENFORCING, levels=_GENERAL), _FROM_TOWNSHIP, Party(ENTERPRISE, loops=_SELF, levels=_GENERAL)), "整改前后照片"),
    Step("start", "自行整改", _REPORTED | _CONFIRMED, State.RECTIFYING, "6b",
         (Party(ENTERPRISE, loops=_SELF, levels=_GENERAL),), "责任人、措施、期限"),
    Step("start", "自行整改", _CONFIRMED, State.RECTIFYING, "6b", (Party(ENTERPRISE, origins=frozenset({Origin.SELF})),),
         "企业自查的重大隐患：确认后无需责令；五落实"),
    Step("acknowledge", "签收整改", frozenset({State.ORDERED}), State.RECTIFYING, "7", (Party(ENTERPRISE), _FOR_THE_UNIT),
         "责任人、措施、期限；重大须五落实"),
    Step("request-review", "申请复查", _RECTIFYING, State.REVIEW_REQUESTED, "8", (Party(ENTERPRISE, principal=True), _FOR_ITS_PRINCIPAL),
         "整改后照片、说明、费用；重大须有评估报告"),
    Step("fall-due", "期满转复查", _UNDER_WAY, State.REVIEW_REQUESTED, "8a", (), "期限已过而未申请"),
    Step("pass", "复查合格", _ASKED, State.CLOSED, "9", _REVIEWING,
         "两名执法人员，不能只是下令者，有人无有效执法证的文书存为草稿；重大须部门负责人；挂牌须安委办验收；煤矿停产须三方同意"),
    Step("pass", "自行销号", _RECTIFYING, State.CLOSED, "9", (Party(ENTERPRISE, loops=_SELF, levels=_GENERAL),), "整改前后照片"),
    Step("fail", "复查不合格", _ASKED, State.RECTIFYING, "10", (*_FROM_COUNTY, _FROM_TOWNSHIP), "新期限"),
    Step("enforce", "转执法", _ASKED | _UNDER_WAY, State.ENFORCEMENT, "11", _LEADER, "拒不整改、屡次不合格或逾期；同时立案"),
    Step("resume", "继续整改", frozenset({State.ENFORCEMENT}), State.RECTIFYING, "12", (Party(DEPARTMENTS),),
         "案件已写明处罚决定或者不予处罚的理由；新期限"),
    Step("unit-close", "单位关闭", OPEN, State.UNIT_CLOSED, "13", _LEADER, "政府关闭决定文号"),
    Step("void", "撤销", frozenset(State) - {State.CLOSED, State.VOID}, State.VOID, "14", _LEADER, "说明理由；保留备查"),
    Step("recur", "再次发现", frozenset({State.CLOSED}), None, "15", (Party(ENFORCING | _TOWNSHIP),), "另立一条，与原隐患相连"),
    Step("escalate", "上报县级", OPEN, None, "升级", (Party(_TOWNSHIP, loops=_OWN),), "重大、拒不整改或逾期"),
    Step("correct-wording", "更正文字", frozenset(State) - {State.VOID}, None, "更正", (Party(ENFORCING), Party(_TOWNSHIP, loops=_OWN)),
         "写明理由；原文留在经过中，已出具的文书不变", aside=True),
    Step("correct-wording", "更正文字", frozenset({State.DRAFT, State.REPORTED}), None, "更正",
         (Party(frozenset({Role.VILLAGE_OFFICER}), origins=frozenset({Origin.VILLAGE})), Party(ENTERPRISE, origins=frozenset({Origin.SELF}))),
         "确认以前，由上报的村、单位", aside=True),
    begins={State.DRAFT: "1 草稿", State.REPORTED: "1、2 上报"},
    named={OPEN: "未结的任一状态"},
)  # fmt: skip
STEPS = FLOW.by_name
# The steps by which a hazard goes on its way; the others leave the way, and nobody waits for them, nor for an author's own draft.
ONWARD = frozenset({"confirm", "order", "start", "acknowledge", "request-review", "pass", "fail", "resume"})


def choose(hazard: Any, name: str, *, by: Actor) -> Step:
    """The row by which this person takes this step with this hazard, as it is now.

    Raises WRONG_STEP with the present state when the step is not possible from there, LEADER_REQUIRED, PRINCIPAL_REQUIRED or FORBIDDEN
    when it is possible, but not for this person.
    """
    from_here = FLOW.from_here(hazard.state, name)
    found = [(step, _missing(party, hazard, by)) for step in from_here for party in step.by]
    fits = next((step for step, missing in found if missing is None), None)
    if fits is None:
        raise _refusal(hazard, name, by, [missing for _, missing in found if missing is not None])
    return fits


def _refusal(hazard: Any, name: str, by: Actor, missing: list[ProblemKind]) -> Exception:
    """Of the same verb in another loop it is not this person's turn, but it would be theirs from another state: then that is what is wrong."""
    lacking = next((kind for kind in missing if kind is not FORBIDDEN), None)
    elsewhere = (party for step in STEPS[name] if hazard.state not in step.before for party in step.by)
    if lacking is None and any(_missing(party, hazard, by) is not FORBIDDEN for party in elsewhere):
        return FLOW.wrong(hazard.state, name)
    return (lacking or FORBIDDEN)()


def _missing(party: Party, hazard: Any, by: Actor) -> ProblemKind | None:
    """What this person lacks to be one of the party."""
    if by.role not in party.roles or not party.meets(hazard):
        return FORBIDDEN
    return FORBIDDEN if party.not_author and by.pk == hazard.reported_by else _rank_missing(party, by)


def _rank_missing(party: Party, by: Actor) -> ProblemKind | None:
    if party.leader and not by.is_leader:
        return LEADER_REQUIRED
    return PRINCIPAL_REQUIRED if party.principal and not by.is_principal else None


def turns_of(by: Actor) -> Iterator[tuple[Step, Party]]:
    """The rows, and as which party, by which this person sends hazards on their way: for a whole list what `possible` says of one."""
    return (
        (step, party)
        for step in FLOW
        if step.name in ONWARD
        for party in step.by
        if by.role in party.roles and _rank_missing(party, by) is None
    )


def possible(hazard: Any, by: Actor) -> list[str]:
    """The steps this person may take now by the table, in its order; what a step needs besides, its action asks for."""
    fitting = (
        step.name
        for step in FLOW
        if not step.aside and hazard.state in step.before and any(_missing(party, hazard, by) is None for party in step.by)
    )
    return list(dict.fromkeys(fitting))


def table() -> str:
    """The flow in Markdown, with who may and what it needs."""
    return FLOW.table(由谁=_who, 条件=lambda step: step.needs)


def _who(step: Step) -> str:
    return "；".join(_words(party) for party in step.by) or "系统"


def _words(party: Party) -> str:
    roles = "、".join(role.label for role in Role if role in party.roles)
    limits = [
        *_only(party.loops, Loop),
        *_only(party.levels, HazardLevel),
        *_only(party.origins, Origin),
        *(["部门负责人"] if party.leader else []),
        *(["主要负责人"] if party.principal else []),
        *(["非上报人"] if party.not_author else []),
    ]
    return f"{roles}（{'，'.join(limits)}）" if limits else roles


def _only(chosen: frozenset, kinds: type[TextChoices]) -> list[str]:
    return [] if chosen == frozenset(kinds) else [each.label for each in kinds if each in chosen]
