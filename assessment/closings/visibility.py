"""Who reads what of a closing: nothing before it is frozen but for its keepers, and records only in the jurisdiction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accidents.models import Accident
from assessment.closings.content import drafting
from assessment.models import Closing, ClosingState, Objection
from enterprises.models import Enterprise
from safety_api.problems import NOT_PUBLISHED
from safety_api.roles import ASSESSORS

# Counts and rankings of all townships are for every office role. What is neither here nor in RECORDS is for the keepers:
# a section that is new is closed until somebody opens it.
FOR_ALL = frozenset({
    "schema", "county", "period", "known_at", "policy", "figures_revision", "ratios", "ranking", "before", "sources",
    "overdue_hazards", "overdue_sectors", "risk_events",
})  # fmt: skip
OF_ACCIDENTS = ("accidents", "late_reports", "findings", "differences")


def content_for(closing: Closing, user: Any) -> dict[str, Any] | None:
    """What was frozen; for the keepers also what is signed, and what would be signed now. None for the others."""
    if closing.state == ClosingState.OPEN:
        return masked(drafting.draft(closing), user) if user.role in ASSESSORS else None
    if closing.state != ClosingState.FROZEN and user.role not in ASSESSORS:
        return None
    return masked(closing.content, user)


def published(closing: Closing, user: Any) -> dict[str, Any]:
    """Raises NOT_PUBLISHED."""
    found = content_for(closing, user)
    if found is None:
        raise NOT_PUBLISHED(state=closing.state)
    return found


def masked(content: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """Three queries, however much there is."""
    mine = _mine(Accident, user, _accidents(content))
    found = {name: value for name, value in content.items() if name in FOR_ALL or user.role in ASSESSORS}
    found |= {name: _with_accident(content[name], mine, user) for name in OF_ACCIDENTS if name in content}
    found["broken"] = broken(content["broken"], user, mine)
    objections = _mine(Objection, user, [each["objection"] for each in content["objections"]])
    found["objections"] = [each for each in content["objections"] if str(each["objection"]) in objections]
    return {name: found[name] for name in content if name in found}


def broken(rows: Iterable[Mapping[str, Any]], user: Any, accidents: set[str]) -> list[dict[str, Any]]:
    """Places by name for everyone; accidents and units by name only where they are the reader's."""
    rows = list(rows)
    units = _mine(Enterprise, user, [row["enterprise"] for row in rows if row["enterprise"]])
    return [_broken(row, units, accidents) for row in rows]


def _broken(row: Mapping[str, Any], units: set[str], accidents: set[str]) -> dict[str, Any]:
    known = row["enterprise"] is None or row["enterprise"] in units
    because = [
        {
            "accident": each["accident"] if each["accident"] in accidents else None, "line": each["line"],
            "sentence": each["sentence"] if each["accident"] in accidents else None,
        }
        for each in row["accidents"]
    ]  # fmt: skip
    hidden = {} if known else {"key": None, "enterprise": None, "name": None}
    return {**row, **hidden, "accidents": because}


def _with_accident(rows: Iterable[Mapping[str, Any]], mine: set[str], user: Any) -> list[Mapping[str, Any]]:
    """A row without one (theirs, set aside) is for the keepers."""
    keeps = user.role in ASSESSORS
    return [row for row in rows if (row["accident"] in mine if row["accident"] else keeps)]


def _accidents(content: Mapping[str, Any]) -> set[str]:
    found = {row["accident"] for name in OF_ACCIDENTS for row in content.get(name, ()) if row["accident"]}
    return found | {each["accident"] for row in content["broken"] for each in row["accidents"]}


def _mine(model: Any, user: Any, keys: Iterable[Any]) -> set[str]:
    rows = model.objects.visible_to(user).filter(pk__in=list(keys))
    return {str(key) for key in rows.values_list("pk", flat=True)}
