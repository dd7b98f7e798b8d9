"""Every write of accidents: one verb, one transaction, one line in the trail; the figures follow in the same
transaction.

What was told is appended, never edited. Only the bureau decides nature, responsibility and statistics; what others
say of them is kept as they stated it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enterprises.models import Enterprise
from evidence import actions as evidence
from reference import law
from safety_api import outbox
from safety_api.idempotency import SentBefore
from safety_api.inserts import insert_new
from safety_api.problems import (
    BEFORE_THE_ACCIDENT,
    FORBIDDEN,
    IN_THE_FUTURE,
    NO_CALLS_HERE,
    NOT_FOUND,
    PAPER_REQUIRED,
    REASON_REQUIRED,
    TWICE,
    UNKNOWN_SECTOR,
    WRONG_STEP,
)
from safety_api.roles import COUNTY, Role
from safety_api.trail import record
from zero_accident import clock, figures, rules, twins
from zero_accident.models import Accident, AccidentStatement, AccidentUnit, AttributionOverride, Call, Decision
from zero_accident.places import (
    at_field,
    check_day,
    listed,
    place_of,
    point_warnings,
    unit_named,
    unit_warnings,
    units_named,
)
from zero_accident.reading import FIGURES, RISK, WORDS, course_of, grades_on, in_order
from zero_accident.words import (
    Channel,
    Charged,
    Effect,
    Grade,
    Kind,
    Nature,
    Part,
    ReportLevel,
    StatStatus,
    Telling,
    TwinState,
)

DECIDED = ("kind", "region_code", "on_trunk_road", "category", "nature", "stat_status", "sector_inherited")
Fresh = Callable[[Accident], None] | None
SENT = SentBefore(Accident.objects.all, author="reported_by")


# --- the first report ------------------------------------------------------------------------------------------------
@transaction.atomic
def put(accident_id: UUID, *, content_sha256: str, by: Any, **told: Any) -> tuple[Accident, bool]:
    """A first report, incomplete allowed: (accident, new). The same content again returns what stands; other content
    raises ID_REUSED.

    Raises IN_THE_FUTURE, BEFORE_THE_ACCIDENT, UNKNOWN_REGION, PLACE_REQUIRED, UNKNOWN_SECTOR, UNKNOWN_ENTERPRISE,
    TWICE, NO_RULE; NO_CALLS_HERE and FORBIDDEN for what only an office writes down.
    """
    at = told["occurred_at"]
    _check_moment(at, "/occurred_at")
    held_at = told.pop("held_at", None) or at
    _check_held(held_at, at)
    call = _call_of(by, at, told)
    units = _units_of(by, at, told)
    accident = _accident(accident_id, told, units, content_sha256, by)
    _who_heard(accident, by, call, told)
    if not insert_new([accident]):
        return SENT.standing(accident_id, content_sha256, by), False
    statement = _statement(accident, Telling.FIRST, held_at, by, told)
    statement.save(force_insert=True)
    _write_call(statement, call, by)
    AccidentUnit.objects.bulk_create(_part(accident, each, by) for each in told["units"])
    _decision(accident, by).save(force_insert=True)
    evidence.declare(told["photos"], owner_kind="accident", owner_id=accident_id, by=by)
    settle(accident, "accident.report", by=by, reason=f"事故上报：{accident}", told=Told(call, new=True),
            sha256=content_sha256)  # fmt: skip
    twins.propose([accident_id])
    return accident, True


@dataclass(frozen=True)
class Told:
    """A report has come, by telephone when there is a call."""

    call: Mapping[str, Any] | None
    new: bool = False


def _call_of(by: Any, occurred_at: datetime, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The call an office took. Raises NO_CALLS_HERE, FORBIDDEN, IN_THE_FUTURE, BEFORE_THE_ACCIDENT."""
    call = told.get("call")
    if told.get("already_reported") and by.role not in COUNTY:
        raise FORBIDDEN(detail="已在别处报告的，由县级登记。")
    if call and clock.level_of(by) in (None, ReportLevel.ENTERPRISE):
        raise NO_CALLS_HERE()
    for pointer, moment in (
        ("/call/received_at", call and call["received_at"]),
        ("/told_at", told.get("told_at")),
        ("/unit_told_at", told.get("unit_told_at")),
    ):
        if moment:
            _check_moment(moment, pointer)
            _check_after(moment, occurred_at, pointer)
    return call


