"""What is due when, by the texts of the day: pure. The days on a paper are the paper's; none is worked out for a certificate.

Rows are anything with the columns of the tables, in the order of their first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from reference.rules import Calendar, add_months, days_after, years_by_weekends_only

PLAN, DRILL, OPERATION, POLICY = "plan", "drill", "special_operation", "insurance"


# --- insurance ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Limit:
    """What a policy that begins in these days must be worth a person."""

    since: date
    until: date | None
    per_person_yuan: Decimal
    all_workers: bool
    one_sum: bool
    article: str  # of the sum a person
    source: str  # of all of it

    @classmethod
    def read(cls, document: Any) -> Limit:
        body = document.body
        return cls(
            document.effective_from, document.effective_to, Decimal(body["per_person_yuan"]), body["all_workers"],
            body["one_sum"], body["article"], document.source,
        )  # fmt: skip

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def limit_for(policy: Any, limits: Iterable[Limit]) -> Limit | None:
    """By the day on which the policy begins; None before the first text."""
    return next((each for each in limits if each.holds(policy.held_from)), None)


def shortcomings(policy: Any, limit: Limit | None) -> dict[str, bool | None]:
    """What the text asks of it → met, not met, or unknown because the record does not say."""
    if limit is None:
        return {}
    worth = policy.limit_person_yuan
    asked: dict[str, bool | None] = {"limit": None if worth is None else worth >= limit.per_person_yuan}
    asked |= {"all_workers": policy.all_workers} if limit.all_workers else {}
    return asked | ({"one_sum": policy.one_sum} if limit.one_sum else {})


def suffices(policy: Any, limits: Iterable[Limit]) -> bool | None:
    """None: it may; the record does not say all that is asked."""
    met = shortcomings(policy, limit_for(policy, limits)).values()
    return False if False in met else None if None in met else True


def best_of(policies: Iterable[Any], limits: Sequence[Limit]) -> bool | None:
    """Of those held on a day: one that suffices is enough; one of which not all is known may be."""
    found = {suffices(each, limits) for each in policies}
    return True if True in found else None if None in found else False


# --- plans --------------------------------------------------------------------------------------------------------------
def among(unit: Any, row: Mapping[str, Any]) -> bool:
    """Units of a row of the text. One that names none is for every unit."""
    if "sectors" not in row:
        return True
    return unit.sector_id in row["sectors"] or bool(set(unit.traits) & set(row["traits"])) or _is_large(unit, row)


def _is_large(unit: Any, row: Mapping[str, Any]) -> bool:
    return bool(row.get("above_scale") and unit.above_scale)


def day_in(plan: Any, name: str) -> date | None:
    said = plan.value.get(name)
    return date.fromisoformat(said) if said else None


def check_due(plan: Any, law: Mapping[str, Any], calendar: Calendar) -> date | None:
    """第二十八条. Counted from the day it was handed in; None while it was not."""
    submitted = day_in(plan, "submitted_on")
    return days_after(submitted, law["check"]["days"], law["check"]["day_kind"], calendar) if submitted else None


def is_filed(plan: Any, on: date, law: Mapping[str, Any], calendar: Calendar) -> bool:
    """第二十八条: answered so, or neither answered nor given a reason in time."""
    due, answered = check_due(plan, law, calendar), day_in(plan, "answered_on")
    if due is None:
        return False
    if plan.value.get("answer"):
        return plan.value["answer"] == "filed" and (answered is None or answered <= on)
    return due < on


# --- what is due --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Due:
    """`due_on` None: from when it counts is not known. `of`: who owes it, the unit or the authority. `fact`: the record it follows from."""

    kind: str
    what: str
    name: str
    due_on: date | None
    since: date | None
    article: str
    source: str
    of: str = "unit"
    fact: UUID | None = None
    fine: str = ""  # code of the row of the fines
    provisional: bool = False
    reported: bool = False
    holder: str = ""  # of a certificate: its name goes before `name`, masked where names are

    def overdue(self, on: date) -> bool:
        return self.due_on is not None and self.due_on < on

    def within(self, on: date, days: int) -> bool:
        return self.due_on is not None and (self.due_on - on).days <= days


def of_plan(plan: Any, unit: Any, law: Mapping[str, Any], source: str, calendar: Calendar, on: date) -> Iterator[Due]:
    """Filing, the authority's check until silence has filed it, the next evaluation."""
    published, submitted, name = plan.held_from, day_in(plan, "submitted_on"), plan.value.get("title") or "应急预案"
    filing, evaluation = law["filing"], law["evaluation"]
    known = {"kind": PLAN, "source": source, "fact": plan.id}
    if among(unit, filing) and (submitted is None or plan.value.get("answer") == "incomplete"):
        due = days_after(published, filing["days"], filing["day_kind"], calendar)
        yield Due(
            what="filing", name=f"{name}：公布后备案", due_on=due, since=published, article=filing["article"], fine="not_filed",
            provisional=bool(years_by_weekends_only(published, due, calendar)), **known,
        )  # fmt: skip
    if submitted and not plan.value.get("answer") and not is_filed(plan, on, law, calendar):
        due = days_after(submitted, law["check"]["days"], law["check"]["day_kind"], calendar)
        yield Due(
            what="check", name=f"{name}：备案核对，逾期不答复又无理由的视为已备案", due_on=due, since=submitted, of="authority",
            article=law["check"]["article"], provisional=bool(years_by_weekends_only(submitted, due, calendar)), **known,
        )  # fmt: skip
    if among(unit, evaluation):
        since = max(published, day_in(plan, "evaluated_on") or published)
        yield Due(
            what="evaluation", name=f"{name}：评估", due_on=add_months(since, evaluation["months"]), since=since,
            article=evaluation["article"], fine="duties", **known,
        )  # fmt: skip


