"""./safety bench [NAME …] [--rows 10000,1000000] [--quick] [--no-province] [--against REF]

NAME is the beginning of a request's name: `put`, `tile`, `filter-q`, `reclass`, `slow-lines`, `pooler`, `page` (in Chromium, after
./safety test --all). Without one, all of them.
--quick measures at 10,000 rows only, without the province, in short batches: under three minutes once the data stand.
--against builds another commit beside this one and measures both in turns: ratios, with their spread.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import house as houses
from bench import proxies, slow_lines
from bench.against import HEAD as HEAD_AGAINST
from bench.against import TURN, compared
from bench.budgets import BUDGETS, RECLASS
from bench.builds import build_of, here
from bench.client import Unexpected
from bench.house import House
from bench.measuring import FULL, QUICK, Cost, Pace, load, measure, measure_singly
from bench.pooler import pooling
from bench.report import HEAD, Row, keep
from bench.scenarios import CALIBRATION, EVERY, Scenario, Stage
from bench.statements import Counter
from ops.home import PROJECT, home, python
from ops.install import foreign_program
from ops.show import Failed, complain

SINGLY = 60  # requests sent one by one
HOT, TURNS = ("put-inspection", "inspections", "hazards", "304-hazards", "tile-z12"), 3  # behind a pooler
UNITS = 20_000  # in the large houses; the county told in detail has 600
RESULTS = PROJECT / "bench" / "results"
PROVINCE = ("--size", "province", "--accidents", "2000000", "--no-classes")


def main() -> int:
    if "BENCH_URL" not in os.environ:
        print("Start it with: ./safety bench", file=sys.stderr)
        return 2
    houses.use_this_environment()
    wanted = _read(sys.argv[1:])
    rows, begun = [], datetime.now()
    try:
        if wanted.against:
            return _against(wanted, begun)
        print(HEAD, flush=True)
        for house, kinds in _houses(wanted):
            rows += _in_house(house, [each for each in EVERY if _asked_for(each.name, wanted.names) and set(each.at) & kinds], wanted)
        slow = _slow_lines(wanted) if _asked_for("slow-lines", wanted.names) and not (wanted.quick and not wanted.names) else None
        pooled = _pooled(wanted) if "pooler" in wanted.names else None
        phone_page = _phone_page(wanted) if "page" in wanted.names else None
        reclass = _reclass(wanted) if _asked_for("reclass", wanted.names) and not wanted.quick else None
    except Failed as failed:
        complain(failed)
        return 1
    except Unexpected as fault:
        print(f"✗ {fault}", file=sys.stderr)
        return 1
    more = {"reclass": reclass, "slow_lines": slow, "pooler": pooled, "page": phone_page}
    path = keep([row.as_json() for row in rows], _facts(begun) | more, RESULTS, "-".join(sys.argv[1:]) or "all")
    missed = [row.name for row in rows if row.misses]
    print(f"\n{len(rows)} requests measured, {len(missed)} over their budget · {path}")
    return 0


def _read(words: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./safety bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("names", nargs="*")
    reader.add_argument("--rows", type=lambda text: sorted({int(each) for each in text.split(",")}))
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--no-province", action="store_true")
    reader.add_argument("--against", metavar="REF")
    wanted = reader.parse_args(words)
    wanted.rows = wanted.rows or ([10_000] if wanted.quick else [10_000, 1_000_000])
    wanted.province = not (wanted.quick or wanted.no_province)
    return wanted


def _asked_for(name: str, names: list[str]) -> bool:
    return not names or any(name.startswith(each) for each in names)


def _words(rows: int) -> tuple[str, ...]:
    more = ("--size", str(UNITS), "--no-classes") if rows > 100_000 else ()
    return (*more, "--hazards", str(rows), "--inspections", str(rows))


def _houses(wanted: argparse.Namespace) -> list[tuple[House, set[str]]]:
    """Each with the kinds of scenario that are measured in it."""
    found = []
    for rows in wanted.rows:
        kinds = {"rows"} | ({"smallest"} if rows == wanted.rows[0] else set()) | ({"largest"} if rows == wanted.rows[-1] else set())
        found.append((House(f"bench_{rows}", _words(rows), rows=rows), kinds))
    return [*found, *([(House("bench_province", PROVINCE), {"province"})] if wanted.province else [])]


def _in_house(house: House, scenarios: list[Scenario], wanted: argparse.Namespace) -> list[Row]:
    if not scenarios:
        return []
    house.prepare()
    password = Path(home().demo_password).read_text(encoding="utf-8").strip()
    with house.opened(), Counter(house.env()) as counter:
        stage, pace = Stage(house, password), QUICK if wanted.quick else FULL
        rows = []
        for scenario in scenarios:
            rows.append(_row(stage, scenario, pace, counter))
            print(rows[-1].line(), flush=True)
    house.forget_if_grown()
    return rows


def _row(stage: Stage, scenario: Scenario, pace: Pace, counter: Counter) -> Row:
    stage.house.settled()
    healthz = measure(stage.port, lambda n: CALIBRATION.make(stage, n), stage.house.watched, Pace(2, pace.seconds / 4))
    cost = _cost(stage, scenario, pace)
    statements = counter.count(list(scenario.make(stage, 4)))
    budget = BUDGETS[scenario.budget] if scenario.budget else None
    return Row(scenario.name, stage.house.label, cost, statements, budget, healthz.cpu, load(), scenario.words)


def _cost(stage: Stage, scenario: Scenario, pace: Pace) -> Cost:
    if not scenario.between:
        return measure(stage.port, lambda n: scenario.make(stage, n), stage.house.watched, pace)
    asks = scenario.make(stage, SINGLY)
    return measure_singly(stage.port, asks, lambda: stage.house.sql(scenario.between), stage.house.watched)


# --- two builds --------------------------------------------------------------------------------------------------------------
def _against(wanted: argparse.Namespace, begun: datetime) -> int:
    """In each house of rows, that of the other build beside it. Its own requests where it has some of that name, else ours."""
    build, found, password = build_of(wanted.against), [], ""
    theirs = build.scenarios()
    own = {each.name: each for each in theirs.EVERY}
    for house, kinds in ((house, kinds) for house, kinds in _houses(wanted) if house.rows):
        other = House(f"bench_{build.commit}_{house.rows}", house.words, rows=house.rows, build=build)
        scenarios = [each for each in EVERY if _asked_for(each.name, wanted.names) and set(each.at) & kinds]
        for each in (house, other):
            each.prepare()
        password = Path(home().demo_password).read_text(encoding="utf-8").strip()
        print(f"\n{house.label} · {here()} ÷ {build.commit}\n{HEAD_AGAINST}", flush=True)
        with house.opened(), other.opened():
            stages = Stage(house, password), theirs.Stage(other, password)
            for scenario in scenarios:
                house.settled()
                beside = own.get(scenario.name, scenario)
                found.append(compared(scenario.name, partial(_cost, stages[0], scenario, TURN), partial(_cost, stages[1], beside, TURN)))
                print(found[-1].line(), flush=True)
        for each in (house, other):
            each.forget_if_grown()
    path = keep([each.as_json() for each in found], _facts(begun) | {"against": build.commit}, RESULTS, f"against-{build.commit}")
    print(f"\n{len(found)} requests compared · {path}")
    return 0


# --- the phone's page ------------------------------------------------------------------------------------------------------
def _phone_page(wanted: argparse.Namespace) -> list[dict[str, Any]]:
    try:
        from bench import page  # Playwright is of the tests' packages
    except ImportError:
        raise Failed("The page is measured with what ./safety test --all installs.") from None
    house = House(f"bench_{wanted.rows[0]}", _words(wanted.rows[0]), rows=wanted.rows[0])
    house.prepare()
    password, found = Path(home().demo_password).read_text(encoding="utf-8").strip(), []
    with house.opened():
        print(f"\n{page.HEAD}", flush=True)
        for figure in page.page(foreign_program("chromium") or "chromium", house.port, "inspector", password):
            found.append(figure._asdict())
            print(figure.line(), flush=True)
    return found


# --- beside slow lines ---------------------------------------------------------------------------------------------------
def _slow_lines(wanted: argparse.Namespace) -> list[dict[str, Any]]:
    """`GET me` without and with eight and two hundred of them, straight and through nginx where there is one."""
    house = House(f"bench_{wanted.rows[0]}", _words(wanted.rows[0]), rows=wanted.rows[0])
    house.prepare()
    password, found = Path(home().demo_password).read_text(encoding="utf-8").strip(), []
    with house.opened(), TemporaryDirectory() as folder, ExitStack() as stack:
        stage, ways = Stage(house, password), {"": house.port}
        if foreign_program("nginx"):
            ways["nginx"] = stack.enter_context(proxies.proxy("nginx", Path(folder), house.port))
        for way, port in ways.items():
            print(f"\n{slow_lines.HEAD}  {way}", flush=True)
            for slow, count in product(slow_lines.kinds(stage.token("inspector")), (8, 200)):
                row = slow_lines.beside(port, stage.get("/me", "inspector"), slow, count)
                print(row.line(), flush=True)
                found.append(asdict(row) | {"through": way, "ratios": row.ratios})
    return found


# --- behind a pooler -----------------------------------------------------------------------------------------------------
def _pooled(wanted: argparse.Namespace) -> list[dict[str, Any]]:
    """The hot requests, in turns straight and through PgBouncer, whose CPU counts as PostgreSQL's."""
    rows = wanted.rows[0]
    straight = House(f"bench_{rows}", _words(rows), rows=rows)
    straight.prepare()
    password, found = Path(home().demo_password).read_text(encoding="utf-8").strip(), []
    with TemporaryDirectory(prefix="pool") as folder, pooling(Path(folder), str(straight.cluster.socket), straight.name) as pooler:
        behind = House(straight.name, straight.words, rows=rows, pooler=pooler)
        with straight.opened(), behind.opened():
            stages = [Stage(house, password) for house in (straight, behind)]
            stages[1]._tokens = stages[0]._tokens  # a second sign-in on the same phone would end them
            for scenario in (each for each in EVERY if each.name in HOT):
                costs = _in_turns(stages, scenario)
                found.append({"name": scenario.name, "straight": asdict(costs[0]), "pooled": asdict(costs[1])})
                cpu, median = (" → ".join(f"{getattr(cost, what):6.2f}" for cost in costs) for what in ("cpu", "median"))
                print(f"  {scenario.name:20} CPU ms {cpu}   p50 ms {median}", flush=True)
    return found


