"""The trail of revisions, as a leader reads it: what changed, why, by which accident, who broke and who was restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from accidents.models import Accident
from enterprises.models import Enterprise
from geo.models import Region
from reference.terms import Subject
from zero_accident.figures import tables
from zero_accident.models import FigureRevision

FIRST_COLUMNS = tables.TOWNSHIP_FIGURES.says._fields[:14]  # of revisions that did not name theirs yet


@dataclass(frozen=True)
class RevisionVisibility:
    """What the reader may see of these revisions."""

    mine: set[UUID]
    units: dict[str, str]
    places: dict[str, str]


def revision_rows(rows: Sequence[FigureRevision], prefix: str, user: Any) -> list[dict[str, Any]]:
    """Townships and members of `prefix` only; accidents and units by name where they are the reader's. Three queries,
    however many revisions.
    """
    here = [_here(row.changes, prefix) for row in rows]
    visible = _visibility(rows, here, user)
    return [_shown(row, what, visible) for row, what in zip(rows, here, strict=True)]


def _here(changes: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """What of a revision lies in the place; of earlier ones the place of a unit was not written down."""
    places = changes.get("places", {})
    found = {name: [key for key in changes.get(name, ()) if places.get(key, _place(key, prefix)).startswith(prefix)]
             for name in MEMBERS}  # fmt: skip
    columns = changes.get("columns", FIRST_COLUMNS)
    townships = changes.get("townships", {})
    return found | {
        "townships": {
            code: [dict(zip(columns, says, strict=True)) if says else None for says in both]
            for code, both in sorted(townships.items())
            if code.startswith(prefix[:9])
        }
    }


def _place(key: str, prefix: str) -> str:
    return key if key.isdigit() else prefix


MEMBERS = ("broken", "restored")


def _visibility(rows: Sequence[FigureRevision], here: Sequence[Mapping[str, Any]], user: Any) -> RevisionVisibility:
    keys = {key for each in here for name in MEMBERS for key in each[name]}
    places = {key for key in keys if key.isdigit()}
    causes = [row.cause for row in rows if row.cause]
    townships = {code for each in here for code in each["townships"]}
    units = Enterprise.objects.visible_to(user).filter(pk__in=keys - places).values_list("pk", "name")
    return RevisionVisibility(
        set(Accident.objects.visible_to(user).filter(pk__in=causes).values_list("pk", flat=True)),
        {str(pk): name for pk, name in units},
        dict(Region.objects.filter(code__in=places | townships).values_list("code", "name")),
    )


def _shown(row: FigureRevision, here: Mapping[str, Any], visible: RevisionVisibility) -> dict[str, Any]:
    is_mine = row.cause is None or row.cause in visible.mine
    return {
        "number": row.number,
        "year": row.year,
        "policy": row.policy,
        "reason": row.reason if is_mine else row.reason.partition("：")[0],
        "accident": row.cause if is_mine else None,
        "made_at": timezone.localtime(row.made_at),
        "townships": [_township(code, before, after, visible) for code, (before, after) in here["townships"].items()],
        **{name: [_member(key, visible) for key in here[name]] for name in MEMBERS},
    }


def _township(code: str, before: Any, after: Any, visible: RevisionVisibility) -> dict[str, Any]:
    changed = [name for name in after or () if not before or before.get(name) != after[name]] if after else []
    name = visible.places.get(code) or (after or before)["name"]
    return {"region": code, "name": name, "before": before, "after": after, "changed": changed}


def _member(key: str, visible: RevisionVisibility) -> dict[str, Any]:
    if key.isdigit():
        return {"kind": Subject.VILLAGE, "key": key, "name": visible.places.get(key, "")}
    return {"kind": Subject.UNIT, "key": key if key in visible.units else None, "name": visible.units.get(key)}
