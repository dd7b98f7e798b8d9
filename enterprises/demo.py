"""The demo's units: about 600 of every sector and township, their sites, certificates and what is stated about them.

Every name begins with 演示 and is made of a township and a number, so that it can be nobody's; credit codes pass their
checks and carry a subject that no register gives out (DEM…). How well a unit is run (`quality`) decides what is stated
about it here and how its hazards fare above.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from accounts.demo import OWN_MINE, VILLAGE
from enterprises.actions import enrol
from enterprises.class_facts import minimum_level, must_insure
from enterprises.facts import book_of
from enterprises.kinds import SAFETY_LICENCES, FactSource, PaperState, Status
from enterprises.models import Enterprise, Insurance, Licence, Site, StandardizationCertificate, StatedFact
from enterprises.rules import credit_code_of
from geo.demo import VILLAGES_TODAY
from geo.models import Region
from reference import law
from safety_api.demo import COUNTY, World, builds, put, write
from safety_api.search import fill
from safety_api.trail import SYSTEM, line, record_many

CODE_PREFIX = {  # registering department and category; one without a code says why
    "enterprise": "91", "individual_business": "92", "cooperative": "93", "public_institution": "12",
    "social_organisation": "52", "village_body": "54",
}  # fmt: skip
NO_CODE = ("演示：流动摊点，未办理登记", "演示：家庭作坊，登记办理中", "演示：季节性经营，未办理登记")
CENTRE = Point(111.12, 38.46, srid=4326)  # the county's seat
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Species:
    """A kind of unit: what it is called, what it is registered as, what of its condition follows from that."""

    name: str
    unit_type: str = "enterprise"
    traits: tuple[str, ...] = ()
    licence: str = ""
    scheme: str = ""
    site: str = ""
    place_type: str = ""
    further: tuple[str, ...] = ()
    small: bool = False  # a shop: little is stated about it
    coded: float = 1.0  # share that has a credit code
    extra: dict[str, Any] = field(default_factory=dict)


SPECIES: dict[str, tuple[Species, ...]] = {  # the first stands in every township
    "coal_mine": (
        Species(
            "煤矿", licence="work_safety", scheme="coal", site="mine", extra={"producing": True, "underground": True}
        ),
        Species("选煤厂", licence="work_safety", scheme="coal", site="mine"),
    ),
    "non_coal_mine": (
        Species("石料厂", licence="work_safety", scheme="non_coal", site="mine"),
        Species("铝土矿", licence="work_safety", scheme="non_coal", site="mine", extra={"above_scale": True}),
        Species("选矿厂", licence="work_safety", scheme="non_coal", site="pond", traits=("tailings_pond",)),
    ),
    "hazardous_chemicals": (
        Species("加油站", licence="hazchem_business", scheme="industry", further=("fire_safety",)),
        Species("液化气站", licence="hazchem_business", scheme="industry", further=("special_equipment",)),
    ),
    "fire_safety": (
        Species("超市", traits=("crowded_place",), licence="fire_check", place_type="九小场所", site="venue"),
        Species("小学", "public_institution", ("crowded_place",), place_type="学校", site="venue"),
        Species("卫生院", "public_institution", ("crowded_place",), place_type="医院", site="venue"),
        Species("敬老院", "public_institution", ("crowded_place",), place_type="养老机构", site="venue"),
        Species("幼儿园", "social_organisation", ("crowded_place",), place_type="学校", site="venue"),
        Species("宾馆", traits=("crowded_place",), licence="fire_check", place_type="公共娱乐场所", site="venue"),
        Species("饭店", "individual_business", small=True, coded=0.6),
        Species("小卖部", "individual_business", small=True, coded=0.3),
        Species("粮油店", "individual_business", small=True, coded=0.7),
    ),
    "road_transport": (
        Species("货运公司", licence="road_transport", scheme="transport"),
        Species("客运站", licence="road_transport", scheme="transport", further=("fire_safety",)),
        Species("运输户", "individual_business", scheme="transport", small=True, coded=0.8),
    ),
    "other_transport": (
        Species("快递点", "individual_business", small=True, coded=0.9),
        Species("邮政服务站"),
    ),
    "urban_construction": (
        Species("建筑公司", traits=("construction",), licence="work_safety", scheme="construction", site="project"),
        Species("装饰公司", traits=("construction",), scheme="construction"),
    ),
    "hazardous_waste": (
        Species("汽修厂", "individual_business", small=True, coded=0.8),
        Species("危废暂存库", licence="hazardous_waste", scheme="industry", site="warehouse"),
    ),
    "special_equipment": (Species("供热站", scheme="industry"), Species("电梯维保公司")),
    "metallurgy_trade": (
        Species("砖厂", scheme="industry"),
        Species("铸造厂", traits=("metal_smelting",), scheme="industry"),
        Species("木器厂", scheme="industry"),
        Species("醋厂", scheme="industry"),
    ),
    "industrial_parks": (Species("工业小区", site="park"), Species("物流园", site="park")),
    "natural_hazard": (
        Species("林场", "public_institution", site="forest"),
        Species("水库管理站", "public_institution"),
    ),
    "other": (
        Species("村民委员会", "village_body"),
        Species("养殖合作社", "cooperative"),
        Species("农机站", "public_institution"),
        Species("杂货铺", "individual_business", small=True, coded=0.2),
    ),
}
WEIGHTS = {  # beyond one of each sector in each township
    "coal_mine": 2, "non_coal_mine": 3, "hazardous_chemicals": 4, "fire_safety": 34, "road_transport": 10,
    "other_transport": 3, "urban_construction": 6, "hazardous_waste": 3, "special_equipment": 4, "metallurgy_trade": 9,
    "industrial_parks": 1, "natural_hazard": 2, "other": 19,
}  # fmt: skip

GOOD, FAIR, POOR, BAD = "good", "fair", "poor", "bad"
QUALITIES = ((0.12, GOOD), (0.80, FAIR), (0.975, POOR), (1.01, BAD))


def quality(world: World, unit: UUID) -> str:
    """How well a unit is run; the same for every floor that asks."""
    if unit == world.key(*OWN_MINE):
        return GOOD
    drawn = world.chance("quality", unit).random()
    return next(word for below, word in QUALITIES if drawn < below)


@builds
def build(world: World) -> None:
    towns = _towns(world)
    planned = list(_planned(world, towns))
    units = [_unit(world, number, *each) for number, each in enumerate(planned)]
    enrol(units, by=SYSTEM, announce=False)
    write(
        "UPDATE enterprises_condition SET known_from = held_from WHERE enterprise_id = ANY(%(ids)s)",
        ids=[unit.pk for unit in units],
    )
    species = {unit.pk: kind for unit, (_, kind, _) in zip(units, planned, strict=True)}
    _sites(world, units, species, towns)
    _papers(world, units, species)
    fill("site")
    if world.size.more_units:
        _more_units(world)


# --- places ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Town:
    code: str  # 12 digits
    short: str
    villages: tuple[str, ...]
    seat: Point
    area: Any  # None for the development zone


def _towns(world: World) -> list[Town]:
    centre = Region.objects.get(code=COUNTY + "000000").point or CENTRE
    villages: dict[str, list[str]] = defaultdict(list)
    for code in Region.objects.within(COUNTY).villages().today().order_by("code").values_list("code", flat=True):
        villages[code[:9]].append(code)
    rows = Region.objects.within(COUNTY).townships().today().order_by("code")
    return [
        Town(row.code, _short(row.name), tuple(villages[row.code[:9]]), row.point or centre, row.area) for row in rows
    ]


def _short(name: str) -> str:
    return "开发区" if name.endswith("开发区") else name[:-1]


def spot(world: World, town: Town, *about: object) -> Point:
    """Between the township's seat and the county's centre, inside the (approximate) area where there is one."""
    chance = world.chance("spot", *about)
    for _ in range(12):
        way, far = chance.random() * 0.4, chance.gauss(0, 0.012)
        lon = town.seat.x + way * (CENTRE.x - town.seat.x) + far
        lat = town.seat.y + way * (CENTRE.y - town.seat.y) + chance.gauss(0, 0.012)
        found = Point(round(lon, 6), round(lat, 6), srid=4326)
        if town.area is None or town.area.contains(found):
            return found
    return town.seat


def spot_near(world: World, unit: Enterprise, *about: object) -> Point | None:
    """Within about fifty metres of a unit: where in it something was seen."""
    if unit.point is None:
        return None
    chance = world.chance("near", unit.pk, *about)
    lon, lat = unit.point.x + chance.uniform(-5e-4, 5e-4), unit.point.y + chance.uniform(-5e-4, 5e-4)
    return Point(round(lon, 6), round(lat, 6), srid=4326)


# --- units ----------------------------------------------------------------------------------------------------------
def _planned(world: World, towns: list[Town]) -> Iterator[tuple[str, Species, Town]]:
    """First one of every sector in every township, then by weight: more where more villages are."""
    chance, left = world.chance("units"), world.size.units
    home = [town for town in towns if VILLAGE.startswith(town.code[:9])]
    for town in [*home, *(town for town in towns if town not in home)]:
        for sector, kinds in SPECIES.items():
            if left:
                left -= 1
                yield sector, kinds[0], town
    weights = [len(town.villages) + 3 for town in towns]
    for _ in range(left):
        sector = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        yield sector, chance.choice(SPECIES[sector]), chance.choices(towns, weights)[0]


_numbers: Counter[tuple[str, str]] = Counter()


def _unit(world: World, number: int, sector: str, kind: Species, town: Town) -> Enterprise:
    if number == 0:
        _numbers.clear()
    _numbers[town.code, kind.name] += 1
    key = world.key(*OWN_MINE) if number == 0 else world.key("unit", number)
    chance = world.chance("unit", number)
    opened = _opened(world, chance, mine=number == 0)
    status, since = _status(world, chance, opened, key)
    coded = kind.coded >= 1 or chance.random() < kind.coded
    place = spot(world, town, number)
    return Enterprise(
        id=key,
        name=f"演示·{town.short}{_counted(_numbers[town.code, kind.name])}号{kind.name}",
        credit_code=_code(kind, number) if coded else None,
        no_credit_code_reason="" if coded else chance.choice(NO_CODE),
        unit_type=kind.unit_type,
        sector_id=sector,
        sectors=list(kind.further),
        region_code=VILLAGE if number == 0 else chance.choice(town.villages),
        address=f"{town.short}（演示地址）",
        principal_name=f"{chance.choice(SURNAMES)}某",
        principal_phone=f"0358-000{number % 10_000:04}",
        point=place,
        point_sent={"lon": place.x, "lat": place.y, "crs": "wgs84", "accuracy_m": None},
        opened_on=opened,
        status=status,
        status_on=since,
        traits=list(kind.traits),
        is_demo=True,
        created_at=world.at(max(opened, date(2020, 6, 1))),
        **kind.extra,
    )


def _code(kind: Species, number: int) -> str:
    return credit_code_of(CODE_PREFIX[kind.unit_type], COUNTY, f"DEM{number:05}")


def _counted(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十."""
    tens, ones = divmod(number, 10)
    return f"{'' if tens < 2 else DIGITS[tens]}{'十' if tens else ''}{DIGITS[ones] if ones or not tens else ''}"


