"""尽职档案: for a hazard or an accident, who knew what, when, under which rule and what they did; every line proven by its seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from accidents import messages as accident_messages
from accidents.models import Accident, ReportLeg
from enforcement.models import Handover, Listing, ListingProposal, StopOrder
from evidence.papers.models import Paper
from evidence.shown import SHOWS, STATES, of_scene
from hazards import messages as hazard_messages
from hazards.clocks import Audience
from hazards.editions import basis_of
from hazards.models import Hazard
from hazards.photos import shown_photos
from inbox.models import Message, Seen
from ledgers.files.sections import Section, of_rows
from ledgers.files.words import said
from reference import law
from reference.terms import Rung, Stage
from safety_api.models import TrailLine
from safety_api.problems import Problem
from safety_api.renderers import to_json
from safety_api.roles import Role
from safety_api.trail import Proof, kind_of, proofs

ROLES = dict(Role.choices) | {"system": "系统"}
UNPROVEN = {True: "已封存，未改动", False: "与封存不符", None: "待封存"}
Record = tuple[str, str]  # kind and id, as a line of the trail names its object


@dataclass(frozen=True)
class Event:
    """One line of the file. `at` is when it happened, `known_at` since when it is written down."""

    at: datetime
    known_at: datetime
    who: str
    role: str
    did: str
    rule: str
    details: dict[str, Any]
    line: int | None
    seal: int | None
    proof: str

    def as_json(self) -> dict[str, Any]:
        return dict(self.__dict__)


# --- the two files -----------------------------------------------------------------------------------------------------
def of_hazard(hazard: Hazard) -> dict[str, Any]:
    """Twelve statements, however long the story. Raises nothing for a rule that was not yet in force: it is left out."""
    found_on = timezone.localdate(hazard.found_at)
    lines = _lines(_around_hazard(hazard))
    reminders = list(
        Message.objects.of(hazard_messages.CLOCK).about_record("hazard", hazard.pk).order_by("made_at", "pk")
    )
    return _file(
        "hazard", hazard, f"隐患尽职档案：{hazard.description[:60]}", _hazard_particulars(hazard), lines,
        more=[_reminded(row) for row in reminders], rules=_rules(("deadlines", "reminders", "papers"), found_on),
        sections=[_deadlines(hazard), _seen(reminders), _photos(shown_photos(hazard))],
    )  # fmt: skip


def of_accident(accident: Accident) -> dict[str, Any]:
    """As `of_hazard`; its clock is the chain of reports."""
    legs = list(ReportLeg.objects.filter(accident=accident).order_by("due_at", "pk"))
    reminders = (
        Message.objects.of(accident_messages.CLOCK).about_record("accident", accident.pk).order_by("made_at", "pk")
    )
    return _file(
        "accident", accident, f"事故尽职档案：{accident}", _accident_particulars(accident), _lines([_record(accident)]),
        more=[_leg_reminded(row) for row in reminders.with_first_seen()],
        rules=_rules(("report_limits", "report_desk", "windows", "accident_grades"), timezone.localdate(accident.occurred_at)),
        sections=[_chain(legs), _photos(of_scene("accident", accident.pk))],
    )  # fmt: skip


def _file(
    kind: str, subject: Model, title: str, particulars: list[dict[str, str]], lines: list[TrailLine], *, more: list[Event],
    rules: list[dict[str, Any]], sections: list[Section],
) -> dict[str, Any]:  # fmt: skip
    proven = proofs(lines)
    timeline = sorted(
        [*(_event(row, proven[row.pk]) for row in lines), *more], key=lambda each: (each.at, each.line or 0)
    )
    file = {
        "kind": kind, "title": title, "subject": {"id": subject.pk, "name": str(subject)}, "particulars": particulars, "rules": rules,
        "knew": _knew(timeline), "timeline": [each.as_json() for each in timeline], "sections": [each.as_json() for each in sections],
        "proof": _summed(list(proven.values())),
    }  # fmt: skip
    return {**file, "sha256": hashlib.sha256(to_json(file)).hexdigest(), "made_at": timezone.now()}


# --- what belongs to a story --------------------------------------------------------------------------------------------
def _around_hazard(hazard: Hazard) -> list[Record]:
    """The hazard, the visit that found it, and whatever was put up, ordered, handed over or printed because of it."""
    of_it = Q(hazard=hazard)
    return [
        _record(hazard),
        *([("inspections.inspection", str(hazard.inspection_id))] if hazard.inspection_id else []),
        *(_record(row) for row in Listing.objects.filter(of_it).only("pk")),
        *(_record(row) for row in ListingProposal.objects.filter(of_it).only("pk")),
        *(_record(row) for row in StopOrder.objects.filter(hazards=hazard).only("pk")),
        *(_record(row) for row in Handover.objects.filter(of_it).only("pk")),
        *(_record(row) for row in Paper.objects.filter(subject_id=hazard.pk).only("pk")),
    ]


def _record(row: Model) -> Record:
    return kind_of(row), str(row.pk)


def _lines(records: Iterable[Record]) -> list[TrailLine]:
    asked = Q(pk__in=[])
    for kind, key in records:
        asked |= Q(object_kind=kind, object_id=key)
    return list(TrailLine.objects.filter(asked).order_by("epoch", "xid", "id"))


# --- events ------------------------------------------------------------------------------------------------------------
def _event(row: TrailLine, proof: Proof) -> Event:
    did, rule = said(row.verb)
    return Event(
        at=timezone.localtime(row.at), known_at=timezone.localtime(row.at), who=row.actor_name,
        role=ROLES.get(row.actor_role, row.actor_role), did=did, rule=rule, details=row.details, line=row.pk, seal=proof.seal,
        proof=UNPROVEN[proof.whole],
    )  # fmt: skip


def _reminded(row: Message) -> Event:
    of = row.details
    words = {"to": Rung(of["level"]).label, "of": Audience(of["audience"]).label, "deadline": str(row.due_on)}
    return _by_the_clock(row.made_at, f"提醒：{of['name']}", words)


def _leg_reminded(row: Any) -> Event:
    words = {
        "stage": Stage(row.details["stage"]).label,
        "roles": [ROLES.get(each, each) for each in row.details["roles"]],
        "seen_by": row.seen_name or "",
    }
    return _by_the_clock(row.made_at, "时限提醒", words)


def _by_the_clock(at: datetime, did: str, details: dict[str, Any]) -> Event:
    moment = timezone.localtime(at)
    return Event(moment, moment, "系统", "系统", did, "", details, None, None, "")


def _knew(timeline: list[Event]) -> list[dict[str, Any]]:
    """Everyone who acted, with the first moment at which they are known to have known."""
    first: dict[tuple[str, str], Event] = {}
    for each in timeline:
        if each.line and each.role != "系统":
            first.setdefault((each.who, each.role), each)
    return [{"who": who, "role": role, "since": each.at, "by": each.did} for (who, role), each in first.items()]


def _summed(found: list[Proof]) -> dict[str, Any]:
    sealed = [each for each in found if each.seal is not None]
    return {
        "lines": len(found), "sealed": len(sealed), "whole": all(each.whole for each in sealed),
        "seals": sorted({each.seal for each in sealed if each.seal}),
    }  # fmt: skip


def _rules(kinds: tuple[str, ...], on: date) -> list[dict[str, Any]]:
    """The dated tables that held on the day it began."""
    return [row for kind in kinds for row in _documents(kind, on)]


def _documents(kind: str, on: date) -> list[dict[str, Any]]:
    try:
        found = law.all_in_force(on, kind)
    except Problem:
        return []
    return [{"kind": kind, "title": each.title, "version": each.version, "source": each.source} for each in found]


# --- sections ----------------------------------------------------------------------------------------------------------
def _deadlines(hazard: Hazard) -> Section:
    """Every deadline that was ever in force, by the step that set it, and every request for more time."""
    columns = {"set_at": "何时", "by": "由谁", "step": "步骤", "due_on": "期限"}
    steps = hazard.steps.filter(due_on__isnull=False).order_by("id")
    return of_rows("deadlines", "期限沿革", columns, (
        {"set_at": timezone.localtime(each.happened_at), "by": each.by_name, "step": said(f"hazard.{each.step}")[0], "due_on": each.due_on}
        for each in steps
    ))  # fmt: skip


def _seen(reminders: list[Message]) -> Section:
    rows = Seen.objects.filter(message__in=reminders).select_related("message").order_by("seen_at")
    columns = {"what": "提醒", "for_day": "提醒日", "who": "阅知人", "seen_at": "阅知时间"}
    return of_rows("seen", "提醒阅知", columns, (
        {"what": each.message.details["name"], "for_day": each.message.day, "who": each.name, "seen_at": timezone.localtime(each.seen_at)}
        for each in rows
    ))  # fmt: skip


def _chain(legs: list[ReportLeg]) -> Section:
    columns = {
        "level": "报告方",
        "to": "接收方",
        "received_at": "知悉",
        "due_at": "时限",
        "sent_at": "上报",
        "standing": "情况",
    }
    now = timezone.now()
    return of_rows("legs", "报告环节", columns, (
        {
            "level": each.get_level_display(), "to": each.get_to_display(), "received_at": timezone.localtime(each.received_at),
            "due_at": timezone.localtime(each.due_at), "sent_at": each.sent_at and timezone.localtime(each.sent_at),
            "standing": each.state(now).label,
        }
        for each in legs
    ))  # fmt: skip


def _photos(photos: list[Any]) -> Section:
    columns = {"shows": "内容", "kind": "种类", "taken_at": "拍摄", "by": "人员", "state": "状态", "stored_at": "收到", "sha256": "SHA-256"}
    return of_rows("photos", "照片和语音", columns, (
        {
            "shows": SHOWS[each.shows], "kind": "照片" if each.duration_ms is None else f"语音 {round(each.duration_ms / 1000)} 秒",
            "taken_at": each.taken_at and timezone.localtime(each.taken_at), "by": each.by_name,
            "state": STATES[each.state], "stored_at": each.stored_at and timezone.localtime(each.stored_at), "sha256": each.sha256,
        }
        for each in photos
    ))  # fmt: skip


def _hazard_particulars(hazard: Hazard) -> list[dict[str, str]]:
    where = hazard.enterprise.name if hazard.enterprise else hazard.place
    return _named({
        "隐患": hazard.description, "级别": hazard.get_level_display(), "状态": hazard.get_state_display(), "闭环": hazard.get_loop_display(),
        "单位（地点）": where, "行业领域": hazard.sector.name, "发现": f"{timezone.localtime(hazard.found_at):%Y-%m-%d %H:%M} {hazard.reporter_name}",
        "期限": str(hazard.due_on or "—"), "首次逾期": str(hazard.overdue_since or "—"), "销号": str(hazard.closed_on or "—"),
        "判定依据": basis_of(hazard) or "—",
    })  # fmt: skip


def _accident_particulars(accident: Accident) -> list[dict[str, str]]:
    doubt = "（收到时间，发生时间待认定）" if accident.time_is_doubtful else ""
    return _named({
        "发生": f"{timezone.localtime(accident.occurred_at):%Y-%m-%d %H:%M}{doubt}", "地点": accident.place or accident.region_code,
        "等级": accident.get_grade_display() or "较大涉险", "死亡": str(accident.deaths), "重伤": str(accident.serious_injuries),
        "下落不明": str(accident.missing), "性质": accident.get_nature_display(), "统计": accident.get_stat_status_display(),
        "初报": f"{timezone.localtime(accident.received_at):%Y-%m-%d %H:%M} {accident.reporter_name}",
    })  # fmt: skip


def _named(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]
