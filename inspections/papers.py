"""What a visit says in a paper: approval, notice and plan before it, the record of it, and the orders that come out of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from enterprises.models import Enterprise
from evidence.papers.registry import Sheet, gathers, gives_papers
from hazards.actions.history import history_of
from hazards.models import Hazard, Review
from hazards.papers import (
    MAY_BE_ORDERED,
    Deadline,
    Decision,
    Transfer,
    addressee,
    check_deadline,
    check_order,
    check_transfer,
    contradicts,
    decision_facts,
    last_order,
    order_facts,
    places_of,
    problem,
    sentence,
    signs_order,
    take_order,
    take_transfer,
    transfer_facts,
)
from hazards.states import OPEN, State
from inspections.models import Inspection, Result, Task, VisitKind
from reference import law
from safety_api.problems import NO_OPEN_HAZARD, NO_REVIEW, NOT_OF_THE_VISIT, UNKNOWN_HAZARD
from safety_api.shapes import Moment, Shape, Text

BASIS = "《中华人民共和国安全生产法》第六十五条"
METHOD = "听取汇报，查阅资料，实地查看作业现场和设施设备，询问有关人员，必要时取样检测。"


@gives_papers("inspection", Inspection)
def visits(user: Any):
    return Inspection.objects.visible_to(user).select_related("enterprise", "site")


@gives_papers("task", Task)
def tasks(user: Any):
    return Task.objects.visible_to(user).select_related("enterprise", "site")


@gives_papers("enterprise", Enterprise, unit="pk")
def units(user: Any):
    return Enterprise.objects.visible_to(user)


# --- before the visit ----------------------------------------------------------------------------------------------------------
class Before(Shape):
    check_on = serializers.DateField(help_text="检查日期")
    until = serializers.DateField(required=False, allow_null=True, default=None, help_text="多日检查的末日")
    way = serializers.ChoiceField(choices=VisitKind.choices, required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, default="", allow_blank=True)
    content = serializers.ListField(
        child=Text(min_length=1, max_length=300), max_length=60, required=False, default=list, help_text="缺省为该行业的检查表"
    )  # fmt: skip
    reason = Text(max_length=500, required=False, default="", allow_blank=True, help_text="检查事由")
    method = Text(max_length=500, required=False, default="", allow_blank=True)
    contact = Text(max_length=60, required=False, default="", allow_blank=True, help_text="联系人及电话")


def before(record: Any, unit: Enterprise | None, sheet: Sheet, *, way: str | None, **stated: Any) -> dict[str, Any]:
    check_deadline(stated["check_on"], sheet)
    who = addressee(record) if unit is not record else of_unit(unit)
    found = way or getattr(record, "kind", None) or VisitKind.ROUTINE
    return {
        **who, "place": stated["place"] or who["place"], "sector": law.sector(record.sector_id).name, "way": VisitKind(found).label,
        "class_": f"{unit.supervision_class}类" if unit and unit.supervision_class else "", "basis": BASIS,
        "period": _period(stated["check_on"], stated["until"]), "content": _content(stated["content"], record.sector_id, sheet.day),
        "reason": stated["reason"] or "年度安全生产监督检查计划", "method": stated["method"] or METHOD, "contact": stated["contact"],
    }  # fmt: skip


def of_unit(unit: Enterprise) -> dict[str, str]:
    place = unit.address or unit.name
    return {"to": unit.name, "place": place, "address": unit.address, "principal": unit.principal_name}


def _period(first: date, last: date | None) -> str:
    """2026年11月23日, 2026年11月23日至11月25日, with the year again where it changes."""
    begin = f"{first.year}年{first.month}月{first.day}日"
    if last is None or last <= first:
        return begin
    year = "" if last.year == first.year else f"{last.year}年"
    return f"{begin}至{year}{last.month}月{last.day}日"


def _content(stated: list[str], sector: str, day: date) -> list[dict[str, str]]:
    """What the officers wrote, else the items of the sector's list."""
    texts = stated or [each["text"] for each in law.checklist(sector, day).body["items"]]
    return [{"text": each} for each in texts]


@gathers("approval_form", of="task", fields=Before)
@gathers("inspection_notice", of="task", fields=Before)
@gathers("inspection_plan", of="task", fields=Before)
def before_task(task: Task, sheet: Sheet, **stated: Any) -> dict[str, Any]:
    return before(task, task.enterprise, sheet, **stated)


@gathers("approval_form", of="enterprise", fields=Before)
@gathers("inspection_notice", of="enterprise", fields=Before)
@gathers("inspection_plan", of="enterprise", fields=Before)
def before_unit(unit: Enterprise, sheet: Sheet, **stated: Any) -> dict[str, Any]:
    return before(unit, unit, sheet, **stated)