def _who_heard(accident: Accident, by: Any, call: Mapping[str, Any] | None, told: Mapping[str, Any]) -> None:
    clock.first_heard(
        accident, by=by, call=call, told_at=told.get("told_at"), unit_told_at=told.get("unit_told_at"),
        has_unit=bool(told.get("units")),
    )  # fmt: skip


def _write_call(statement: AccidentStatement, call: Mapping[str, Any] | None, by: Any) -> None:
    if call:
        Call.objects.create(
            accident_id=statement.accident_id, statement=statement, caller=call["caller"], level=clock.level_of(by) or "",
            caller_name=call["name"], caller_phone=call["phone"], received_at=call["received_at"], **_who(by),
        )  # fmt: skip


def _check_moment(moment: datetime, pointer: str) -> None:
    if moment > timezone.now() + clock.AHEAD:
        raise at_field(IN_THE_FUTURE, pointer)


def _check_held(held_at: datetime, occurred_at: datetime) -> None:
    """Figures hold from the accident on: nobody died of it before."""
    _check_moment(held_at, "/held_at")
    _check_after(held_at, occurred_at, "/held_at")


def _check_after(moment: datetime, occurred_at: datetime, pointer: str) -> None:
    if moment < occurred_at:
        raise at_field(BEFORE_THE_ACCIDENT, pointer)


def _units_of(by: Any, at: datetime, told: dict[str, Any]) -> list[Enterprise]:
    """The units named; of an enterprise's officer that names none, the own one."""
    if not told["units"] and by.role == Role.ENTERPRISE_OFFICER:
        told["units"] = [{"enterprise": by.enterprise_id, "role": Part.OCCURRING, "responsible": None}]
    keys = [each["enterprise"] for each in told["units"]]
    _check_once(keys)
    return units_named(by, at, keys)


def _check_once(keys: list[UUID]) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise at_field(TWICE, f"/units/{place}/enterprise")


def _accident(
    accident_id: UUID, told: Mapping[str, Any], units: list[Enterprise], content_sha256: str, by: Any
) -> Accident:
    place, at = told["location"], told["occurred_at"]
    region = place_of(by, at, region=told["region"], location=place, units=units)
    decides = by.role == Role.BUREAU_OFFICER
    kind = _kind(told)
    return Accident(
        id=accident_id,
        kind=kind,
        grade="" if kind == Kind.EVENT else Grade.GENERAL,
        heard={},
        already_reported=told.get("already_reported") or "",
        content_sha256=content_sha256,
        occurred_at=at,
        region_code=region,
        place=told["place"] or "",
        point=place.point if place else None,
        sent_lon=place.lon if place else None,
        sent_lat=place.lat if place else None,
        sent_crs=place.crs if place else "",
        accuracy_m=place.accuracy_m if place else None,
        on_trunk_road=told["on_trunk_road"],
        great_impact=told.get("great_impact", False),
        category=told["category"] or "",
        nature=(told["nature"] or Nature.UNDETERMINED) if decides else Nature.UNDETERMINED,
        sector_id=_sector(told["sector"], units),
        sector_inherited=told["sector"] is None and bool(units),
        description=told["description"] or "",
        stated={} if decides else _stated(told),
        warnings=[*point_warnings(place, region), *unit_warnings(units, region)],
        reported_by=by.pk,
        reporter_name=by.name,
        received_at=timezone.now(),
        is_demo=by.is_demo,
    )


def _kind(told: Mapping[str, Any]) -> Kind:
    """Whoever is hurt makes an accident of an event."""
    hurt = any(told.get(name) for name in ("deaths", "serious_injuries", "acute_poisonings", "light_injuries"))
    return Kind.ACCIDENT if hurt else Kind(told.get("kind") or Kind.ACCIDENT)


def _sector(code: str | None, units: list[Enterprise]) -> str | None:
    if code is None:
        return units[0].sector_id if units else None
    if code not in law.books().sectors:
        raise at_field(UNKNOWN_SECTOR, "/sector")
    return code


def _stated(told: Mapping[str, Any]) -> dict[str, Any]:
    """What only the bureau decides, in the words of whoever reported."""
    blamed = [{"enterprise": str(each["enterprise"]), "responsible": each["responsible"]} for each in told["units"]
              if each["responsible"] is not None]  # fmt: skip
    found = {"nature": told["nature"], "units": blamed}
    return {name: value for name, value in found.items() if value}


