"""Who is broken, down to the accident and the line of the policy that made it count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from accidents.models import Accident
from enterprises.models import Enterprise
from geo.codes import whole
from geo.models import Region
from reference.terms import Subject
from zero_accident import rules
from zero_accident.figures.rows import FigureRows
from zero_accident.figures.sources import BreakReason
from zero_accident.models import Broken


@dataclass(frozen=True)
class BrokenSelection:
    """What a list of broken ones is asked for; None is all."""

    kind: str | None = None
    sector: str | None = None  # units of it only
    accident: UUID | None = None

    def holds(self, row: Broken) -> bool:
        return (
            self.kind in (None, row.subject)
            and self.sector in (None, row.sector_code)
            and (self.accident is None or self.accident in row.accidents)
        )

    def of(self, rows: Any) -> Any:
        """The same of stored rows."""
        rows = rows.filter(subject=self.kind) if self.kind else rows
        rows = rows.filter(sector_code=self.sector) if self.sector else rows
        return rows.filter(accidents__contains=[self.accident]) if self.accident else rows


def shown(rows: Sequence[Broken], found: FigureRows, user: Any = None) -> list[dict[str, Any]]:
    """Places by name for everyone; accidents and units by name only where they are the reader's. Five queries at most,
    however many rows.
    """
    keys = {accident for row in rows for accident in row.accidents}
    because = found.source.because(found.asked.of, keys)
    lines = {each.code: each for each in rules.parameters_of(found.asked.of.policy)}
    mine = keys if user is None else _seen(Accident.objects.visible_to(user).filter(pk__in=keys))
    units = dict(_enterprises(user).filter(pk__in=_units(rows)).values_list("pk", "name"))
    places = {code for row in rows for code in (row.region_code, whole(row.region_code[:9]))}
    names = dict(Region.objects.filter(code__in=places).values_list("code", "name"))
    visible = BrokenVisibility(because, lines, mine, {str(key): name for key, name in units.items()}, names)
    return [_shown(row, visible) for row in rows]


def _seen(rows: Any) -> set[UUID]:
    return set(rows.values_list("pk", flat=True))


def _enterprises(user: Any) -> Any:
    return Enterprise.objects.all() if user is None else Enterprise.objects.visible_to(user)


def _units(rows: Iterable[Broken]) -> list[str]:
    return [row.key for row in rows if row.subject == Subject.UNIT]


@dataclass(frozen=True)
class BrokenVisibility:
    """What the reader may see of these rows."""

    because: dict[tuple[UUID, str], BreakReason]
    lines: dict[str, rules.Parameter]
    mine: set[UUID]
    units: dict[str, str]
    names: dict[str, str]


def _shown(row: Broken, visible: BrokenVisibility) -> dict[str, Any]:
    is_unit, township = row.subject == Subject.UNIT, whole(row.region_code[:9])
    whose = row.key if is_unit else ""
    return {
        "kind": row.subject,
        "key": row.key if not is_unit or row.key in visible.units else None,
        "region": row.region_code,
        "region_name": visible.names.get(row.region_code, ""),
        "township": township,
        "township_name": visible.names.get(township, ""),
        "enterprise": row.key if is_unit and row.key in visible.units else None,
        "sector": row.sector_code or None,
        "name": visible.units.get(row.key) if is_unit else visible.names.get(row.region_code, ""),
        "broken_on": row.broken_on,
        "provisional": row.provisional,
        "accidents": [_because(accident, visible.because[accident, whose], visible) for accident in row.accidents],
        "policy": row.policy,
        "revision": row.revision,
    }


def _because(accident: UUID, why: BreakReason, visible: BrokenVisibility) -> dict[str, Any]:
    is_mine = accident in visible.mine
    line = visible.lines.get(why.line)
    return {
        "accident": accident if is_mine else None,
        "line": why.line,
        "attribution": why.attribution,
        "sentence": why.reason if is_mine else None,
        "parameter": asdict(line) if line else None,
    }
