"""The figures that answer a question: the kept rows at the end of the period, or the same rows worked out, once.

Whoever shows figures reads them here and does not know which of the two they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum, Value
from django.db.models.functions import Left

from reference.terms import Subject
from zero_accident.figures import keeping, tables
from zero_accident.figures.query import FigureQuery
from zero_accident.figures.sources import CurrentFacts, RankImpact
from zero_accident.figures.working_out import FigureSet, work_out
from zero_accident.models import Broken, TownshipCount, TownshipFigures

KEPT = ("zero_accident.TownshipFigures", "zero_accident.TownshipCount", "zero_accident.Target", "reference.Load")
WORKED_OUT = (  # a past day, or what was known then, is made from these
    "zero_accident.AccidentEffect",
    "accidents.Accident",
    "zero_accident.StandardSheet",
    "enterprises.Condition",
    "geo.Region",
    "hazards.Hazard",
)


KINDS = ("unit_type", "sector_code")


@dataclass(frozen=True)
class Cell:
    """Counts of one kind in a place: `counts` has the columns that tables.TOWNSHIP_COUNT says."""

    place: str  # prefix of a county or a township; "" for all of them
    subject: str
    unit_type: str
    sector: str
    counts: Counter[str]


class FigureRows:
    def __init__(self, asked: FigureQuery, prefix: str) -> None:
        self.asked, self.prefix = asked, prefix

    # --- how many
    def cells(self, size: int = 0, kinds: Collection[str] = KINDS) -> list[Cell]:
        """By kind, as finely as asked for; and by county or township with `size` 6 or 9. One query from the kept
        rows.
        """
        kept = self._kept_cells(size, kinds) if self.may_be_kept else []
        return kept or self._worked_out_cells(size)

    def _kept_cells(self, size: int, kinds: Collection[str]) -> list[Cell]:
        rows = self._of(TownshipCount.objects.annotate(place=Left("region_code", size) if size else Value("")))
        sums = rows.values("place", "subject", *kinds).order_by()
        names = tables.TOWNSHIP_COUNT.says._fields
        return [
            Cell(row["place"], row["subject"], row.get("unit_type", ""), row.get("sector_code", ""),
                 Counter({name: row[f"{name}_sum"] for name in names}))
            for row in sums.annotate(**{f"{name}_sum": Sum(name) for name in names})
        ]  # fmt: skip

    def _worked_out_cells(self, size: int) -> list[Cell]:
        return [
            Cell(key.region_code[:size], key.subject, key.unit_type, key.sector_code, Counter(says._asdict()))
            for key, says in self.made.counts.items()
        ]

    # --- townships
    def township_figures(self) -> list[dict[str, Any]]:
        """Of every township here: columns of tables.TOWNSHIP_FIGURES by name, and the revision under which they changed."""
        kept = self._kept_township_figures() if self.may_be_kept else []
        return kept or [
            {**key._asdict(), **says._asdict(), "revision": self.number} for key, says in self.made.townships.items()
        ]

    def _kept_township_figures(self) -> list[dict[str, Any]]:
        return list(self._of(TownshipFigures.objects.all()).values("region_code", *tables.TOWNSHIP_FIGURES.says._fields, "revision"))

    # --- who
    def broken(self) -> list[Broken]:
        """Everyone who is broken, in order; rows that are not stored when they are worked out."""
        if self.asked.kept:
            return list(self.kept_broken().order_by("region_code", "-subject", "key"))
        rows = [
            Broken(subject=subject, key=key, policy=self.asked.of.policy.version, year=self.asked.of.year, revision=self.number,
                   **says._asdict())
            for (subject, key), says in self.made.broken.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda each: (each.region_code, each.subject == Subject.UNIT, each.key))

    def kept_broken(self) -> QuerySet:
        return self._of(Broken.objects.all())

    def broken_units(self, sector: str | None) -> Iterable[tuple[str, str, list[UUID]]]:
        """Place, sector and accidents of each; of all sectors or of one."""
        if self.asked.kept:
            rows = self.kept_broken().filter(subject=Subject.UNIT)
            rows = rows.filter(sector_code=sector) if sector else rows
            return rows.values_list("region_code", "sector_code", "accidents")
        units = (each for each in self.broken() if each.subject == Subject.UNIT)
        return [
            (each.region_code, each.sector_code, each.accidents) for each in units if sector in (None, each.sector_code)
        ]

    def weights(self, accidents: Iterable[UUID]) -> dict[UUID, RankImpact]:
        return self.source.weights(self.asked.of, accidents)

    # --- where from
    @property
    def may_be_kept(self) -> bool:
        return self.asked.kept and len(self.prefix) <= 9

    def _of(self, rows: QuerySet) -> QuerySet:
        return rows.of(self.asked.of.policy.version, self.asked.of.year).within([self.prefix])  # type: ignore[attr-defined]

    @cached_property
    def made(self) -> FigureSet:
        return work_out(self.asked.of, (self.prefix,), self.source)

    @cached_property
    def source(self) -> CurrentFacts:
        return self.asked.source()

    @cached_property
    def number(self) -> int:
        """The last revision of the year's figures, as we knew."""
        return keeping.last_number(self.asked.of.policy.version, self.asked.of.year, self.asked.known_at)


def of_units(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.subject == Subject.UNIT]


def of_villages(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.subject == Subject.VILLAGE]


def total_of(cells: Iterable[Cell]) -> Counter[str]:
    return sum((cell.counts for cell in cells), Counter())
