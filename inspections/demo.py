"""The demo's year of visits: what they answered and found, reviews, photos, and the tasks that lie ahead."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from accounts.demo import ELSEWHERE, HOME, OWN_MINE, PEOPLE, person
from accounts.models import User
from enforcement.demo import put_cases
from enterprises.demo import BAD, FAIR, GOOD, POOR, UNITS, spot_near
from enterprises.kinds import Status
from enterprises.models import Enterprise, StatedFact
from evidence import actions as evidence
from evidence.demo import picture
from geo.coordinates import Crs, from_wgs84
from hazards.demo import Finding, HazardLog, fate, findings_of, how_run
from hazards.models import Hazard, Review
from hazards.states import Origin
from inspections.ceilings.counting import begin_recount, recount
from inspections.course.demo import SOURCES, walk
from inspections.last_visits import write_last_visits
from inspections.models import Inspection, Task
from reference import law
from reference.terms import HazardLevel, InspectionType
from safety_api.demo import World, builds, put, write
from safety_api.idempotency import fingerprint
from safety_api.parts import in_parts
from safety_api.search import fill

VISITS = {  # a year, by sector; shops are seen at most once
    "coal_mine": 5,
    "non_coal_mine": 4,
    "hazardous_chemicals": 4,
    "urban_construction": 3,
    "metallurgy_trade": 2,
    "fire_safety": 2,
}
FOUND = {
    GOOD: (0.25, 0),
    FAIR: (0.6, 0.15),
    POOR: (0.85, 0.5),
    BAD: (0.95, 0.7),
}  # chance of a first finding, of a second
MAJOR = {"coal_mine": 0.03, "non_coal_mine": 0.03, "hazardous_chemicals": 0.02}
COUNTED_AT_ONCE = 200
GRADE_BY_VISITS = {  # sector → kind of grade, and the best grade whose ceiling so many visits do not pass
    "coal_mine": ("coal_assurance", ((2, "A"), (4, "B"), (6, "C"))),
    "non_coal_mine": ("mine_risk", ((1, "A"), (2, "C"), (4, "D"))),
}
UNGRADED_OF = 6  # of so many mines nobody has stated the grade of one
PHOTOGRAPHED = 6  # the inspector's last visits with a finding; the very last still lacks a photo


@builds
def build(world: World) -> None:
    visits = _Visits(world)
    units = Enterprise.objects.filter(is_demo=True).exclude(status=Status.CLOSED).order_by("name")[: world.size.units]
    for unit in units:
        visits.to(unit)
    visits.review()
    visits.write()
    put_cases(world)
    _photos(world, visits)
    _tasks(world, visits)
    if world.size.inspections:
        _more(world)
    write_last_visits(Enterprise.objects.filter(is_demo=True).values_list("pk", flat=True))
    _grades(world, visits)
    for part in in_parts(sorted({row.enterprise_id for row in visits.rows if row.enterprise_id}), COUNTED_AT_ONCE):
        recount(part)
    fill("inspection")


class _Visits:
    """Collects visits with what they found."""

    def __init__(self, world: World) -> None:
        self.world, self.hazard_log = world, HazardLog(world)
        self.rows: list[Inspection] = []
        self.reviews: list[Review] = []
        self.people = {
            name: person(world, name)
            for name in ("inspector", "inspector2", "township", "department", "chief", "bureau")
        }
        self.found: dict[UUID, list[Hazard]] = defaultdict(list)

    def to(self, unit: Enterprise) -> None:
        chance = self.world.chance("visits", unit.pk)
        small = unit.unit_type == "individual_business"
        for n in range(chance.randint(0, 1) if small else VISITS.get(unit.sector_id, 1)):
            day = self._working_day(self.world.ago(chance.randint(1, 6 if chance.random() < 0.06 else 360)))
            if unit.opened_on and day > unit.opened_on:
                self._visit(unit, n, day, chance)

    def _working_day(self, day: date) -> date:
        while not law.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def _visit(self, unit: Enterprise, n: int, day: date, chance: Any) -> None:
        by, key = self._by(unit, chance), self.world.key("inspection", unit.pk, n)
        hour, how = chance.randint(8, 16), how_run(self.world, unit)
        first, second = FOUND[how]
        many = 0 if chance.random() >= first else 1 if chance.random() >= second else 2
        chosen = chance.sample(findings_of(unit.sector_id), min(many, len(findings_of(unit.sector_id))))
        for place, (item, words) in enumerate(chosen):
            self._finding(unit, (unit.pk, n, place), day, hour, by, item, words, key, how, chance)
        visit = self._row(key, unit, day, hour, by, chance)
        visit.answers = [{"item": item, "result": "fail", "note": words} for item, words in dict(chosen).items()]
        visit.hazards_found = len(chosen)
        self._seal(visit)

    def _by(self, unit: Enterprise, chance: Any) -> Any:
        """Who works there: the townships' own, the coal department, and the bureau for all others."""
        if unit.region_code.startswith(HOME):
            return self.people["township" if chance.random() < 0.25 else "inspector"]
        if unit.region_code.startswith(ELSEWHERE):
            return self.people["inspector2"]
        if unit.sector_id == "coal_mine":
            return self.people["chief" if chance.random() < 0.15 else "department"]
        return self.people["bureau"]

    def _finding(
        self,
        unit: Enterprise,
        about: tuple,
        day: date,
        hour: int,
        by: User,
        item: str,
        words: str,
        visit: UUID,
        how: str,
        chance: Any,
    ) -> None:
        major = chance.random() < MAJOR.get(unit.sector_id, 0)
        level, days = (HazardLevel.MAJOR, 30) if major else (HazardLevel.GENERAL, chance.choice((3, 7, 7, 10, 15)))
        patrol = by.role == "township_officer"
        finding = Finding(
            about,
            unit,
            day,
            hour,
            by,
            item,
            words,
            days=days,
            level=level,
            visit=visit,
            origin=Origin.PATROL if patrol else Origin.INSPECTION,
            point=spot_near(self.world, unit, *about),
            clause="重大事故隐患判定标准（演示，未引具体条款）" if major else "",
        )
        how = GOOD if major and how != BAD else how  # of major ones only the worst units are overdue
        self.found[visit].append(
            self.hazard_log(finding, fate(self.world, chance, how, days, origin=Origin.INSPECTION, level=level))
        )

    def _row(
        self, key: UUID, unit: Enterprise, day: date, hour: int, by: User, chance: Any, kind: str = ""
    ) -> Inspection:
        started = self.world.at(day, hour, chance.choice((0, 10, 20, 30, 40)))
        finished = started + timedelta(minutes=chance.randint(25, 95))
        sheet = law.checklist(unit.sector_id, day)
        crs = Crs.GCJ02 if by.username == "inspector2" else Crs.WGS84  # her phone speaks the map's system
        point = spot_near(self.world, unit, key)
        lon, lat = from_wgs84(point.x, point.y, crs) if point else (None, None)
        return Inspection(
            id=key,
            by_id=by.pk,
            by_name=by.name,
            enterprise=unit,
            region_code=unit.region_code,
            sector_id=unit.sector_id,
            kind=kind or chance.choice(("routine", "routine", "routine", "special", "double_random", "unannounced")),
            authority="patrol" if by.role == "township_officer" else "administrative",
            started_at=started,
            finished_at=finished,
            received_at=finished + timedelta(minutes=chance.randint(1, 40)),
            point=point,
            sent_lon=lon,
            sent_lat=lat,
            sent_crs=crs.value if point else "",
            accuracy_m=chance.choice((5, 8, 12, 20)) if point else None,
            checklist_code=sheet.code,
            checklist_version=sheet.version,
            unanswered="pass",
            device={"id": f"demo-{by.username}", "app_version": "1.0", "clock": finished.isoformat()},
            is_demo=True,
        )

    def _seal(self, visit: Inspection) -> None:
        """The fingerprint of what a phone would have sent."""
        said = {
            "enterprise": str(visit.enterprise_id),
            "started_at": visit.started_at.isoformat(),
            "answers": visit.answers,
        }
        visit.content_sha256 = fingerprint({**said, "id": str(visit.pk), "sector": visit.sector_id})
        by = next(each for each in self.people.values() if each.pk == visit.by_id)
        walk(visit, by, self.world.chance("course", visit.pk), self.world.today)
        self.rows.append(visit)

    def review(self) -> None:
        """A visit for every review that one of our people made themselves."""
        ours = {each.pk: each for each in self.people.values()}
        for hazard, event, who in self.hazard_log.reviewed:
            if who.pk not in ours or hazard.enterprise is None or who.pk == self.people["bureau"].pk:
                continue
            day = hazard.found_at.date() + timedelta(days=event.day)
            chance = self.world.chance("review", hazard.pk, event.day)
            visit = self._row(
                self.world.key("review", hazard.pk, event.day),
                hazard.enterprise,
                day,
                chance.randint(9, 15),
                ours[who.pk],
                chance,
                kind="review",
            )
            self._seal(visit)
            self.reviews.append(
                Review(
                    hazard=hazard,
                    inspection_id=visit.pk,
                    result="pass" if event.step == "pass" else "fail",
                    note=event.note,
                    reviewed_at=visit.finished_at,
                    reviewed_by=who.pk,
                    recorded_at=visit.received_at,
                )
            )

    def write(self) -> None:
        put(self.rows)
        self.hazard_log.write()
        put(self.reviews)

    def of(self, username: str) -> list[Inspection]:
        """The latest first."""
        mine = [row for row in self.rows if row.by_id == self.people[username].pk and row.kind != "review"]
        return sorted(mine, key=lambda row: (row.started_at, row.pk), reverse=True)


