"""The demo's accidents as one table: fourteen broken villages, a report too late, a private car, a case written off.

The table decides what the figures show: 交楼申乡 below its target, the exemplary townships (hazards.demo) level on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accidents.choices import LEG_OF
from accidents.models import Accident, AccidentReport, AccidentUnit, Decision, ReportLeg
from accounts.demo import OWN_MINE, VILLAGE, person
from enterprises.demo import UNITS
from enterprises.kinds import Status
from enterprises.models import Enterprise
from geo.demo import VILLAGES_TODAY
from geo.models import Region
from hazards.demo import EXEMPLARY
from reference import law
from safety_api.actors import Actor
from safety_api.demo import World, builds, put, write
from safety_api.idempotency import fingerprint
from safety_api.search import fill

LATE = ("accident", "late")  # world.key(*LATE): the unit reported it twelve minutes after its hour
PRIVATE_CAR = ("accident", "private car")
WRITTEN_OFF = ("accident", "written off")
MINUTES_LATE = 12


@dataclass(frozen=True)
class Story:
    """`when`: its share of the year so far; below 0, months before it. `sector`: of the unit in which it happened."""

    about: str
    when: float
    township: str
    category: str
    words: str
    sector: str = ""
    deaths: int = 1
    injuries: int = 0
    loss: int = 900_000
    nature: str = "production"
    stat_status: str = "counted"
    by: str = "bureau"
    late_death: int = 0  # days after which somebody died, beyond the window
    trunk_road: bool = False


PRIVATE: dict[str, Any] = {"nature": "non_production", "stat_status": "not_counted"}
STORIES: tuple[Story, ...] = (
    # fourteen villages broken, five of them with their unit
    Story("late", 0.31, "141123100", "Z1", "脚手架拆除时一名工人坠落", "urban_construction", loss=1_350_000),
    Story("private car", 0.62, "141123100", "Z2", "私家车夜间驶出路面，驾驶人死亡", **PRIVATE, by="duty", loss=60_000),
    Story("brick works", 0.12, "141123101", "Z1", "检修搅拌机时误启动", "metallurgy_trade", loss=1_200_000),
    Story("cave dwelling", 0.44, "141123101", "Z3", "村民修缮旧窑时塌落", **PRIVATE),
    Story("lorry", 0.08, "141123102", "Z1", "货车卸料区倒车碰撞", "road_transport", loss=1_100_000, trunk_road=True),
    Story("well", 0.53, "141123103", "Z8", "清掏水窖时窒息", **PRIVATE),
    Story("quarry", 0.71, "141123104", "Z1", "采石平台浮石坠落", "non_coal_mine", loss=1_500_000),
    Story("heating", 0.04, "141123106", "Z6", "取暖煤气中毒", **PRIVATE, loss=0),
    Story("motorcycle", 0.36, "141123200", "Z2", "两轮摩托车与路侧树木相撞", **PRIVATE, by="duty"),
    Story("felling", 0.83, "141123200", "Z8", "伐木时被树干砸中", **PRIVATE),
    Story("roof", 0.58, "141123204", "Z1", "皮带走廊清扫时卷入", "coal_mine", loss=1_400_000),
    Story("electric", 0.25, "141123205", "Z8", "私拉电线触电", **PRIVATE),
    Story("house fire", 0.17, "141123207", "Z4", "民房火灾", **PRIVATE, loss=120_000),
    Story(
        "undecided",
        0.96,
        "141123209",
        "Z1",
        "库房内一名人员倒地，原因待查",
        "other",
        nature="undetermined",
        stat_status="provisional",
        by="duty",
        loss=0,
    ),
    # these break nobody
    Story(
        "written off",
        0.40,
        "141123105",
        "Z8",
        "沟底发现一名死者，后经公安机关认定为刑事案件",
        nature="undetermined",
        stat_status="provisional",
    ),
    Story(
        "hand injury",
        0.66,
        "141123103",
        "Z1",
        "木工机械致一名工人重伤",
        "metallurgy_trade",
        deaths=0,
        injuries=1,
        loss=180_000,
    ),
    Story(
        "died later",
        0.29,
        "141123207",
        "Z2",
        "乘车人重伤，第十二日死亡，超过七日期限",
        nature="non_production",
        stat_status="not_counted",
        deaths=0,
        injuries=1,
        late_death=12,
        by="duty",
    ),
    Story("stock loss", 0.49, "141123101", "Z4", "料场自燃，无人伤亡", "coal_mine", deaths=0, loss=1_250_000),
    # the years before
    Story("earlier shaft", -4, "141123103", "Z1", "运输巷矿车碰撞", "coal_mine", loss=1_600_000),
    Story("earlier kiln", -9, "141123204", "Z1", "铸造车间喷溅", "metallurgy_trade", loss=1_150_000),
    Story("earlier car", -6, "141123102", "Z2", "私家车追尾", **PRIVATE, by="duty"),
)


@builds
def build(world: World) -> None:
    storyteller = _Storyteller(world)
    for story in STORIES:
        storyteller(story)
    storyteller.write()
    if world.size.accidents:
        _more(world)
    fill("accident")


class _Storyteller:
    """Collects accidents with what was reported and decided about them; no two of them in one village."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = {name: person(world, name) for name in ("bureau", "duty")}
        self.taken: set[str] = {VILLAGE}
        self.rows: dict[type, list[Any]] = {
            each: [] for each in (Accident, AccidentReport, Decision, AccidentUnit, ReportLeg)
        }

    def __call__(self, story: Story) -> None:
        unit = self._unit(story)
        village = unit.region_code if unit else self._village(story.township)
        self.taken.add(village)
        at, by = self._at(story), self.people[story.by]
        accident = self._accident(story, unit, village, at, by)
        self.rows[Accident].append(accident)
        self._reports(accident, story, at, by)
        self._decided(accident, story, at)
        if unit:
            self._part(accident, story, unit, at)
        self._legs(accident, story, unit, at)

    def write(self) -> None:
        for rows in self.rows.values():
            put(rows)

    def _unit(self, story: Story) -> Enterprise | None:
        if not story.sector:
            return None
        rows = Enterprise.objects.filter(is_demo=True, status=Status.OPERATING, sector_id=story.sector)
        rows = rows.filter(region_code__startswith=story.township, unit_type__in=("enterprise", "public_institution"))
        return rows.exclude(pk=self.world.key(*OWN_MINE)).exclude(region_code__in=self.taken).order_by("name").first()

    def _village(self, township: str) -> str:
        rows = (
            Region.objects.within(township)
            .villages(virtual=False)
            .today()
            .exclude(code__in=self.taken)
            .order_by("-code")
        )
        return rows.values_list("code", flat=True)[0]

    def _at(self, story: Story) -> datetime:
        if story.when < 0:
            return self.world.at(date(self.world.year - 1, 12, 15) + timedelta(days=round(story.when * 30)), 10, 20)
        return self.world.at(self.world.in_year(story.when), 9, 5)

    def _accident(self, story: Story, unit: Enterprise | None, village: str, at: datetime, by: Actor) -> Accident:
        key, point = self.world.key("accident", story.about), unit.point if unit else _near(village)
        sector = unit.sector_id if unit else None
        return Accident(
            id=key,
            content_sha256=fingerprint({"id": str(key), "description": story.words}),
            occurred_at=at,
            region_code=village,
            place="演示地点",
            point=point,
            sent_lon=point.x if point else None,
            sent_lat=point.y if point else None,
            sent_crs="wgs84" if point else "",
            accuracy_m=30 if point else None,
            on_trunk_road=story.trunk_road,
            category=story.category,
            nature=story.nature,
            stat_status=story.stat_status,
            sector_id=sector,
            description=f"演示：{story.words}。",
            reported_by=by.pk,
            reporter_name=by.name,
            received_at=at + timedelta(minutes=80),
            is_demo=True,
        )

    def _who(self, by: Actor, at: datetime) -> dict[str, Any]:
        return {"by_id": by.pk, "by_name": by.name, "by_role": by.role, "known_at": at}

    def _reports(self, accident: Accident, story: Story, at: datetime, by: Actor) -> None:
        def say(kind: str, after: timedelta, **fields: Any) -> None:
            row = AccidentReport(
                accident=accident, kind=kind, held_at=at + after, **self._who(by, at + after), **fields
            )
            self.rows[AccidentReport].append(row)

        injured = story.injuries
        say("first", timedelta(minutes=80), deaths=story.deaths, serious_injuries=injured, direct_loss_yuan=Decimal(0))
        if story.loss:
            say("follow_up", timedelta(hours=12), direct_loss_yuan=Decimal(story.loss), note="损失初步核定")
        if story.late_death and at + timedelta(days=story.late_death) < self.world.at(self.world.today, 0):
            say("supplement", timedelta(days=story.late_death), deaths=1, serious_injuries=0, note="重伤者死亡")

    def _decided(self, accident: Accident, story: Story, at: datetime) -> None:
        known = at + timedelta(minutes=90)
        self.rows[Decision].append(
            Decision(
                accident=accident,
                decided_on=known.date(),
                region_code=accident.region_code,
                category=accident.category,
                on_trunk_road=accident.on_trunk_road,
                nature=accident.nature,
                sector_code=accident.sector_id or "",
                stat_status=accident.stat_status,
                reason="演示：初步认定",
                document="演示〔认定〕1号",
                approved_by="演示·县应急管理局",
                **self._who(self.people["bureau"], known),
            )
        )

    def _part(self, accident: Accident, story: Story, unit: Enterprise, at: datetime) -> None:
        found = story.nature == "production"
        self.rows[AccidentUnit].append(
            AccidentUnit(
                accident=accident,
                enterprise=unit,
                role="occurring",
                responsible=True if found else None,
                held_on=at.date() if found else None,
                document="演示·认定" if found else "",
                known_from=at + timedelta(hours=2),
            )
        )

    def _legs(self, accident: Accident, story: Story, unit: Enterprise | None, at: datetime) -> None:
        """The unit has an hour, the county two to notify the city (国务院令第493号 第九、十、十一条)."""
        limits = {
            each["code"]: each.get("limit_minutes") for each in law.in_force("report_limits", at.date()).body["legs"]
        }
        known_at = at + timedelta(minutes=5)
        if unit:
            took = limits["R1"] + MINUTES_LATE if ("accident", story.about) == LATE else 40
            self._leg(accident, "enterprise", known_at, limits["R1"], took, "telephone")
            known_at += timedelta(minutes=took)
        self._leg(accident, "county", known_at, limits["R2"], 75, "written")

    def _leg(self, accident: Accident, level: str, known_at: datetime, limit: int, took: int, channel: str) -> None:
        sent = known_at + timedelta(minutes=took)
        self.rows[ReportLeg].append(
            ReportLeg(
                accident=accident,
                code=LEG_OF[level],  # type: ignore[index]
                level=level,
                to="county" if level == "enterprise" else "city",
                received_at=known_at,
                due_at=known_at + timedelta(minutes=limit),
                sent_at=sent,
                channel=channel,
                note="演示",
                **self._who(self.people["duty"], sent),
            )
        )