def _part(
    accident: Accident, each: Mapping[str, Any], by: Any, held_on: date | None = None, document: str = ""
) -> AccidentUnit:
    decides = by.role == Role.BUREAU_OFFICER
    return AccidentUnit(
        accident=accident, enterprise_id=each["enterprise"], role=each["role"], held_on=held_on, document=document,
        responsible=each["responsible"] if decides else None, known_from=timezone.now(),
    )  # fmt: skip


def _who(by: Any) -> dict[str, Any]:
    return {"by_id": by.pk, "by_name": by.name, "by_role": by.role, "known_at": timezone.now()}


def _statement(accident: Accident, kind: str, held_at: datetime, by: Any, told: Mapping[str, Any]) -> AccidentStatement:
    counts = {name: told.get(name) for name in (*FIGURES, *RISK)}
    words = {name: told.get(name) or "" for name in ("note", "reason", *WORDS)}
    channel = told["call"]["channel"] if told.get("call") else Channel.APP
    return AccidentStatement(
        accident=accident, kind=kind, held_at=held_at, channel=channel, dangers=told.get("dangers") or [],
        **_who(by), **counts, **words,
    )  # fmt: skip


def _decision(
    accident: Accident, by: Any, *, stat_before: str = "", on: date | None = None, reason: str = "", document: str = "",
    approved_by: str = "",
) -> Decision:  # fmt: skip
    columns = {name: getattr(accident, name) for name in DECIDED}
    return Decision(
        accident=accident, decided_on=on or timezone.localdate(), sector_code=accident.sector_id or "", reason=reason,
        document=document, approved_by=approved_by, stat_before=stat_before, **columns, **_who(by),
    )  # fmt: skip


def settle(
    accident: Accident,
    verb: str,
    *,
    by: Any,
    reason: str,
    columns: Iterable[str] = (),
    gone: Iterable[UUID] = (),
    told: Told | None = None,
    **details: Any,
) -> None:
    """The end of every verb: figures, clock, trail, and word to the floors above, also about units that were let off.

    `told`: a report has come.
    """
    before = accident.grade
    known = figures.follow(accident, reason=reason, columns=columns)
    graded_at = timezone.now() if accident.grade != before else None
    new, has_unit = told is not None and told.new, bool(known.roles)
    legs = clock.follow(accident, has_unit=has_unit, new=new, graded_at=None if new else graded_at)
    clock.enter(accident, legs, verb=verb, by=by, has_unit=has_unit)
    if told:
        clock.report_came(accident, legs, by=by, call=told.call)
    else:
        clock.write(accident, legs)
    record(by, verb, accident, **details)
    units = {each.unit for each in known.roles} | {each.key for each in known.overrides if each.subject == Charged.UNIT}
    outbox.send(
        "accident.changed", {"accident": str(accident.pk), "enterprises": sorted(units | {str(each) for each in gone})}
    )


# --- further verbs ---------------------------------------------------------------------------------------------------
def _locked(accident_id: UUID, by: Any, fresh: Fresh, step: str) -> Accident:
    """The row of this person's jurisdiction, locked. Raises NOT_FOUND, STALE, WRONG_STEP for one written off."""
    accident = Accident.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=accident_id).first()
    if accident is None:
        raise NOT_FOUND()
    if fresh:
        fresh(accident)
    return alive(accident, step)


def alive(accident: Accident, step: str) -> Accident:
    if accident.stat_status == StatStatus.WRITTEN_OFF:
        raise WRONG_STEP(state=StatStatus.WRITTEN_OFF.value, step=step, detail="事故已核销，不能再作变更。")
    if accident.joined_to_id and step != "report":
        raise WRONG_STEP(state=TwinState.JOINED.value, step=step, detail="已并入另一条记录，请在那条记录上办理。")
    return accident