# --- grades ---------------------------------------------------------------------------------------------------------
def _grades(world: World, visits: _Visits) -> None:
    """Grades as superiors gave them. Most mines stand below or at their ceiling; the first but the own one is over it, of some nobody
    has stated the grade."""
    made: Counter[Any] = Counter(row.enterprise for row in visits.rows if row.started_at.year == world.year and row.kind != "review"
                   and row.authority == "administrative")  # fmt: skip
    mines = [
        unit
        for unit in sorted(made, key=lambda unit: (unit.pk != world.key(*OWN_MINE), unit.name))
        if unit.sector_id in GRADE_BY_VISITS
    ]
    put(
        _grade(world, unit, made[unit], over=number == 1)
        for number, unit in enumerate(mines)
        if number % UNGRADED_OF != UNGRADED_OF - 1
    )


def _grade(world: World, unit: Enterprise, times: int, *, over: bool) -> StatedFact:
    kind, grades = GRADE_BY_VISITS[unit.sector_id]
    fitting = [grade for most, grade in grades if times <= most] or [grades[-1][1]]
    since = max(date(2025, 1, 1), unit.opened_on or date(2025, 1, 1))
    return StatedFact(
        id=world.key("grade", unit.pk), enterprise=unit, kind=kind, held_from=since, source="platform", document="演示·等级评定文书",
        value={"grade": grades[0][1] if over else fitting[0]}, recorded_by_id=world.key("user", "bureau"), known_from=world.at(since),
    )  # fmt: skip