def _near(village: str) -> Any:
    """The seat of its township: where exactly a village lies we do not know."""
    return Region.objects.get(code=f"{village[:9]}000").point


# --- beyond the county: set-based -----------------------------------------------------------------------------------
YEARS = 10  # over which they are spread, this one included
MORE = f"""
WITH village AS (
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS at FROM {VILLAGES_TODAY} AS village
    WHERE NOT left(code, 9) = ANY(%(spared)s)
), drawn AS (
    SELECT n, h, (h >> 4) %% (SELECT count(*) FROM village) AS pick
    FROM (SELECT n, hashint8extended(n, %(salt)s) & x'7fffffffffffffff'::bigint AS h
          FROM generate_series(1, %(rows)s) AS n) AS lot
), happened AS (
    SELECT n, h, village.code, %(first)s::date + ((h >> 8) %% %(days)s)::int + interval '1 minute' * ((h >> 20) %% 1440)
           AS at,
           (h >> 32) %% 4 <> 0 AS fatal, (ARRAY['Z1','Z1','Z2','Z3','Z4','Z8'])[1 + (h >> 36) %% 6] AS category
    FROM drawn JOIN village ON village.at = drawn.pick
), judged AS (
    SELECT *, category = 'Z1' AS ours, CASE WHEN category = 'Z1' THEN 'production' ELSE 'non_production' END AS nature,
           CASE WHEN category = 'Z1' THEN 'counted' ELSE 'not_counted' END AS stat
    FROM happened
)
INSERT INTO zero_accident_accident (
    id, content_sha256, occurred_at, region_code, place, sent_crs, on_trunk_road, category, nature, stat_status,
    sector_id, description, stated, warnings, reported_by, reporter_name, received_at, is_demo, grade, deaths,
    serious_injuries, missing, late_deaths, direct_loss_yuan, in_statistics
)
SELECT md5(%(seed)s || ' more accident ' || n)::uuid, md5(n::text) || md5('accident' || n), at, code, '演示地点', '',
       false, category, nature, stat, NULL, '演示：批量数据', '{{}}', '{{}}', %(by)s, %(name)s, at + interval '1 hour',
       true, 'general', fatal::int, (NOT fatal)::int, 0, 0, 200000, ours
FROM judged
"""  # noqa: S608 - fragments of places and units
FIRST_REPORTS = """
INSERT INTO zero_accident_statement (accident_id, kind, held_at, deaths, serious_injuries, direct_loss_yuan, note,
                                     reason, by_id, by_name, by_role, known_at)
SELECT id, 'first', occurred_at, deaths, serious_injuries, direct_loss_yuan, '', '', reported_by, reporter_name,
       'bureau_officer', received_at
FROM zero_accident_accident AS accident
WHERE is_demo AND NOT EXISTS (SELECT FROM zero_accident_statement WHERE accident_id = accident.id)
"""
WHOSE = f"""
WITH unit AS (
    SELECT id, region_code, row_number() OVER (PARTITION BY region_code ORDER BY id) - 1 AS at,
           count(*) OVER (PARTITION BY region_code) AS many
    FROM {UNITS} AS unit WHERE unit_type IN ('enterprise', 'public_institution')
)
INSERT INTO zero_accident_unit (accident_id, enterprise_id, role, responsible, document, known_from)
SELECT accident.id, unit.id, 'occurring', true, '演示·认定', accident.received_at
FROM zero_accident_accident AS accident
JOIN unit ON unit.region_code = accident.region_code AND unit.at = abs(hashtext(accident.id::text)::bigint) %% unit.many
WHERE accident.category = 'Z1' AND is_demo
  AND NOT EXISTS (SELECT FROM zero_accident_unit WHERE accident_id = accident.id)
"""  # noqa: S608


def _more(world: World) -> None:
    first, by = date(world.year - YEARS + 1, 1, 1), person(world, "bureau")
    rows = write(
        MORE,
        rows=world.size.accidents,
        salt=world.salt + 3,
        seed=str(world.seed),
        first=first,
        spared=list(EXEMPLARY),
        days=max(1, (world.today - first).days),
        by=by.pk,
        name=by.name,
    )
    write(FIRST_REPORTS)
    write(WHOSE)
    for model in (Accident, AccidentReport, AccidentUnit):
        write(f"ANALYZE {model._meta.db_table}")
    world.say(f"    另加事故 {rows}")