# --- the record -----------------------------------------------------------------------------------------------------------------
class Record(Shape):
    content = Text(max_length=1000, required=False, default="", allow_blank=True, help_text="缺省由检查表写出")
    handling = Text(max_length=1000, required=False, default="", allow_blank=True, help_text="处理意见")
    principal_post = Text(max_length=60, required=False, default="", allow_blank=True, help_text="主要负责人职务")


def check_were_there(visit: Inspection, sheet: Sheet, **stated: Any) -> None:
    """Raises NOT_OF_THE_VISIT for an officer who did not make it."""
    there = {str(visit.by_id), *map(str, visit.companions)}
    if strangers := [place for place, each in enumerate(sheet.officers) if each["id"] not in there]:
        raise NOT_OF_THE_VISIT.at(*places_of(strangers))


@gathers("inspection_record", of="inspection", fields=Record, agrees=check_were_there)
def visit_record(
    visit: Inspection, sheet: Sheet, *, content: str, handling: str, principal_post: str
) -> dict[str, Any]:
    hazards = list(_hazards(visit))
    return {
        **addressee(visit), "principal_post": principal_post, "way": VisitKind(visit.kind).label, "started_at": visit.started_at.isoformat(),
        "finished_at": visit.finished_at.isoformat(), "content": content or _looked_at(visit), "problems": [problem(each) for each in hazards],
        "handling": handling or _handled(hazards),
    }  # fmt: skip


def _looked_at(visit: Inspection) -> str:
    """《煤矿检查表》（2021-1）: how many items were answered, and how."""
    found = law.version("checklist", visit.checklist_code, visit.checklist_version)
    if found is None:
        return "对安全生产责任制落实、现场管理和设施设备情况进行检查。"
    failed = sum(each["result"] == Result.FAIL for each in visit.answers)
    rest = "其余各项合格" if visit.unanswered == "pass" else f"本次检查{len(visit.answers)}项"
    items = len(found.body["items"])
    return f"按《{found.title}》（{found.version}版，共{items}项）逐项检查，{rest}；不合格{failed}项。"


def _handled(hazards: list[Hazard]) -> str:
    if not hazards:
        return "请继续落实安全生产主体责任，做好隐患排查治理。"
    return "对上述问题依法责令改正，能当场改正的当场改正，不能当场改正的另行下达责令限期整改指令书。"


def _hazards(visit: Inspection) -> Any:
    return Hazard.objects.filter(inspection_id=visit.pk).as_entered("item")


# --- what comes out of it ---------------------------------------------------------------------------------------------------------
class Some(Shape):
    hazards = serializers.ListField(
        child=serializers.UUIDField(), max_length=100, required=False, default=list, help_text="缺省为这次检查发现而尚未办结的全部隐患"
    )  # fmt: skip


class ShownOnTheSpot(Shape):
    """What the phone showed and had signed before there was a number."""

    text = Text(max_length=10_000, required=False, default="", allow_blank=True)
    written_at = Moment()


class OrderOfVisit(Deadline, Some):
    measures = Text(max_length=60_000, required=False, default="", allow_blank=True, help_text="整改要求")
    shown = ShownOnTheSpot(required=False, allow_null=True, default=None, help_text="现场已出示、文号待回传的文字")


class DecisionOfVisit(Decision, Some):
    pass


class TransferOfVisit(Transfer, Some):
    pass


def chosen(visit: Inspection, wanted: list[UUID], among: Iterable[State] = OPEN) -> list[Hazard]:
    """Raises UNKNOWN_HAZARD for one that the visit did not find, PAPER_CONTRADICTS for one in another state, NO_OPEN_HAZARD when none is left."""
    found = list(_hazards(visit))
    strangers = set(wanted) - {each.pk for each in found}
    if strangers:
        raise UNKNOWN_HAZARD.at(*(f"/fields/hazards/{at}" for at, each in enumerate(wanted) if each in strangers))
    named = [each for each in found if each.pk in wanted]
    if ended := next((each for each in named if each.state not in among), None):
        raise contradicts(ended, "这份文书")
    fitting = [each for each in named or found if each.state in among]
    if not fitting:
        raise NO_OPEN_HAZARD()
    return fitting


def check_orders(visit: Inspection, sheet: Sheet, *, hazards: list[UUID], **stated: Any) -> None:
    for hazard in ordered(visit, hazards, sheet):
        check_order(hazard, sheet)