# --- photos ---------------------------------------------------------------------------------------------------------
def _photos(world: World, visits: _Visits) -> None:
    """Through the door's own action: declared, hashed, on disk; the worker does the rest. One is still missing."""
    taken = [visit for visit in visits.of("inspector") if visit.hazards_found][:PHOTOGRAPHED]
    by, number = visits.people["inspector"], 0
    for visit in taken:
        shown = [hazard.pk for hazard in visits.found[visit.pk]]
        for place in range(3):
            content, key = picture(number), world.key("photo", number)
            entry = {
                "id": key,
                "sha256": hashlib.sha256(content).hexdigest(),
                "size": len(content),
                "media_type": "image/jpeg",
                "taken_at": visit.started_at + timedelta(minutes=3 + place * 4),
            }
            evidence.declare(
                [entry], owner_kind="inspection", owner_id=visit.pk, by=by, subjects={key: shown} if place < 2 else {}
            )
            if (visit, place) != (taken[0], 2):
                evidence.take_in(key, [content], size=len(content), by=by)
            number += 1


# --- tasks ----------------------------------------------------------------------------------------------------------
def _tasks(world: World, visits: _Visits) -> None:
    rows = []
    for username, region, ahead in (
        ("inspector", HOME, (-3, 0, 1, 2, 3, 5, 7, 9, 12, 14)),
        ("inspector2", ELSEWHERE, (1, 4, 6, 10)),
    ):
        units = Enterprise.objects.filter(is_demo=True, status=Status.OPERATING, region_code__startswith=region)
        wanted = units.exclude(unit_type="individual_business").order_by("sector_id", "name")
        step = max(1, wanted.count() // len(ahead))
        for n, (unit, days) in enumerate(zip(wanted[::step], ahead, strict=False)):
            rows.append(
                _task(world, (username, n), unit, world.today + timedelta(days=days), visits.people[username].pk)
            )
        for n, visit in enumerate(visits.of(username)[:3]):
            done = _task(world, (username, "done", n), visit.enterprise, visit.started_at.date(), visit.by_id)
            done.done_by, done.kind = visit.pk, visit.kind
            rows.append(done)
    put(rows)
    for row in rows:
        if row.done_by:
            Inspection.objects.filter(pk=row.done_by).update(task_id=row.pk)


def _task(world: World, about: tuple, unit: Any, due_on: date, assignee: UUID) -> Task:
    return Task(
        id=world.key("task", *about),
        enterprise=unit,
        region_code=unit.region_code,
        sector_id=unit.sector_id,
        kind="routine",
        authority="administrative",
        type="daily",
        source=dict(SOURCES[InspectionType.DAILY]),
        department="emergency",
        due_on=due_on,
        note="演示任务：按检查表逐项检查",
        assignees=[assignee],
        created_by=world.key("user", "bureau"),
        created_at=world.at(min(due_on, world.today) - timedelta(days=6)),
        is_demo=True,
    )


# --- beyond the county: set-based -----------------------------------------------------------------------------------
MORE = f"""
WITH unit AS (
    SELECT id, region_code, sector_id, point, row_number() OVER (ORDER BY id) - 1 AS at
    FROM {UNITS} AS unit
), drawn AS (
    SELECT n, h, (h >> 4) %% (SELECT count(*) FROM unit) AS pick
    FROM (SELECT n, hashint8extended(n, %(salt)s) & x'7fffffffffffffff'::bigint AS h
          FROM generate_series(1, %(rows)s) AS n) AS lot
), seen AS (
    SELECT n, h, unit.*, %(today)s::date - (h %% 730)::int + interval '1 minute' * (480 + (h >> 12) %% 480) AS started
    FROM drawn JOIN unit ON unit.at = drawn.pick
)
INSERT INTO inspections_inspection (
    id, content_sha256, by_id, by_name, enterprise_id, place, place_type, project_type, region_code, sector_id, kind,
    authority, started_at, finished_at, received_at, point, sent_lon, sent_lat, sent_crs, accuracy_m, companions,
    checklist_code, checklist_version, unanswered, answers, device, warnings, hazards_found, is_demo
)
SELECT md5(%(seed)s || ' more inspection ' || n)::uuid, md5(n::text) || md5('visit' || n), %(by)s, %(name)s, id, '',
       '', '', region_code, sector_id,
       (ARRAY['routine','routine','special','double_random','review'])[1 + (h >> 20) %% 5],
       'administrative', started, started + interval '50 minutes', started + interval '55 minutes', point, ST_X(point),
       ST_Y(point), 'wgs84', 8, '{{}}', 'general', '2021-1', 'pass',
       '[{{"item": "G05-01", "result": "pass", "note": ""}}]', '{{}}', '{{}}', 0, true
FROM seen
"""  # noqa: S608 - a fragment of the units' own


def _more(world: World) -> None:
    by = PEOPLE["bureau"]
    rows = write(
        MORE,
        rows=world.size.inspections,
        salt=world.salt + 2,
        seed=str(world.seed),
        today=world.today,
        by=world.key("user", "bureau"),
        name=by["name"],
    )
    write("ANALYZE inspections_inspection")
    begin_recount()
    world.say(f"    另加检查 {rows}")