def _opened(world: World, chance: random.Random, *, mine: bool) -> date:
    if mine:
        return date(2012, 5, 1)
    months = chance.choice((chance.randint(2, 30), *[chance.randint(36, 200)] * 9))
    return world.today - timedelta(days=months * 30 + chance.randint(0, 29))


def _status(world: World, chance: random.Random, opened: date, key: UUID) -> tuple[str, date | None]:
    """Most are in business; some stand still, a few closed in the year."""
    drawn = chance.random()
    if key == world.key(*OWN_MINE) or drawn < 0.955:
        return Status.OPERATING, None
    since = max(opened + timedelta(days=1), world.ago(chance.randint(15, 300)))
    return (Status.SUSPENDED if drawn < 0.985 else Status.CLOSED), min(since, world.today)


# --- sites ----------------------------------------------------------------------------------------------------------
WITHOUT_A_UNIT: tuple[
    tuple[str, str, str, int, dict[str, str]], ...
] = (  # kind, what it is called, sector, how many, further columns
    ("house", "自建房", "urban_construction", 34, {"owner_name": "户主（演示）"}),
    ("project", "农房改造工程", "urban_construction", 14, {"project_type": "房屋"}),
    ("project", "通村公路工程", "urban_construction", 6, {"project_type": "公路"}),
    ("slope", "地质灾害点", "natural_hazard", 22, {}),
    ("pond", "淤地坝", "natural_hazard", 10, {}),
    ("reservoir", "小水库", "natural_hazard", 6, {}),
    ("forest", "护林区", "natural_hazard", 10, {}),
    ("road", "临崖路段", "road_transport", 12, {}),
    ("venue", "集贸市场", "fire_safety", 8, {"place_type": "其他人员密集场所"}),
    ("shop", "临街门面", "fire_safety", 10, {"place_type": "九小场所"}),
)


