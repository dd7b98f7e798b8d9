"""The demo's risk points: of the own mine in detail, of sixty other units, with rounds made as each unit is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min

from accounts.demo import OWN_MINE
from enterprises.demo import BAD, FAIR, GOOD, POOR, paint, quality, spot_near
from enterprises.kinds import Status
from enterprises.models import Enterprise
from reference import law
from reference.terms import COLOUR_OF, CheckEvery, ControlLevel, RiskMethod
from risks import rules
from risks.models import RiskAssessment, RiskPoint, SelfCheck
from safety_api.demo import World, builds, put, write

UNITS = 60
DUTY = {True: 100, False: 30}  # days ago that the own mine, and the others, entered their points
DONE = {GOOD: 0.99, FAIR: 0.97, POOR: 0.85, BAD: 0.55}  # share of the rounds made
LATE_REVIEW = {POOR: 0.4, BAD: 0.7}
UNCONTROLLED = {POOR: 0.3, BAD: 0.6}
MONTHS = 6  # of the monthly duty
NAMES = {"company": "矿长", "workshop": "队长", "team": "班长", "post": "岗位工"}


@dataclass(frozen=True)
class Pattern:
    """Factors of LEC without measures, and the likelihood that is left with them."""

    name: str
    factors: str
    accident: str
    lec: tuple[str, str, str]
    left: str
    measure: str
    forced: str = ""


POINTS: dict[str, tuple[Pattern, ...]] = {
    "coal_mine": (
        Pattern("综采工作面回风隅角", "瓦斯积聚", "瓦斯爆炸", ("3", "6", "40"), "0.5", "传感器断电联锁，隅角导风"),
        Pattern("掘进工作面", "顶板离层、片帮", "冒顶片帮", ("3", "6", "15"), "0.5", "锚网支护，敲帮问顶"),
        Pattern("采空区积水区域", "透水", "透水", ("1", "6", "40"), "0.5", "有掘必探，先探后掘"),
        Pattern("主运皮带机头", "卷入、着火", "机械伤害", ("3", "6", "7"), "0.5", "护罩、拉绳急停、自动洒水"),
        Pattern("副井提升", "过卷、断绳", "其他伤害", ("1", "6", "15"), "0.5", "过卷保护，日检钢丝绳"),
        Pattern("井下变电所", "短路、漏电", "触电", ("1", "3", "15"), "0.5", "漏电保护，停送电制度"),
        Pattern(
            "地面瓦斯抽采泵站",
            "泄漏遇火源",
            "瓦斯爆炸",
            ("1", "3", "40"),
            "0.5",
            "防爆电气，动火审批",
            "ten_people_exposed",
        ),
        Pattern("矸石山", "自燃、滑塌", "坍塌", ("1", "2", "15"), "0.5", "分层碾压覆土"),
    ),
    "non_coal_mine": (
        Pattern("采场边坡", "滑坡、滚石", "坍塌", ("3", "6", "15"), "3", "边坡监测，台阶未到界，整改中"),
        Pattern("破碎机", "卷入", "机械伤害", ("3", "6", "7"), "0.5", "护罩，停机挂牌"),
    ),
    "hazardous_chemicals": (
        Pattern("储罐区", "泄漏、火灾", "火灾", ("1", "6", "40"), "0.5", "液位报警，围堰，静电接地"),
        Pattern("卸车口", "静电起火", "火灾", ("3", "3", "15"), "0.5", "静电接地报警，专人监护"),
    ),
    "fire_safety": (
        Pattern("疏散通道", "堵塞", "火灾", ("3", "6", "7"), "0.5", "每日巡查，禁止堆放"),
        Pattern("配电间", "过载", "火灾", ("1", "6", "7"), "0.5", "限流保护，月度检测"),
    ),
    "urban_construction": (
        Pattern("深基坑", "坍塌", "坍塌", ("3", "6", "15"), "1", "专项方案，监测"),
        Pattern("塔式起重机", "倾覆、坠物", "起重伤害", ("1", "6", "15"), "0.5", "检验合格，持证操作"),
    ),
    "metallurgy_trade": (
        Pattern("隧道窑", "灼烫", "灼烫", ("3", "6", "3"), "0.5", "隔热防护"),
        Pattern("除尘系统", "粉尘爆炸", "其他爆炸", ("1", "6", "15"), "0.5", "清扫制度，泄爆"),
    ),
    "road_transport": (Pattern("车辆停放与检修区", "车辆伤害", "车辆伤害", ("1", "6", "7"), "0.5", "限速，人车分流"),),
    "special_equipment": (Pattern("锅炉房", "超压", "锅炉爆炸", ("1", "6", "15"), "0.5", "安全阀校验，持证司炉"),),
}


@builds
def build(world: World) -> None:
    body = law.in_force("risk_methods", world.today).body
    own = world.key(*OWN_MINE)
    every = Enterprise.objects.filter(
        is_demo=True, status=Status.OPERATING, unit_type__in=body["monthly"]["unit_types"]
    )
    every = every.exclude(no_credit_code_reason="演示批量数据").order_by("name")
    units = every.filter(sector__in=POINTS, unit_type="enterprise")
    chosen = [*units.filter(pk=own), *units.exclude(pk=own)[:UNITS]]
    stories = [_UnitStory(world, body, unit, own=unit.pk == own) for unit in chosen]
    put(row for each in stories for row in each.points)
    put(row for each in stories for row in each.assessments)
    put(row for each in stories for row in each.rounds())
    entered = {each.unit.pk: each.entered for each in stories}
    put(row for unit in every for row in _monthly(world, unit, entered.get(unit.pk, world.today)))
    current = RiskPoint.objects.filter(status=RiskPoint.Status.CURRENT, enterprise__is_demo=True)
    worst = current.values_list("enterprise_id").annotate(worst=Min("level"))
    paint({key: str(COLOUR_OF[level]) for key, level in worst})
    for table in ("risks_point", "risks_assessment", "risks_self_check"):
        write(f"ANALYZE {table}")


def _monthly(world: World, unit: Enterprise, until: date) -> Iterator[SelfCheck]:
    """每月至少一次隐患排查, half a year of it, before the unit entered any points."""
    chance, how = world.chance("monthly", unit.pk), quality(world, unit.pk)
    for back in range(1, MONTHS + 1):
        at = world.at(rules.add_months(world.today.replace(day=1), -back).replace(day=chance.randint(1, 28)), 15)
        period = rules.period_of(CheckEvery.MONTH, at)
        if chance.random() < DONE[how] and period.last <= until and (unit.opened_on or at.date()) <= at.date():
            yield _round(world, unit, ControlLevel.COMPANY, [], at, period, owed=False)


def _round(
    world: World, unit: Enterprise, level: str, points: list[Any], at: Any, period: rules.Period, *, owed: bool
) -> SelfCheck:
    return SelfCheck(
        id=world.key("self check", unit.pk, str(level), str(period)), content_sha256="", enterprise=unit,
        level=str(level), checked_at=at, received_at=at + timedelta(minutes=20), period_from=period.first,
        due_on=period.last, shift=period.shift, in_time=True, points=points, counted=len(points) if owed else 0,
        note="演示：各点正常", by_id=world.key("nobody", unit.pk), by_name="演示安全员", is_demo=True,
    )  # fmt: skip


class _UnitStory:
    """A unit's points, each with its assessment, all entered on one day."""

    def __init__(self, world: World, body: rules.Body, unit: Enterprise, *, own: bool) -> None:
        self.world, self.body, self.unit = world, body, unit
        self.how = quality(world, unit.pk)
        self.chance = world.chance("risks", unit.pk)
        self.entered = world.ago(DUTY[own] + 1)
        kinds = POINTS[unit.sector_id] if own else POINTS[unit.sector_id][:3]
        self.late = self.chance.random() < LATE_REVIEW.get(self.how, 0)
        self.points = [self._point(kind, number) for number, kind in enumerate(kinds)]
        self.assessments = [self._assessment(*pair) for pair in zip(self.points, kinds, strict=True)]
        for point, row in zip(self.points, self.assessments, strict=True):
            point.level, point.review_due_on = row.residual_level, row.review_due_on

    def _point(self, kind: Pattern, number: int) -> RiskPoint:
        place = spot_near(self.world, self.unit, "risk", number)
        sent = {"lon": place.x, "lat": place.y, "crs": "wgs84", "accuracy_m": None} if place else None
        return RiskPoint(
            id=self.world.key("risk", self.unit.pk, number), enterprise=self.unit, name=f"演示·{kind.name}", place="",
            hazard_factors=kind.factors, accident_types=[kind.accident], point=place, point_sent=sent, is_demo=True,
            created_at=self.world.at(self.entered), changed_at=self.world.at(self.entered),
        )  # fmt: skip

    def _assessment(self, point: RiskPoint, kind: Pattern) -> RiskAssessment:
        inherent = dict(zip(rules.FACTORS[RiskMethod.LEC], map(Decimal, kind.lec), strict=True))
        residual = {**inherent, "likelihood": min(Decimal(kind.left), inherent["likelihood"])}
        found = rules.assessed(self.body, RiskMethod.LEC, inherent, residual, kind.forced)
        loose = self.chance.random() < UNCONTROLLED.get(self.how, 0)
        persons = {} if loose else {str(level): NAMES[level] for level in rules.levels_controlled_by(found.control)}
        measures = {"engineering": kind.measure, "management": "演示：按制度检查并留痕"}
        day = self._assessed_on()
        return RiskAssessment(
            risk=point, occasion="first", methods_version="RM-2021-1", method="lec",
            inherent={name: str(value) for name, value in inherent.items()},
            residual={name: str(value) for name, value in residual.items()},
            inherent_score=found.inherent_score, residual_score=found.residual_score,
            inherent_level=found.inherent_level, residual_level=found.residual_level, forced_major=kind.forced,
            measures=measures, control_level=str(found.control), persons=persons,
            controlled=rules.is_controlled(measures, persons, found.control), assessed_on=day, held_from=day,
            review_due_on=rules.review_due(self.body, day), duty_from=self.entered + timedelta(days=1),
            recorded_at=self.world.at(self.entered), recorded_by_name="演示安全员",
        )  # fmt: skip

    def _assessed_on(self) -> date:
        day = self.world.ago(self.chance.randint(375, 500) if self.late else self.chance.randint(110, 330))
        return max(day, self.unit.opened_on or day)

    # --- rounds ---------------------------------------------------------------------------------------------------------
    def rounds(self) -> Iterator[SelfCheck]:
        for level in ControlLevel:
            points = [row.risk_id for row in self.assessments if rules.rank(row.control_level) <= rules.rank(level)]
            if points or level == ControlLevel.COMPANY:
                yield from self._rounds_of(level, points)

    def _rounds_of(self, level: ControlLevel, points: list[Any]) -> Iterator[SelfCheck]:
        shifts = rules.shifts_per_day(self.body, self.unit.sector_id)
        first, often = self.entered + timedelta(days=1), rules.every(self.body, level)
        seen = set()
        for day in (first + timedelta(days=n) for n in range((self.world.today - first).days)):
            for hour in range(1, 24, 24 // shifts) if often == CheckEvery.SHIFT else (9,):
                at = self.world.at(day, hour, 10)
                period = rules.period_of(often, at, shifts)
                if period not in seen and period.last < self.world.today:
                    seen.add(period)
                    if self.chance.random() < DONE[self.how]:
                        yield _round(self.world, self.unit, level, points, at, period, owed=period.first >= first)
