"""python -m bench.counties HOST [--visits 10000000] [--hazards 3000000] [--only today,by_county,fanned] [--loaded]

HOST is the folder of a PostgreSQL's socket whose database `safety` was migrated and has its law and regions; what it holds of visits is
replaced. Writes plans/ and figures.json beside this file. Needs some 22 GB at ten million; nothing of it is kept that matters.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
import tomllib
from hashlib import md5
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

HERE = Path(__file__).parent
QUESTIONS = tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))
PATHS = {"today": "public", "by_county": "by_county, public", "fanned": "fanned, public"}
ASKED, WARM = 21, 5  # times each question is asked, and how many of them first, not counted
PATIENCE = 20  # seconds
PARTS = re.compile(r"(?:on|using) (?:by_county\.|fanned\.)?\w+_(14\d{4})\b")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("host")
    reader.add_argument("--visits", type=int, default=10_000_000)
    reader.add_argument("--hazards", type=int, default=3_000_000)
    reader.add_argument("--only", default=",".join(PATHS))
    reader.add_argument("--loaded", action="store_true", help="the tables of the first of --only stand already")
    wanted = reader.parse_args()
    chosen = wanted.only.split(",")
    file = HERE / "figures.json"
    figures = json.loads(file.read_text()) if file.exists() else {}
    for number, way in enumerate(chosen):
        seconds = 0.0 if wanted.loaded and number == 0 else _made(way, wanted)
        figures[way] = {"seconds": round(seconds), **_measured(way, wanted)}
        file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(_table(figures))


def _table(figures: dict[str, Any]) -> str:
    """Milliseconds (counties asked), as README.md has them."""
    columns = [(way, word) for way in figures for word in (("today",) if way == "today" else ("today", "named"))]
    lines = [[QUESTIONS[name]["says"], *(_cell(figures[way]["asked"].get(name, {}), word) for way, word in columns)] for name in QUESTIONS]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(asked: dict[str, dict[str, float]], word: str) -> str:
    if word not in asked:
        return "–"
    cost = asked[word]
    return f"{cost['ms']:,.1f} ({cost['parts']})" if cost else f"over {PATIENCE:,} s"


def _made(way: str, wanted: argparse.Namespace) -> float:
    began = time.monotonic()
    words = {
        "today": ["load.sql", f"visits={wanted.visits}", f"hazards={wanted.hazards}"],
        "by_county": ["by_county.sql", "gone=true"],
    }
    file, *given = words.get(way, ["fanned.sql", f"host={wanted.host}"])
    variables = [word for each in given for word in ("-v", each)]
    command = ["psql", "-X", "-q", "-h", wanted.host, "-U", "postgres", "-d", "safety", *variables, "-f", HERE / file]
    subprocess.run(command, check=True)
    return time.monotonic() - began


def _measured(way: str, wanted: argparse.Namespace) -> dict[str, Any]:
    with psycopg.connect(
        host=wanted.host, user="postgres", dbname="safety", autocommit=True, prepare_threshold=None
    ) as line:
        line.execute(f"SET search_path = {PATHS[way]}")
        line.execute(f"SET statement_timeout = '{PATIENCE}s'")
        line.execute("SET enable_partitionwise_join = on")
        line.execute("SET enable_partitionwise_aggregate = on")
        return {"sizes": _sizes(line, way), "asked": {name: _asked(line, way, name, wanted) for name in QUESTIONS}}


def _sizes(line: psycopg.Connection, way: str) -> dict[str, int]:
    """Megabytes with indexes."""
    asked = """SELECT split_part(relname, '_', 1), sum(pg_total_relation_size(c.oid)) / 1048576 FROM pg_class c
        JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s AND relkind = 'r'
        AND relname ~ '^(inspections_inspection|hazards_hazard|enterprises_enterprise)(_14\\d{4})?$' GROUP BY 1"""
    return {name: int(size) for name, size in line.execute(asked, [PATHS[way].split(",")[0]])}


def _asked(line: psycopg.Connection, way: str, name: str, wanted: argparse.Namespace) -> dict[str, dict[str, float]]:
    ways = {"today": QUESTIONS[name]["today"]}
    if way != "today" and "named" in QUESTIONS[name]:
        ways["named"] = QUESTIONS[name]["named"]
    return {word: _costs(line, f"{way}/{name}.{word}", sql, wanted) for word, sql in ways.items()}


def _costs(line: psycopg.Connection, place: str, sql: str, wanted: argparse.Namespace) -> dict[str, float]:
    """Milliseconds, counties looked into, pages; nothing of what was not answered in PATIENCE."""
    try:
        took = _several(line, sql, wanted)
        plan = [text for (text,) in line.execute(f"EXPLAIN (ANALYZE, BUFFERS, VERBOSE) {sql}", _values(ASKED, wanted))]
    except psycopg.errors.QueryCanceled:
        _keep(place, sql, [text for (text,) in line.execute(f"EXPLAIN (VERBOSE) {sql}", _values(ASKED, wanted))])
        return {}
    _keep(place, sql, plan)
    planned, run = (float(each.split()[2]) for each in plan if each.startswith(("Planning Time", "Execution Time")))
    return {"ms": round(median(took), 2), "planned": planned, "run": run, "parts": _parts(plan), "pages": _pages(plan)}


def _several(line: psycopg.Connection, sql: str, wanted: argparse.Namespace) -> list[float]:
    """As often as ASKED says, or until it has cost PATIENCE."""
    took: list[float] = []
    while len(took) < ASKED and sum(took) < PATIENCE * 1000:
        took.append(_once(line, sql, _values(len(took), wanted)))
    return took[WARM:] or took[1:] or took


def _once(line: psycopg.Connection, sql: str, values: dict[str, Any]) -> float:
    began = time.perf_counter()
    line.execute(sql, values).fetchall()
    return (time.perf_counter() - began) * 1000


def _parts(plan: list[str]) -> int:
    """Counties that were really looked into."""
    return len({county for text in plan if "never executed" not in text for county in PARTS.findall(text)}) or 1


def _pages(plan: list[str]) -> int:
    found = next((re.findall(r"(?:hit|read)=(\d+)", text) for text in plan if "Buffers: shared" in text), [])
    return sum(map(int, found))


def _keep(place: str, sql: str, plan: list[str]) -> None:
    file = HERE / "plans" / f"{place}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = [re.sub(r"^(\s*)Output: .*$", r"\1Output: …", text)[:400] for text in plan]
    file.write_text("\n".join([sql, "", *shown, ""]), encoding="utf-8")


def _id(kind: str, number: int) -> UUID:
    return UUID(md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


def _values(turn: int, wanted: argparse.Namespace) -> dict[str, Any]:
    """Another visit, person, unit and place each time, of one county."""
    number = wanted.visits // 2 + turn * 7919 * 10 + 3  # the fourth county: 141123
    hazard = wanted.hazards // 3 + turn * 5003 * 10 + 3
    west, south = 110.5 + 0.25 * 3 + 0.001 * turn, 36.8 + 0.002 * turn
    return {
        "visit": _id("v", number), "visits": [_id("v", number - 10 * each) for each in range(50)],
        "person": _id("p", number % 10 + number // 10 % 400 * 10), "stranger": UUID(int=7), "unit": _id("u", 3 + 10 * (17 + turn)),
        "county": "141123", "beyond": "141124", "town": f"141123{100 + turn % 15}", "town_beyond": f"141123{101 + turn % 15}",
        "visit_with_hazard": _id("v", hazard * wanted.visits // wanted.hazards // 10 * 10 + hazard % 10),
        "west": west, "south": south, "east": west + 0.022, "north": south + 0.018,
    }  # fmt: skip


if __name__ == "__main__":
    main()
