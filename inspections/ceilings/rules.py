"""How many inspections a year a unit may have: documents and the unit on a day in, a ceiling with its reasons out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enterprises.inspection_keys import UnitOnDay
from reference.terms import InspectionKey

CLASS = "class"  # the key of our own factors
LACKING = {  # what is missing for a ceiling → the sentence for the office
    InspectionKey.COAL_ASSURANCE: "没有登记煤矿安全保障程度等级，上限不明，请登记。",
    InspectionKey.MINE_RISK: "没有登记非煤矿山安全风险等级，上限不明，请登记。",
    CLASS: "尚未评定分类监管类别，上限不明。",
}


@dataclass(frozen=True)
class Ceiling:
    """`times`: None where there is none or it is not known, then `missing` says what lacks. `key`: what it goes by, `grade` the unit's.

    `row`: which line of the published table. `document`, `since`: where the grade comes from.
    """

    times: int | None
    ours: bool
    key: str = ""
    grade: str = ""
    row: str = ""
    missing: tuple[str, ...] = ()
    document: str = ""
    since: str | None = None

    @property
    def note(self) -> str:
        return "".join(LACKING[each] for each in self.missing)


def ceiling(
    published: Mapping[str, Any] | None, frequencies: Mapping[str, Any] | None, unit: UnitOnDay, *, directly: bool
) -> Ceiling:
    """What the authority published goes before our factors, which stay for units that its table is not about. `directly`: whether it
    supervises the unit's sector itself."""
    row = row_of(published, unit, directly) if published else None
    return _published(row, unit) if row else _ours(frequencies, unit)


def _published(row: Mapping[str, Any], unit: UnitOnDay) -> Ceiling:
    found = unit.grades.get(row["key"])
    if found is None:
        return Ceiling(None, ours=False, key=row["key"], row=row["name"], missing=(row["key"],))
    return Ceiling(
        row["times"][found.grade], ours=False, key=row["key"], grade=found.grade, row=row["name"], document=found.document,
        since=found.since,
    )  # fmt: skip


def row_of(body: Mapping[str, Any], unit: UnitOnDay, directly: bool) -> Mapping[str, Any] | None:
    """The line that is about such units: by its sector or a trait, else that of all others that are supervised directly."""
    return next((row for row in body["rows"] if _is_about(row, unit, directly)), None)


def _is_about(row: Mapping[str, Any], unit: UnitOnDay, directly: bool) -> bool:
    return (
        unit.sector in row.get("sectors", ())
        or not unit.traits.isdisjoint(row.get("traits", ()))
        or (row.get("directly_supervised", False) and directly)
    )


def _ours(frequencies: Mapping[str, Any] | None, unit: UnitOnDay) -> Ceiling:
    times = frequencies["ceiling_times_floor"] if frequencies else {}
    if not times:
        return Ceiling(None, ours=True)
    if not unit.class_:
        return Ceiling(None, ours=True, key=CLASS, missing=(CLASS,))
    most = floor(frequencies, unit)
    return Ceiling(most * times[unit.class_] if most is not None and unit.class_ in times else None, ours=True, key=CLASS,
                   grade=unit.class_)  # fmt: skip


def floor(frequencies: Mapping[str, Any] | None, unit: UnitOnDay) -> int | None:
    """The fewest visits a year by the competent department (兴政发〔2021〕11号（二十四）); None without a rule or a class."""
    if frequencies is None or not unit.class_:
        return None
    return frequencies["floor"]["high_risk" if is_high_risk(frequencies, unit) else "other"][unit.class_]


def is_high_risk(frequencies: Mapping[str, Any], unit: UnitOnDay) -> bool:
    return unit.sector in frequencies["high_risk_sectors"] or not unit.traits.isdisjoint(
        frequencies["high_risk_industries"]
    )


def required(floor: int | None, most: int | None) -> int | None:
    """Floor and ceiling have different keys: per unit the lower applies."""
    return floor if floor is None or most is None else min(floor, most)
