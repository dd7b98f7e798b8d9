"""Reading hazards, in the words of the office; the day is an argument."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import JSONObject

from enterprises.querysets import named_rows
from geo.querysets import located
from hazards.editions import NO_HAZARDS, judged_by_ended, judged_by_nobody_knows_what
from hazards.states import ENDED, Origin, Party, State, turns_of
from reference.criteria import editions
from reference.criteria.rules import UNKNOWN
from reference.terms import HazardLevel, Loop
from safety_api.permissions import inside, scope_of
from safety_api.remarks import remarked
from safety_api.search import saying

SHOWN = (
    "epoch", "xid", "state", "level", "origin", "sector_id", "department_id", "region_code", "enterprise_id", "site_id", "place", "inspection_id",
    "item", "description", "standard_clause", "judged_by_expert", "reported_by", "reporter_name", "found_at", "found_told_at", "received_at",
    "due_on", "review_requested_on", "closed_on", "recurrence_of_id", "listed_level", "production_stopped", "is_demo",
    "edition", "criterion",
    "content_sha256", "loop", "review_due_on", "overdue_since", "repeat_of_id", "transferred_from_id", "outside_factor", "warnings",
)  # fmt: skip

ASKED = {  # parameter → what must hold of the row
    "state": "state__in", "origin": "origin__in", "level": "level", "sector": "sector_id", "department": "department_id",
    "enterprise": "enterprise_id", "loop": "loop", "edition": "edition", "criterion": "criterion",
    "found_from": "found_at__gte", "found_before": "found_at__lt",
    "received_since": "received_at__gte", "received_before": "received_at__lt", "due_from": "due_on__gte", "due_before": "due_on__lt",
    "closed_from": "closed_on__gte", "closed_before": "closed_on__lt",
    "review_due_from": "review_due_on__gte", "review_due_before": "review_due_on__lt",
}  # fmt: skip
DUE = frozenset({"due_from", "due_before"})
REVIEW_DUE = frozenset({"review_due_from", "review_due_before"})
OF_ONE = ("joined_to_id", "external_number", "reported_up_on", "due_told_on", "term_by_rule", "clock_skew_s")
PLANNED = ("responsible_person", "measures", "funds_yuan", "emergency_plan", "stated_at")


def is_overdue(on: date) -> Q:
    """Still open and the unit told, the deadline in force passed, and no review asked for before it passed (DOMAIN, corrections to 3.7)."""
    return is_told() & Q(due_on__lt=on) & ~asked_in_time()


def was_overdue(day: date) -> Q:
    """At the end of a day, as the figures count (hazards/figures): by the deadline that was in force then."""
    spans = ((f"counted__{word}late_from__lte", f"counted__{word}late_to") for word in ("", "earlier_"))
    return reduce(or_, (Q(**{begun: day}) & (Q(**{until: None}) | Q(**{f"{until}__gt": day})) for begun, until in spans))


def overdue_then(on: date, open_on: date | None = None) -> Q:
    """Overdue now, or on the day of the past that is looked at."""
    return was_overdue(open_on) if open_on else is_overdue(on)


def asked_in_time() -> Q:
    """The unit asked for the review by the deadline in force: how late it is carried out is the authority's own affair."""
    return Q(review_requested_on__isnull=False) & Q(review_requested_on__lte=F("due_on"))


def was_on_time() -> Q:
    """What `rules.closed_on_time` says, for rows."""
    by_then = Q(review_requested_on__lte=F("due_on")) | Q(closed_on__lte=F("due_on"))
    return Q(state=State.CLOSED, overdue_since=None) & by_then


def is_open() -> Q:
    return ~Q(state__in=[*sorted(ENDED), State.DRAFT])


def is_told() -> Q:
    """Open and confirmed, or begun by the unit itself (states.TOLD), in words that the indexes of the open ones know."""
    return is_open() & ~Q(state=State.REPORTED)


def turn_of(user: Any) -> Q:
    """What waits for a step that this person may take by the flow; what a step needs besides, its action asks for.

    Each state is named once: said twice it would count twice in the planner's guess of how many rows there are.
    """
    states: dict[Party, set[State]] = defaultdict(set)
    for step, party in turns_of(user):
        states[party] |= step.before
    limits = {party: _limits(party, user) for party in states}
    free = {state for party, some in states.items() if not limits[party] for state in some}
    limited = (Q(state__in=sorted(states[party] - free)) & limit for party, limit in limits.items() if limit)
    return reduce(or_, limited, Q(state__in=sorted(free)))


