"""告知 Whoever found a hazard hears what became of it; its unit, what was ordered and how the review ended; whoever answers a
request for more time hears of it, and whoever asked, of the answer.

After the commit, and safe to repeat.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from hazards.clocks import Audience, addressed
from hazards.messages import ANSWERED, ASKED, CONFIRMED, FAILED, MAJOR_FOUND, ORDERED, PASSED, REJECTED, REVIEW_ASKED
from hazards.models import Extension, Hazard, HazardStep
from inbox import actions as inbox
from inbox.letters import Letter, person, posts
from reference.terms import Loop
from safety_api.roles import COMMITTEE, DEPARTMENTS, ENTERPRISE

KIND_OF_STEP = {"confirm": CONFIRMED, "reject": REJECTED}
TO_THE_UNIT = {  # step → its kind and how it begins
    "order": (ORDERED, "责令整改"), "pass": (PASSED, "复查合格，已销号"), "fail": (FAILED, "复查不合格，继续整改"),
}  # fmt: skip


def tell_finder(hazard_id: UUID, step: str) -> None:
    """Of each step of this name not told yet; nobody is told what they did themselves."""
    hazard = Hazard.objects.select_related("enterprise").filter(pk=hazard_id).first()
    if hazard is None or not User.objects.filter(pk=hazard.reported_by).exists():
        return
    taken = hazard.steps.filter(step=step).exclude(by_id=hazard.reported_by).order_by("id")
    inbox.send([_letter(hazard, each) for each in taken])


def _letter(hazard: Hazard, step: HazardStep) -> Letter:
    return Letter(
        kind=KIND_OF_STEP[step.step], once=f"hazard/{hazard.pk}/{step.pk}", sentence=_sentence(hazard, step),
        to=person(hazard.reported_by), day=timezone.localdate(step.happened_at), about_kind="hazard", about=hazard.pk,
        due_on=step.due_on, **of_hazard(hazard),
    )  # fmt: skip


def tell_unit(hazard_id: UUID, step: str) -> None:
    """Its people, whoever they are by then, of what others decided; of a place without a unit nobody."""
    hazard = Hazard.objects.select_related("enterprise").exclude(enterprise=None).filter(pk=hazard_id).first()
    if hazard is not None:
        taken = hazard.steps.filter(step=step).exclude(by_role__in=ENTERPRISE).order_by("id")
        inbox.send([_to_unit(hazard, each) for each in taken])


def _to_unit(hazard: Hazard, step: HazardStep) -> Letter:
    kind, said = TO_THE_UNIT[step.step]
    limit = f"，期限 {step.due_on}" if step.due_on else ""
    note = f"：{step.note}" if step.note else ""
    return Letter(
        kind=kind, once=f"hazard/{hazard.pk}/{step.pk}/unit", sentence=f"{said}：{_what(hazard)}{limit}，{step.by_name}{note}",
        to=posts(ENTERPRISE), day=timezone.localdate(step.happened_at), about_kind="hazard", about=hazard.pk, due_on=step.due_on,
        **of_hazard(hazard),
    )  # fmt: skip


# --- a review, a major hazard --------------------------------------------------------------------------------------------
def tell_reviewer(hazard_id: UUID, step: str) -> None:
    """Whoever carries the review out hears that it is asked for; with the next step that is over."""
    if step != "request-review":
        inbox.end(REVIEW_ASKED, about=[hazard_id])
        return
    hazard = Hazard.objects.select_related("enterprise").filter(pk=hazard_id, state="review_requested").first()
    if hazard is not None:
        taken = hazard.steps.filter(step=step).order_by("-id")[:1]
        inbox.send([_to_reviewer(hazard, each) for each in taken])


def _to_reviewer(hazard: Hazard, step: HazardStep) -> Letter:
    audience = Audience.TOWNSHIP if hazard.loop == Loop.TOWNSHIP else Audience.DEPARTMENT
    limit = f"，请于 {hazard.review_due_on} 前复查" if hazard.review_due_on else ""
    return Letter(
        kind=REVIEW_ASKED, once=f"hazard/{hazard.pk}/{step.pk}/review", thread=f"{REVIEW_ASKED}/{hazard.pk}",
        sentence=f"{_what(hazard)}申请复查{limit}", to=addressed(audience, hazard.department_id),
        day=timezone.localdate(step.happened_at), about_kind="hazard", about=hazard.pk, due_on=hazard.review_due_on, **of_hazard(hazard),
    )  # fmt: skip


def tell_of_major(hazard_id: UUID, departments: list[str]) -> None:
    """安全生产法 第四十一条: the departments that a unit's own find of a major hazard is told to."""
    hazard = Hazard.objects.select_related("enterprise").filter(pk=hazard_id).first()
    if hazard is not None:
        to = tuple(each for code in departments for each in posts(DEPARTMENTS, department=code))
        inbox.send([Letter(
            kind=MAJOR_FOUND, once=f"hazard/{hazard.pk}/major", sentence=f"单位自查发现重大隐患：{_what(hazard)}", to=to,
            day=timezone.localdate(hazard.found_at), about_kind="hazard", about=hazard.pk, due_on=hazard.due_on, **of_hazard(hazard),
        )])  # fmt: skip