def _sites(world: World, units: list[Enterprise], species: dict[UUID, Species], towns: list[Town]) -> None:
    with_unit = [_own_site(world, unit, species[unit.pk]) for unit in units if species[unit.pk].site]
    share = min(1.0, world.size.units / 600)
    alone = []
    for kind, called, sector, count, columns in WITHOUT_A_UNIT:
        for n in range(max(1, round(count * share))):
            town = towns[(n * 7 + len(called)) % len(towns)]
            chance = world.chance("site", called, n)
            alone.append(
                Site(
                    id=world.key("site", called, n), kind=kind, name=f"演示·{town.short}{_counted(n + 1)}号{called}",
                    sector_id=sector, region_code=chance.choice(town.villages), point=spot(world, town, called, n),
                    address=f"{town.short}（演示地址）", is_demo=True, created_at=world.at(date(2021, 6, 1)), **columns,
                )
            )  # fmt: skip
    put([*with_unit, *alone])
    record_many(line(SYSTEM, "site.create", site, name=site.name, kind=site.kind) for site in [*with_unit, *alone])


def _own_site(world: World, unit: Enterprise, kind: Species) -> Site:
    return Site(
        id=world.key("site", unit.pk), kind=kind.site, name=f"{unit.name}（现场）", enterprise=unit,
        sector_id=unit.sector_id, region_code=unit.region_code, point=unit.point, point_sent=unit.point_sent,
        place_type=kind.place_type, project_type="房屋" if kind.site == "project" else "", address=unit.address,
        opened_on=unit.opened_on, is_demo=True, created_at=unit.created_at,
    )  # fmt: skip