def _limits(party: Party, user: Any) -> Q:
    """Which hazards the party meets; nothing when all."""
    columns: dict[str, tuple[frozenset, type[TextChoices]]] = {
        "loop": (party.loops, Loop), "level": (party.levels, HazardLevel), "origin": (party.origins, Origin),
    }  # fmt: skip
    rows = Q(**{f"{name}__in": sorted(some) for name, (some, every) in columns.items() if some != frozenset(every)})
    rows &= ~Q(reported_by=user.pk) if party.not_author else Q()
    if party.for_the_unit:
        rows &= without_account()
    return rows & without_account(is_principal=True) if party.for_its_principal else rows


def without_account(**more: Any) -> Q:
    """Nobody there could take the unit's step."""
    people = apps.get_model("accounts", "User").objects.filter(is_active=True, enterprise_id__isnull=False, **more)
    return Q(enterprise=None) | ~Q(enterprise_id__in=people.values("enterprise_id"))


class HazardQuerySet(QuerySet):
    def visible_to(self, user: Any) -> HazardQuerySet:
        """The rows of a jurisdiction, and of drafts only the person's own."""
        return self.filter(scope_of(user), ~Q(state=State.DRAFT) | Q(reported_by=user.pk))

    def sent_by_or_visible_to(self, user: Any) -> HazardQuerySet:
        """And whatever one has sent oneself: of that a phone may always ask what came, though it was handed to others since."""
        return self.filter(Q(pk__in=self.visible_to(user).values("pk")) | Q(reported_by=user.pk))

    def reported(self) -> HazardQuerySet:
        """What has been reported, by whomever."""
        return self.exclude(state=State.DRAFT)

    def open(self, is_so: bool = True) -> HazardQuerySet:
        return self.filter(is_open()) if is_so else self.exclude(is_open())

    def standing_on(self, day: date) -> HazardQuerySet:
        """Found by the end of a day and not ended by then, as the figures count (hazards/figures): what was none, or handed on, is not among them."""
        return self.filter(Q(counted__ended_on=None) | Q(counted__ended_on__gt=day), counted__found_on__lte=day)

    def mine(self, user: Any, is_so: bool = True) -> HazardQuerySet:
        """本人发现的"""
        return self.filter(reported_by=user.pk) if is_so else self.exclude(reported_by=user.pk)

    def with_term(self) -> HazardQuerySet:
        """The unit was told a deadline: what is not confirmed, or never was a hazard, has a provisional one that binds nobody."""
        return self.exclude(state__in=[State.DRAFT, State.REPORTED, State.REJECTED, State.VOID])

    def awaiting_review(self) -> HazardQuerySet:
        """With the day by which; what was reviewed keeps its day, and nobody waits for it."""
        return self.filter(state=State.REVIEW_REQUESTED, review_due_on__isnull=False)

    def review_overdue(self, *, on: date, is_so: bool = True) -> HazardQuerySet:
        """The authority's review is late, which is no fault of the unit's."""
        late = Q(state=State.REVIEW_REQUESTED, review_due_on__lt=on)
        return self.filter(late) if is_so else self.exclude(late)

    def overdue(self, *, on: date, is_so: bool = True, open_on: date | None = None) -> HazardQuerySet:
        late = overdue_then(on, open_on)
        return self.filter(late) if is_so else self.exclude(late)

    def major(self) -> HazardQuerySet:
        return self.filter(level="major")

    def listed(self, is_so: bool = True) -> HazardQuerySet:
        """挂牌督办"""
        return self.exclude(listed_level="") if is_so else self.filter(listed_level="")

    def repeated(self, is_so: bool = True) -> HazardQuerySet:
        """Found again after closing, or the same item or clause at the same unit within a year."""
        again = Q(recurrence_of__isnull=False) | Q(repeat_of__isnull=False)
        return self.filter(again) if is_so else self.exclude(again)

    def with_flags(self, *, on: date, open_on: date | None = None) -> HazardQuerySet:
        """Adds `overdue`, computed for the day."""
        flag = Case(When(overdue_then(on, open_on), then=Value(True)), default=Value(False), output_field=BooleanField())
        return self.annotate(overdue=flag)

    def chosen(
        self,
        *,
        on: date,
        by: Any = None,
        overdue: bool | None = None,
        listed: bool | None = None,
        repeat: bool | None = None,
        open: bool | None = None,
        mine: bool | None = None,
        waiting_for: str | None = None,
        review_overdue: bool | None = None,
        region: str | None = None,
        q: str | None = None,
        warning: str | None = None,
        extension_pending: bool | None = None,
        judged_by: str | None = None,
        looked_at: bool | None = None,
        open_on: date | None = None,
        **asked: Any,
    ) -> HazardQuerySet:
        """The rows that the parameters of a list or a map ask for, by their names in the contract; `by` is who asks."""
        rows = self
        if judged_by:  # then `edition` is what took their place
            rows = self.judged(judged_by, asked.pop("edition", ""))
        elif asked.get("edition", UNKNOWN) != UNKNOWN:
            editions.edition(asked["edition"])  # a mistyped one is no empty list
        rows = rows.filter(**{ASKED[name]: value for name, value in asked.items()})
        rows = rows if open is None else rows.open(open)
        rows = rows.standing_on(open_on) if open_on else rows
        rows = rows if mine is None else rows.mine(by, mine)
        rows = rows.filter(turn_of(by)) if waiting_for else rows
        rows = rows.with_term() if DUE & asked.keys() else rows
        rows = rows.awaiting_review() if REVIEW_DUE & asked.keys() else rows
        rows = rows if review_overdue is None else rows.review_overdue(on=on, is_so=review_overdue)
        rows = rows if overdue is None else rows.overdue(on=on, is_so=overdue, open_on=open_on)
        rows = rows if listed is None else rows.listed(listed)
        rows = rows if repeat is None else rows.repeated(repeat)
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(remarked(warning)) if warning else rows
        rows = rows if looked_at is None else rows.looked_at(looked_at)
        rows = rows if extension_pending is None else rows.asking_for_time(extension_pending)
        return rows.saying(q) if q else rows

    def judged(self, by: str, edition: str = "") -> HazardQuerySet:
        """`ended`: found since the first day of an edition and judged by what it took the place of; `unknown`: major ones since then whose
        text names none. Raises UNKNOWN_EDITION."""
        asked = {"ended": judged_by_ended, "unknown": judged_by_nobody_knows_what}[by](edition)
        return self.exclude(state__in=NO_HAZARDS).filter(asked)

    def looked_at(self, is_so: bool = True) -> HazardQuerySet:
        """复看过: somebody said what follows from the edition of the finding."""
        looks = apps.get_model("hazards", "EditionLook").objects.filter(hazard=OuterRef("pk"))
        return self.filter(Exists(looks)) if is_so else self.filter(~Exists(looks))

    def asking_for_time(self, is_so: bool = True) -> HazardQuerySet:
        """延期待批. Few at any time: they are looked up by the index of what is asked."""
        asked = Q(pk__in=apps.get_model("hazards", "Extension").objects.filter(answer="asked").values("hazard"))
        return self.filter(asked) if is_so else self.exclude(asked)

    def saying(self, words: str) -> HazardQuerySet:
        """By what was seen, the unit and the place, their pinyin and initials."""
        return saying(self, "hazard", words)

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
        return located(rows.only(*SHOWN, *OF_ONE, "enterprise__name", "enterprise__traits", *planned)).annotate(
            shown_looks=self._looks()
        )

    def _looks(self) -> ArraySubquery:
        looks = apps.get_model("hazards", "EditionLook").objects.filter(hazard=OuterRef("pk")).order_by("id")
        said = JSONObject(
            **{name: name for name in ("word", "reason", "judged_by", "due", "criterion", "by_name", "at")}
        )
        return ArraySubquery(looks.values(said=said))

    def as_rows(self) -> QuerySet:
        """The same for a list: named tuples, because making two objects of models a row took half of a list's time."""
        return named_rows(self, *SHOWN)
