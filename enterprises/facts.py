"""What is stated about many units at once: five queries, however many they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from enterprises.class_facts import Book, Stated, class_facts
from enterprises.duties import reading
from enterprises.models import Condition, Insurance, Licence, StandardizationCertificate, StatedFact
from reference import law

CONDITION = ("sector_id", "status", "above_scale", "producing", "special_geology", "traits", "enterprise__opened_on")
# For statements of upper floors, as a table: when a unit was in business, where and as what, as far as we know now.
IN_BUSINESS = """(
  SELECT enterprise_id, region_code, sector_id, unit_type, held_from, held_to
  FROM enterprises_condition WHERE known_to IS NULL AND status = 'operating'
)"""
LISTS = (  # where a row of each table goes, and its columns
    ("certificates", StandardizationCertificate, ("level", "state", "state_on")),
    ("licences", Licence, ("licence", "state", "state_on")),
    ("insurances", Insurance, ("limit_person_yuan", "all_workers", "one_sum")),
    ("facts", StatedFact, ("kind", "value")),
)


def book_of(on: date) -> Book:
    """The rules in force on a day. Raises NO_RULE."""
    levels = law.in_force("standardization", on).body
    scheme = law.in_force("supervision_scheme", on).body
    return Book(
        minimums={line["code"]: line["minimum"] for line in levels["minimums"]},
        high_risk_sectors=frozenset(levels["high_risk_sectors"]),
        high_risk_traits=frozenset(levels["high_risk_industries"]),
        heavy_fine_from=Decimal(scheme["risk_control"]["R3"]["heavy_fine_yuan_from"]),
        window_months=scheme["window_months"],
        duties=law.in_force("unit_duties", on).body,
        limits=reading.limits(),
        plans=reading.plan_law(on).body,
        calendar=law.calendar(),
    )


def stated_facts(
    enterprise_ids: Iterable[UUID], on: date, known_on: datetime | None = None
) -> dict[UUID, dict[str, Any]]:
    """The unit's share of the facts of a class (API.md, `supervision/what-if`) by id, as known at a moment (None: now).

    A unit that had not begun by then, or was not known, is absent. Raises NO_RULE.
    """
    ids, book = list(enterprise_ids), book_of(on)
    found = _conditions(ids, on, known_on)
    for name, model, columns in LISTS:
        for row in _rows(model.objects.all(), list(found), on, known_on, columns):
            getattr(found[row.enterprise_id], name).append(row)
    return {each: class_facts(stated, on, book) for each, stated in found.items()}


def _conditions(ids: list[UUID], on: date, known_on: datetime | None) -> dict[UUID, Stated]:
    found: dict[UUID, Stated] = {}
    for row in _rows(Condition.objects.all(), ids, on, known_on, CONDITION):
        found.setdefault(row.enterprise_id, Stated(row.enterprise__opened_on)).conditions.append(row)
    return found


def _rows(rows: QuerySet, ids: list[UUID], on: date, known_on: datetime | None, columns: tuple[str, ...]) -> QuerySet:
    known = rows.filter(enterprise_id__in=ids).known(known_on).begun(on).order_by("held_from", "known_from")  # type: ignore[attr-defined]
    return known.values_list("enterprise_id", "held_from", "held_to", *columns, named=True)
