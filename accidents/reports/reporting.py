"""Every write of accidents: one verb, one transaction, one line in the trail; the figures follow in the same
transaction.

What was reported is appended, never edited. Only the bureau decides nature, responsibility and statistics; what others
say of them is kept as they stated it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents import rules
from accidents.choices import ReportType
from accidents.clock import keeping, legs, limits
from accidents.duplicates import proposing
from accidents.models import Accident, AccidentReport, AccidentUnit, Call
from accidents.places import place_of, point_warnings, unit_warnings, units_named
from accidents.reading import FIGURES, RISK, WORDS, grades_on, in_order
from accidents.reports.deciding import decision_of
from accidents.reports.locking import locked_open, record_that_stays
from accidents.reports.parts import check_once, part_of, said_by, sector_of
from accidents.reports.settling import IncomingReport, settle
from enterprises.models import Enterprise
from evidence import actions as evidence
from geo.codes import whole
from reference import law
from reference.terms import AccidentKind, Channel, Grade, Nature, ReportLevel, UnitRole
from safety_api.actors import Actor
from safety_api.field_times import Sending
from safety_api.idempotency import Sent, SentBefore
from safety_api.inserts import insert_new
from safety_api.problems import (
    FORBIDDEN,
    NO_CALLS_HERE,
    REASON_REQUIRED,
)
from safety_api.remarks import Remark
from safety_api.roles import COUNTY, Role
from safety_api.writing import Fresh

SENT = SentBefore(Accident.objects.all, author="reported_by")


# --- the first report ------------------------------------------------------------------------------------------------
@transaction.atomic
def put(accident_id: UUID, *, sent: Sent, by: Actor, **reported: Any) -> tuple[Accident, bool]:
    """A first report, incomplete allowed: (accident, new). The same content again returns what stands; other content
    raises ID_REUSED.

    Raises UNKNOWN_REGION, PLACE_REQUIRED, UNKNOWN_SECTOR, UNKNOWN_ENTERPRISE, TWICE; NO_CALLS_HERE and FORBIDDEN for
    what only an office writes down. Never for a time: what nobody can mean is remarked.
    """
    sending = law.sending(reported.pop("device", None), timezone.now())
    occurred = sending.happened(reported["occurred_at"], by_bureau=by.role == Role.BUREAU_OFFICER)
    at = reported["occurred_at"] = occurred.at
    times = _set_times(reported, sending, None if occurred.remark else at)
    held_at = reported.pop("held_at", None) or at
    call = _call_of(by, reported)
    units = _units_of(by, at, reported)
    accident = _accident(accident_id, reported, units, sent, by)
    accident.occurred_told_at, accident.clock_skew_s = occurred.told, sending.skew_seconds
    accident.received_at = sending.received_at
    _remark(accident, [occurred.remark, *times.remarks])
    _notified_levels(accident, by, call, reported)
    if not insert_new([accident]):
        return SENT.earlier(accident_id, sent, by), False
    report = _report(accident, ReportType.FIRST, held_at, by, reported)
    report.told_times = times.told
    report.save(force_insert=True)
    _write_call(report, call, by)
    AccidentUnit.objects.bulk_create(part_of(accident, each, by) for each in reported["units"])
    decision_of(accident, by).save(force_insert=True)
    evidence.declare(reported["photos"], owner_kind="accident", owner_id=accident_id, by=by)
    settle(accident, "accident.report", by=by, reason=f"事故上报：{accident}", incoming=IncomingReport(call, new=True),
            sha256=sent.sha256)  # fmt: skip
    proposing.propose([accident_id])
    return accident, True


@dataclass
class ReportTimes:
    """What a report states of times: those that another one stands for, as stated, and why."""

    told: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark | None] = field(default_factory=list)


def _set_times(reported: dict[str, Any], sending: Sending, accident_at: datetime | None) -> ReportTimes:
    """Puts the moments that count in place of those stated. `accident_at`: None while it is doubtful."""
    times, call = ReportTimes(), reported.get("call")
    if call:
        reported["call"] = call = dict(call)
    for stated, name in ((reported, "held_at"), (reported, "told_at"), (reported, "unit_told_at"), (call, "received_at")):
        if stated and stated.get(name):
            found = sending.after(stated[name], accident_at)
            stated[name] = found.at
            times.remarks.append(found.remark)
            if found.remark and found.told:
                times.told["call_received_at" if stated is call else name] = found.told.isoformat()
    return times


def _remark(accident: Accident, words: Iterable[Remark | None]) -> None:
    accident.warnings = sorted({*accident.warnings, *(word for word in words if word)})


def _call_of(by: Actor, reported: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The call an office took. Raises NO_CALLS_HERE, FORBIDDEN."""
    call = reported.get("call")
    if reported.get("already_reported") and by.role not in COUNTY:
        raise FORBIDDEN(detail="已在别处报告的，由县级登记。")
    if call and limits.level_of(by) in (None, ReportLevel.ENTERPRISE):
        raise NO_CALLS_HERE()
    return call


