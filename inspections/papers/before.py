"""Before a visit: its approval, the notice handed at its start, the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from enterprises.models import Enterprise
from evidence.papers.composing import spoken_time
from evidence.papers.registry import Sheet, gathers
from hazards.papers import addressee
from inspections.course.rules import assumed_type
from inspections.course.serializers import ExpertShape, SourceShape
from inspections.models import Inspection, Task, VisitKind
from inspections.papers.course import known, of_course
from inspections.papers.subjects import check_were_there, ended_on, made_on, spoken_days, spoken_way
from reference import law, law_calendar
from reference.terms import InspectionType
from safety_api.problems import IN_THE_PAST
from safety_api.shapes import Moment, Shape, Text

BASIS = "《中华人民共和国安全生产法》第六十五条"
METHOD = "听取汇报，查阅资料，实地查看作业现场和设施设备，询问有关人员，必要时取样检测。"
NONE = "无"  # how many assist is said beforehand, also that none does


class Urgent(Shape):
    """情况紧急: reported at once, the approval completed afterwards."""

    reported_to = Text(min_length=1, max_length=60, help_text="向谁报告")
    reported_at = Moment()


class BeforeVisit(Shape):
    """Of a visit that was made: all of it may come from the visit itself."""

    type = serializers.ChoiceField(choices=InspectionType.choices, required=False, allow_null=True, default=None)
    source = SourceShape(required=False, allow_null=True, default=None)  # type: ignore[assignment]  # the field's own name
    experts = serializers.ListField(
        child=ExpertShape(), max_length=20, required=False, default=list, help_text="协助人员"
    )
    urgent = Urgent(required=False, allow_null=True, default=None)
    way = serializers.ChoiceField(choices=VisitKind.choices, required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, default="", allow_blank=True)
    content = serializers.ListField(
        child=Text(min_length=1, max_length=300), max_length=60, required=False, default=list, help_text="缺省为该行业的检查表"
    )  # fmt: skip
    reason = Text(max_length=500, required=False, default="", allow_blank=True, help_text="检查事由")
    method = Text(max_length=500, required=False, default="", allow_blank=True)
    contact = Text(max_length=60, required=False, default="", allow_blank=True, help_text="联系人及电话")


class BeforeTask(BeforeVisit):
    check_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="检查日期，缺省为今日至任务期限"
    )
    until = serializers.DateField(required=False, allow_null=True, default=None, help_text="多日检查的末日")


class BeforeUnit(BeforeTask):
    check_on = serializers.DateField(help_text="检查日期")


def planned_on(record: Any, *, check_on: date | None, **stated: Any) -> date | None:
    return check_on


def before(
    record: Any, who: dict[str, str], sheet: Sheet, first: date, last: date | None, *, way: str | None, **stated: Any
) -> dict[str, Any]:
    found = way or getattr(record, "kind", None) or VisitKind.ROUTINE
    facts = {
        **who, "place": stated["place"] or who["place"], "sector": law.sector(record.sector_id).name, "way": spoken_way(found, sheet.form_of),
        "class_": _class_of(record), "basis": law_calendar.cited(BASIS, record.sector_id, first),
        "period": spoken_days(first, last), "content": _content(stated["content"], record.sector_id, sheet.form_of),
        "reason": stated["reason"] or "年度安全生产监督检查计划", "method": stated["method"] or METHOD, "contact": stated["contact"],
    }  # fmt: skip
    return facts | _course(record, sheet, found, stated)


def _class_of(record: Any) -> str:
    unit = record if isinstance(record, Enterprise) else record.enterprise
    return f"{unit.supervision_class}类" if unit and unit.supervision_class else ""


def _course(record: Any, sheet: Sheet, way: str, stated: dict[str, Any]) -> dict[str, Any]:
    """Each approval says a type: where nobody did, that of its way."""
    own = known(record)
    told = of_course(record, sheet, **{**stated, "type": stated["type"] or own.type or assumed_type(way)})
    if not told:
        return {}
    approval = own.course.get("approval") or {}
    return {
        **told,
        "scope": numbered(stated["content"]) or _list_of(record.sector_id, sheet.form_of),
        "assistants": told["assistants"] or NONE,
        "reason": stated["reason"],
        "urgent": _urgent(stated["urgent"] or approval),
        "approved": _approved(approval),
    }


def _urgent(said: dict[str, Any]) -> str:
    if not said.get("reported_at"):
        return ""
    to = f"向{said['reported_to']}" if said.get("reported_to") else ""
    return f"情况紧急，检查人员已于{spoken_time(said['reported_at'])}{to}报告，本表在检查后补办。"


def _approved(approval: dict[str, Any]) -> str:
    """What stands in the record of who approved, and when."""
    if not (approval.get("at") and approval.get("approver_name")):
        return ""
    post = f"（{approval['approver_post']}）" if approval.get("approver_post") else ""
    note = f"，{approval['note'].rstrip('。')}" if approval.get("note") else ""
    return f"{approval['approver_name']}{post}已于{spoken_time(approval['at'])}同意检查{note}。"


def of_unit(unit: Enterprise) -> dict[str, str]:
    place = unit.address or unit.name
    return {"to": unit.name, "place": place, "address": unit.address, "principal": unit.principal_name}


def _content(stated: list[str], sector: str, on: date) -> list[dict[str, str]]:
    """What the officers wrote, else the items of the sector's list."""
    texts = stated or [each["text"] for each in law.checklist(sector, on).body["items"]]
    return [{"text": each} for each in texts]


