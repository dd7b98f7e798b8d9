"""检查主体 Who may inspect enterprises on a day: the list that the county confirmed and published, until then the proposed one.

Asked within a PUT, so answered from memory (`law.books`): a list is small, and a day is a few comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reference import law
from reference.models import Document

LIST = "inspection_bodies"
TOWNSHIP_DIGITS = 9


@dataclass(frozen=True)
class Body:
    """One of a list: a department, or a township by its nine digits."""

    code: str
    scope: str
    sectors: tuple[str, ...]  # () is all
    proposed: bool
    published_on: date | None
    source: str

    def stands(self, on: date) -> bool:
        """One that was published after its list stands on it from its own day."""
        return self.published_on is None or self.published_on <= on

    def covers(self, sector: str | None) -> bool:
        return sector is None or not self.sectors or sector in self.sectors


def rule(on: date) -> Mapping[str, Any] | None:
    """What holds of inspections on a day; None before 2025-01-03."""
    return next((each.body for each in law.all_in_force(on, "inspecting")), None)


def list_on(on: date) -> Document | None:
    """The list begun last; None before there was any, when nobody had to be on one."""
    return max(law.all_in_force(on, "inspection_bodies"), key=lambda each: each.effective_from, default=None)


def complete_from(held: Document) -> date:
    """The first day on which all that it names stand on it, if it still holds then; else its first."""
    last = max(
        [
            held.effective_from,
            *(date.fromisoformat(row["published_on"]) for row in held.body["bodies"] if "published_on" in row),
        ]
    )
    return last if list_on(last) == held else held.effective_from


def is_proposed(held: Document) -> bool:
    return "departments_as_proposed" in held.body


def bodies(held: Document, on: date) -> Iterator[Body]:
    """As the list names them, each from the day of its own publication, then the departments that stand on it as proposed."""
    yield from (each for row in held.body["bodies"] if (each := _named(row, held)).stands(on))
    if is_proposed(held):
        yield from _proposed(held, on)


def _named(row: Mapping[str, Any], held: Document) -> Body:
    proposed, sectors = is_proposed(held), tuple(row.get("sectors", ()))
    said = date.fromisoformat(row["published_on"]) if "published_on" in row else held.effective_from
    return Body(
        row["body"], row["scope"], sectors, proposed, None if proposed else said, row.get("source", held.source)
    )


def _proposed(held: Document, on: date) -> Iterator[Body]:
    named = {row["body"] for row in held.body["bodies"]}
    for code in dict.fromkeys(each.department_id for each in law.books().assignments if _assigned(each, on)):
        if code not in named and law.department(code).kind in held.body["departments_as_proposed"]:
            theirs = dict.fromkeys(each.sector_id for each in law.books().assignments if _of(each, code, on))
            yield Body(code, "、".join(law.sector(each).name for each in theirs), (), True, None, held.source)


def _assigned(each: Any, on: date) -> bool:
    return each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)


def _of(each: Any, code: str, on: date) -> bool:
    return each.department_id == code and _assigned(each, on)


def is_listed(code: str, on: date, sector: str | None = None) -> bool:
    """Whether a body may inspect enterprises (of a sector) that day. Nobody is "" (grid staff, a person of no organ)."""
    held = list_on(on)
    if held is None:
        return True
    wanted = code[:TOWNSHIP_DIGITS] if code.isdigit() else code
    named = [_named(row, held) for row in held.body["bodies"] if row["body"] == wanted]
    return any(each.covers(sector) and each.stands(on) for each in named) or (
        not named and _stands_as_proposed(held, wanted, on)
    )


def _stands_as_proposed(held: Document, code: str, on: date) -> bool:
    if not is_proposed(held) or code not in law.books().departments:
        return False
    known = law.department(code).kind in held.body["departments_as_proposed"]
    return known and any(_of(each, code, on) for each in law.books().assignments)


def is_coordinating(department: str | None, on: date) -> bool:
    """An office that meets, assigns and urges, and inspects under no name."""
    held = rule(on)
    return held is not None and department in held["coordinating"]


def is_offered(code: str, on: date, sector: str | None = None) -> bool:
    """Whether a page still offers to look at enterprises in this body's name as an administrative inspection."""
    held = rule(on)
    if held is None:
        return True
    return not is_coordinating(code, on) and (
        on < date.fromisoformat(held["not_offered_from"]) or is_listed(code, on, sector)
    )


def not_counted(on: date) -> frozenset[str]:
    """Figures that nobody is judged by: no targets for inspections."""
    held = rule(on)
    return frozenset(held["not_counted"]) if held else frozenset()