# --- what is stated -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Manner:
    """How a unit of one quality behaves: shares, and a range of per cents for its self-checks."""

    reviewed: float
    controlled: float
    checks: tuple[int, int]
    plan: float
    drill: float
    certified: float
    trained: float
    insured: float
    penalties: tuple[float, float]  # chance of an ordinary one, of a second


MANNERS = {
    GOOD: Manner(1, 1, (96, 100), 1, 1, 1, 1, 1, (0, 0)),
    FAIR: Manner(0.72, 0.12, (40, 74), 0.75, 0.45, 0.85, 0.45, 1, (0.3, 0)),
    POOR: Manner(0.55, 0.15, (30, 62), 0.5, 0.3, 0.6, 0.35, 0.85, (0.5, 0.25)),
    BAD: Manner(0.2, 0.1, (20, 55), 0.3, 0.1, 0.3, 0.2, 0.6, (0.9, 0.6)),
}
LIMITS = {  # what the policy of a unit run well says; of others nobody entered it
    True: {"limit_person_yuan": Decimal("400000.00"), "all_workers": True, "one_sum": True},
    False: {},
}
WHY_D = ("stop_order", "licence", "refusal", "dishonesty_listing", "concealment")  # what a bad unit has done, in turn


def _papers(world: World, units: list[Enterprise], species: dict[UUID, Species]) -> None:
    book = book_of(world.today)
    rows: dict[type, list[Any]] = defaultdict(list)
    for unit in units:
        kind, how = species[unit.pk], quality(world, unit.pk)
        collect = _Storyteller(world, unit, rows)
        _certificate(collect, kind, how, minimum_level(unit, book))
        _licence(collect, kind)
        _facts(collect, kind, MANNERS[how], insured=must_insure(unit, book))
        if how == BAD:
            _why_d(collect, kind)
    for found in rows.values():
        put(found)