@transaction.atomic
def state_casualties(
    accident_id: UUID, *, by: Any, kind: str, held_at: datetime | None = None, fresh: Fresh = None, **told: Any
) -> Accident:
    """A further telling, with the moment its figures held: of a later death, its day. What is left out stands as it
    was told before.

    Raises IN_THE_FUTURE, BEFORE_THE_ACCIDENT, REASON_REQUIRED for figures that fall, and FORBIDDEN when they are let
    fall by anyone but the county's bureau, duty desk or committee: nobody lowers their own figures. Else what
    `_locked` raises.
    """
    accident, through = _stays(_locked(accident_id, by, fresh, "report"))
    call = _call_of(by, accident.occurred_at, told)
    statement = _statement(accident, kind, held_at or timezone.now(), by, told)
    statement.through = through
    _check_held(statement.held_at, accident.occurred_at)
    grades = grades_on(timezone.localdate(accident.occurred_at))
    fallen = falling([*accident.statements.all(), statement], statement, grades)
    if fallen and not statement.reason:
        raise at_field(REASON_REQUIRED, "/reason")
    if fallen and by.role not in COUNTY:
        raise FORBIDDEN(detail="伤亡和损失的核减须由县级核实后报告。")
    statement.save(force_insert=True)
    _write_call(statement, call, by)
    if ReportLevel.ENTERPRISE in accident.heard:  # what was presumed is put right, by the county
        clock.unit_was_told(accident, told.pop("unit_told_at", None), by)
    _who_heard(accident, by, call, {**told, "units": accident.units.known()})
    columns = ["heard"]
    if accident.kind == Kind.EVENT and _kind({**told, "kind": Kind.EVENT}) == Kind.ACCIDENT:
        accident.kind = Kind.ACCIDENT
        columns.append("kind")
    evidence.declare(told.get("photos") or [], owner_kind="accident", owner_id=accident_id, by=by)
    settle(
        accident,
        "accident.state_casualties",
        by=by,
        reason=f"{statement.get_kind_display()}：{accident}",
        columns=columns,
        told=Told(call),
        kind=kind,
        fallen=fallen,
    )
    return accident


def _stays(accident: Accident) -> tuple[Accident, Accident | None]:
    """What is told of a twin is told of the record that stays: (that one, locked; the twin)."""
    if accident.joined_to_id is None:
        return accident, None
    stays = Accident.objects.select_for_update(of=("self",)).get(pk=accident.joined_to_id)
    return alive(stays, "report"), accident


def falling(
    told: Iterable[AccidentStatement], statement: AccidentStatement, grades: rules.Grades = rules.GRADES
) -> list[str]:
    """Which figures are lower than the one told before them. Injured who died, and missing who were found, are no
    fall; but where the missing count as dead, their finding alive lowers the grade. Pure.
    """
    before: dict[str, Any] = {}
    for each in in_order(told):
        if each is statement:
            break
        before |= {name: value for name in FIGURES if (value := getattr(each, name)) is not None}
    now = before | {name: value for name in FIGURES if (value := getattr(statement, name)) is not None}
    died = max(0, now.get("deaths", 0) - before.get("deaths", 0))
    fallen = [name for name in ("deaths", "direct_loss_yuan") if now.get(name, 0) < before.get(name, 0)]
    if grades.missing_counts_as_death and (now.get("missing") or 0) + died < (before.get("missing") or 0):
        fallen.append("missing")
    return fallen + (["serious_injuries"] if _hurt(now) + died < _hurt(before) else [])


def _hurt(figures_told: Mapping[str, Any]) -> int:
    return (figures_told.get("serious_injuries") or 0) + (figures_told.get("acute_poisonings") or 0)


@transaction.atomic
def decide(
    accident_id: UUID, *, by: Any, units: list[dict[str, Any]] | None = None, sector: str | None = None,
    region: str | None = None, on: date | None = None, reason: str = "", document: str = "", approved_by: str = "",
    fresh: Fresh = None, **decided: Any,
) -> Accident:  # fmt: skip
    """认定 by the bureau: nature, category, sector, place, statistics; `units`, when given, are all the units with
    their part.

    Raises UNKNOWN_SECTOR, UNKNOWN_REGION, UNKNOWN_ENTERPRISE, TWICE, BEFORE_THE_ACCIDENT, WRONG_STEP for an accident
    that is to be an event, what `_check_paper` raises to leave statistics, and what `_locked` raises.
    """
    accident = _locked(accident_id, by, fresh, "decide")
    stat_before = accident.stat_status
    check_day(on, accident.occurred_at)
    if _leaves_statistics(accident, decided):
        _check_paper(reason=reason, document=document, approved_by=approved_by)
    if decided.get("kind") == Kind.EVENT:
        _check_event(accident)
    before = {name: getattr(accident, name) for name in (*DECIDED, "sector_id", "great_impact")}
    for name, value in decided.items():
        setattr(accident, name, value)
    if sector:
        accident.sector_id, accident.sector_inherited = _sector(sector, []), False
    if region:
        accident.region_code = listed(region, accident.occurred_at, by)
    gone = _name_units(accident, units, by, on, document) if units is not None else []
    if units:
        clock.unit_named(accident)
    _decision(
        accident, by, stat_before=stat_before, on=on, reason=reason, document=document, approved_by=approved_by
    ).save(force_insert=True)
    changed = {
        name: [value, getattr(accident, name)] for name, value in before.items() if value != getattr(accident, name)
    }
    settle(
        accident, "accident.decide", by=by, reason=f"认定：{reason or accident}", columns=[*changed, "heard"],
        gone=gone, changed=changed, document=document,
    )  # fmt: skip
    return accident


