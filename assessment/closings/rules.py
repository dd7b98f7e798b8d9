"""What the dated document `closing` says, as facts for the rules. Days are days in Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reference import law
from reference.models import Document

KIND = "closing"


@dataclass(frozen=True)
class ListSource:
    """A department's monthly list: which accidents of ours it should hold."""

    code: str
    name: str
    department: str
    required: bool
    categories: tuple[str, ...]
    default_category: str
    deaths_from: int
    covers: tuple[tuple[tuple[str, str], ...], ...]  # any of these, each a set of (column, value) that all hold

    def should_hold(self, *, category: str, sector: str, deaths: int) -> bool:
        known = {"category": category, "sector": sector}
        return deaths >= self.deaths_from and any(
            all(known[name] == value for name, value in row) for row in self.covers
        )


@dataclass(frozen=True)
class MatchingRules:
    days: int
    least: int
    points: Mapping[str, int]


@dataclass(frozen=True)
class ClosingRules:
    version: str
    objection_days: int
    objection_day_kind: str
    sources: tuple[ListSource, ...]
    matching: MatchingRules

    def source(self, code: str) -> ListSource | None:
        return next((each for each in self.sources if each.code == code), None)

    def objections_until(self, opened_on: date) -> date:
        """The last day of the period for objections; the day after it a closing may be signed."""
        return law.days_after(opened_on, self.objection_days, self.objection_day_kind)


def objections_provisional(rules: ClosingRules, opened_on: date) -> bool:
    """Its end stands on weekends alone: a year's days are not announced yet."""
    return law.is_provisional(opened_on, rules.objections_until(opened_on), rules.objection_day_kind)


def rules_on(day: date) -> ClosingRules:
    """Raises NO_RULE."""
    return law.read(KIND, day, _rules)


def _rules(document: Document) -> ClosingRules:
    return read_rules(document.version, document.body)


def read_rules(version: str, body: Mapping[str, Any]) -> ClosingRules:
    matching = body["match"]
    return ClosingRules(
        version=version,
        objection_days=body["objection_days"],
        objection_day_kind=body["objection_day_kind"],
        sources=tuple(_source(each) for each in body["sources"]),
        matching=MatchingRules(matching["days"], matching["least"], matching["points"]),
    )


def _source(row: Mapping[str, Any]) -> ListSource:
    covers = tuple(tuple(sorted(each.items())) for each in row["covers"])
    return ListSource(**{**row, "categories": tuple(row["categories"]), "covers": covers})
