"""The demo's hazards found outside visits, and how any hazard of the demo fares: its fate, given as steps with days.

The steps beyond those of states.FLOW bear the names of the API; a fate is cut off at `today`, so that what was found
lately is open.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.gis.geos import Point

from accounts.demo import CERTIFICATES, OWN_MINE, PEOPLE, VILLAGE
from enterprises.demo import BAD, FAIR, GOOD, POOR, UNITS, quality, spot_near
from enterprises.kinds import Status
from enterprises.models import Enterprise, Site
from hazards.editions import judge
from hazards.models import Hazard, HazardStep, Plan
from hazards.rules import is_overdue
from hazards.states import Origin, State, loop_of
from reference import law
from reference.criteria import editions, rules
from reference.terms import HazardLevel, Loop
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.demo import World, builds, put, write

# Townships where nothing of this demo goes wrong: they share the first place of the ranking.
EXEMPLARY = ("141123202", "141123203", "141123208")  # 东会乡, 固贤乡, 赵家坪乡
LISTED = ("hazard", "listed")  # world.key(*LISTED): self-found by the own mine, overdue, then listed by the county
LISTED_FOUND, LISTED_DUE, LISTED_ON = 84, 27, 19  # days before today

FINDINGS: dict[str, tuple[tuple[str, str], ...]] = {  # sector → item of its checklist, invented words
    "coal_mine": (
        ("C09-09", "回风隅角甲烷传感器安设位置偏低"),
        ("C09-10", "探放水记录缺当班签字"),
        ("C09-11", "机电硐室灭火器压力不足"),
        ("C09-12", "运输巷一处锚杆托盘松动"),
        ("C09-16", "专员盯守记录缺一个班次"),
        ("C09-04", "作业规程未及时贯彻到新工人"),
    ),
    "non_coal_mine": (
        ("N09-03", "破碎口防护栏缺一段"),
        ("N09-04", "库区排水沟有淤堵"),
        ("N09-03", "边坡浮石未及时清理"),
    ),
    "hazardous_chemicals": (
        ("H10-02", "卸油口静电接地夹锈蚀"),
        ("H10-04", "经营台账登记不全"),
        ("H10-02", "消防沙箱沙量不足"),
        ("H10-05", "承运车辆资质复印件过期"),
    ),
    "fire_safety": (
        ("F13-02", "疏散通道堆放杂物"),
        ("F13-02", "安全出口指示灯不亮"),
        ("F13-04", "电动自行车在门厅充电"),
        ("F13-01", "吊顶局部使用可燃装饰材料"),
        ("F13-03", "后厨存放备用液化气瓶"),
    ),
    "road_transport": (
        ("R12-11", "挂靠车辆安全例会无记录"),
        ("R12-10", "重型货车右转盲区警示装置损坏"),
        ("R12-12", "动态监控值班记录不连续"),
    ),
    "urban_construction": (
        ("U11-10", "脚手架连墙件间距偏大"),
        ("U11-12", "基坑临边防护缺失一处"),
        ("U11-02", "房屋墙体裂缝未处理"),
        ("U11-13", "塔吊验收资料不全"),
    ),
    "hazardous_waste": (("G17-03", "暂存间标识脱落"), ("H10-07", "转移联单未及时归档")),
    "metallurgy_trade": (
        ("T14-03", "有限空间未设警示标志"),
        ("T14-02", "除尘器卸灰口积尘"),
        ("T14-01", "炉前作业区地面有积水"),
    ),
    "natural_hazard": (
        ("D15-10", "地灾点监测记录缺一周"),
        ("D15-07", "防火卡口无人值守"),
        ("D15-11", "河道内堆放弃渣"),
    ),
}
ANY = (
    ("G05-03", "新员工三级教育档案不全"),
    ("G17-03", "隐患整改未闭环"),
    ("G30-01", "应急预案未按期演练"),
    ("G32-01", "值班记录缺领导签字"),
)


def findings_of(sector: str) -> tuple[tuple[str, str], ...]:
    return FINDINGS.get(sector, ANY)


# --- fates ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Event:
    """A step so many days after the finding, by `office`, `finder`, `chief` or `unit`, with the deadline it sets."""

    step: str
    after: State
    day: int
    who: str
    note: str = ""
    due: int | None = None


BEGUN = (
    Event("confirm", State.CONFIRMED, 1, "office"),
    Event("order", State.ORDERED, 2, "finder", "责令限期整改"),
    Event("acknowledge", State.RECTIFYING, 3, "unit", "已签收，明确责任人和措施"),
)
SELF_BEGUN = (Event("confirm", State.CONFIRMED, 1, "office"), Event("start", State.RECTIFYING, 2, "unit", "自查自改"))


def _asked(day: int) -> Event:
    return Event("request-review", State.REVIEW_REQUESTED, day, "unit", "整改完成，申请复查")


def _passed(day: int) -> Event:
    return Event("pass", State.CLOSED, day, "finder", "复查合格，予以销号")


def fate(world: World, chance: random.Random, how: str, days: int, *, origin: str, level: str) -> tuple[Event, ...]:
    """What will become of a hazard due `days` after it was found, by how well its unit is run."""
    events = _found_by_the_office(chance, how, days, origin, level)
    return _by_the_unit_itself(events) if (origin, level) == (Origin.SELF, HazardLevel.GENERAL) else events


def _by_the_unit_itself(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """企业自查自改: begun and closed without the office, on the day on which it would have asked for the review."""
    asked = max((event.day for event in events if event.step == "request-review"), default=1)
    return (
        Event("start", State.RECTIFYING, 0, "unit", "自查自改，明确责任人和措施"),
        Event("pass", State.CLOSED, asked, "unit", "自行整改完毕，予以销号"),
    )


def _found_by_the_office(chance: random.Random, how: str, days: int, origin: str, level: str) -> tuple[Event, ...]:
    begun = BEGUN if origin in (Origin.INSPECTION, Origin.PATROL) else SELF_BEGUN
    drawn = chance.random()
    if level == HazardLevel.GENERAL and origin != Origin.SELF:
        if drawn < 0.16:
            return (Event("close-on-spot", State.CLOSED, 0, "finder", "当场整改完毕"),)
        if drawn < 0.18:
            return (Event("reject", State.REJECTED, 1, "office", "现场复核，不构成隐患"),)
        if drawn < 0.19:
            return (*begun[:1], Event("void", State.VOID, 2, "office", "重复上报"))
        if drawn < 0.20:
            return (*begun[:1], Event("transfer", State.TRANSFERRED, 2, "office", "移送有关部门"))
    if chance.random() < IN_TIME[how]:
        asked = chance.randint(min(3, days), days)
        return (*begun, _asked(asked), _passed(asked + chance.randint(1, 3)))
    drawn = chance.random()
    if drawn < 0.15 and how != BAD:  # fails once, gets a new deadline and keeps it
        again = days + 8
        return (
            *begun,
            _asked(days - 1),
            Event("fail", State.RECTIFYING, days + 1, "finder", "复查不合格", again),
            _asked(again - 1),
            _passed(again + 1),
        )
    if drawn < 0.35 and how in (POOR, BAD):
        return (*begun, Event("enforce", State.ENFORCEMENT, days + 6, "office", "逾期未整改，转行政处罚"))
    late = chance.randint(2, 14) if how != BAD else chance.randint(20, 120)
    return (*begun, _asked(days + late), _passed(days + late + 2))


IN_TIME = {GOOD: 1.0, FAIR: 0.8, POOR: 0.68, BAD: 0.35}
FLAWLESS = GOOD


# --- reporting ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Finding:
    """One hazard to be written: `at` is the day and hour; `by` has pk, name and role."""

    about: tuple[object, ...]
    unit: Enterprise | None
    day: date
    hour: int
    by: Actor
    item: str
    words: str
    days: int = 7
    level: str = HazardLevel.GENERAL
    origin: str = Origin.INSPECTION
    point: Point | None = None
    site: Site | None = None
    visit: Any = None
    clause: str = ""
    edition: str | None = None  # None: that of the day
    criterion: str = ""


LEADING = frozenset({"enforce", "unit-close", "void"})  # a department leader's steps
TOWNSHIPS = frozenset({"confirm", "order", "acknowledge", "pass", "fail", "close-on-spot"})  # in its own loop
SIGNED_BY_TWO = frozenset({"order", "pass", "fail"})
REVIEW_DAYS = 10


class HazardLog:
    """Collects hazards and their steps; `closings` are the reviews that closed or failed one, for visits of review."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hazards: list[Hazard] = []
        self.steps: list[HazardStep] = []
        self.plans: list[Plan] = []
        self.reviewed: list[tuple[Hazard, Event, Any]] = []
        self.office = _somebody(world, "bureau")
        self.coal_office = _somebody(world, "department")
        self.chief = _somebody(world, "chief")
        self.township = _somebody(world, "township")

    def __call__(self, found: Finding, events: Sequence[Event]) -> Hazard:
        hazard = self._hazard(found)
        self.hazards.append(hazard)
        self._step(hazard, "report", State.REPORTED, found.day, found.hour, found.by, due=hazard.due_on)
        for event in _until(events, found.day, self.world.today):
            day, who = found.day + timedelta(days=event.day), self._who(event, found)
            self._move(hazard, event, day, found, who)
            if event.step in ("pass", "fail"):
                self.reviewed.append((hazard, event, who))
        self._mark_late(hazard, self.world.today)
        return hazard

    def _hazard(self, found: Finding) -> Hazard:
        world, unit, point = self.world, found.unit, found.point
        place = unit or found.site
        sector = place.sector_id if place else "fire_safety"
        hazard = Hazard(
            id=world.key("hazard", *found.about),
            state=State.REPORTED,
            level=found.level,
            origin=found.origin,
            loop=loop_of(found.origin, found.level),
            sector_id=sector,
            department_id=law.lead_department(sector, found.day),
            region_code=place.region_code if place else VILLAGE,
            enterprise=unit,
            site=found.site,
            place="" if place else "村委会院内（演示）",
            inspection_id=found.visit,
            item=found.item,
            description=f"演示：{found.words}",
            standard_clause=found.clause,
            criterion=found.criterion,
            point=point,
            sent_lon=point.x if point else None,
            sent_lat=point.y if point else None,
            sent_crs="wgs84" if point else "",
            accuracy_m=8 if point else None,
            reported_by=found.by.pk,
            reporter_name=found.by.name,
            found_at=world.at(found.day, found.hour),
            received_at=world.at(found.day, found.hour, 25),
            due_on=found.day + timedelta(days=found.days),
            is_demo=True,
        )
        hazard.warnings = sorted(judge(hazard, unit.traits if unit else ()))
        if found.edition is not None:
            hazard.edition, hazard.warnings = found.edition, []  # as records of before editions were kept
        return hazard

    def _move(self, hazard: Hazard, event: Event, day: date, found: Finding, who: Any) -> None:
        self._mark_late(hazard, day)
        before, hazard.state = hazard.state, event.after
        due = found.day + timedelta(days=event.due) if event.due is not None else None
        hazard.due_on = due or hazard.due_on
        if event.after == State.REVIEW_REQUESTED:
            hazard.review_requested_on, hazard.review_due_on = day, day + timedelta(days=REVIEW_DAYS)
        if event.step in ("fail", "enforce"):
            hazard.review_requested_on = hazard.review_due_on = None
        if event.after == State.CLOSED:
            hazard.closed_on = day
        hour = found.hour + (1 if event.day == 0 else 0) + {"order": 1}.get(event.step, 0)
        details = self._details(hazard, event.step, who, self.world.at(day, hour, 5))
        self._step(
            hazard, event.step, event.after, day, hour, who, before=before, note=event.note, due=due, details=details
        )

    def _mark_late(self, hazard: Hazard, day: date) -> None:
        """What the clock would have found by the morning of that day."""
        if hazard.overdue_since is None and hazard.due_on and is_overdue(hazard, on=day):
            hazard.overdue_since = hazard.due_on + timedelta(days=1)

    def _details(self, hazard: Hazard, step: str, who: Any, at: datetime) -> dict[str, Any]:
        """What a step states besides: who signed, and the plan with which rectifying began."""
        if step in SIGNED_BY_TWO and who.role != "enterprise_officer":
            alone = who.username == "township"
            signed = {"officers": [_signature(each) for each in ([who] if alone else [who, self._second(hazard, who)])]}
            return {**signed, "notice": alone, "onsite_measures": ""} if step == "order" else signed
        return {"plan": self._plan(hazard, who, at)} if step in ("acknowledge", "start") else {}

    def _second(self, hazard: Hazard, who: Any) -> Any:
        """Who signs beside them: another than who ordered it, where there was an order."""
        ordered = {
            officer["id"]
            for step in self.steps[-4:]
            if step.hazard is hazard and step.step == "order"
            for officer in step.details["officers"]
        }
        pool = [each for each in (self.office, self.coal_office, self.chief) if each.pk != who.pk]
        return next((each for each in pool if str(each.pk) not in ordered), pool[0])

    def _plan(self, hazard: Hazard, who: Any, at: datetime) -> dict[str, Any]:
        major = hazard.level == HazardLevel.MAJOR
        plan = Plan(
            hazard=hazard,
            responsible_person=who.name,
            measures="按整改要求逐项落实，专人跟踪（演示）",
            funds_yuan=Decimal("50000.00") if major else None,
            emergency_plan="险情扩大时立即停工撤人（演示）" if major else "",
            stated_at=at,
            stated_by=who.pk,
        )
        self.plans.append(plan)
        said = {name: getattr(plan, name) for name in ("responsible_person", "measures", "emergency_plan")}
        return {**said, "funds_yuan": str(plan.funds_yuan) if major else None, "deadline": str(hazard.due_on)}

    def _step(
        self,
        hazard: Hazard,
        name: str,
        after: str,
        day: date,
        hour: int,
        who: Any,
        before: str = "",
        note: str = "",
        due: date | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        at = self.world.at(day, hour, 5)
        self.steps.append(
            HazardStep(
                hazard=hazard,
                step=name,
                before=before,
                after=after,
                happened_at=at,
                recorded_at=at + timedelta(minutes=2),
                by_id=who.pk,
                by_name=who.name,
                by_role=who.role,
                due_on=due,
                note=note,
                details=details or {},
            )
        )

    def _who(self, event: Event, found: Finding) -> Any:
        if event.who == "unit":
            return officer_of(self.world, found.unit)
        if event.who == "chief" or event.step in LEADING:
            return self.chief
        if found.level == HazardLevel.MAJOR and (event.who == "office" or event.step == "pass"):
            return self.chief
        if event.step in TOWNSHIPS and loop_of(found.origin, found.level) == Loop.TOWNSHIP:
            return self.township
        coal = found.unit is not None and found.unit.sector_id == "coal_mine"
        office = self.coal_office if coal else self.office
        return found.by if event.who == "finder" and found.origin == Origin.INSPECTION else office

    def write(self) -> None:
        put(self.hazards)
        put(self.steps)
        put(self.plans)


def _until(events: Sequence[Event], found: date, today: date) -> list[Event]:
    """What has happened before today; the rest is to come."""
    done = []
    for event in events:
        if found + timedelta(days=event.day) >= today:
            break
        done.append(event)
    return done


def _somebody(world: World, username: str) -> Any:
    return SimpleNamespace(
        pk=world.key("user", username), name=PEOPLE[username]["name"], role=PEOPLE[username]["role"], username=username
    )


def _signature(officer: Any) -> dict[str, str]:
    number = list(CERTIFICATES).index(officer.username) + 1 if officer.username in CERTIFICATES else 0
    certificate = f"演示-{number:04}" if number and officer.username != "township" else ""
    return {"id": str(officer.pk), "name": officer.name, "role": officer.role, "certificate": certificate}


def officer_of(world: World, unit: Enterprise | None) -> Any:
    """Whoever speaks for a unit: the own mine's officer has an account, the others are only names."""
    if unit is not None and unit.pk == world.key(*OWN_MINE):
        return _somebody(world, "enterprise")
    name = unit.principal_name if unit else "户主"
    key = world.key("nobody", unit.pk if unit else 0)
    return SimpleNamespace(pk=key, name=name, role="enterprise_officer", username="")


def how_run(world: World, unit: Enterprise) -> str:
    """The unit's quality, but in the exemplary townships nothing is late."""
    return FLAWLESS if unit.region_code.startswith(EXEMPLARY) else quality(world, unit.pk)


# --- outside visits -------------------------------------------------------------------------------------------------
@builds
def build(world: World) -> None:
    log = HazardLog(world)
    units = list(Enterprise.objects.filter(is_demo=True, status=Status.OPERATING).order_by("name")[: world.size.units])
    own = Enterprise.objects.get(pk=world.key(*OWN_MINE))
    _listed(log, own)
    _self_found(log, [unit for unit in units if unit.sector_id in FINDINGS and unit.unit_type == "enterprise"])
    _by_village(log)
    _on_patrol(log, [unit for unit in units if unit.region_code.startswith(PEOPLE["township"]["region"])])
    _of_closed_units(log)
    _exemplary(log, units)
    _judged_by_ended(
        log, [unit for unit in units if unit.sector_id == "coal_mine" and how_run(world, unit) != FLAWLESS]
    )
    log.write()
    if world.size.hazards:
        _more(world)
    outbox.send("hazard.loaded", {})  # read after the commit, when visits have brought their hazards too


def _listed(log: HazardLog, mine: Enterprise) -> None:
    """The mine reported it itself, missed its own deadline, and the county listed it and stopped the face."""
    day, due = log.world.ago(LISTED_FOUND), LISTED_FOUND - LISTED_DUE
    finding = Finding(
        about=LISTED[1:],
        unit=mine,
        day=day,
        hour=8,
        by=_somebody(log.world, "enterprise"),
        item="C09-10",
        days=due,
        words="二采区探放水设计与现场不符，需停面补充探查，按治理方案整改",
        level=HazardLevel.MAJOR,
        origin=Origin.SELF,
        criterion="coal_mine.MEM21-2026:10(5)" if day >= date(2026, 7, 1) else "",
        clause="" if day >= date(2026, 7, 1) else "煤矿重大事故隐患判定标准（演示，未引具体条款）",
        point=spot_near(log.world, mine, "listed"),
    )
    events = (
        replace(SELF_BEGUN[0], who="chief", note="定为重大隐患"),
        Event("start", State.RECTIFYING, 2, "unit", "按治理方案整改，措施、责任、资金、时限、预案五到位"),
        Event(
            "list", State.RECTIFYING, LISTED_FOUND - LISTED_ON, "chief", "逾期未整改，县级挂牌督办，相关采面停止作业"
        ),
    )
    hazard = log(finding, events)
    hazard.listed_level, hazard.production_stopped = "county", True


def _self_found(log: HazardLog, units: list[Enterprise]) -> None:
    for n, unit in enumerate(units[:: max(1, len(units) // 45)]):
        chance = log.world.chance("self-found", n)
        item, words = chance.choice(findings_of(unit.sector_id))
        day = log.world.ago(chance.randint(3, 300))
        events = fate(log.world, chance, GOOD, 7, origin=Origin.SELF, level=HazardLevel.GENERAL)
        finding = Finding(
            ("self", n),
            unit,
            day,
            8,
            officer_of(log.world, unit),
            item,
            words,
            origin=Origin.SELF,
            point=spot_near(log.world, unit, "self", n),
        )
        log(finding, events)


def _by_village(log: HazardLog) -> None:
    """What the village's officer saw: at houses and places without a unit."""
    places = [*Site.objects.filter(is_demo=True, enterprise=None, region_code=VILLAGE).order_by("name"), None, None]
    for n, site in enumerate(places[:6]):
        finding = Finding(
            ("village", n),
            None,
            log.world.ago(5 + n * 23),
            15,
            _somebody(log.world, "village"),
            "",
            ("院墙倾斜", "私拉电线", "柴堆靠近灶房", "排水沟堵塞", "路口无警示", "路灯杆倾斜")[n],
            origin=Origin.VILLAGE,
            site=site,
            point=site.point if site else None,
        )
        events = () if n == 0 else (SELF_BEGUN[0], Event("close-on-spot", State.CLOSED, 3, "office", "镇里已处置"))
        log(finding, events)


def _on_patrol(log: HazardLog, units: list[Enterprise]) -> None:
    for n, unit in enumerate(units[:: max(1, len(units) // 14)]):
        chance = log.world.chance("patrol", n)
        item, words = chance.choice(findings_of(unit.sector_id))
        finding = Finding(
            ("patrol", n),
            unit,
            log.world.ago(chance.randint(1, 120)),
            10,
            _somebody(log.world, "township"),
            item,
            words,
            origin=Origin.PATROL,
            point=spot_near(log.world, unit, "patrol", n),
        )
        log(
            finding,
            fate(log.world, chance, how_run(log.world, unit), 7, origin=Origin.PATROL, level=HazardLevel.GENERAL),
        )


def _exemplary(log: HazardLog, units: list[Enterprise]) -> None:
    """In each of them one fell due on the first of January and was closed in time: level also early in the year."""
    first = date(log.world.year, 1, 1)
    for township in EXEMPLARY:
        for unit in [unit for unit in units if unit.region_code.startswith(township)][:1]:
            item, words = findings_of(unit.sector_id)[0]
            day, point = first - timedelta(days=10), spot_near(log.world, unit, "exemplary")
            finding = Finding(("exemplary", township), unit, day, 9, log.office, item, words, days=10, point=point)
            log(finding, (*BEGUN, _asked(7), _passed(8)))


BY_THE_OLD_TEXT = (  # days after the new one came into force, what was seen, the clause as it was written then
    (2, "采面风量低于需要量，当班没有处理", "《煤矿重大事故隐患判定标准》（应急管理部令第4号）"),
    (9, "回采工作面瓦斯抽采计量装置停用", "应急管理部令第4号"),
    (16, "雨季三防检查：工业广场排水沟不畅", "4号令 水害"),
    (23, "总回风巷风速测定记录缺项", "煤矿重大事故隐患判定标准（演示，未写文号）"),
)


def _judged_by_ended(log: HazardLog, mines: list[Enterprise]) -> None:
    """Since order 21 holds some offices went on judging coal hazards by order 4; the last one does not say by which."""
    new, former = editions.edition("coal_mine.MEM21-2026"), editions.edition("coal_mine.MEM4-2020")
    for n, (days, words, clause) in enumerate(BY_THE_OLD_TEXT):
        day, unit = new.first + timedelta(days=days), mines[n % len(mines)] if mines else None
        if unit is None or day >= log.world.today:
            continue
        named = rules.named([former, new], clause, day)
        finding = Finding(
            ("ended text", n), unit, day, 10, log.coal_office, "C09-09", words, days=15, level=HazardLevel.MAJOR, clause=clause,
            edition=named.code if named else rules.UNKNOWN, point=spot_near(log.world, unit, "ended text", n),
        )  # fmt: skip
        log(finding, (*BEGUN, _asked(12), _passed(14)) if n % 2 else BEGUN[:2])


def _of_closed_units(log: HazardLog) -> None:
    """A unit closed while it still had a hazard open."""
    closed = Enterprise.objects.filter(is_demo=True, closed_on__gte=log.world.ago(250)).order_by("name")
    for n, unit in enumerate(closed[:3]):
        item, words = findings_of(unit.sector_id)[0]
        finding = Finding(
            ("closed", n),
            unit,
            (unit.closed_on or log.world.today) - timedelta(days=4),
            9,
            log.office,
            item,
            words,
            point=spot_near(log.world, unit, "closed", n),
        )
        log(finding, (*BEGUN, Event("unit-close", State.UNIT_CLOSED, 4, "office", "单位关闭")))


# --- beyond the county: set-based -----------------------------------------------------------------------------------
MORE = f"""
WITH unit AS (
    SELECT id, region_code, sector_id, point, row_number() OVER (ORDER BY id) - 1 AS at
    FROM {UNITS} AS unit
), lead AS (
    SELECT key AS sector_id, value AS department_id FROM jsonb_each_text(%(leads)s::jsonb)
), judged AS (
    SELECT * FROM jsonb_to_recordset(%(judged)s::jsonb) AS e(sector_id text, edition text, first date, last date)
), drawn AS (
    SELECT n, h, (h >> 4) %% (SELECT count(*) FROM unit) AS pick
    FROM (SELECT n, hashint8extended(n, %(salt)s) & x'7fffffffffffffff'::bigint AS h
          FROM generate_series(1, %(rows)s) AS n) AS lot
), found AS (
    SELECT n, h, unit.*, %(today)s::date - (h %% 730)::int AS day,
           (ARRAY[3, 7, 7, 15, 30])[1 + (h >> 10) %% 5] AS days, (h >> 13) %% 100 AS lot,
           CASE WHEN (h >> 20) %% 25 = 0 THEN 'major' ELSE 'general' END AS level
    FROM drawn JOIN unit ON unit.at = drawn.pick
), planned AS (
    SELECT *, day + days + CASE WHEN (h >> 28) %% 5 = 0 THEN 6 ELSE - (h >> 32) %% 3 END::int AS ended FROM found
), fared AS (
    SELECT *, CASE WHEN lot < 3 THEN 'rejected'
                   WHEN ended < %(today)s AND (lot < 70 OR day < %(today)s::date - 90 AND lot < 97) THEN 'closed'
                   WHEN lot < 78 THEN 'reported' WHEN lot < 82 THEN 'confirmed' WHEN lot < 86 THEN 'ordered'
                   WHEN lot < 96 OR ended > %(today)s THEN 'rectifying' ELSE 'review_requested' END AS state
    FROM planned
)
INSERT INTO hazards_hazard (
    id, content_sha256, state, level, origin, sector_id, department_id, region_code, enterprise_id, place, item,
    description, standard_clause, judged_by_expert, point, sent_lon, sent_lat, sent_crs, accuracy_m, reported_by,
    reporter_name, found_at, received_at, due_on, review_requested_on, closed_on, listed_level, production_stopped,
    external_number, is_demo, loop, review_due_on, overdue_since, edition
)
SELECT md5(%(seed)s || ' more hazard ' || n)::uuid, '', state, level,
       (ARRAY['inspection','inspection','inspection','self','patrol'])[1 + (h >> 36) %% 5], fared.sector_id,
       lead.department_id, region_code, id, '', '', (%(words)s::text[])[1 + (h >> 40) %% %(many_words)s], '', '',
       ST_SetSRID(ST_MakePoint(ST_X(point) + ((h >> 24) %% 1000) / 1e6, ST_Y(point) + ((h >> 44) %% 1000) / 1e6), 4326),
       ST_X(point), ST_Y(point), 'wgs84', 8, %(by)s, %(name)s, day + interval '1 hour' * (1 + h %% 9),
       day + interval '1 hour' * (2 + h %% 9), day + days,
       CASE WHEN state IN ('closed', 'review_requested') THEN ended - 1 END, CASE WHEN state = 'closed' THEN ended END,
       '', false, '', true,
       CASE WHEN level = 'major' THEN 'county'
            ELSE (ARRAY['county','county','county','unit','township'])[1 + (h >> 36) %% 5] END,
       CASE WHEN state IN ('closed', 'review_requested') THEN ended + 9 END,
       CASE WHEN state <> 'rejected'
              AND (CASE WHEN state IN ('closed', 'review_requested') THEN ended - 1 ELSE %(today)s::date END) > day + days
            THEN day + days + 1 END,
       coalesce(judged.edition, '')
FROM fared LEFT JOIN lead ON lead.sector_id = fared.sector_id
LEFT JOIN judged ON judged.sector_id = fared.sector_id AND day BETWEEN judged.first AND coalesce(judged.last, day)
"""  # noqa: S608 - a fragment of the units' own
THEIR_STEPS = """
INSERT INTO hazards_step (
    hazard_id, step, before, after, happened_at, recorded_at, by_id, by_name, by_role, due_on, note
)
SELECT id, 'report', '', 'reported', found_at, received_at, reported_by, reporter_name, 'bureau_officer', due_on, ''
FROM hazards_hazard AS hazard
WHERE is_demo AND NOT EXISTS (SELECT FROM hazards_step WHERE hazard_id = hazard.id)
UNION ALL
SELECT id, step, before, after, day + interval '2 hours', day + interval '2 hours', reported_by, reporter_name,
       'bureau_officer', NULL, ''
FROM hazards_hazard AS hazard, LATERAL (VALUES
    (1, 'request-review', 'rectifying', 'review_requested', review_requested_on),
    (2, 'pass', 'review_requested', 'closed', closed_on),
    (3, CASE state WHEN 'rejected' THEN 'reject' WHEN 'confirmed' THEN 'confirm' WHEN 'ordered' THEN 'order'
                   ELSE 'acknowledge' END, 'reported', state,
     CASE WHEN state NOT IN ('reported', 'closed', 'review_requested') THEN found_at::date + 1 END)
) AS planned (turn, step, before, after, day)
WHERE is_demo AND day IS NOT NULL AND NOT EXISTS (SELECT FROM hazards_step WHERE hazard_id = hazard.id)
"""


def _judging(sector: str) -> list[dict[str, Any]]:
    """The sector's own editions with their days."""
    own = [each for each in editions.of_sector(sector) if editions.judging(sector, each.first) == each]
    return [{"sector_id": sector, "edition": each.code, "first": each.first, "last": each.last} for each in own]


def _more(world: World) -> None:
    words = [f"演示：{each}" for sector in FINDINGS.values() for _, each in sector]
    finder = _somebody(world, "bureau")
    rows = write(
        MORE,
        rows=world.size.hazards,
        salt=world.salt + 1,
        seed=str(world.seed),
        today=world.today,
        words=words,
        many_words=len(words),
        leads=json.dumps({each.code: law.lead_department(each.code, world.today) for each in law.sectors()}),
        judged=json.dumps([row for each in law.sectors() for row in _judging(each.code)], default=str),
        by=finder.pk,
        name=finder.name,
    )
    steps = write(THEIR_STEPS)
    write("ANALYZE hazards_hazard")
    write("ANALYZE hazards_step")
    world.say(f"    另加隐患 {rows}，经过 {steps}")
