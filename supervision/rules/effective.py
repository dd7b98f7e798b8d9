"""Computed and effective class (DOMAIN §5.2): down at once, up one step at a scheduled review.

"After ≥ 3 months (from D, with on-site acceptance) or ≥ 6 months in the present class" is read as the one reading that
fits all three of its cases:
  out of D     three months in D and an on-site acceptance, both; without acceptance a unit stays D however long
  out of C, B  six months in the present class; no acceptance asked
Whole months, as for accidents, from the day the present class began to the review day; the acceptance must be of this
stay in D. "No cap on the higher class" needs no question of its own: the computed class holds the caps already
and nobody is raised above it. So A → D on 3 March may leave D on 1 July: on 1 April it has been there 29 days.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reference.rules import add_months, whole_months
from supervision.rules.scheme import CLASSES, Scheme


@dataclass(frozen=True)
class ClassHeld:
    """The effective class and the day it began."""

    class_: str
    since: date


@dataclass(frozen=True)
class ClassDecision:
    held: ClassHeld
    step: str  # first | down | up | kept
    reason: str


def is_review_day(on: date, scheme: Scheme) -> bool:
    return f"{on:%m-%d}" in scheme["change"]["review_days"]


def next_upgrade_day(held: ClassHeld, scheme: Scheme) -> date | None:
    """The first review at which the class may rise, acceptance given; None for the best class."""
    if held.class_ == CLASSES[0]:
        return None
    earliest = add_months(held.since, _months_needed(held.class_, scheme))
    days = sorted(scheme["change"]["review_days"])
    reviews = (date.fromisoformat(f"{year}-{day}") for year in (earliest.year, earliest.year + 1) for day in days)
    return next(day for day in reviews if day >= earliest)


def effective_class(
    present: ClassHeld | None, computed: str, on: date, scheme: Scheme, *, accepted_on: date | None = None
) -> ClassDecision:
    """What the class is from `on`, given what was computed that day and the last on-site acceptance, if any."""
    if present is None:
        return ClassDecision(ClassHeld(computed, on), "first", f"首次评定为{computed}类")
    if _rank(computed) > _rank(present.class_):
        return ClassDecision(ClassHeld(computed, on), "down", f"由{present.class_}类降为{computed}类，即日执行")
    if computed == present.class_:
        return ClassDecision(present, "kept", f"保持{present.class_}类")
    if waits := _why_not_up(present, on, scheme, accepted_on):
        return ClassDecision(present, "kept", f"计算为{computed}类，执行类别保持{present.class_}类：{waits}")
    steps = scheme["change"]["steps_per_review"]
    higher = CLASSES[max(_rank(computed), _rank(present.class_) - steps)]
    return ClassDecision(
        ClassHeld(higher, on), "up", f"定期评审由{present.class_}类升为{higher}类（计算为{computed}类）"
    )


def _why_not_up(present: ClassHeld, on: date, scheme: Scheme, accepted_on: date | None) -> str:
    needed, held = _months_needed(present.class_, scheme), whole_months(present.since, on)
    wanted = present.class_ in scheme["change"]["acceptance_required_from"]
    for waits, why in (
        (not is_review_day(on, scheme), "只在定期评审日升级"),
        (held < needed, f"在{present.class_}类满{held}个月，须满{needed}个月"),
        (wanted and not _accepted(present, on, accepted_on), "没有现场验收记录"),
    ):
        if waits:
            return why
    return ""


def _accepted(present: ClassHeld, on: date, accepted_on: date | None) -> bool:
    return accepted_on is not None and present.since <= accepted_on <= on


def _months_needed(class_: str, scheme: Scheme) -> int:
    needed: Mapping[str, int] = scheme["change"]["months_in_class_before_upgrade"]
    return needed[class_]


def _rank(class_: str) -> int:
    return CLASSES.index(class_)


def replay(
    computed: Iterable[tuple[date, str]], scheme: Scheme, acceptances: Collection[date] = ()
) -> list[tuple[date, ClassDecision]]:
    """All decisions from nothing, in the order of days: what the kept history must be equal to."""
    decisions: list[tuple[date, ClassDecision]] = []
    present: ClassHeld | None = None
    for on, class_ in sorted(computed):
        accepted = max((day for day in acceptances if day <= on), default=None)
        decision = effective_class(present, class_, on, scheme, accepted_on=accepted)
        present = decision.held
        decisions.append((on, decision))
    return decisions


@dataclass(frozen=True)
class Manual:
    """人工调整: with reason, document, approver and an end; `until` is its last day."""

    class_: str
    first: date
    until: date


def in_force(held: ClassHeld, manual: Manual | None, on: date) -> str:
    """The class the office goes by on a day: the manual one while it lasts, else the effective one."""
    return manual.class_ if manual and manual.first <= on <= manual.until else held.class_


def caps_in_the_way(class_: str, caps: Iterable[Mapping[str, Any]], lifted: Collection[str]) -> list[Mapping[str, Any]]:
    """封顶 below a class set by hand that no paper has lifted: while there is one, the manual class does not hold."""
    return [cap for cap in caps if _rank(cap["class"]) > _rank(class_) and cap["id"] not in lifted]


def document(decision: ClassDecision) -> dict[str, Any]:
    return {
        "class": decision.held.class_,
        "since": decision.held.since.isoformat(),
        "step": decision.step,
        "reason": decision.reason,
    }
