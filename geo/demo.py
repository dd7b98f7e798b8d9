"""Where the demo takes place: seats and approximate areas of the county, and beyond it the province's divisions.

Beyond the county the townships are the real codes and names; villages and seats there are made up, for benches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from geo.actions import load_edition
from geo.areas import draw_approximate_areas, set_seats
from geo.management.commands.load_regions import DATA, rows_of
from geo.models import Region
from safety_api.demo import COUNTY, World, builds, write

PROVINCE = DATA / "regions_14_2023.csv"
VILLAGES = 21_895  # of 117 counties
EDITION = "演示 NBS 2023 山西省"

# Made-up seats: the counties in a grid over the province, their townships scattered within about 20 km.
FAR_SEATS = """
WITH county AS (
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM geo_region
    WHERE level = 'county' AND code NOT LIKE '141123%%' AND valid_to IS NULL
), placed AS (
    SELECT code, 110.8 + (n %% 9) * 0.42 AS lon, 34.8 + (n / 9) * 0.42 AS lat FROM county
)
UPDATE geo_region AS region SET point = ST_SetSRID(ST_MakePoint(
    placed.lon + (hashint8extended(region.code::bigint, %(salt)s) & 1023) / 1023.0 * 0.36,
    placed.lat + (hashint8extended(region.code::bigint, %(salt)s) >> 10 & 1023) / 1023.0 * 0.36), 4326)
FROM placed
WHERE left(region.code, 6) = left(placed.code, 6) AND region.level IN ('county', 'township') AND region.point IS NULL
"""

VILLAGES_TODAY = """(
    SELECT village.code, town.point AS seat
    FROM geo_region AS village JOIN geo_region AS town ON town.code = left(village.code, 9) || '000'
    WHERE village.level = 'village' AND village.valid_to IS NULL
)"""  # a table for statements of upper floors: today's villages, each with the seat of its township


@builds
def build(world: World) -> None:
    if world.size.counties > 1:
        load_edition(_lines(world.size.counties), label=EDITION, cut_off=date(2023, 6, 30), source="演示")
        write(FAR_SEATS, salt=world.salt)
    if not Region.objects.within(COUNTY).townships().exclude(area=None).exists():
        set_seats([{name: str(value) for name, value in row.items()} for row in rows_of(DATA / "demo_seats.csv")])
        draw_approximate_areas(COUNTY)


def _lines(counties: int) -> Iterator[Mapping[str, str | None]]:
    """The province with so many counties, ours among them, without development and scenic zones (fifth digit 7)."""
    rows = rows_of(PROVINCE)
    known = [str(row["code"]) for row in rows if row["level"] == "county" and str(row["code"])[4] != "7"]
    chosen = {COUNTY, *[code[:6] for code in known if not code.startswith(COUNTY)][: counties - 1]}
    cities = {code[:4] for code in chosen}
    for row in rows:
        code = str(row["code"])
        if code[:6] in chosen or code[2:] == "0" * 10 or (code[4:] == "0" * 8 and code[:4] in cities):
            yield row
    yield from _villages([str(row["code"]) for row in rows if row["level"] == "township"], chosen)


def _villages(townships: list[str], chosen: set[str]) -> Iterator[Mapping[str, str | None]]:
    """Made-up ones outside our county, so that 117 counties have as many as the province has; ours as they are."""
    ours = Region.objects.within(COUNTY).villages().today().values("code", "name")
    yield from ({"code": each["code"], "name": each["name"]} for each in ours)
    far = [code for code in townships if not code.startswith(COUNTY) and code[4] != "7"]
    even, more = divmod(VILLAGES - len(ours), len(far))
    for place, code in enumerate(far):
        if code[:6] in chosen:
            numbers = range(200, 200 + even + (place < more))
            yield from ({"code": f"{code[:9]}{number}", "name": f"演示第{number - 199}村"} for number in numbers)
