"""撤并: records of a place that ended belong to whoever took over, at once, in filters, jurisdiction and figures."""

from __future__ import annotations

from datetime import date

import pytest

from geo.querysets import township_today
from geo.succession import heirs
from hazards.figures.counting import rebuild
from hazards.models import Counted, Hazard
from inbox import actions as inbox
from inbox.letters import Letter, posts
from inspections.models import Inspection
from safety_api import merged, outbox
from safety_api.roles import Role
from tests.cast import accidents
from tests.cast.accidents import V2, W
from tests.cast.hazards import a_hazard_in
from tests.cast.people import OTHER_VILLAGE, VILLAGE
from tests.cast.region_changes import MOVED, merge, move, split
from tests.cast.units import elsewhere
from tests.cast.visits import a_visit

HOME, THERE = "141123100", "141123101"
KEY, OTHER = (f"9d1f6c39-5b44-4be5-9a38-6f3f1f1c000{n}" for n in (1, 2))
ON = date(2025, 7, 1)


# --- who took over, without a database ------------------------------------------------------------------------------------------
A, B, C = "141123100200", "141123101200", "141123102200"
HEIRS = [  # ended, who took over from whom, found
    ({A}, {A: [B]}, {A: B}),
    ({A, B}, {A: [B], B: [C]}, {A: C, B: C}),  # merged twice
    ({A}, {A: [C, B]}, {A: B}),  # split: counted once, in the first by code
    ({A}, {}, {}),  # nobody knows, its township is still there
    ({A, "141123100000"}, {"141123100000": ["141123101000"]}, {A: "141123101000", "141123100000": "141123101000"}),
    ({A, B}, {A: [B], B: [A]}, {}),  # each the other's: nobody's
    (set(), {A: [B]}, {}),  # split off, and still there
]


@pytest.mark.parametrize("ended, after, found", HEIRS, ids=range(len(HEIRS)))
def test_the_heir_of_a_place_is_the_one_that_is_there_at_last(ended, after, found):
    assert heirs(ended, after) == found


def test_a_place_without_heirs_is_asked_about_by_its_digits_alone():
    assert merged.moved(HOME) == ((), ()) and merged.lies_in(VILLAGE, HOME) and not merged.lies_in(OTHER_VILLAGE, HOME)


# --- found under the successor ----------------------------------------------------------------------------------------------------
def found(client, kind: str, region: str | None = None) -> list[str]:
    answer = client.get(f"/api/v1/{kind}", {"region": region} if region else {})
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def moved_village(db):
    """A hazard and a unit of a village that then went to the home township under a new code."""
    unit = elsewhere(region=W)
    a_hazard_in("reported", unit, KEY, region_code=W, origin="patrol", loop="township")
    outbox.send("hazard.reported", {"hazards": [KEY]})
    outbox.drain()
    move(W, ON)
    return unit


def test_records_of_a_merged_village_are_found_under_its_successor_at_once(as_, moved_village):
    bureau = as_("bureau")
    for region in (MOVED, f"{HOME}000", HOME):
        assert found(bureau, "hazards", region) == [KEY]
        assert found(bureau, "enterprises", region) == [str(moved_village.pk)]
    assert found(bureau, "hazards", THERE) == [] == found(bureau, "enterprises", THERE)
    assert found(bureau, "hazards", W) == [KEY], "an old code is asked about as it was"


def test_officers_of_the_successor_have_the_records_and_those_of_before_have_not(as_, moved_village):
    assert found(as_("township"), "hazards") == [KEY]
    assert "confirm" in as_("township").get(f"/api/v1/hazards/{KEY}").json()["may"]
    assert as_("inspector2").get(f"/api/v1/hazards/{KEY}").status_code == 404


def test_messages_of_a_merged_village_are_read_by_the_posts_of_its_successor(as_, db):
    for number, code in enumerate((W, f"{THERE}201", VILLAGE)):
        inbox.send(
            [
                Letter(
                    kind="hazard.clock",
                    once=f"test/{number}",
                    sentence=code,
                    to=posts({Role.INSPECTOR}),
                    day=ON,
                    region_code=code,
                )
            ]
        )
    move(W, ON)
    read = {
        who: {row["sentence"] for row in as_(who).get("/api/v1/inbox").json()["results"]}
        for who in ("inspector", "inspector2")
    }
    assert read == {"inspector": {W, VILLAGE}, "inspector2": {f"{THERE}201"}}


def test_a_visit_to_a_unit_of_a_merged_village_is_taken_and_told(as_, moved_village):
    body = a_visit(moved_village, hazards=[], location=None)
    assert as_("inspector").put(f"/api/v1/inspections/{OTHER}", body, format="json").status_code == 201
    outbox.drain()
    assert "ended_region" in Inspection.objects.get().warnings


def test_a_hazard_told_under_an_ended_code_is_taken_and_told(as_, moved_village):
    said = {"place": "村口", "region": W, "description": "堆放杂物", "found_at": "2026-11-20T09:00:00+08:00"}
    assert as_("township").put(f"/api/v1/hazards/{OTHER}", said, format="json").status_code == 201
    outbox.drain()
    assert "ended_region" in Hazard.objects.get(pk=OTHER).warnings


def test_the_figures_of_both_townships_follow_and_equal_a_rebuild(moved_village):
    assert Counted.objects.get().township == THERE
    outbox.drain()
    assert Counted.objects.get().township == HOME
    assert rebuild(check=True).count == 0


def test_a_split_village_belongs_to_the_first_of_its_parts(as_, db):
    a_hazard_in("reported", None, KEY, region_code=W)
    split(W, ON)
    assert (found(as_("bureau"), "hazards", HOME), found(as_("bureau"), "hazards", THERE)) == ([KEY], [])


def test_villages_merged_within_a_township_are_found_under_the_village_that_stays(as_, db):
    a_hazard_in("reported", None, KEY, region_code=VILLAGE)
    merge(VILLAGE, into=V2, on=ON)
    assert found(as_("bureau"), "hazards", V2) == [KEY] == found(as_("township"), "hazards")


def test_a_unit_of_an_ended_village_can_still_be_changed(as_, moved_village):
    answer = as_("township").patch(f"/api/v1/enterprises/{moved_village.pk}", {"address": "新村部"}, format="json")
    assert answer.status_code == 200, answer.json()


def test_an_accident_told_under_an_ended_code_is_kept_under_its_successor_and_told(as_, moved_village):
    said = accidents.body(region=W, occurred_at="2025-09-05T09:00:00+08:00")
    shown = as_("inspector").put(accidents.url(1), said, format="json")
    assert shown.status_code == 201, shown.json()
    assert (shown.json()["region"], shown.json()["stated"]["region"]) == (MOVED, W)
    assert "ended_region" in shown.json()["warnings"]


def test_an_accident_of_before_the_merger_keeps_the_village_of_its_day(as_, moved_village):
    shown = as_("bureau").put(accidents.url(1), accidents.body(region=W), format="json").json()
    assert (shown["region"], "ended_region" in shown["warnings"]) == (W, False)


def test_one_list_of_hazards_costs_the_same_with_merged_villages(as_, moved_village, django_assert_max_num_queries):
    client = as_("township")
    found(client, "hazards")
    with django_assert_max_num_queries(4):
        found(client, "hazards")


def test_sums_by_township_take_a_merged_village_for_its_successors(moved_village):
    rows = Hazard.objects.annotate(town=township_today()).values_list("town", flat=True)
    assert list(rows) == [HOME]