def ordered(visit: Inspection, wanted: list[UUID], sheet: Sheet) -> list[Hazard]:
    """Those named, else all whose order these officers may sign: what others ordered has its own paper. Raises what `chosen` raises."""
    found = chosen(visit, wanted, MAY_BE_ORDERED)
    return found if wanted else [each for each in found if signs_order(each, sheet)] or found


def take_orders(visit: Inspection, *, hazards: list[UUID], **stated: Any) -> bool:
    """The step with every hazard that still waits for it."""
    taken = [take_order(hazard, **stated) for hazard in chosen(visit, hazards, MAY_BE_ORDERED)]
    return any(taken)


HANDED = frozenset({State.CONFIRMED, State.TRANSFERRED})


def handed(way: str) -> Iterable[State]:
    return OPEN if way == "copy" else HANDED


@gathers("rectify_order", of="inspection", fields=OrderOfVisit, agrees=check_orders, takes=take_orders)
@gathers("rectify_notice", of="inspection", fields=OrderOfVisit, agrees=check_orders, takes=take_orders)
def order(
    visit: Inspection, sheet: Sheet, *, hazards: list[UUID], shown: dict[str, Any] | None, **stated: Any
) -> dict[str, Any]:
    facts = order_facts(visit, ordered(visit, hazards, sheet), sheet, **stated)
    said = {"shown_at": shown["written_at"].isoformat(), "shown_text": shown["text"]} if shown else {}
    return {**facts, "shown_at": None, **said}


@gathers("onsite_decision", of="inspection", fields=DecisionOfVisit)
def decision(visit: Inspection, sheet: Sheet, *, hazards: list[UUID], **stated: Any) -> dict[str, Any]:
    return decision_facts(visit, chosen(visit, hazards), sheet, **stated)


def check_handed(visit: Inspection, sheet: Sheet, *, hazards: list[UUID], way: str, **stated: Any) -> None:
    for hazard in chosen(visit, hazards, handed(way)):
        check_transfer(hazard, sheet, way=way, **stated)


def take_handed(visit: Inspection, *, hazards: list[UUID], way: str, **stated: Any) -> bool:
    taken = [take_transfer(hazard, way=way, **stated) for hazard in chosen(visit, hazards, handed(way))]
    return any(taken)


@gathers("transfer", of="inspection", fields=TransferOfVisit, agrees=check_handed, takes=take_handed)
def transfer(visit: Inspection, sheet: Sheet, *, hazards: list[UUID], **stated: Any) -> dict[str, Any]:
    return transfer_facts(visit, chosen(visit, hazards, handed(stated["way"])), sheet, **stated)


class OpinionOfVisit(Shape):
    deadline = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="不合格问题的新期限，有不合格时必填"
    )


def check_reviews(visit: Inspection, sheet: Sheet, **stated: Any) -> None:
    """Every review of the visit must have become the step; and whoever signs was there."""
    for review in Review.objects.filter(inspection_id=visit.pk).select_related("hazard").order_by("pk"):
        last = history_of(review.hazard).last("pass", "fail")
        if last is None or last.step != review.result or last.details.get("inspection") != str(visit.pk):
            raise contradicts(review.hazard, "复查意见书", f"“{review.hazard}”的复查没有办成步骤，请先办理")
    check_were_there(visit, sheet)


@gathers("review_opinion", of="inspection", fields=OpinionOfVisit, agrees=check_reviews)
def opinion(visit: Inspection, sheet: Sheet, *, deadline: date | None) -> dict[str, Any]:
    """All that the visit reviewed. Raises NO_REVIEW when it reviewed nothing, IN_THE_PAST."""
    reviews = list(Review.objects.filter(inspection_id=visit.pk).select_related("hazard").order_by("pk"))
    if not reviews:
        raise NO_REVIEW()
    failed = any(each.result == "fail" for each in reviews)
    if failed and deadline is None:
        raise serializers.ValidationError(
            {"fields": {"deadline": serializers.ErrorDetail("不合格的须写明新期限。", "required")}}
        )
    check_deadline(deadline, sheet)
    subjects = [each.hazard_id for each in reviews] + [each.hazard.inspection_id for each in reviews]
    return {
        **addressee(visit), **last_order(*subjects), "problems": [_reviewed(each) for each in reviews], "passed": not failed,
        "failed": failed, "resumed_on": None,
        "reviewed_on": timezone.localdate(visit.started_at).isoformat(), "due_on": deadline and deadline.isoformat(),
    }  # fmt: skip


def _reviewed(review: Review) -> dict[str, Any]:
    return problem(review.hazard) | {
        "result": "合格" if review.result == "pass" else "不合格",
        "note": sentence(review.note),
    }