class _Storyteller:
    """Collects what is stated about one unit; known a few days after it held. Nothing is older than the unit."""

    def __init__(self, world: World, unit: Enterprise, rows: dict[type, list[Any]]) -> None:
        self.world, self.unit, self.rows = world, unit, rows
        self.chance = world.chance("facts", unit.pk)
        self.by = world.key("user", "bureau")

    def __call__(
        self, model: type, since: date, until: date | None = None, source: str = FactSource.AUTHORITY, **columns: Any
    ) -> None:
        if until and self.unit.opened_on and until <= self.unit.opened_on:
            return
        since = max(since, self.unit.opened_on or since)
        self.rows[model].append(
            model(
                id=self.world.key("stated", model.__name__, len(self.rows[model])), enterprise=self.unit,
                held_from=since, held_to=until, source=source, recorded_by_id=self.by, document="演示文书",
                known_from=self.world.at(min(since + timedelta(days=3), self.world.today), 0), **columns,
            )
        )  # fmt: skip

    def fact(
        self, kind: str, since: date, until: date | None = None, source: str = FactSource.AUTHORITY, **value: Any
    ) -> None:
        self(StatedFact, since, until, source, kind=kind, value=value)

    def again(
        self, kind: str, since: date, every: int, times: int, source: str = FactSource.SELF, **value: Any
    ) -> None:
        """The same every so many days, the last time on `since`."""
        for n in range(times):
            day = since - timedelta(days=n * every)
            if n == 0 or self.unit.opened_on is None or day > self.unit.opened_on:
                self.fact(kind, day, source=source, **value)

    def renewed(self, model: type, since: date, days: int, times: int, **columns: Any) -> None:
        """A paper for so many days, and those before it without a gap."""
        for n in range(times):
            first = since - timedelta(days=n * days)
            self(model, first, first + timedelta(days=days - 1), **columns)

    def ago(self, first: int, last: int) -> date:
        return self.world.ago(self.chance.randint(first, last))


def _certificate(collect: _Storyteller, kind: Species, how: str, minimum: int | None) -> None:
    """Three years each. Where a level is compulsory a poorly run unit has let it run out, or never had one."""
    own, drawn = collect.unit.pk == collect.world.key(*OWN_MINE), collect.chance.random()
    if not kind.scheme or (minimum is None and drawn > 0.25):
        return
    level = 1 if own or (how == GOOD and drawn < 0.5) else minimum or 3
    since = collect.ago(200, 900)
    if how in (POOR, BAD) and drawn < 0.22:
        if drawn < 0.1:
            collect.fact("no_standardization", collect.ago(500, 700), note="演示：核查时未取得等级")
            return
        since = collect.world.ago(3 * 365 + (40 if drawn < 0.18 else 200))  # run out 40 or 200 days ago
    collect.renewed(
        StandardizationCertificate, since, 3 * 365, 2, scheme=kind.scheme, level=level, issued_by="演示·发证机关",
        certificate_no=f"演示-AQBZ-{collect.unit.pk.hex[:8]}",
    )  # fmt: skip