def _in_turns(stages: list[Stage], scenario: Scenario) -> list[Cost]:
    """The least of each: what other work adds is neither's."""
    rounds = [[_cost(stage, scenario, QUICK) for stage in stages] for _ in range(TURNS)]
    return [min(costs, key=lambda cost: cost.cpu) for costs in zip(*rounds, strict=True)]


# --- overnight ----------------------------------------------------------------------------------------------------------
def _reclass(wanted: argparse.Namespace) -> dict[str, Any]:
    """All units of the largest house, in one process; told for 500,000 on two cores by the CPU that it took."""
    house = House(f"bench_{wanted.rows[-1]}", _words(wanted.rows[-1]), rows=wanted.rows[-1])
    house.prepare()
    house.sql("TRUNCATE supervision_evaluation, supervision_standing CASCADE")
    with house.unswept():
        return _evaluated(house)


def _evaluated(house: House) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name in ("first", "nightly"):
        began, before = time.perf_counter(), house.spent_by_ended()
        done = subprocess.run(
            [python(home()), str(PROJECT / "manage.py"), "evaluate_classes"], env=house.env(), cwd=PROJECT, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        cpu, seconds = (house.spent_by_ended() - before) / 1000, time.perf_counter() - began
        units = int(house.sql("SELECT count(*) FROM supervision_standing"))
        result[name] = {"units": units, "seconds": seconds, "cpu": cpu, "for_500000_on_two_cores": cpu / units * 500_000 / 2}
        whole = result[name]["for_500000_on_two_cores"]
        mark = "✓" if whole <= RECLASS else "✗"
        print(
            f"{mark} re-class, {name}: {units} units {cpu / units * 1000:.2f} ms CPU each; 500,000 on two cores"
            f" {whole / 60:.1f} min (at most {RECLASS / 60:.0f})  {done.stdout.strip()}",
            flush=True,
        )
    return result


def _facts(begun: datetime) -> dict[str, Any]:
    model = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "begun": begun.isoformat(timespec="seconds"), "seconds": (datetime.now() - begun).seconds, "cores": os.cpu_count(),
        "processor": model[0] if model else platform.machine(), "python": platform.python_version(), "load": load(), "commit": here(),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