def _check_event(accident: Accident) -> None:
    """较大涉险 is where nobody was hurt and nothing graded was lost, and no one investigates it."""
    hurt = (
        accident.deaths
        or accident.serious_injuries
        or accident.late_deaths
        or accident.grade not in ("", Grade.GENERAL)
    )
    if hurt or course_of(accident.statements.all()).light_injuries:
        raise WRONG_STEP(state=Kind.ACCIDENT.value, step="decide", detail="已有伤亡或重大损失，不是较大涉险事故。")
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


def _name_units(accident: Accident, units: list[dict[str, Any]], by: Any, on: date | None, document: str) -> list[UUID]:
    """Rows that no longer hold are closed with the moment we learned better; returns the units that are gone."""
    keys = [each["enterprise"] for each in units]
    _check_once(keys)
    units_named(by, accident.occurred_at, keys)
    known = {part.enterprise_id: part for part in accident.units.known()}
    wanted = {each["enterprise"]: (each["role"], each["responsible"]) for each in units}
    past = [part.pk for key, part in known.items() if wanted.get(key) != (part.role, part.responsible)]
    AccidentUnit.objects.filter(pk__in=past).update(known_to=timezone.now())
    new = [each for each in units if each["enterprise"] not in known or known[each["enterprise"]].pk in past]
    AccidentUnit.objects.bulk_create(_part(accident, each, by, on or timezone.localdate(), document) for each in new)
    return [key for key in known if key not in wanted]


@transaction.atomic
def write_off(
    accident_id: UUID,
    *,
    by: Any,
    reason: str,
    document: str,
    approved_by: str,
    on: date | None = None,
    fresh: Fresh = None,
) -> Accident:
    """核销 on paper and approved (总局统计〔2016〕80号): no accident after all. It stays, and counts nowhere. Raises
    BEFORE_THE_ACCIDENT and what `_locked` raises.
    """
    accident = _locked(accident_id, by, fresh, "write_off")
    check_day(on, accident.occurred_at)
    stat_before, accident.stat_status = accident.stat_status, StatStatus.WRITTEN_OFF
    _decision(
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


@transaction.atomic
def override(
    accident_id: UUID, *, by: Any, subject: str, effect: str, reason: str, document: str, approved_by: str,
    village: str | None = None, enterprise: UUID | None = None, on: date | None = None, fresh: Fresh = None,
) -> Accident:  # fmt: skip
    """认定变更: charges or lets off a village or a unit, or leaves the whole accident out of “零事故”; replaces an
    earlier one about the same.

    Raises UNKNOWN_REGION, UNKNOWN_ENTERPRISE, BEFORE_THE_ACCIDENT and what `_locked` raises.
    """
    accident = _locked(accident_id, by, fresh, "override")
    check_day(on, accident.occurred_at)
    code, unit = "", None
    if subject == Charged.VILLAGE:
        code = listed(village or "", accident.occurred_at, by, levels=("village",), pointer="/village")
    if subject == Charged.UNIT:
        unit = unit_named(by, accident.occurred_at, enterprise)
    now = timezone.now()
    same = Q(subject=subject, village=code, enterprise=unit)
    if subject == Charged.VILLAGE and effect == Effect.CHARGE:
        same |= Q(subject=subject, effect=effect)  # an accident has one village only
    accident.overrides.known().filter(same).update(known_to=now)
    AttributionOverride.objects.create(
        accident=accident, subject=subject, village=code, enterprise_id=unit, effect=effect, reason=reason,
        document=document, approved_by=approved_by, held_on=on or timezone.localdate(), by_id=by.pk, known_from=now,
    )  # fmt: skip
    settle(
        accident, "accident.override", by=by, reason=f"认定变更：{reason}", subject=subject, village=code,
        enterprise=str(unit or ""), effect=effect, document=document,
    )  # fmt: skip
    return accident
