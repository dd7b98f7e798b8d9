"""Deadlines, what a level needs and what counts as on time: pure functions over the dated documents `deadlines` (rows of it) and
`hazard_steps` (`steps`, its body; DOMAIN §3.2–3.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from hazards.states import TOLD
from safety_api.remarks import Remark

Steps = Mapping[str, Any]


# --- deadlines ---------------------------------------------------------------------------------------------------------
def default_due(day: date, row: dict[str, Any]) -> date:
    """The deadline when nobody named one: calendar days after the day from which it runs, itself not counted."""
    return day + timedelta(days=row["days"])


class FirstDeadline(NamedTuple):
    """The deadline that a hazard is reported with. `by_rule`: nobody set it, so it runs from the day on which the unit is told."""

    due_on: date
    by_rule: bool = False
    remark: Remark | None = None


def first_deadline(stated: date | None, *, found_on: date, told_on: date, row: dict[str, Any]) -> FirstDeadline:
    """`found_on` is the day of finding that counts, `told_on` the one that the phone stated. Never a refusal: a deadline before the
    finding is a slip of the finger or of a clock, and would make the hazard overdue at birth.

    Where another day counts than the one stated, a deadline that makes no sense by it keeps its distance from the finding.
    """
    if stated is None:
        return FirstDeadline(default_due(found_on, row), by_rule=True)
    given, meant = (stated - found_on).days, (stated - told_on).days
    if 0 <= given <= (row["max_days"] if found_on != told_on else given):
        return FirstDeadline(stated)
    if found_on != told_on and 0 <= meant <= row["max_days"]:
        return FirstDeadline(found_on + timedelta(days=meant), remark=Remark.DEADLINE_MOVED)
    if given > 0 and meant > 0:
        return FirstDeadline(stated)  # long by any calendar: warned of, and the office sets another
    return FirstDeadline(default_due(found_on, row), by_rule=True, remark=Remark.DEADLINE_NOT_CREDIBLE)


def due_warnings(found_on: date, due_on: date, row: dict[str, Any]) -> list[str]:
    """`deadline_long` above what an officer may set alone, `deadline_too_long` above the greatest: said, never refused in the field."""
    days = (due_on - found_on).days
    if days > row.get("max_days", days):
        return [Remark.DEADLINE_TOO_LONG]
    return [Remark.DEADLINE_LONG] if days > row.get("max_days_without_leader", days) else []


def is_vague(accuracy_m: float | None, limits: Mapping[str, Any]) -> bool:
    """Too vague to say where anything is: phones say a negative number where they do not know."""
    return accuracy_m is not None and not 0 <= accuracy_m <= limits["useless_accuracy_metres"]


def is_far(metres: float | None, accuracy_m: float | None, limits: Mapping[str, Any]) -> bool:
    """Farther from the place than the setting, whatever the accuracy leaves open."""
    return metres is not None and metres - (accuracy_m or 0) > limits["far_metres"]


def deadline_refusal(on: date, due_on: date, row: dict[str, Any], *, leader: bool, listed: bool) -> str | None:
    """Why the office may not set this deadline on that day: `in_the_past`, `deadline_too_long` (only a listed hazard has longer) or
    `deadline_needs_leader`."""
    days = (due_on - on).days
    if days < 0:
        return "in_the_past"
    if days > row.get("max_days", days) and not listed:
        return "deadline_too_long"
    return "deadline_needs_leader" if days > row.get("max_days_without_leader", days) and not leader else None


def is_overdue(hazard: Any, *, on: date) -> bool:
    """The same as the queryset word `overdue`, for one hazard or one row of a list; a test holds the two together. What is only
    reported is nobody's failure yet."""
    due, asked = hazard.due_on, hazard.review_requested_on
    return due is not None and due < on and hazard.state in TOLD and (asked is None or asked > due)


def closed_on_time(
    *, due_on: date | None, review_requested_on: date | None, closed_on: date | None, overdue_since: date | None = None
) -> bool:
    """按期整改: closed, and either the review that passed was asked for by the deadline in force, or it was closed by then; one that was
    overdue once is never on time, whatever deadline was granted later (DOMAIN, corrections to §3.7)."""
    if due_on is None or closed_on is None or overdue_since is not None:
        return False
    return min(closed_on, review_requested_on or closed_on) <= due_on


# --- what a step needs -------------------------------------------------------------------------------------------------
def basis_missing(level: str, standard_clause: str, judged_by_expert: str) -> bool:
    """A major hazard names the clause of the standard that makes it one, or an expert's judgement (DOMAIN §3.1)."""
    return level == "major" and not (standard_clause.strip() or judged_by_expert.strip())


def not_in_place(steps: Steps, level: str, plan: Mapping[str, Any]) -> list[str]:
    """What a plan of this level does not state (五落实). No money is stated as 0.00, which is a statement."""
    return [name for name in steps["five_in_place"][level] if plan.get(name) in (None, "")]


def only_ordered(reviewers: Iterable[str], ordered_by: Iterable[str]) -> bool:
    """Whether nobody else than who ordered it reviews it (DOMAIN §3.7 step 9). Nobody ordered: then anybody is somebody else."""
    ordering = set(ordered_by)
    return bool(ordering) and set(reviewers) <= ordering


def approvals_missing(steps: Steps, sector: str, stopped: bool, approvals: Mapping[str, Any]) -> list[str]:
    """A coal mine that was stopped closes its hazard with these signatures."""
    needed = steps["coal_stop"]["approvals"] if sector == "coal_mine" and stopped else []
    return [name for name in needed if not approvals.get(name)]


def enforcement_borne_out(steps: Steps, reason: str, *, state: str, failed: int, overdue: bool) -> bool:
    """Whether the record shows what step 11 says: overdue now or once, failed repeatedly, or nothing asked for (refusal)."""
    return {
        "overdue": overdue,
        "repeated_failure": failed >= steps["repeated_failures_from"],
        "refusal": state in ("ordered", "rectifying"),
    }[reason]


def escalation_borne_out(reason: str, *, state: str, overdue: bool) -> bool:
    """What the record can show of a township's reason; that it is major or beyond its power is the township's judgement."""
    return {"overdue": overdue, "refused": state in ("ordered", "rectifying")}.get(reason, True)
