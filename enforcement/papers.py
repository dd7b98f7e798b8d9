"""What a stop order says in a paper: 现场处理措施决定书 with the order, 整改复查意见书 with the resumption."""

from __future__ import annotations

from typing import Any

from enforcement.actions import stated
from enforcement.actions.stop_order import FACT
from enforcement.kinds import Extent, StopState
from enforcement.models import StopOrder
from enforcement.querysets import ACTIVE_STOPS
from evidence.papers.models import Paper
from evidence.papers.registry import Sheet, gathers, gives_papers
from hazards.papers import MEASURES, addressee, found_on, problem
from safety_api.actors import Actor
from safety_api.problems import PAPER_CONTRADICTS, Problem
from safety_api.shapes import Shape, Text

TITLE = "现场处理措施决定书"
MEASURE_OF = {Extent.WHOLE: "suspend", Extent.PARTIAL: "suspend_part"}


@gives_papers("stop_order", StopOrder)
def visible(user: Any):
    return StopOrder.objects.visible_to(user).select_related("enterprise", "site")


class Stop(Shape):
    until = Text(max_length=200, required=False, default="隐患排除并经审查同意之日", help_text="执行至何时")


def check_stops(order: StopOrder, sheet: Sheet, **stated: Any) -> None:
    """One decision, while it stands."""
    if order.state not in ACTIVE_STOPS:
        raise contradicts(order, f"停产决定的状态为“{StopState(order.state).label}”，不能出具决定书")
    if order.document and not sheet.corrects:
        raise contradicts(order, f"停产决定已有文号{order.document}")


def check_resumes(order: StopOrder, sheet: Sheet, **stated: Any) -> None:
    if order.state != StopState.RESUMED:
        raise contradicts(order, f"停产决定的状态为“{StopState(order.state).label}”，不能出具同意恢复生产的意见书")
    if order.resumption_document and not sheet.corrects:
        raise contradicts(order, f"复产已有文号{order.resumption_document}")


def contradicts(order: StopOrder, why: str) -> Problem:
    return PAPER_CONTRADICTS(state=order.state, detail=f"{why}。")


def note_decision(order: StopOrder, paper: Paper, by: Actor) -> None:
    """The decision bears the paper's number, and so does what is stated about the unit."""
    order.document, order.paper_id = paper.number, paper.pk
    if order.fact_id:
        stated.state(
            order,
            FACT,
            by=by,
            held_from=order.issued_on,
            held_to=None,
            document=order.document,
            reason=order.reason[:100],
        )
    order.save(update_fields=["document", "paper_id", "fact_id"])


def note_resumption(order: StopOrder, paper: Paper, by: Actor) -> None:
    order.resumption_document = paper.number
    order.save(update_fields=["resumption_document"])


def problems(order: StopOrder) -> list[dict[str, Any]]:
    """Its reason, then the hazards that it names."""
    basis = f"（依据：{order.basis}）" if order.basis else ""
    own = {"text": order.reason.rstrip("。；;. "), "basis": basis, "due_on": None}
    return [own, *(problem(each) for each in order.hazards.order_by("found_at", "pk"))]


@gathers("onsite_decision", of="stop_order", fields=Stop, agrees=check_stops, numbered=note_decision)
def decision(order: StopOrder, sheet: Sheet, *, until: str) -> dict[str, Any]:
    code = MEASURE_OF[Extent(order.extent)]
    what, hazards = f"（{order.scope}）" if order.scope else "", list(order.hazards.all())
    return {
        **addressee(order), "found_on": found_on(hazards) if hazards else order.issued_on.isoformat(), "problems": problems(order),
        "measures": [{"code": code, "text": f"{MEASURES[code]}{what}"}], "until": until,
    }  # fmt: skip


@gathers("review_opinion", of="stop_order", agrees=check_resumes, numbered=note_resumption)
def resumption(order: StopOrder, sheet: Sheet) -> dict[str, Any]:
    passed = {"result": "合格", "note": ""}
    on = order.accepted_on or order.resumed_on
    return {
        **addressee(order), "order_number": order.document, "order_title": TITLE if order.paper_id else "停产停业决定",
        "order_on": order.issued_on.isoformat(),
        "problems": [each | passed for each in problems(order)], "passed": False, "failed": False,
        "reviewed_on": on and on.isoformat(), "due_on": None, "resumed_on": order.resumed_on and order.resumed_on.isoformat(),
    }  # fmt: skip
