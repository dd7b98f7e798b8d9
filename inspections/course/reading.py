"""The office's queue of what is open in the course of visits, and figures by department: what to put right, never whose merit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from inspections.course.afterwards import result_due
from inspections.course.facts import rule_of
from inspections.course.healing import open_words
from inspections.course.words import HEALS, OF_THE_COURSE
from inspections.models import Authority, Inspection
from reference import law
from safety_api.days import ONE_DAY, day_over, midnight
from safety_api.remarks import Remark, remarked

QUEUED = (
    "epoch", "xid", "by_id", "by_name", "enterprise_id", "site_id", "place", "region_code", "sector_id", "department", "kind", "type",
    "authority", "started_at", "finished_at", "warnings", "healed", "course",
)  # fmt: skip
NAMELESS = "没有写明检查机关的"
WORDS = sorted(OF_THE_COURSE, key=list(HEALS).index)


def is_open(words: Iterable[str]) -> Q:
    """With one of these words, not healed."""
    each_open = (Q(warnings__contains=[word]) & ~Q(healed__contains=[word]) for word in words)
    return reduce(or_, each_open) & ~Q(warnings=[])


def inspections(rows: Any) -> QuerySet:
    """Those that have a course, each once."""
    return rows.single().filter(authority=Authority.ADMINISTRATIVE)


def queue(
    rows: Any, *, by: Any, on: date, word: str | None = None, open: bool | None = True, untold: bool | None = None, **asked: Any
) -> QuerySet:  # fmt: skip
    """The rows that the parameters of the queue ask for."""
    rows = rows.chosen(by=by, joined=True, **asked)
    if untold:
        return rows.filter(overdue(on))
    words = [word] if word else WORDS
    rows = rows.filter(Q(warnings__overlap=words) & ~Q(warnings=[]))
    return rows if open is None else rows.filter(is_open(words)) if open else rows.exclude(is_open(words))


def of_time(rows: Any, year: int, *, started_from: Any = None, **asked: Any) -> QuerySet:
    """Of this year, unless another first day is asked for."""
    begins = started_from or midnight(date(year, 1, 1))
    return rows.chosen(by=None, joined=True, started_from=begins, **asked)


def overdue(on: date) -> Q:
    """Whose result should have been told by now."""
    rule = rule_of(on)
    if rule is None:
        return Q(pk=None)
    last = next(day for day in _back_from(on) if law.days_after(day, rule.result_days, rule.result_day_kind) < on)
    begins = midnight(law.first_day("inspection_course"))
    return Q(started_at__gte=begins, finished_at__lt=day_over(last), enterprise__isnull=False) & ~Q(
        course__has_key="result"
    )


def _back_from(day: date) -> Iterable[date]:
    while True:
        yield day
        day -= ONE_DAY


# --- of one visit --------------------------------------------------------------------------------------------------------
def show_course(visit: Inspection) -> Inspection:
    """With its words of the course, what heals each, and when the result is due."""
    opened = open_words(visit)
    visit.shown_words = [_word(visit, each, each in opened) for each in WORDS if each in visit.warnings]  # type: ignore[attr-defined]
    visit.result_due_on = result_due(visit)  # type: ignore[attr-defined]
    visit.result_told = "result" in visit.course  # type: ignore[attr-defined]
    visit.steps = visit.course.get("steps", [])  # type: ignore[attr-defined]
    return visit


def _word(visit: Inspection, word: Remark, is_so: bool) -> dict[str, Any]:
    step, how = HEALS[word]
    by = next((each for each in reversed(visit.course.get("steps", ())) if word in each["healed"]), None)
    return {
        "word": word, "detail": word.label, "open": is_so, "step": step if is_so else None, "heals": how if is_so else "",
        "healed_at": by and by["at"], "healed_by": by["by_name"] if by else "", "healed_with": by["step"] if by else "",
    }  # fmt: skip


# --- figures -------------------------------------------------------------------------------------------------------------
def figures(rows: QuerySet) -> list[dict[str, Any]]:
    """By department in the order of the register, not of the figures; one statement."""
    counts = {name: count for each in WORDS for name, count in _counts(each).items()}
    found = {each["department"]: each for each in rows.order_by().values("department").annotate(**counts)}
    known = law.books().departments
    order = [code for code in (*known, "") if code in found] + sorted(found.keys() - known.keys() - {""})
    return [_figures(code, known[code].name if code in known else code or NAMELESS, found[code]) for code in order]


def _counts(word: Remark) -> dict[str, Count]:
    has = remarked(word)
    return {
        f"{word}_all": Count("pk", filter=has), f"{word}_healed": Count("pk", filter=has & Q(healed__contains=[word])),
    }  # fmt: skip


def _figures(code: str, name: str, row: dict[str, Any]) -> dict[str, Any]:
    words = [(word, row[f"{word}_all"], row[f"{word}_healed"]) for word in WORDS]
    return {
        "department": code, "name": name,
        "words": [
            {"word": word, "detail": word.label, "remarked": every, "healed": healed, "open": every - healed}
            for word, every, healed in words if every
        ],
    }  # fmt: skip