def numbered(texts: list[str]) -> str:
    """One to a line; a single one without its number."""
    return "\n".join(texts if len(texts) == 1 else (f"{place}. {each}" for place, each in enumerate(texts, 1)))


def _list_of(sector: str, on: date) -> str:
    """The list by its name: its items stand in the plan, and would make three sheets of a notice."""
    found = law.checklist(sector, on)
    return f"《{found.title}》（{found.version}版）所列{len(found.body['items'])}项"


def check_planned(check_on: date | None, sheet: Sheet, urgent: Any) -> None:
    """Raises IN_THE_PAST, but for what is completed afterwards and for a mistake put right."""
    if check_on and check_on < sheet.day and not (urgent or sheet.corrects):
        raise IN_THE_PAST.at("/fields/check_on")


@gathers("approval_form", of="task", fields=BeforeTask, day=planned_on)
@gathers("inspection_notice", of="task", fields=BeforeTask, day=planned_on)
@gathers("inspection_plan", of="task", fields=BeforeTask, day=planned_on)
def before_task(
    task: Task, sheet: Sheet, *, check_on: date | None, until: date | None, **stated: Any
) -> dict[str, Any]:
    check_planned(check_on, sheet, stated["urgent"])
    last = until if check_on else task.due_on
    return before(task, addressee(task), sheet, check_on or sheet.day, last, **stated)


@gathers("approval_form", of="enterprise", fields=BeforeUnit, day=planned_on)
@gathers("inspection_notice", of="enterprise", fields=BeforeUnit, day=planned_on)
@gathers("inspection_plan", of="enterprise", fields=BeforeUnit, day=planned_on)
def before_unit(unit: Enterprise, sheet: Sheet, *, check_on: date, until: date | None, **stated: Any) -> dict[str, Any]:
    check_planned(check_on, sheet, stated["urgent"])
    return before(unit, of_unit(unit), sheet, check_on, until, **stated)


@gathers("approval_form", of="inspection", fields=BeforeVisit, agrees=check_were_there)
@gathers("inspection_notice", of="inspection", fields=BeforeVisit, agrees=check_were_there)
def before_visit(visit: Inspection, sheet: Sheet, **stated: Any) -> dict[str, Any]:
    """Of a visit whose approval and notice the phone tells of, or the office completes."""
    return before(visit, addressee(visit), sheet, made_on(visit), ended_on(visit), **stated)