def _licence(collect: _Storyteller, kind: Species) -> None:
    if kind.licence:
        collect.renewed(
            Licence, collect.ago(100, 900), 3 * 365, 2, licence=kind.licence, issued_by="演示·发证机关",
            number=f"演示-XK-{collect.unit.pk.hex[:8]}",
        )  # fmt: skip


def _facts(collect: _Storyteller, kind: Species, how: Manner, *, insured: bool) -> None:
    """Of the last eighteen months, so that a past day can be asked about too."""
    drawn = collect.chance.random
    if drawn() < how.reviewed:
        controlled = drawn() < how.controlled
        collect.again(
            "risk_review", collect.ago(20, 300), 330, 2, FactSource.AUTHORITY, red_orange_controlled=controlled
        )
    if not (kind.small and drawn() < 0.1):  # of one shop in ten nobody knows anything: its class is provisional
        due = 3 if kind.small else 24
        for quarter in range(6):
            done = round(due * collect.chance.randint(*how.checks) / 100)
            collect.again("self_check", collect.world.ago(20 + quarter * 91), 1, 1, due=due, done=done)
    if drawn() < how.plan:
        collect.fact("plan_filing", collect.ago(500, 900), number=f"演示-YA-{collect.unit.pk.hex[:6]}")
    on_time = drawn() < how.drill
    if on_time:
        collect.again("drill", collect.ago(10, 120), 150, 4, scope="on_site", people=12)
    else:
        collect.fact("drill", collect.ago(400, 500), source=FactSource.SELF, scope="on_site", people=12)
    certified = drawn() < how.certified
    collect.fact("people_certified", collect.ago(500, 900), principal=certified, safety_officers=certified)
    done = drawn() < how.trained
    collect.again("training", collect.ago(30, 500), 365, 2, plan_done=done, topic="演示培训", people=20)
    if insured and drawn() < how.insured:
        number = f"演示-BX-{collect.unit.pk.hex[:8]}"
        collect.renewed(
            Insurance,
            collect.ago(10, 350),
            365,
            2,
            insurer="演示·保险机构",
            policy_no=number,
            **LIMITS[how.insured == 1],
        )
    for share in how.penalties:
        if drawn() >= share:
            break
        measures = "演示：警告，罚款"
        collect.fact("penalty", collect.ago(20, 340), severity="ordinary", fine_yuan="8000.00", measures=measures)


def _why_d(collect: _Storyteller, kind: Species) -> None:
    turn = int(collect.unit.pk) % len(WHY_D)
    why = WHY_D[turn]
    if why == "licence" and kind.licence in SAFETY_LICENCES:
        paper = next(row for row in collect.rows[Licence] if row.enterprise == collect.unit)  # the newest comes first
        paper.state, paper.state_on = PaperState.SUSPENDED, collect.ago(10, 80)
    elif why == "concealment":
        collect.fact("concealment", collect.ago(60, 330), accident="演示：谎报一起险情")
    elif why == "dishonesty_listing":
        since = collect.ago(60, 500)
        collect.fact("dishonesty_listing", since, since + timedelta(days=3 * 365), clause="演示条款")
    elif why == "refusal":
        collect.fact("refusal", collect.ago(10, 90), order="演示：拒不执行责令限期整改指令")
    else:
        collect.fact(
            "penalty", collect.ago(20, 200), severity="heavy", fine_yuan="120000.00", measures="演示：责令停产停业整顿"
        )
        collect.fact("stop_order", collect.ago(5, 60), reason="演示：停产停业整顿")


