"""What the bureau decides of an accident: nature, place, units, statistics; and writing it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.choices import ReportType, StatStatus
from accidents.clock import keeping, legs
from accidents.models import Accident, AccidentUnit, Decision
from accidents.places import check_day, listed, units_named
from accidents.reading import report_history
from accidents.reports.locking import locked_open
from accidents.reports.parts import check_moment, check_once, part_of, said_by, sector_of
from accidents.reports.settling import settle
from reference.terms import AccidentKind, Grade, Nature
from safety_api.actors import Actor
from safety_api.problems import (
    PAPER_REQUIRED,
    REASON_REQUIRED,
    WRONG_STEP,
)
from safety_api.remarks import Remark
from safety_api.writing import Fresh

DECIDED = ("kind", "region_code", "on_trunk_road", "category", "nature", "stat_status", "sector_inherited", "occurred_at")


def decision_of(
    accident: Accident, by: Actor, *, stat_before: str = "", on: date | None = None, reason: str = "", document: str = "",
    approved_by: str = "",
) -> Decision:  # fmt: skip
    columns = {name: getattr(accident, name) for name in DECIDED}
    return Decision(
        accident=accident, decided_on=on or timezone.localdate(), sector_code=accident.sector_id or "", reason=reason,
        document=document, approved_by=approved_by, stat_before=stat_before, **columns, **said_by(by),
    )  # fmt: skip


@transaction.atomic
def decide(
    accident_id: UUID, *, by: Actor, units: list[dict[str, Any]] | None = None, sector: str | None = None,
    region: str | None = None, occurred_at: datetime | None = None, on: date | None = None, reason: str = "",
    document: str = "", approved_by: str = "", fresh: Fresh = None, **decided: Any,
) -> Accident:  # fmt: skip
    """认定 by the bureau: nature, category, sector, time, place, statistics; `units`, when given, are all the units with
    their part. A time that was not doubtful is put right only with a reason.

    Raises IN_THE_FUTURE, REASON_REQUIRED, UNKNOWN_SECTOR, UNKNOWN_REGION, UNKNOWN_ENTERPRISE, TWICE, BEFORE_THE_ACCIDENT, WRONG_STEP for an accident
    that is to be an event, what `_check_paper` raises to leave statistics, and what `locked_open` raises.
    """
    accident = locked_open(accident_id, by, fresh, "decide")
    stat_before = accident.stat_status
    check_day(on, occurred_at or accident.occurred_at)
    if _leaves_statistics(accident, decided):
        _check_paper(reason=reason, document=document, approved_by=approved_by)
    if decided.get("kind") == AccidentKind.EVENT:
        _check_event(accident)
    before = {name: getattr(accident, name) for name in (*DECIDED, "sector_id", "great_impact")}
    stated = _state_time(accident, occurred_at, reason, by) if occurred_at else ()
    for name, value in decided.items():
        setattr(accident, name, value)
    if sector:
        accident.sector_id, accident.sector_inherited = sector_of(sector, []), False
    if region:
        accident.region_code = listed(region, accident.occurred_at, by)
    gone = _name_units(accident, units, by, on, document) if units is not None else []
    if units:
        keeping.unit_named(accident)
    decision_of(
        accident, by, stat_before=stat_before, on=on, reason=reason, document=document, approved_by=approved_by
    ).save(force_insert=True)
    changed = {
        name: [value, getattr(accident, name)] for name, value in before.items() if value != getattr(accident, name)
    }
    settle(
        accident, "accident.decide", by=by, reason=f"认定：{reason or accident}", columns=[*changed, "heard", *stated],
        gone=gone, changed={name: [_plain(each) for each in pair] for name, pair in changed.items()}, document=document,
    )  # fmt: skip
    return accident


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _hold_since(accident: Accident, at: datetime, by: Actor) -> None:
    """Figures that were held to the receipt, for want of a time, are said once more for the moment of the accident."""
    for report in accident.reports.filter(held_at=accident.occurred_at).order_by("id"):
        report.pk, report.kind, report.held_at = None, ReportType.SUPPLEMENT, at
        report.told_times, report.note, report.reason = {}, "发生时间认定后，所报数字自发生时起成立。", ""
        for name, value in said_by(by).items():
            setattr(report, name, value)
        report.save(force_insert=True)


def _state_time(accident: Accident, at: datetime, reason: str, by: Actor) -> tuple[str, ...]:
    """When it happened. What was reported of it stays; whoever was presumed to know since the accident is presumed to
    know since then. Returns the columns to save.
    """
    check_moment(at, "/occurred_at")
    if not (accident.time_is_doubtful or reason):
        raise REASON_REQUIRED.at("/reason")
    if accident.time_is_doubtful:
        _hold_since(accident, at, by)
    accident.occurred_told_at = accident.occurred_told_at or accident.occurred_at
    accident.warnings = [word for word in accident.warnings if word != Remark.OCCURRED_AT_DOUBTFUL]
    legs.presume_since(accident, accident.occurred_at, at)
    accident.occurred_at = at
    return "occurred_told_at", "warnings"


def _check_event(accident: Accident) -> None:
    """较大涉险 is where nobody was hurt and nothing graded was lost, and no one investigates it."""
    hurt = (
        accident.deaths
        or accident.serious_injuries
        or accident.late_deaths
        or accident.grade not in ("", Grade.GENERAL)
    )
    if hurt or report_history(accident.reports.all()).light_injuries:
        raise WRONG_STEP(
            state=AccidentKind.ACCIDENT.value, step="decide", detail="已有伤亡或重大损失，不是较大涉险事故。"
        )
    if hasattr(accident, "investigation"):
        raise WRONG_STEP(state="investigation", step="decide", detail="已成立调查组。")


def _leaves_statistics(accident: Accident, decided: Mapping[str, Any]) -> bool:
    """Decided not to be counted, or taken back from being counted, by its status or by its nature."""
    before, after = accident.stat_status, decided.get("stat_status", accident.stat_status)
    was_ours = accident.nature == Nature.PRODUCTION != decided.get("nature", accident.nature)
    if before == StatStatus.COUNTED:
        return after != before or was_ours
    return after == StatStatus.NOT_COUNTED != before


def _check_paper(**paper: str) -> None:
    """Whoever takes an accident out of statistics names the reason, the paper and who approved it. Raises
    REASON_REQUIRED, else PAPER_REQUIRED, each with all that is missing.
    """
    words = {name: REASON_REQUIRED if name == "reason" else PAPER_REQUIRED for name, text in paper.items() if not text}
    if words:
        raise next(iter(words.values()))(errors=[word.fault(f"/{name}") for name, word in words.items()])


def _name_units(
    accident: Accident, units: list[dict[str, Any]], by: Actor, on: date | None, document: str
) -> list[UUID]:
    """Rows that no longer hold are closed with the moment we learned better; returns the units that are gone."""
    keys = [each["enterprise"] for each in units]
    check_once(keys)
    units_named(by, accident.occurred_at, keys)
    known = {part.enterprise_id: part for part in accident.units.known()}
    wanted = {each["enterprise"]: (each["role"], each["responsible"]) for each in units}
    past = [part.pk for key, part in known.items() if wanted.get(key) != (part.role, part.responsible)]
    AccidentUnit.objects.filter(pk__in=past).update(known_to=timezone.now())
    new = [each for each in units if each["enterprise"] not in known or known[each["enterprise"]].pk in past]
    AccidentUnit.objects.bulk_create(part_of(accident, each, by, on or timezone.localdate(), document) for each in new)
    return [key for key in known if key not in wanted]


@transaction.atomic
def write_off(
    accident_id: UUID,
    *,
    by: Actor,
    reason: str,
    document: str,
    approved_by: str,
    on: date | None = None,
    fresh: Fresh = None,
) -> Accident:
    """核销 on paper and approved (总局统计〔2016〕80号): no accident after all. It stays, and counts nowhere. Raises
    BEFORE_THE_ACCIDENT and what `locked_open` raises.
    """
    accident = locked_open(accident_id, by, fresh, "write_off")
    check_day(on, accident.occurred_at)
    stat_before, accident.stat_status = accident.stat_status, StatStatus.WRITTEN_OFF
    decision_of(
        accident, by, stat_before=stat_before, on=on, reason=reason, document=document, approved_by=approved_by
    ).save(force_insert=True)
    settle(
        accident,
        "accident.write_off",
        by=by,
        reason=f"核销：{reason}",
        columns=["stat_status"],
        document=document,
        approved_by=approved_by,
    )
    return accident
