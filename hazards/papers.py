"""What a hazard says in a paper: the facts of orders, notices, decisions, reviews, transfers, and of cutting the power."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from evidence.papers import kinds, rules
from evidence.papers.drafting import Issuing
from evidence.papers.models import Paper
from evidence.papers.registry import Sheet, gathers, gives_papers
from hazards.actions import offspring, steps
from hazards.actions.ending import forget_draft
from hazards.actions.history import PastStep, history_of
from hazards.editions import basis_of
from hazards.models import Hazard
from hazards.officers import all_certified
from hazards.states import OPEN, State, possible
from reference import law
from reference.terms import HazardLevel
from safety_api.actors import Actor
from safety_api.problems import (
    IN_THE_PAST,
    NO_STOP_ORDER,
    NOT_OF_THE_STEP,
    NOTICE_TOO_SHORT,
    PAPER_CONTRADICTS,
    UNKNOWN_DEPARTMENT,
    Problem,
)
from safety_api.roles import Role
from safety_api.shapes import Moment, Shape, Text

STOPPING = ("onsite_decision",)
ORDERING = ("rectify_order", "rectify_notice")
MEASURES = {
    "evacuate": "从危险区域内撤出作业人员",
    "suspend": "暂时停产停业",
    "suspend_part": "部分停产停业，停止有关作业",
    "stop_use": "停止使用相关设施、设备",
}  # 安全生产法 第六十五条第一款第三项
SUPPLIES = {"power": "供电", "explosives": "供应民用爆炸物品"}  # 安全生产法 第七十条


@gives_papers("hazard", Hazard)
def visible(user: Any):
    return Hazard.objects.visible_to(user).select_related("enterprise", "site")


# --- what several papers say -----------------------------------------------------------------------------------------------
def addressee(record: Any) -> dict[str, str]:
    """Of a hazard, a visit or a task: the unit where there is one, else the site, else the words for the place."""
    unit, site = getattr(record, "enterprise", None), getattr(record, "site", None)
    place = getattr(record, "place", "") or (site.name if site else "")
    named = unit.name if unit else site.name if site else place
    return {
        "to": named,
        "place": place or (unit.address if unit else "") or named,
        "address": (unit.address if unit else "") or (site.address if site else "") or place,
        "principal": unit.principal_name if unit else site.owner_name if site else "",
    }


def problem(hazard: Hazard, *, due_on: date | None = None) -> dict[str, Any]:
    """One line of a numbered list, with the day until when and the clause that makes it major."""
    basis = basis_of(hazard)
    return {
        "hazard": str(hazard.pk),
        "text": hazard.description.rstrip("。；;. "),
        "level": f"{HazardLevel(hazard.level).label}事故隐患",
        "basis": f"（依据：{basis}）" if basis else "",
        "edition": hazard.edition,
        "criterion": hazard.criterion,
        "due_on": (due_on or hazard.due_on or timezone.localdate(hazard.found_at)).isoformat(),
    }


def sentence(text: str) -> str:
    return f"{text.rstrip('。')}。" if text else ""


def check_deadline(deadline: date | None, sheet: Sheet) -> None:
    """Raises IN_THE_PAST."""
    if deadline and deadline < sheet.day:
        raise IN_THE_PAST.at("/fields/deadline")


def found_on(hazards: Iterable[Hazard]) -> str:
    return timezone.localdate(min(each.found_at for each in hazards)).isoformat()


def last_order(*subjects: UUID | None) -> dict[str, Any]:
    """The newest order or notice about these records that still stands."""
    paper = Paper.objects.of(*subjects, kinds=ORDERING).first()
    return {
        "order_number": paper.number if paper else "",
        "order_title": paper.title if paper else "",
        "order_on": paper.issued_on.isoformat() if paper else None,
    }


def last_stop(hazard: Hazard) -> Paper | None:
    """The newest decision to stop that still stands: of the hazard, its visit, or a stop order of its unit that names it."""
    naming = Paper.objects.filter(
        enterprise_id=hazard.enterprise_id, subject_kind="stop_order", kind__in=STOPPING, corrected_by=None
    )
    named = (
        naming.filter(facts__problems__contains=[{"hazard": str(hazard.pk)}]) if hazard.enterprise_id else naming.none()
    )
    own = Paper.objects.of(hazard.pk, hazard.inspection_id, kinds=STOPPING).first()
    return own or named.order_by("-issued_at").first()


class Deadline(Shape):
    deadline = serializers.DateField(required=False, allow_null=True, default=None, help_text="缺省为记录中的整改期限")
    measures = Text(max_length=2000, required=False, default="", allow_blank=True, help_text="整改要求")


class Decision(Shape):
    measures = serializers.ListField(child=serializers.ChoiceField(choices=list(MEASURES)), min_length=1, max_length=4)
    scope = Text(max_length=300, required=False, default="", allow_blank=True, help_text="区域、设施、设备")
    until = Text(max_length=200, required=False, default="隐患排除并经审查同意之日", help_text="执行至何时")


class Opinion(Shape):
    result = serializers.ChoiceField(choices=["pass", "fail"])
    note = Text(max_length=2000, required=False, default="", allow_blank=True)
    deadline = serializers.DateField(required=False, allow_null=True, default=None, help_text="不合格时的新期限，必填")
    reviewed_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["result"] == "fail" and attrs["deadline"] is None:
            raise serializers.ValidationError(
                {"deadline": serializers.ErrorDetail("不合格的须写明新期限。", "required")}
            )
        return attrs


class Transfer(Shape):
    department = serializers.CharField(max_length=30, help_text="接收部门代码")
    way = serializers.ChoiceField(choices=["hand_over", "copy"], default="hand_over", help_text="移送，或抄告")
    reason = Text(max_length=2000, required=False, default="", allow_blank=True)
    reply_by = serializers.DateField(required=False, allow_null=True, default=None)
    materials = serializers.ListField(
        child=Text(min_length=1, max_length=200), max_length=30, required=False, default=list
    )


class PowerCut(Shape):
    supply = serializers.ChoiceField(choices=list(SUPPLIES))
    supplier = Text(min_length=2, max_length=100, help_text="供应单位")
    cut_at = Moment()
    reason = Text(min_length=2, max_length=500, help_text="拒不执行的情形与现实危险")
    emergency = serializers.BooleanField(
        required=False, default=False, help_text="危及生产安全的紧急情形，不提前二十四小时通知"
    )


# --- the facts, for one hazard or for those of a visit -----------------------------------------------------------------------
def order_facts(
    record: Any, hazards: list[Hazard], sheet: Sheet, *, deadline: date | None, measures: str
) -> dict[str, Any]:
    check_deadline(deadline, sheet)
    problems = [problem(each, due_on=deadline) for each in hazards]
    return {
        **addressee(record),
        "found_on": found_on(hazards),
        "problems": problems,
        "measures": measures,
        "shown_at": None,
    }


def decision_facts(
    record: Any, hazards: list[Hazard], sheet: Sheet, *, measures: list[str], scope: str, until: str
) -> dict[str, Any]:
    what = f"（{scope}）" if scope else ""
    return {
        **addressee(record), "found_on": found_on(hazards), "problems": [problem(each) for each in hazards],
        "measures": [{"code": each, "text": f"{MEASURES[each]}{what}"} for each in dict.fromkeys(measures)], "until": until,
    }  # fmt: skip


def transfer_facts(
    record: Any, hazards: list[Hazard], sheet: Sheet, *, department: str, way: str, reason: str, reply_by: date | None, materials: list[str]
) -> dict[str, Any]:  # fmt: skip
    """Raises UNKNOWN_DEPARTMENT."""
    target = law_knows(department)
    who = addressee(record)
    return {
        **who, "to": target.name, "unit": who["to"], "department": department, "found_on": found_on(hazards),
        "problems": [problem(each) for each in hazards], "hand_over": way == "hand_over", "way_title": WAYS[way], "reason": reason,
        "reply_by": reply_by and reply_by.isoformat(), "materials": [{"text": each} for each in materials],
    }  # fmt: skip


def law_knows(department: str) -> Any:
    """Raises UNKNOWN_DEPARTMENT."""
    target = law.books().departments.get(department)
    if target is None:
        raise UNKNOWN_DEPARTMENT.at("/fields/department")
    return target


WAYS = {"hand_over": "案件（问题）移送书", "copy": "问题抄告书"}


# --- whether the record agrees ------------------------------------------------------------------------------------------------
UNDER_ORDER = frozenset({State.ORDERED, State.RECTIFYING, State.REVIEW_REQUESTED, State.ENFORCEMENT})
MAY_BE_ORDERED = UNDER_ORDER | {State.CONFIRMED}


def contradicts(hazard: Any, title: str, why: str = "") -> Problem:
    """PAPER_CONTRADICTS with the state that stands in the way."""
    state = State(hazard.state)
    said = why or f"隐患状态为“{state.label}”，不能出具{title}"
    return PAPER_CONTRADICTS(state=state.value, detail=f"{said}。")


def check_open(hazard: Hazard, sheet: Sheet, **stated: Any) -> None:
    """Measures on the spot and cutting supply: for what is still there."""
    if hazard.state not in OPEN and not sheet.corrects:
        raise contradicts(hazard, "责令采取措施的文书")


def check_order(hazard: Hazard, sheet: Sheet, **stated: Any) -> None:
    """An order or a notice: of what was ordered and is not ended, or of what this paper orders. A mistaken one may always be put right."""
    if hazard.state not in MAY_BE_ORDERED and not sheet.corrects:
        raise contradicts(hazard, "责令整改的文书")
    check_officers(sheet, history_of(hazard).last("order"))


def check_opinion(hazard: Hazard, sheet: Sheet, *, result: str, **stated: Any) -> None:
    """An opinion says what the last review said."""
    history = history_of(hazard)
    last = history.last("pass", "fail")
    if last is None or last.step != result:
        raise contradicts(hazard, RESULTS[result], f"没有“{RESULTS[result]}”这一步，请先办理，意见书随之出具")
    if (result == "pass" and hazard.state != State.CLOSED) or (result == "fail" and hazard.state not in OPEN):
        raise contradicts(hazard, f"“{RESULTS[result]}”意见书")
    check_officers(sheet, last)


RESULTS = {"pass": "复查合格", "fail": "复查不合格"}


def check_transfer(hazard: Hazard, sheet: Sheet, *, department: str, way: str, **stated: Any) -> None:
    """移送书 of what is handed to that department, or by this paper; 抄告书 of what is open or was handed over."""
    law_knows(department)
    if hazard.state == State.TRANSFERRED:
        step = history_of(hazard).last("transfer")
        if way == "hand_over" and step and step.details.get("department") != department:
            raise contradicts(hazard, "移送书", "隐患移送的是另一个部门，与移送书不符")
    elif hazard.state not in (OPEN if way == "copy" else {State.CONFIRMED}) and not sheet.corrects:
        raise contradicts(hazard, "移送（抄告）书")


def signs_order(hazard: Hazard, sheet: Sheet) -> bool:
    return not strangers_to(history_of(hazard).last("order"), sheet)


def check_officers(sheet: Sheet, step: PastStep | None) -> None:
    """Raises NOT_OF_THE_STEP."""
    if strangers := strangers_to(step, sheet):
        raise NOT_OF_THE_STEP.at(*places_of(strangers))


def strangers_to(step: PastStep | None, sheet: Sheet) -> list[int]:
    """Who did not take the step, where it says who did; where one of those had no certificate, whoever has one may sign."""
    officers = step.details.get("officers", ()) if step else ()
    bound = all_certified(officers) or (step and step.details.get("notice"))
    took = {each["id"] for each in officers} if bound else set()
    return [place for place, each in enumerate(sheet.officers) if took and each["id"] not in took]


def places_of(strangers: Iterable[int]) -> list[str]:
    """Pointers; the first officer of a sheet is whoever issues it."""
    return [f"/officers/{place - 1}" if place else "" for place in strangers]


# --- the step whose consequence the paper is ----------------------------------------------------------------------------------
def take_order(
    hazard: Hazard, *, by: Actor, officers: Sequence[UUID], deadline: date | None, measures: str, **_: Any
) -> bool:
    """6 责令整改 with the paper. A township's notice of what is the county's to order stays a notice."""
    state = held(hazard).state
    if state not in MAY_BE_ORDERED:
        raise contradicts(hazard, "责令整改的文书")
    if state != State.CONFIRMED or (by.role == Role.TOWNSHIP_OFFICER and "order" not in possible(hazard, by)):
        return False
    with_ = next((each for each in officers if each != by.pk), None)
    steps.order(hazard.pk, by=by, companion=with_, deadline=deadline, onsite_measures=measures, issue=Issuing.NONE)
    return True


def held(hazard: Hazard) -> Hazard:
    """As it is now, and stays until the paper is issued."""
    hazard.refresh_from_db(from_queryset=Hazard.objects.select_for_update())
    return hazard


def take_transfer(hazard: Hazard, *, by: Actor, department: str, way: str, reason: str, **_: Any) -> bool:
    """5 移送 with the paper."""
    if way == "copy" or held(hazard).state != State.CONFIRMED:
        return False
    offspring.transfer(hazard.pk, by=by, department=department, note=reason, issue=Issuing.NONE)
    return True


# --- of one hazard ------------------------------------------------------------------------------------------------------------
@gathers("rectify_order", of="hazard", fields=Deadline, agrees=check_order, takes=take_order, numbered=forget_draft)
@gathers("rectify_notice", of="hazard", fields=Deadline, agrees=check_order, takes=take_order, numbered=forget_draft)
def order(hazard: Hazard, sheet: Sheet, **fields: Any) -> dict[str, Any]:
    return order_facts(hazard, [hazard], sheet, **fields)


@gathers("onsite_decision", of="hazard", fields=Decision, agrees=check_open)
def decision(hazard: Hazard, sheet: Sheet, **fields: Any) -> dict[str, Any]:
    return decision_facts(hazard, [hazard], sheet, **fields)


@gathers("transfer", of="hazard", fields=Transfer, agrees=check_transfer, takes=take_transfer, numbered=forget_draft)
def transfer(hazard: Hazard, sheet: Sheet, **fields: Any) -> dict[str, Any]:
    return transfer_facts(hazard, [hazard], sheet, **fields)


@gathers("review_opinion", of="hazard", fields=Opinion, agrees=check_opinion, numbered=forget_draft)
def opinion(
    hazard: Hazard, sheet: Sheet, *, result: str, note: str, deadline: date | None, reviewed_on: date | None
) -> dict[str, Any]:
    check_deadline(deadline, sheet)
    passed = result == "pass"
    found = problem(hazard) | {"result": "合格" if passed else "不合格", "note": sentence(note)}
    return {
        **addressee(hazard), **last_order(hazard.pk, hazard.inspection_id), "problems": [found], "passed": passed, "failed": not passed,
        "resumed_on": None,
        "reviewed_on": (reviewed_on or sheet.day).isoformat(), "due_on": deadline and deadline.isoformat(),
    }  # fmt: skip


@gathers("power_cut_notice", of="hazard", fields=PowerCut, leader=True, agrees=check_open)
def power_cut(
    hazard: Hazard, sheet: Sheet, *, supply: str, supplier: str, cut_at: datetime, reason: str, emergency: bool
) -> dict[str, Any]:
    """安全生产法第七十条. Raises NO_STOP_ORDER without a decision before it, NOTICE_TOO_SHORT."""
    stop = last_stop(hazard)
    if stop is None:
        raise NO_STOP_ORDER()
    notice = kinds.power_cut_notice(sheet.day)
    if rules.too_soon(cut_at, issued_at=sheet.at, notice=notice, emergency=emergency):
        raise NOTICE_TOO_SHORT.at("/fields/cut_at")
    who = addressee(hazard)
    return {
        **who, "to": supplier, "unit": who["to"], "supplier": supplier, "supply": f"停止{SUPPLIES[supply]}", "supply_short": SUPPLIES[supply],
        "decision_number": stop.number, "decision_title": stop.title, "decision_on": stop.issued_on.isoformat(),
        "cut_at": cut_at.isoformat(), "reason": reason, "emergency": emergency,
    }  # fmt: skip