def _notified_levels(
    accident: Accident, by: Actor, call: Mapping[str, Any] | None, reported: Mapping[str, Any]
) -> None:
    keeping.notified_by_first_report(
        accident, by=by, call=call, told_at=reported.get("told_at"), unit_told_at=reported.get("unit_told_at"),
        has_unit=bool(reported.get("units")),
    )  # fmt: skip


def _write_call(report: AccidentReport, call: Mapping[str, Any] | None, by: Actor) -> None:
    if call:
        Call.objects.create(
            accident_id=report.accident_id, statement=report, caller=call["caller"], level=limits.level_of(by) or "",
            caller_name=call["name"], caller_phone=call["phone"], received_at=call["received_at"], **said_by(by),
        )  # fmt: skip


def _units_of(by: Actor, at: datetime, reported: dict[str, Any]) -> list[Enterprise]:
    """The units named; of an enterprise's officer that names none, the own one."""
    if not reported["units"] and by.role == Role.ENTERPRISE_OFFICER:
        reported["units"] = [{"enterprise": by.enterprise_id, "role": UnitRole.OCCURRING, "responsible": None}]
    keys = [each["enterprise"] for each in reported["units"]]
    check_once(keys)
    return units_named(by, at, keys)


def _accident(
    accident_id: UUID, reported: Mapping[str, Any], units: list[Enterprise], sent: Sent, by: Actor
) -> Accident:
    place, at = reported["location"], reported["occurred_at"]
    region = place_of(by, at, region=reported["region"], location=place, units=units)
    ended = {"region": reported["region"]} if reported["region"] and whole(reported["region"]) != region else {}
    decides = by.role == Role.BUREAU_OFFICER
    kind = _kind(reported)
    return Accident(
        id=accident_id,
        kind=kind,
        grade="" if kind == AccidentKind.EVENT else Grade.GENERAL,
        heard={},
        already_reported=reported.get("already_reported") or "",
        content_sha256=sent.sha256,
        meaning_sha256=sent.meaning,
        occurred_at=at,
        region_code=region,
        place=reported["place"] or "",
        point=place.point if place else None,
        sent_lon=place.lon if place else None,
        sent_lat=place.lat if place else None,
        sent_crs=place.crs if place else "",
        accuracy_m=place.accuracy_m if place else None,
        on_trunk_road=reported["on_trunk_road"],
        great_impact=reported.get("great_impact", False),
        category=reported["category"] or "",
        nature=(reported["nature"] or Nature.UNDETERMINED) if decides else Nature.UNDETERMINED,
        sector_id=sector_of(reported["sector"], units),
        sector_inherited=reported["sector"] is None and bool(units),
        description=reported["description"] or "",
        stated=({} if decides else _stated(reported)) | ended,
        warnings=[
            *point_warnings(place, region, at),
            *unit_warnings(units, region, at),
            *([Remark.ENDED_REGION] if ended else []),
        ],
        reported_by=by.pk,
        reporter_name=by.name,
        is_demo=by.is_demo,
    )


def _kind(reported: Mapping[str, Any]) -> AccidentKind:
    """Whoever is hurt makes an accident of an event."""
    hurt = any(reported.get(name) for name in ("deaths", "serious_injuries", "acute_poisonings", "light_injuries"))
    return AccidentKind.ACCIDENT if hurt else AccidentKind(reported.get("kind") or AccidentKind.ACCIDENT)