# --- what upper floors are built on ----------------------------------------------------------------------------------
UNITS = "(SELECT id, region_code, sector_id, unit_type, point FROM enterprises_enterprise WHERE is_demo)"  # a table
PAINT = """
UPDATE enterprises_enterprise AS unit SET risk_colour = given.colour
FROM unnest(%(units)s::uuid[], %(colours)s::text[]) AS given (id, colour)
WHERE unit.id = given.id AND unit.is_demo
"""


def paint(colours: Mapping[UUID, str]) -> None:
    """The highest colour of many units at once."""
    write(PAINT, units=list(colours), colours=list(colours.values()))


# --- beyond the county: set-based -----------------------------------------------------------------------------------
MORE_UNITS = f"""
WITH place AS (
    SELECT code, seat, row_number() OVER (ORDER BY code) - 1 AS at FROM {VILLAGES_TODAY} AS village
), drawn AS (
    SELECT n, h, (h >> 4) %% (SELECT count(*) FROM place) AS pick
    FROM (SELECT n, hashint8extended(n, %(salt)s) & x'7fffffffffffffff'::bigint AS h
          FROM generate_series(1, %(rows)s) AS n) AS lot
)
INSERT INTO enterprises_enterprise (
    id, name, name_search, pinyin, no_credit_code_reason, registered_region_code, address, principal_name,
    principal_phone, status, unit_type, sector_id, sectors, traits, above_scale, producing, underground,
    special_geology, region_code, point, opened_on, supervision_class, class_provisional, risk_colour, is_demo,
    created_at
)
SELECT md5(%(seed)s || ' more unit ' || n)::uuid, '演示·' || lpad(n::text, 6, '0') || '号单位',
       '演示' || lpad(n::text, 6, '0') || '号单位',
       'ys' || lpad(n::text, 6, '0') || 'hdw yanshi' || lpad(n::text, 6, '0') || 'haodanwei',
       '演示批量数据', '', '', '', '', CASE WHEN h %% 50 = 0 THEN 'suspended' ELSE 'operating' END,
       (ARRAY['enterprise','enterprise','enterprise','public_institution','individual_business'])[1 + (h >> 8) %% 5],
       (%(sectors)s::text[])[1 + (h >> 16) %% %(many_sectors)s], '{{}}', '{{}}', false, false, false, false, place.code,
       ST_SetSRID(ST_MakePoint(coalesce(ST_X(place.seat), 111.12) + ((h >> 20) %% 1000) / 1000.0 * 0.05 - 0.025,
                               coalesce(ST_Y(place.seat), 38.46) + ((h >> 40) %% 1000) / 1000.0 * 0.05 - 0.025), 4326),
       %(today)s::date - (200 + (h >> 12) %% 5000)::int, '', false, '', true, %(today)s
FROM drawn JOIN place ON place.at = drawn.pick
"""  # noqa: S608 - a fragment of the places' own
THEIR_CONDITIONS = """
INSERT INTO enterprises_condition (
    enterprise_id, region_code, status, unit_type, sector_id, sectors, above_scale, producing, underground,
    special_geology, traits, held_from, reason, known_from
)
SELECT id, region_code, status, unit_type, sector_id, sectors, above_scale, producing, underground, special_geology,
       traits, opened_on, '', opened_on
FROM enterprises_enterprise AS unit
WHERE is_demo AND NOT EXISTS (SELECT FROM enterprises_condition WHERE enterprise_id = unit.id)
"""


def _more_units(world: World) -> None:
    sectors = [each.code for each in law.sectors()]
    written = write(
        MORE_UNITS, rows=world.size.more_units, salt=world.salt, seed=str(world.seed), today=world.today,
        sectors=sectors, many_sectors=len(sectors),
    )  # fmt: skip
    write(THEIR_CONDITIONS)
    write("ANALYZE enterprises_enterprise")
    fill("enterprise")
    world.say(f"    另加单位 {written}")
