"""The county's figures: its ratios, the ranking of its townships against the month before, and why they changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import Count, Max, Min

from assessment.closings.content.moment import Moment, as_json, iso
from assessment.models import Closing
from reference import law
from safety_api.permissions import significant
from zero_accident import answers, rules
from zero_accident.models import FigureRevision
from zero_accident.targets import Held, targets_of_all


# --- head ------------------------------------------------------------------------------------------------------------
def county(at: Moment) -> dict[str, Any]:
    return {"region": at.closing.region_code, "name": at.names.get(at.closing.region_code, "")}


def period(at: Moment) -> dict[str, Any]:
    closing = at.closing
    return {
        "year": closing.year, "month": closing.month, "first_day": closing.first_day.isoformat(),
        "last_day": closing.last_day.isoformat(), "said": closing.said_period,
    }  # fmt: skip


def known_at(at: Moment) -> str:
    return iso(at.known_at)


def policy(at: Moment) -> dict[str, Any]:
    held = law.in_force("zero_accident_policy", at.closing.last_day)
    return {"version": held.version, "title": held.title, "source": held.source}


def figures_revision(at: Moment) -> int:
    return at.ratios["revision"]


# --- ratios and ranking ----------------------------------------------------------------------------------------------
def ratios(at: Moment) -> dict[str, Any]:
    return {name: as_json(at.ratios[name]) for name in ("villages", "units")}


def ranking(at: Moment) -> list[dict[str, Any]]:
    """Each township with what it was the month before, how many places it gained since, and whether it met its target."""
    rows, before = _rows(at.asked, at.prefix), {row["region"]: row for row in _before(at)[1]}
    targets = targets_of_all(at.closing.year, [significant(row["region"]) for row in rows])
    return [_ranked(row, before.get(row["region"]), targets[significant(row["region"])]) for row in rows]


def before(at: Moment) -> dict[str, Any] | None:
    return _before(at)[0]


def _before(at: Moment) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """(what it was taken from, its rows): the frozen ranking, as it was told, else worked out; none in January."""
    if not hasattr(at, "_known_before"):
        at._known_before = _read_before(at)  # type: ignore[attr-defined]
    return at._known_before  # type: ignore[attr-defined]


def _read_before(at: Moment) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    closing = at.closing
    year, month = (closing.year - 1, 0) if closing.month == 0 else (closing.year, closing.month - 1)
    if (closing.month == 1) or (closing.month == 0 and not FigureRevision.objects.filter(year=year).exists()):
        return None, []
    told = Closing.objects.of(closing.region_code, year, month).frozen().order_by("-number").first()
    last = told.last_day if told else date(year, 12, 31) if not month else closing.first_day - timedelta(days=1)
    head = {"as_of": last.isoformat(), "closing": told and told.pk, "number": told and told.number}
    return head, told.content["ranking"] if told else _rows(answers.question(year, last), at.prefix)


def _rows(asked: answers.Question, prefix: str) -> list[dict[str, Any]]:
    """As the door answers, without the numbers of kept revisions: those tell the way, not the place."""
    rows = as_json(answers.ranking_rows(asked, prefix))
    return [{name: value for name, value in row.items() if name != "revision"} for row in rows]


def _ranked(row: dict[str, Any], old: dict[str, Any] | None, targets: Mapping[str, Held]) -> dict[str, Any]:
    met = {f"{subject}_met": _met(row, subject, held.percent) for subject, held in targets.items()}
    was = old and {name: old[name] for name in ("rank", "village_ratio", "unit_ratio")}
    moved = was["rank"] - row["rank"] if was and was["rank"] and row["rank"] else None
    return {**row, **met, "before": was, "moved": moved}


def _met(row: Mapping[str, Any], name: str, target: Decimal) -> bool | None:
    return rules.ratio(row[f"{name}_zero"], row[f"{name}_total"], target).met


# --- why they changed ------------------------------------------------------------------------------------------------
def reasons(at: Moment) -> list[dict[str, Any]]:
    """Why figures of this county changed since the frozen revision before, the same reason once."""
    since = at.last_frozen
    return reasons_since(at, since.known_at if since else None)


def reasons_since(at: Moment, moment: datetime | None) -> list[dict[str, Any]]:
    rows = FigureRevision.objects.filter(
        policy=at.asked.of.policy.version, year=at.closing.year, counties__contains=[at.prefix]
    )
    rows = rows.filter(made_at__gt=moment) if moment else rows
    told = rows.values("reason").annotate(Count("pk"), Min("number"), Max("number"), Max("made_at")).order_by()
    columns = told.values_list("reason", "pk__count", "number__min", "number__max", "made_at__max")
    return [
        {"reason": reason, "count": count, "first_number": first, "last_number": last, "last_at": iso(last_at)}
        for reason, count, first, last, last_at in sorted(columns, key=itemgetter(2, 3))
    ]
