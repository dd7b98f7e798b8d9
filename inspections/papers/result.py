"""检查结果告知书: what the unit is told of a visit, also when nothing was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evidence.papers.models import Paper
from evidence.papers.registry import Sheet, gathers
from hazards.models import Hazard
from hazards.papers import ORDERING, STOPPING, addressee, problem
from hazards.states import OPEN, State
from inspections.models import Inspection
from inspections.papers.course import of_course
from inspections.papers.records import hazards_of, notice_of
from inspections.papers.subjects import check_were_there, ended_on, made_on, spoken_days
from safety_api.shapes import Shape, Text

GONE = frozenset({State.DRAFT, State.REJECTED, State.VOID})  # what was no hazard is no result
NOTHING_FOUND = "请你单位继续落实安全生产主体责任，做好日常隐患排查治理。"


class Outcome(Shape):
    follow_up = Text(
        max_length=1000, required=False, default="", allow_blank=True, help_text="后续处理，缺省由各问题的办理情况写出"
    )


@gathers("result_notice", of="inspection", fields=Outcome, agrees=check_were_there)
def result(visit: Inspection, sheet: Sheet, *, follow_up: str) -> dict[str, Any]:
    found = [each for each in hazards_of(visit) if each.state not in GONE]
    number, told = notice_of(visit), of_course(visit, sheet)
    return {
        **addressee(visit), "period": spoken_days(made_on(visit), ended_on(visit)),
        "inspection": told.get("type") or "安全生产检查", "notice": f"（检查通知书文号：{number}）" if number else "",
        "problems": [problem(each) | {"state": _state_of(each)} for each in found], "many": len(found),
        "follows": [{"text": each} for each in ([follow_up] if follow_up else follows(visit, found))], **told,
    }  # fmt: skip


def _state_of(hazard: Hazard) -> str:
    state = State(hazard.state)
    return f"限{hazard.due_on.month}月{hazard.due_on.day}日前整改" if state in OPEN and hazard.due_on else state.label


def follows(visit: Inspection, found: list[Hazard]) -> list[str]:
    """A sentence for each thing that comes next."""
    said = [write(len(group)) for states, write in NEXT if (group := [each for each in found if each.state in states])]
    papers = list(Paper.objects.of(visit.pk, kinds=(*ORDERING, *STOPPING)))
    return [*said, *_issued(papers)] or [NOTHING_FOUND]


def _issued(papers: Iterable[Paper]) -> list[str]:
    return [f"本机关已出具{each.number}《{each.title}》，请一并执行。" for each in papers]


NEXT = (
    (OPEN - {State.ENFORCEMENT}, lambda many: f"{many}项问题请在各自期限内整改完毕，报告本机关；本机关在期满或者收到报告后复查。"),
    (frozenset({State.ENFORCEMENT}), lambda many: f"{many}项问题转入行政执法程序，另行依法处理。"),
    (frozenset({State.TRANSFERRED}), lambda many: f"{many}项问题不属本机关职责，已移送有权机关处理。"),
    (frozenset({State.CLOSED, State.UNIT_CLOSED}), lambda many: f"{many}项问题已经整改并经复查，予以销号。"),
)  # fmt: skip
