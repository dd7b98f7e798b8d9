"""Reading hazards, in the words of the office; the day is an argument."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import StrIndex, Upper

from enterprises.querysets import named_rows
from geo.querysets import located
from hazards.states import ENDED, State
from safety_api.permissions import inside, scope_of
from safety_api.remarks import remarked

SHOWN = (
    "epoch", "xid", "state", "level", "origin", "sector_id", "department_id", "region_code", "enterprise_id", "site_id", "place", "inspection_id",
    "item", "description", "standard_clause", "judged_by_expert", "reported_by", "reporter_name", "found_at", "received_at",
    "due_on", "review_requested_on", "closed_on", "recurrence_of_id", "listed_level", "production_stopped", "is_demo",
    "content_sha256", "loop", "review_due_on", "overdue_since", "repeat_of_id", "transferred_from_id", "outside_factor", "warnings",
)  # fmt: skip

EQUALITIES = {
    "state": "state",
    "level": "level",
    "sector": "sector_id",
    "origin": "origin",
    "enterprise": "enterprise_id",
    "loop": "loop",
}
PLANNED = ("responsible_person", "measures", "funds_yuan", "emergency_plan", "stated_at")


def is_overdue(on: date) -> Q:
    """Still open, the deadline in force passed, and no review asked for before it passed (DOMAIN, corrections to 3.7)."""
    asked_in_time = Q(review_requested_on__isnull=False) & Q(review_requested_on__lte=F("due_on"))
    return is_open() & Q(due_on__lt=on) & ~asked_in_time


def was_on_time() -> Q:
    """What `rules.closed_on_time` says, for rows."""
    by_then = Q(review_requested_on__lte=F("due_on")) | Q(closed_on__lte=F("due_on"))
    return Q(state=State.CLOSED, overdue_since=None) & by_then


def is_open() -> Q:
    return ~Q(state__in=[*sorted(ENDED), State.DRAFT])


def pairs_of(text: Any) -> Func:
    """All pairs of neighbouring signs. Chinese words have two, and an index of threes (pg_trgm) finds none of them."""
    return Func(text, function="hazards_pairs", output_field=ArrayField(TextField()))


class HazardQuerySet(QuerySet):
    def visible_to(self, user: Any) -> HazardQuerySet:
        """The rows of a jurisdiction, and of drafts only the person's own."""
        return self.filter(scope_of(user), ~Q(state=State.DRAFT) | Q(reported_by=user.pk))

    def reported(self) -> HazardQuerySet:
        """What has been reported, by whomever."""
        return self.exclude(state=State.DRAFT)

    def open(self) -> HazardQuerySet:
        return self.filter(is_open())

    def overdue(self, *, on: date, is_so: bool = True) -> HazardQuerySet:
        return self.filter(is_overdue(on)) if is_so else self.exclude(is_overdue(on))

    def major(self) -> HazardQuerySet:
        return self.filter(level="major")

    def listed(self, is_so: bool = True) -> HazardQuerySet:
        """挂牌督办"""
        return self.exclude(listed_level="") if is_so else self.filter(listed_level="")

    def repeated(self, is_so: bool = True) -> HazardQuerySet:
        """Found again after closing, or the same item or clause at the same unit within a year."""
        again = Q(recurrence_of__isnull=False) | Q(repeat_of__isnull=False)
        return self.filter(again) if is_so else self.exclude(again)

    def with_flags(self, *, on: date) -> HazardQuerySet:
        """Adds `overdue`, computed for the day."""
        flag = Case(When(is_overdue(on), then=Value(True)), default=Value(False), output_field=BooleanField())
        return self.annotate(overdue=flag)

    def chosen(
        self,
        *,
        on: date,
        overdue: bool | None = None,
        listed: bool | None = None,
        repeat: bool | None = None,
        due_before: date | None = None,
        region: str | None = None,
        q: str | None = None,
        warning: str | None = None,
        **equal: Any,
    ) -> HazardQuerySet:
        """The rows that the parameters of a list or a map ask for; `equal` by their names in the contract."""
        rows = self.filter(**{EQUALITIES[name]: value for name, value in equal.items()})
        rows = rows if overdue is None else rows.overdue(on=on, is_so=overdue)
        rows = rows if listed is None else rows.listed(listed)
        rows = rows if repeat is None else rows.repeated(repeat)
        rows = rows.filter(due_on__lt=due_before) if due_before else rows
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(remarked(warning)) if warning else rows
        return rows.saying(q) if q else rows

    def saying(self, words: str) -> HazardQuerySet:
        """Whose description holds the words, in capitals or not."""
        wanted = Upper(Value(words))
        rows = self.alias(at=StrIndex(Upper("description"), wanted)).filter(at__gt=0)
        if len(words) < 2:
            return rows
        return rows.alias(pairs=pairs_of(Upper("description"))).filter(pairs__contains=pairs_of(wanted))

    def as_entered(self, *otherwise: str) -> HazardQuerySet:
        """Those of a visit in the order in which they were found; of before that was kept, by these columns."""
        return self.order_by(F("position").asc(nulls_last=True), *otherwise, "pk")

    def to_show(self) -> HazardQuerySet:
        """What an answer needs, and nothing more of the unit than its name."""
        return located(self.select_related("enterprise").only(*SHOWN, "enterprise__name"))

    def whole(self) -> HazardQuerySet:
        """What one hazard's own answer needs: with its plan and what a list has no room for."""
        planned = [f"plan__{name}" for name in PLANNED]
        rows = self.select_related("enterprise", "plan")
        return located(rows.only(*SHOWN, "joined_to_id", "external_number", "reported_up_on", "enterprise__name", *planned))

    def as_rows(self) -> QuerySet:
        """The same for a list: named tuples, because making two objects of models a row took half of a list's time."""
        return named_rows(self, *SHOWN)
