"""依据 What the ceilings of inspections go by, as a unit was on a day: its sector, traits and class, the grades that others gave it.

`as_of` makes expressions for one statement, whatever its rows: units on one day, or visits each on its own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject

from enterprises.models import Condition, Enterprise, StandardizationCertificate, StatedFact
from enterprises.upward import class_at
from reference.terms import InspectionKey

STATED = (InspectionKey.COAL_ASSURANCE, InspectionKey.MINE_RISK)  # kinds of facts; the third has certificates
NOW = {"sector": "sector_id", "traits": "traits", "class": "supervision_class", "class_on": "class_on"}
NAMED_BY = frozenset(InspectionKey.values)  # kinds of stated facts that give a grade
DECIDES = frozenset({"sector_id", "traits"})  # particulars of a unit that a ceiling goes by besides
NO_LEVEL = "none"  # 未达标: no certificate holds on the day


@dataclass(frozen=True)
class Grade:
    """`document` and `since` say where it comes from; both empty for a unit without a certificate of standardization."""

    grade: str
    document: str = ""
    since: str | None = None


@dataclass(frozen=True)
class UnitOnDay:
    """`class_`: the county's own, '' where there was none; `grades`: by the word of their key."""

    sector: str
    traits: frozenset[str] = frozenset()
    class_: str = ""
    grades: Mapping[str, Grade] = field(default_factory=dict)


def as_of(unit: Any, day: Any) -> dict[str, Any]:
    """Annotations, to be read by `unit_on_day`. `unit`, `day`: references to the key of a unit and to a day, or the day itself."""
    condition = Condition.objects.as_of(day).filter(enterprise=unit)
    mine = Enterprise.objects.filter(pk=unit)
    return {
        "was": Subquery(condition.values(said=JSONObject(sector="sector_id", traits="traits"))[:1]),
        "is_now": Subquery(mine.values(said=JSONObject(**{name: F(column) for name, column in NOW.items()}))[:1]),
        "class_before": class_at(unit, day),
        **{str(kind): Subquery(_stated(kind, unit, day)) for kind in STATED},
        str(InspectionKey.STANDARDIZATION): Subquery(_certified(unit, day)),
    }


def _stated(kind: str, unit: Any, day: Any) -> Any:
    """The one that began last: a new grade takes the place of the one before, whether that was given an end or not."""
    rows = StatedFact.objects.as_of(day).filter(enterprise=unit, kind=kind).order_by("-held_from", "-known_from")
    return rows.values(said=JSONObject(grade=KT("value__grade"), document="document", since="held_from"))[:1]


def _certified(unit: Any, day: Any) -> Any:
    rows = StandardizationCertificate.objects.as_of(day).filter(enterprise=unit).order_by("level", "-held_from")
    return rows.values(said=JSONObject(grade="level", document="certificate_no", since="held_from"))[:1]


def unit_on_day(row: Any, day: date) -> UnitOnDay:
    """Before its first condition a unit is taken as it is now."""
    condition, now = row.was or row.is_now, row.is_now
    holds = now["class_on"] is None or now["class_on"] <= day.isoformat()
    grades = {kind: _grade(found) for kind in InspectionKey.values if (found := getattr(row, kind))}
    grades.setdefault(InspectionKey.STANDARDIZATION, Grade(NO_LEVEL))
    return UnitOnDay(
        condition["sector"], frozenset(condition["traits"]), now["class"] if holds else row.class_before, grades
    )


def _grade(found: Mapping[str, Any]) -> Grade:
    return Grade(str(found["grade"]), found["document"], found["since"])