def of_drills(
    drills: Sequence[Any], unit: Any, opened_on: date | None, law: Mapping[str, Any], source: str
) -> Iterator[Due]:
    """From the last one of the kind, else from the opening; where neither is known, so is the day."""
    for row in law["drills"]:
        if among(unit, row):
            made = [each for each in drills if each.value.get("scope") in row["scopes"]]
            since = made[-1].held_from if made else opened_on
            yield Due(
                DRILL, row["code"], row["name"], add_months(since, row["months"]) if since else None, since, row["article"], source,
                fact=made[-1].id if made else None, reported=row["reported"],
            )  # fmt: skip


def of_operations(certificates: Sequence[Any], editions: Sequence[Any]) -> Iterator[Due]:
    """By the dates printed on each, the next one first; a newer one of the same person and operation takes its place."""
    for each in certificates:
        edition = next((one for one in editions if one.holds(each.held_from)), None)
        next_on = day_in(each, "next_on")
        if any(_renews(later, each) for later in certificates):
            continue
        for what, printed, said in (("next", next_on, "证上下次日期"), ("ends", each.held_to, "证上有效期至")):
            if printed:
                yield Due(
                    OPERATION, what, f"{each.value['operation']}：{said}", printed, each.held_from, "证上所载日期",
                    edition.body["rule"] if edition else "", fact=each.id, holder=each.value["holder"],
                )  # fmt: skip


def _renews(later: Any, each: Any) -> bool:
    same = all(later.value.get(name) == each.value.get(name) for name in ("holder", "operation", "item"))
    return same and later.held_from > each.held_from


def of_policies(policies: Sequence[Any], on: date) -> Iterator[Due]:
    """The end of the last one, where one was held."""
    last = max(policies, key=lambda each: each.held_to or date.max, default=None)
    if last is not None and last.held_to is not None:
        yield Due(
            POLICY,
            "ends",
            f"安责险保单 {last.policy_no}：到期",
            last.held_to,
            last.held_from,
            "第五十一条",
            "安全生产法",
            fact=last.id,
        )
