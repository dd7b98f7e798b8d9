"""What comes out of a visit: orders, decisions, transfers, opinions on what it reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from rest_framework import serializers

from evidence.papers.registry import Sheet, gathers
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
    problem,
    sentence,
    signs_order,
    take_order,
    take_transfer,
    transfer_facts,
)
from hazards.states import OPEN, State
from inspections.models import Inspection
from inspections.papers.records import hazards_of
from inspections.papers.subjects import check_were_there, made_on
from safety_api.problems import NO_OPEN_HAZARD, NO_REVIEW, UNKNOWN_HAZARD
from safety_api.shapes import Moment, RecordId, Shape, Text


class Some(Shape):
    hazards = serializers.ListField(
        child=RecordId(), max_length=100, required=False, default=list, help_text="缺省为这次检查发现而尚未办结的全部隐患"
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
    found = list(hazards_of(visit))
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
        "reviewed_on": made_on(visit).isoformat(), "due_on": deadline and deadline.isoformat(),
    }  # fmt: skip


def _reviewed(review: Review) -> dict[str, Any]:
    return problem(review.hazard) | {
        "result": "合格" if review.result == "pass" else "不合格",
        "note": sentence(review.note),
    }
