"""What was known then is what was told then: the figures of a past moment of our knowledge."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accidents.duplicates import joining
from accidents.models import Accident, Joining
from accidents.reports import deciding, reporting
from enterprises import actions as enterprises
from geo.actions import load_edition
from geo.models import Region, RegionEdition, RegionVersion
from hazards.models import Hazard, HazardStep
from safety_api import outbox
from safety_api.trail import SYSTEM
from tests.cast.accidents import OTHER_TOWN, PAPER, TOWN, V2, YEAR, V, W, at, bureau, key, occurring, report_accident
from tests.cast.people import MINE
from tests.cast.units import AWAY, elsewhere, mine
from tests.conftest import tries
from zero_accident.attribution import actions
from zero_accident.figures import impact, query, ranking, ratios, rebuilding, recall, tables
from zero_accident.figures.rows import FigureRows
from zero_accident.figures.working_out import read_places
from zero_accident.lists.broken import shown
from zero_accident.models import AccidentEffect, Break
from zero_accident.policies import lookup
from zero_accident.targets.actions import set_target

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=tries(6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
COUNTY = "141123"


def broken_rows(asked: query.FigureQuery, prefix: str) -> list[dict[str, Any]]:
    found = FigureRows(asked, prefix)
    return shown(found.broken(), found)


def shown_figures(asked: query.FigureQuery) -> dict[str, Any]:
    """All that the doors say, without the numbers of revisions of single rows and the addresses."""
    towns = [without_links(row) for row in ratios.breakdown(asked, COUNTY, "township")]
    one = ratios.ratios(asked, OTHER_TOWN[:9])
    ranked = [{**row, "revision": None} for row in ranking.ranking_rows(asked, COUNTY)]
    broken = [{**row, "revision": None} for row in broken_rows(asked, COUNTY)]
    return {
        "towns": towns,
        "one": {**without_links(one), "links": None, "as_known_on": None},
        "ranking": ranked,
        "broken": broken,
    }


def without_links(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, **{name: found[name] and {**found[name], "broken_list": None} for name in ("villages", "units")}}


def figures_shown_now() -> dict[str, Any]:
    return shown_figures(query.figure_query(YEAR, None))


def figures_as_known_at(moment: datetime) -> dict[str, Any]:
    return shown_figures(query.figure_query(YEAR, None, known_at=moment))


class FiguresLog:
    """What was told after each step, and when that was."""

    def __init__(self) -> None:
        self.pages: list[tuple[datetime, dict[str, Any]]] = []

    def note(self) -> None:
        while outbox.drain():
            pass
        told_now = figures_shown_now()
        self.pages.append((timezone.now(), told_now))

    def check(self) -> None:
        for moment, page in self.pages:
            assert figures_as_known_at(moment) == page


# --- whatever happened -----------------------------------------------------------------------------------------------------
UNITS = st.lists(
    st.tuples(st.sampled_from([MINE, AWAY]), st.sampled_from(["occurring", "contractor"])),
    max_size=2,
    unique_by=lambda u: u[0],
)
NUMBER = st.integers(0, 2)
STEP = st.one_of(
    st.tuples(st.just("later"), NUMBER, st.integers(0, 40), st.integers(0, 4)),
    st.tuples(st.just("write_off"), NUMBER),
    st.tuples(st.just("override"), NUMBER, st.sampled_from([("village", W, "charge"), ("unit", MINE, "exclude"), ("unit", AWAY, "charge"), ("accident", None, "exclude")])),
    st.tuples(st.just("units"), NUMBER, UNITS),
    st.tuples(st.just("decide"), NUMBER, st.sampled_from([{"region": W}, {"region": "141123101"}, {"nature": "non_production"}, {"category": "Z2"}, {"on_trunk_road": True}])),
    st.tuples(st.just("kind"), NUMBER, st.sampled_from(["serious_risk_event", "accident"])),
    st.tuples(st.just("join"), NUMBER, NUMBER),
    st.tuples(st.just("separate"), NUMBER),
    st.tuples(st.just("close"), st.just(MINE)),
    st.tuples(st.just("move"), st.just(AWAY)),
)  # fmt: skip
FIRST = st.fixed_dictionaries(
    {
        "region": st.sampled_from([V, V2, W, "141123100"]),
        "category": st.sampled_from(["Z1", "Z2", None]),
        "nature": st.sampled_from(["production", "undetermined"]),
        "deaths": st.integers(0, 3),
        "kind": st.sampled_from(["accident", "serious_risk_event"]),
        "units": UNITS,
    }
)


def apply_step(step: tuple) -> None:
    """One step, or nothing where the flow refuses it."""
    name, *rest = step
    try:
        with transaction.atomic():
            STEPS[name](*rest)
    except Exception as refused:
        if not hasattr(refused, "kind"):  # no word of ours
            raise


def parts(units: list[tuple]) -> list[dict[str, Any]]:
    return [{"enterprise": unit, "role": role, "responsible": True} for unit, role in units]


STEPS = {
    "later": lambda n, days, deaths: reporting.add_report(
        key(n), by=bureau(), kind="follow_up", held_at=at(3, 5, 12) + timedelta(days=days), deaths=deaths, reason="核实"
    ),
    "write_off": lambda n: deciding.write_off(key(n), by=bureau(), **PAPER),
    "override": lambda n, what: actions.override(
        key(n), by=bureau(), subject=what[0], effect=what[2], **({"village": what[1]} if what[0] == "village" else {"enterprise": what[1]} if what[1] else {}), **PAPER
    ),
    "units": lambda n, units: deciding.decide(key(n), by=bureau(), units=parts(units)),
    "decide": lambda n, what: deciding.decide(key(n), by=bureau(), **what),
    "kind": lambda n, kind: deciding.decide(key(n), by=bureau(), kind=kind),
    "join": lambda n, into: joining.join(key(n), into=key(into), by=bureau(), reason="同一起"),
    "separate": lambda n: joining.separate(key(n), by=bureau(), reason="是两起"),
    "close": lambda unit: enterprises.set_status(unit, by=SYSTEM, status="closed", on=date(YEAR, 9, 1), reason="注销"),
    "move": lambda unit: enterprises.update(unit, by=SYSTEM, region=V2, since=date(YEAR, 2, 1)),
}  # fmt: skip


@contextmanager
def a_world():
    with transaction.atomic():
        mine(), elsewhere()
        while outbox.drain():
            pass
        yield
        transaction.set_rollback(True)


def first(number: int, fields: dict[str, Any]) -> None:
    units = [{"enterprise": str(unit), "role": role} for unit, role in fields["units"]]
    report_accident(number, **{**fields, "units": units})


@given(st.lists(FIRST, min_size=1, max_size=3), st.lists(STEP, min_size=2, max_size=5))
@FEW
def test_figures_recalled_for_a_past_moment_equal_those_shown_then(accidents, steps):
    with a_world():
        diary = FiguresLog()
        for number, fields in enumerate(accidents):
            first(number, fields)
            diary.note()
        for step in steps:
            apply_step(step)
            diary.note()
        diary.check()


@given(st.lists(FIRST, min_size=1, max_size=3), st.lists(STEP, max_size=5))
@FEW
def test_effects_recalled_as_of_now_equal_the_kept_effects(accidents, steps):
    with a_world():
        for number, fields in enumerate(accidents):
            first(number, fields)
        for step in steps:
            apply_step(step)
        policy, effects, breaks = lookup.policy_on(date(YEAR, 6, 1)), {}, {}
        for accident, known in recall.as_they_were(list(Accident.objects.all()), timezone.now()):
            effect, lines = impact.assess(policy, accident, known)
            effects |= effect
            breaks |= lines
        assert tables.differences(tables.EFFECT, AccidentEffect.objects.filter(policy=policy.version), effects) == []
        assert tables.differences(tables.BREAK, Break.objects.filter(policy=policy.version), breaks) == []


# --- one thing at a time ---------------------------------------------------------------------------------------------------
def broken_at(moment: datetime) -> set[str]:
    return {row["key"] for row in broken_rows(query.figure_query(YEAR, None, known_at=moment), COUNTY)}


def test_a_write_off_does_not_change_figures_as_known_before_it():
    report_accident(units=occurring(mine()))
    moment = timezone.now()
    deciding.write_off(key(1), by=bureau(), **PAPER)
    assert broken_at(moment) == {V, str(MINE)}
    assert broken_at(timezone.now()) == set()


def test_a_later_death_does_not_change_figures_as_known_before_its_report():
    report_accident(deaths=2)
    moment = timezone.now()
    reporting.add_report(key(1), by=bureau(), kind="supplement", held_at=at(3, 20), deaths=3)
    rows = {row["region"]: row for row in ranking.ranking_rows(query.figure_query(YEAR, None, known_at=moment), COUNTY)}
    assert (rows[TOWN]["deaths"], rows[TOWN]["veto"]) == (2, False)
    assert [
        row["veto"] for row in ranking.ranking_rows(query.figure_query(YEAR, None), COUNTY) if row["region"] == TOWN
    ] == [True]


def test_figures_as_known_then_follow_joins_and_separations_at_their_time():
    report_accident(1), report_accident(2, region=W)
    before = timezone.now()
    joining.join(key(2), into=key(1), by=bureau(), reason="同一起")
    between = timezone.now()
    joining.separate(key(2), by=bureau(), reason="是两起")
    assert [broken_at(each) for each in (before, between, timezone.now())] == [{V, W}, {V}, {V, W}]
    assert Joining.objects.count() == 1


def test_a_serious_risk_event_is_no_accident_as_known_before_its_first_casualty():
    report_accident(kind="serious_risk_event", deaths=0)
    moment = timezone.now()
    reporting.add_report(key(1), by=bureau(), kind="follow_up", held_at=at(3, 6), deaths=1)
    assert (broken_at(moment), broken_at(timezone.now())) == (set(), {V})


def test_a_later_change_of_place_does_not_change_either_township_as_known_before():
    report_accident()
    moment = timezone.now()
    deciding.decide(key(1), by=bureau(), region=W)
    then, now = query.figure_query(YEAR, None, known_at=moment), query.figure_query(YEAR, None)
    broken = [
        [ratios.ratios(asked, town[:9])["villages"]["broken"] for asked in (then, now)] for town in (TOWN, OTHER_TOWN)
    ]
    assert broken == [[1, 0], [0, 1]]


def test_a_village_merger_does_not_change_figures_as_known_before_its_loading():
    long_ago = timezone.now() - timedelta(days=400)
    RegionEdition.objects.update(loaded_at=long_ago)
    RegionVersion.objects.update(known_from=long_ago)
    report_accident()
    before, moment = figures_shown_now(), timezone.now()
    rows = [
        {"code": code, "name": name} for code, name in Region.objects.today().values_list("code", "name") if code != V
    ]
    load_edition(
        rows,
        label="合并",
        cut_off=date(YEAR, 7, 1),
        on=date(YEAR, 7, 1),
        successors=[{"predecessor": V, "successor": V2}],
    )
    rebuilding.rebuild(YEAR)
    assert broken_at(timezone.now()) == {V2}
    assert figures_as_known_at(moment) == before
    assert figures_as_known_at(timezone.now()) == figures_shown_now()


def test_figures_before_the_first_village_list_use_that_list():
    report_accident()
    found = ratios.ratios(query.figure_query(YEAR, None, date(YEAR, 7, 1)), COUNTY)
    assert (found["villages"]["total"], found["villages"]["broken"], found["as_of"], found["as_known_on"]) == (
        253,
        0,
        f"{YEAR}-07-01",
        f"{YEAR}-07-01",
    )


def test_a_target_does_not_apply_as_known_before_it_was_set():
    report_accident()
    moment = timezone.now()
    set_target(
        by=bureau(),
        year=YEAR,
        region=COUNTY,
        subject="village",
        percent=Decimal("99.90"),
        document="兴安委〔2025〕1号",
        approved_by="县安委会",
    )
    then, now = (
        ratios.ratios(each, COUNTY)["villages"]
        for each in (query.figure_query(YEAR, None, known_at=moment), query.figure_query(YEAR, None))
    )
    assert (then["target"], then["target_region"], then["met"]) == ("85.00", None, True)
    assert (now["target"], now["target_region"], now["met"]) == ("99.90", "141123000000", False)


# --- hazards -----------------------------------------------------------------------------------------------------------------
def hazard(**fields: Any) -> Hazard:
    known = {
        "id": key(901), "state": "closed", "level": "general", "origin": "patrol", "sector_id": "fire_safety", "region_code": V, "place": "村口",
        "description": "通道堵塞", "reported_by": key(1), "reporter_name": "张巡", "found_at": at(3, 1), "received_at": at(3, 1),
        "due_on": date(YEAR, 3, 10), "closed_on": date(YEAR, 3, 9),
    }  # fmt: skip
    return Hazard.objects.create(**{**known, **fields})


def step(of: Hazard, name: str, after: str, *moment: int, due_on: date | None = None) -> None:
    HazardStep.objects.create(
        hazard=of,
        step=name,
        after=after,
        happened_at=at(*moment),
        recorded_at=at(*moment),
        by_name="张巡",
        by_role="inspector",
        due_on=due_on,
    )


@pytest.mark.parametrize(
    "known, rate",
    [((2, 28), (0, 0)), ((3, 2), (0, 0)), ((3, 9), (1, 1)), ((12, 31), (1, 1))],
)
def test_a_hazard_counts_as_open_as_known_before_it_was_closed(known, rate):
    own = hazard()
    step(own, "report", "reported", 3, 1, due_on=date(YEAR, 3, 10))
    step(own, "close-on-spot", "closed", 3, 9)
    assert rate_known_on(date(YEAR, *known)) == rate


@pytest.mark.parametrize("known, rate", [((3, 11), (0, 1)), ((3, 16), (0, 0)), ((5, 2), (0, 1))])
def test_a_deadline_counts_as_passed_as_known_before_it_was_extended(known, rate):
    own = hazard(state="rectifying", closed_on=None, due_on=date(YEAR, 5, 1), overdue_since=date(YEAR, 3, 11))
    step(own, "report", "reported", 3, 1, due_on=date(YEAR, 3, 10))
    step(own, "order", "ordered", 3, 2)
    step(own, "grant-extension", "ordered", 3, 15, due_on=date(YEAR, 5, 1))
    assert rate_known_on(date(YEAR, *known)) == rate


def rate_known_on(day: date) -> tuple[int, int]:
    rows = {
        row["region"]: row for row in ranking.ranking_rows(query.figure_query(YEAR, date(YEAR, 12, 31), day), COUNTY)
    }
    return rows[TOWN]["hazards_on_time"], rows[TOWN]["hazards_due"]


# --- what it costs, and the doors ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [0, 30])
def test_recalling_figures_takes_as_many_queries_at_any_number_of_accidents(more):
    own = occurring(mine())
    moment = timezone.now()
    for number in range(more + 1):
        report_accident(number, units=own)
    with CaptureQueriesContext(connection) as asked:
        ratios.ratios(query.figure_query(YEAR, None, known_at=moment), COUNTY)
    assert len(asked) <= 22, len(asked)


def test_recalling_reassesses_no_accident_when_nothing_was_learned_since():
    report_accident()
    source, of = recall.FactsAsKnown(timezone.now()), query.figure_query(YEAR, None).of
    assert source.then(of, read_places(of, (COUNTY,), source)).later == set()


ADDRESS = "/api/v1/zero-accident/"
YESTERDAY = "yesterday"


def day(word: str) -> str:
    return (timezone.localdate() - timedelta(days=1)).isoformat() if word == YESTERDAY else word


@pytest.mark.parametrize("door", ["ratios", "ranking", "broken", "breakdown"])
def test_the_figures_api_answers_as_known_on_a_past_day(as_, door):
    report_accident(units=occurring(mine()))
    leader = as_("leader")
    now, then = (leader.get(ADDRESS + door, {"year": YEAR, **asked}) for asked in ({}, {"as_known_on": day(YESTERDAY)}))
    assert (now.status_code, then.status_code) == (200, 200), then.content
    assert now.json() != then.json()
    both = leader.get(ADDRESS + door, {"year": YEAR, "as_known_on": day(YESTERDAY), "as_of": f"{YEAR}-06-30"})
    assert both.status_code == 200
    if door == "ratios":
        assert (now.json()["as_known_on"], then.json()["as_known_on"]) == (None, day(YESTERDAY))
        assert (then.json()["villages"]["broken"], both.json()["as_of"]) == (0, f"{YEAR}-06-30")
        assert f"as_known_on={day(YESTERDAY)}" in then.json()["villages"]["broken_list"]
    if door == "broken":
        assert then.json()["results"] == []


@pytest.mark.parametrize("door", ["ratios", "ranking", "broken", "breakdown"])
@pytest.mark.parametrize(
    "asked, code",
    [
        ({"as_known_on": "2199-01-01"}, "in_the_future"),
        ({"as_known_on": "junk"}, "invalid"),
        ({"as_known_on": "2025-02-30"}, "invalid"),
    ],
)
def test_a_future_or_invalid_day_of_knowledge_is_refused(as_, door, asked, code):
    answer = as_("leader").get(ADDRESS + door, {"year": YEAR, **asked})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_figures_as_known_today_are_the_kept_figures():
    asked = query.figure_query(YEAR, None, timezone.localdate())
    assert asked.kept and asked.known_at is None


def test_without_an_as_of_day_the_day_of_knowledge_is_used():
    known = query.figure_query(None, None, date(YEAR, 7, 1))
    assert (known.of.year, known.of.as_of, known.of.today) == (YEAR, date(YEAR, 7, 1), date(YEAR, 7, 1))
    assert query.figure_query(YEAR, None, date(YEAR + 1, 2, 1)).of.as_of == date(YEAR, 12, 31)
    assert query.figure_query(YEAR, None, date(YEAR - 1, 2, 1)).of.as_of == date(YEAR, 1, 1)


def test_a_recalled_ranking_can_be_written_as_json():
    report_accident()
    asked = query.figure_query(YEAR, None, known_at=timezone.now())
    assert json.loads(ranking.ranking(asked, COUNTY)) == ranking.ranking_rows(asked, COUNTY)
