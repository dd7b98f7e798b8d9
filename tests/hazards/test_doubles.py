"""疑似重复: hazards and visits entered twice are proposed, joined and counted once, and separated again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hazards.figures.counting import rebuild
from hazards.models import Counted, Hazard, HazardPair, HazardStep
from inspections.facts import visited
from inspections.models import Inspection, InspectionPair
from safety_api import outbox
from tests.cast.hazards import a_hazard_in, ago, in_days
from tests.cast.people import MINE
from tests.cast.units import elsewhere, mine
from tests.cast.visits import POINT, a_finding, a_visit

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = (f"9d1f6c39-5b44-4be5-9a38-6f3f1f1c000{n}" for n in (1, 2, 3))
WHY = {"reason": "手机换号后重复提交"}
PATROL = {"origin": "patrol", "sector_id": "fire_safety"}


def two(state="reported", second_state="reported", unit=None, **second) -> tuple[Hazard, Hazard]:
    unit = unit or mine()
    return a_hazard_in(state, unit, ONE), a_hazard_in(second_state, unit, TWO, photo=901, **second)


def post(client, step: str, key=TWO, kind="hazards", **body):
    return client.post(f"/api/v1/{kind}/{key}/{step}", body, format="json")


def join(client, key=TWO, into=ONE, kind="hazards"):
    return post(client, "join", key, kind, into=into, **WHY)


def counted() -> int:
    outbox.drain()
    return Counted.objects.count()


def pairs(client, kind="hazard-twins", **asked) -> list[tuple[str, str]]:
    return [(row["first"]["id"], row["second"]["id"]) for row in client.get(f"/api/v1/{kind}", asked).json()["results"]]


# --- proposed ----------------------------------------------------------------------------------------------------------------
def patrol(**fields) -> dict:
    return {"place": "东关村口", "region": "141123100200", "description": "堆放杂物", "location": POINT,
            "found_at": "2026-11-20T09:00:00+08:00", "device": {"clock": timezone.now().isoformat()}, **fields}  # fmt: skip


@pytest.mark.parametrize(
    "second, told",
    [
        ({}, True),
        ({"found_at": "2026-11-22T09:00:00+08:00"}, True),
        ({"found_at": "2026-11-24T09:00:00+08:00"}, False),
        ({"description": "线路老化"}, False),
        ({"location": {**POINT, "lon": POINT["lon"] + 0.002}}, True),  # 174 m
        ({"location": {**POINT, "lon": POINT["lon"] + 0.003}}, False),
    ],
)
def test_hazards_alike_in_words_place_and_days_are_proposed_as_one(as_, second, told):
    for key, fields in ((ONE, {}), (TWO, second)):
        as_("township").put(f"/api/v1/hazards/{key}", patrol(**fields), format="json")
        outbox.drain()
    assert pairs(as_("township")) == ([(ONE, TWO)] if told else [])


def test_a_pair_that_was_dismissed_is_not_proposed_again(as_):
    for key in (ONE, TWO):
        as_("township").put(f"/api/v1/hazards/{key}", patrol(), format="json")
    outbox.drain()
    pair = HazardPair.objects.get()
    assert (
        as_("township").post(f"/api/v1/hazard-twins/{pair.pk}/dismiss", WHY, format="json").json()["state"]
        == "dismissed"
    )
    again = as_("township").post(f"/api/v1/hazard-twins/{pair.pk}/dismiss", WHY, format="json")
    outbox.send("hazard.reported", {"hazards": [ONE, TWO]})
    outbox.drain()
    assert again.status_code == 409 and pairs(as_("township")) == []


# --- joined and separated -----------------------------------------------------------------------------------------------------
def test_a_joined_hazard_counts_no_more_and_is_what_it_was_once_separated(as_):
    two()
    outbox.send("hazard.reported", {"hazards": [ONE, TWO]})
    assert counted() == 2
    answer = join(as_("department"))
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["joined_to"], counted()) == ("void", ONE, 1)
    assert rebuild() == rebuild(), "what is kept equals a rebuild"
    assert post(as_("department"), "separate", **WHY).json()["state"] == "reported"
    assert counted() == 2 and HazardPair.objects.get().state == "separated"


def test_joining_leaves_a_line_in_both_histories(as_):
    two()
    join(as_("department"))
    post(as_("department"), "separate", **WHY)
    steps = HazardStep.objects.exclude(step="report").order_by("id").values_list("hazard_id", "step", "before", "after")
    assert [(str(key), *step) for key, *step in steps] == [
        (TWO, "join", "reported", "void"), (ONE, "take-double", "reported", "reported"),
        (TWO, "separate", "void", "reported"), (ONE, "give-double-back", "reported", "reported"),
    ]  # fmt: skip


REFUSED = [  # who, what the duplicate is, the other state, status, code
    ("department", {"level": "major"}, "reported", 409, "double_weighs_more"),
    ("department", {"overdue_since": date(2026, 1, 1)}, "reported", 409, "double_weighs_more"),
    ("department", {"listed_level": "county"}, "reported", 409, "double_weighs_more"),
    ("department", {"found_at": ago(9)}, "reported", 409, "not_a_double"),
    ("department", {"second_state": "ordered"}, "reported", 403, "leader_required"),
    ("department", {"second_state": "void"}, "reported", 409, "wrong_step"),
    ("department", {"second_state": "enforcement"}, "reported", 409, "wrong_step"),
    ("department", {}, "rejected", 409, "wrong_step"),
    ("department", {}, "ordered", 403, "leader_required"),
    ("chief", {"second_state": "ordered"}, "ordered", 200, None),
    ("inspector", {}, "reported", 200, None),
    ("township", {}, "reported", 403, "forbidden"),
    ("village", {}, "reported", 403, "forbidden"),
    ("enterprise", {}, "reported", 403, "forbidden"),
]


@pytest.mark.parametrize("who, second, state, status, code", REFUSED, ids=range(len(REFUSED)))
def test_who_may_join_which_hazards(as_, who, second, state, status, code):
    two(state, **second)
    answer = join(as_(who))
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_a_township_joins_hazards_of_its_own_loop(as_):
    unit = mine()
    for number, key in enumerate((ONE, TWO)):
        a_hazard_in("confirmed", unit, key, photo=910 + number, **PATROL)
    assert join(as_("township")).status_code == 200


def test_hazards_of_two_units_are_not_joined(as_):
    a_hazard_in("reported", mine(), ONE)
    a_hazard_in("reported", elsewhere(), TWO, photo=901)
    assert join(as_("department")).json()["code"] == "not_a_double"


def test_one_with_a_double_of_its_own_is_not_joined_and_nothing_is_joined_to_itself(as_):
    unit = two()[0].enterprise
    a_hazard_in("reported", unit, THREE, photo=902)
    join(as_("department"))
    assert join(as_("department"), ONE, THREE).json()["code"] == "wrong_step"
    assert join(as_("department"), THREE, TWO).json()["code"] == "wrong_step"
    assert join(as_("department"), ONE, ONE).json()["code"] == "twice"


def test_a_hazard_outside_the_jurisdiction_cannot_be_joined(as_):
    unit = elsewhere()
    a_hazard_in("reported", unit, ONE, region_code=unit.region_code, **PATROL)
    a_hazard_in("reported", unit, TWO, photo=901, region_code=unit.region_code, **PATROL)
    assert join(as_("township")).status_code == 404
    assert post(as_("township"), "separate", **WHY).status_code == 404
    assert as_("township").get(f"/api/v1/hazards/{TWO}/twins").status_code == 404


def test_an_overdue_hazard_is_joined_to_one_that_is_overdue_too(as_):
    unit = mine()
    a_hazard_in("rectifying", unit, ONE, due_on=in_days(-1))
    a_hazard_in("rectifying", unit, TWO, photo=901, due_on=in_days(-1))
    assert join(as_("chief")).status_code == 200


# --- visits ---------------------------------------------------------------------------------------------------------------------
def twice(as_, unit=None, **second) -> None:
    unit = unit or mine()
    for number, (key, more) in enumerate(((ONE, {}), (TWO, second))):
        body = a_visit(unit, **{"hazards": [a_finding(f"7a2f6c39-5b44-4be5-9a38-6f3f1f1c0b0{number}")], **more})
        assert as_("inspector").put(f"/api/v1/inspections/{key}", body, format="json").status_code == 201
        outbox.drain()


def test_a_visit_begun_at_the_same_place_within_minutes_is_proposed_as_one(as_):
    twice(as_, started_at="2026-11-20T09:29:00+08:00")
    assert pairs(as_("department"), "inspection-twins") == [(ONE, TWO)]
    assert [row["state"] for row in as_("department").get(f"/api/v1/inspections/{ONE}/twins").json()] == ["proposed"]


def test_visits_half_an_hour_apart_are_two(as_):
    twice(as_, started_at="2026-11-20T09:30:00+08:00")
    assert not InspectionPair.objects.exists()


def test_a_joined_visit_and_its_findings_count_once_and_come_back_when_separated(as_):
    twice(as_)
    office = as_("department")
    shown = join(office, kind="inspections").json()
    assert shown["joined_to"] == ONE and [each["state"] for each in shown["hazards"]] == ["void"]
    assert [row["id"] for row in office.get("/api/v1/inspections").json()["results"]] == [ONE]
    assert len(office.get("/api/v1/inspections?joined=true").json()["results"]) == 2
    assert counted() == 1
    assert post(office, "separate", TWO, "inspections", **WHY).json()["hazards"][0]["state"] == "reported"
    assert (counted(), len(office.get("/api/v1/inspections").json()["results"])) == (2, 2)


def test_a_finding_that_only_the_duplicate_has_goes_on_by_itself(as_):
    twice(as_, hazards=[a_finding(THREE, description="另一处")])
    assert join(as_("department"), kind="inspections").json()["hazards"][0]["state"] == "reported"


def test_a_township_that_joins_visits_leaves_the_countys_findings_alone(as_):
    twice(as_)
    Hazard.objects.update(loop="county")
    shown = join(as_("township"), kind="inspections").json()
    assert (shown["joined_to"], shown["hazards"][0]["state"]) == (ONE, "reported")
    assert post(as_("township"), "separate", TWO, "inspections", **WHY).status_code == 200
    Hazard.objects.update(loop="township")
    assert join(as_("township"), kind="inspections").json()["hazards"][0]["state"] == "void"
    assert post(as_("township"), "separate", TWO, "inspections", **WHY).json()["hazards"][0]["state"] == "reported"


def test_an_ordered_finding_of_joined_visits_is_joined_by_a_leader_alone(as_):
    twice(as_)
    Hazard.objects.update(state="ordered")
    assert join(as_("department"), kind="inspections").json()["hazards"][0]["state"] == "ordered"


def test_a_unit_that_was_visited_twice_is_still_visited_once_joined(as_):
    twice(as_)
    join(as_("department"), kind="inspections")
    on = date(2026, 11, 20)
    assert visited([MINE], on, on + timedelta(days=1)) == {MINE}
    assert Inspection.objects.single().count() == 1


@pytest.mark.parametrize("second, code", [({"started_at": "2026-11-18T09:00:00+08:00"}, "not_a_double"), ({}, None)])
def test_only_visits_of_one_place_and_day_are_joined(as_, second, code):
    twice(as_, **second)
    assert join(as_("department"), kind="inspections").json().get("code") == code


def test_joined_visits_are_neither_joined_again_nor_separated_twice(as_):
    twice(as_)
    office = as_("department")
    join(office, kind="inspections")
    assert join(office, kind="inspections").json()["code"] == "wrong_step"
    post(office, "separate", TWO, "inspections", **WHY)
    assert post(office, "separate", TWO, "inspections", **WHY).json()["code"] == "wrong_step"