def _stated(reported: Mapping[str, Any]) -> dict[str, Any]:
    """What only the bureau decides, in the words of whoever reported."""
    blamed = [{"enterprise": str(each["enterprise"]), "responsible": each["responsible"]} for each in reported["units"]
              if each["responsible"] is not None]  # fmt: skip
    found = {"nature": reported["nature"], "units": blamed}
    return {name: value for name, value in found.items() if value}


def _report(accident: Accident, kind: str, held_at: datetime, by: Actor, reported: Mapping[str, Any]) -> AccidentReport:
    counts = {name: reported.get(name) for name in (*FIGURES, *RISK)}
    words = {name: reported.get(name) or "" for name in ("note", "reason", *WORDS)}
    channel = reported["call"]["channel"] if reported.get("call") else Channel.APP
    return AccidentReport(
        accident=accident, kind=kind, held_at=held_at, channel=channel, dangers=reported.get("dangers") or [],
        **said_by(by), **counts, **words,
    )  # fmt: skip


@transaction.atomic
def add_report(
    accident_id: UUID, *, by: Actor, kind: str, held_at: datetime | None = None, fresh: Fresh = None, **reported: Any
) -> Accident:
    """A further report, with the moment its figures held: of a later death, its day. What is left out stands as it
    was reported before.

    Raises REASON_REQUIRED for figures that fall, and FORBIDDEN when they are let fall by anyone but the county's
    bureau, duty desk or committee: nobody lowers their own figures. Else what `locked_open` raises.
    """
    accident, through = record_that_stays(locked_open(accident_id, by, fresh, "report"))
    sending = law.sending(reported.pop("device", None), timezone.now())
    reported["held_at"] = held_at or sending.received_at
    times = _set_times(reported, sending, None if accident.time_is_doubtful else accident.occurred_at)
    call = _call_of(by, reported)
    report = _report(accident, kind, reported.pop("held_at"), by, reported)
    report.through, report.told_times = through, times.told
    _remark(accident, times.remarks)
    grades = grades_on(timezone.localdate(accident.occurred_at))
    fallen = lowered_figures([*accident.reports.all(), report], report, grades)
    if fallen and not report.reason:
        raise REASON_REQUIRED.at("/reason")
    if fallen and by.role not in COUNTY:
        raise FORBIDDEN(detail="伤亡和损失的核减须由县级核实后报告。")
    report.save(force_insert=True)
    _write_call(report, call, by)
    if ReportLevel.ENTERPRISE in accident.heard:  # what was presumed is put right, by the county
        legs.unit_was_notified(accident, reported.pop("unit_told_at", None), by)
    _notified_levels(accident, by, call, {**reported, "units": accident.units.known()})
    columns = ["heard", "warnings"]
    if accident.kind == AccidentKind.EVENT and _kind({**reported, "kind": AccidentKind.EVENT}) == AccidentKind.ACCIDENT:
        accident.kind = AccidentKind.ACCIDENT
        columns.append("kind")
    evidence.declare(reported.get("photos") or [], owner_kind="accident", owner_id=accident_id, by=by)
    settle(
        accident,
        "accident.state_casualties",
        by=by,
        reason=f"{report.get_kind_display()}：{accident}",
        columns=columns,
        incoming=IncomingReport(call),
        kind=kind,
        fallen=fallen,
    )
    return accident


def lowered_figures(reports: Iterable[AccidentReport], report: AccidentReport, grades: rules.Grades) -> list[str]:
    """Which figures are lower than those reported before them. Injured who died, and missing who were found, are no
    fall; but where the missing count as dead, their finding alive lowers the grade. Pure.
    """
    before: dict[str, Any] = {}
    for each in in_order(reports):
        if each is report:
            break
        before |= {name: value for name in FIGURES if (value := getattr(each, name)) is not None}
    now = before | {name: value for name in FIGURES if (value := getattr(report, name)) is not None}
    died = max(0, now.get("deaths", 0) - before.get("deaths", 0))
    fallen = [name for name in ("deaths", "direct_loss_yuan") if now.get(name, 0) < before.get(name, 0)]
    if grades.missing_counts_as_death and (now.get("missing") or 0) + died < (before.get("missing") or 0):
        fallen.append("missing")
    return fallen + (["serious_injuries"] if _hurt(now) + died < _hurt(before) else [])


def _hurt(figures: Mapping[str, Any]) -> int:
    return (figures.get("serious_injuries") or 0) + (figures.get("acute_poisonings") or 0)