# --- more time -----------------------------------------------------------------------------------------------------------
def tell_who_answers(extension: UUID) -> None:
    """A department's leaders; of a listed hazard 安委办."""
    asked = (
        Extension.objects.select_related("hazard__enterprise")
        .filter(pk=extension, answer=Extension.Answer.ASKED)
        .first()
    )
    if asked is None:
        return
    hazard = asked.hazard
    leaders = posts(DEPARTMENTS, department=hazard.department_id, leaders=True)
    inbox.send([Letter(
        kind=ASKED, once=f"extension/{asked.pk}", sentence=f"{_what(hazard)}申请延期至 {asked.new_due_on}：{asked.reason}",
        to=posts(COMMITTEE) if hazard.listed_level else leaders, day=timezone.localdate(asked.asked_at), about_kind="hazard",
        about=hazard.pk, due_on=asked.answer_due_on, details={"extension": str(asked.pk)}, **of_hazard(hazard),
    )])  # fmt: skip


def tell_who_asked(extension: UUID) -> None:
    """The request is over for whoever answers; the principal who asked, or the officer who wrote it down, hears the answer."""
    asked = (
        Extension.objects.select_related("hazard__enterprise")
        .exclude(answer=Extension.Answer.ASKED)
        .filter(pk=extension)
        .first()
    )
    if asked is None:
        return
    hazard, granted = asked.hazard, asked.answer == Extension.Answer.GRANTED
    said = f"同意延期至 {asked.new_due_on}" if granted else f"不同意延期：{asked.answer_note}"
    inbox.end(ASKED, about=[hazard.pk])
    inbox.send([Letter(
        kind=ANSWERED, once=f"extension/{asked.pk}/answer", sentence=f"{_what(hazard)}的延期申请，{asked.answered_by_name}{said}",
        to=person(asked.asked_by), day=timezone.localdate(asked.answered_at), about_kind="hazard", about=hazard.pk,
        details={"extension": str(asked.pk)}, **of_hazard(hazard),
    )])  # fmt: skip


def of_hazard(hazard: Hazard) -> dict[str, Any]:
    """Where a matter of this hazard lies."""
    return {
        "region_code": hazard.region_code, "sector": hazard.sector_id, "department": hazard.department_id,
        "enterprise": hazard.enterprise_id,
    }  # fmt: skip


def _what(hazard: Hazard) -> str:
    found = hazard.enterprise or hazard.site
    where = found.name if found else hazard.place
    seen = " ".join(hazard.description.split())[:60]
    return f"“{seen}”（{where}）" if where else f"“{seen}”"


def _sentence(hazard: Hazard, step: HazardStep) -> str:
    what = _what(hazard)
    if step.step == "reject":
        return f"您上报的隐患{what}经{step.by_name}核实，认定不成立：{step.note}"
    limit = f"，整改期限 {step.due_on}" if step.due_on else ""
    return f"您上报的隐患{what}已由{step.by_name}确认为{hazard.get_level_display()}隐患{limit}"
