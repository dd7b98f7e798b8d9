"""提示: what the map, the list of places and other visits tell, a moment after the commit; nothing is refused for it."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from enterprises.models import Enterprise
from evidence.models import Photo
from geo.models import Region
from hazards.models import Hazard
from inspections.ceilings.counting import recount
from inspections.models import Inspection
from inspections.remarks import remark_received
from safety_api import outbox
from safety_api.models import TrailLine
from tests.cast.units import elsewhere, mine
from tests.cast.visits import ALONE, POINT, a_finding, a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (f"7a2f6c39-5b44-4be5-9a38-6f3f1f1c00{n}1" for n in (0, 2, 3))
NEXT_DOOR, FAR_OFF = {**POINT, "lon": 111.1280}, {**POINT, "lon": 111.25}
HOME = POINT["lon"], POINT["lat"]


def put(client, body, key=FIRST, kind="inspections") -> dict:
    answer = client.put(f"/api/v1/{kind}/{key}", body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def remarks(key=FIRST, model=Inspection) -> set[str]:
    """As they stand once the worker has been."""
    outbox.drain()
    return set(model.objects.get(pk=key).warnings)


def placed(unit, lon=HOME[0], lat=HOME[1]):
    Enterprise.objects.filter(pk=unit.pk).update(point=f"SRID=4326;POINT({lon} {lat})")
    return unit


def patrol(**fields) -> dict:
    found = {"place": "东关村口", "region": "141123100200", "sector": "coal_mine", "description": "堆放杂物",
             "found_at": "2026-11-20T09:00:00+08:00", "location": POINT, "device": {"clock": timezone.now().isoformat()}}  # fmt: skip
    return {**found, **fields}


# --- the point --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "location, words",
    [
        (POINT, set()),
        ({**POINT, "mocked": False}, set()),
        ({**POINT, "mocked": True}, {"location_mocked"}),
        ({**POINT, "accuracy_m": 200}, set()),
        ({**POINT, "accuracy_m": 201}, {"location_vague"}),
        ({**POINT, "accuracy_m": -1}, {"location_vague"}),
        ({**POINT, "accuracy_m": 10_000_000}, {"location_vague"}),
        ({**POINT, "lon": 111.1385}, set()),  # 960 m
        ({**POINT, "lon": 111.1395}, {"far_from_unit"}),  # 1,050 m
        ({**POINT, "lon": 111.1395, "accuracy_m": 100}, set()),
        ({**FAR_OFF, "accuracy_m": 5000}, {"location_vague"}),
    ],
)
def test_a_visit_says_how_much_its_point_is_worth(as_, location, words):
    put(as_("inspector"), a_visit(placed(mine()), location=location, hazards=[]))
    assert remarks() - {"sent_late", *ALONE} == words


def test_a_made_up_location_is_kept_with_the_pair_as_sent(as_):
    shown = put(as_("inspector"), a_visit(mine(), location={**POINT, "mocked": True}))
    assert shown["location_sent"] == {**POINT, "accuracy_m": 8.0, "mocked": True}


def test_a_photo_taken_at_a_made_up_place_is_flagged_and_stays_so_once_processed(as_):
    phone = as_("inspector")
    put(phone, a_visit(mine(), hazards=[], photos=[a_photo(1, location={**POINT, "mocked": True}), a_photo(2)]))
    for number in (1, 2):
        phone.put(f"/api/v1/photos/{photo_id(number)}/content", picture(number), content_type="image/jpeg")
    outbox.drain()
    assert [("location_mocked" in Photo.objects.get(pk=photo_id(number)).flags) for number in (1, 2)] == [True, False]


def test_a_hazard_says_how_much_its_point_is_worth(as_):
    placed(mine())
    put(as_("inspector"), patrol(enterprise=str(mine_key()), location={**FAR_OFF, "mocked": True}), FIRST, "hazards")
    assert remarks(FIRST, Hazard) == {"location_mocked", "far_from_unit"}


def mine_key():
    return Enterprise.objects.get().pk


def test_a_hazards_own_point_is_remarked_with_the_hazard_only(as_):
    shown = put(as_("inspector"), a_visit(mine(), hazards=[a_finding(location={**POINT, "mocked": True})]))
    assert "location_mocked" not in shown["warnings"] and shown["hazards"][0]["warnings"] == ["location_mocked"]


def test_a_point_in_another_township_than_named_is_remarked(as_):
    around = Polygon.from_bbox((HOME[0] - 0.01, HOME[1] - 0.01, HOME[0] + 0.01, HOME[1] + 0.01))
    Region.objects.update(area=None)
    Region.objects.filter(code="141123101000").update(area=MultiPolygon(around, srid=4326))
    put(as_("inspector"), a_visit(mine(), hazards=[]))
    put(as_("inspector"), patrol(), SECOND, "hazards")
    assert "point_elsewhere" in remarks() & remarks(SECOND, Hazard)


# --- unit and authority ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("closed_on, told", [("2026-11-20", True), ("2026-11-21", False)])
def test_a_visit_to_a_unit_closed_by_then_is_taken_and_remarked(as_, closed_on, told):
    unit = mine(status="closed", status_on=date.fromisoformat(closed_on))
    shown = put(as_("inspector"), a_visit(unit))
    assert [("unit_closed" in each["warnings"]) for each in (shown, shown["hazards"][0])] == [told, told]


def test_a_township_officers_administrative_visit_is_taken_and_remarked(as_):
    assert "township_administrative" in put(as_("township"), a_visit(mine(), authority="administrative"))["warnings"]
    assert (
        "township_administrative"
        not in put(as_("township"), a_visit(mine_again(), authority="patrol", hazards=[]), SECOND)["warnings"]
    )


def mine_again():
    return Enterprise.objects.get()


def test_administrative_visits_beyond_the_yearly_ceiling_are_remarked(as_):
    unit = mine(sector="fire_safety", producing=False)
    visit = {"sector": "fire_safety", "checklist": None, "answers": [], "hazards": []}
    days = {FIRST: "01", SECOND: "02", THIRD: "03"}
    for key, day in reversed(days.items()):  # whichever arrives first
        at = {"started_at": f"2026-11-{day}T09:00:00+08:00", "finished_at": f"2026-11-{day}T10:00:00+08:00"}
        put(as_("bureau"), a_visit(unit, **visit, **at), key)
        Enterprise.objects.update(supervision_class="A")  # at least 1 a year, at most 2
        recount([unit.pk])
    assert ["over_ceiling" in Inspection.objects.get(pk=key).warnings for key in days] == [False, False, True]


# --- beside others -------------------------------------------------------------------------------------------------------------
def test_the_same_visit_under_two_ids_is_taken_and_the_later_one_remarked(as_):
    unit, phone = mine(), as_("inspector")
    put(phone, a_visit(unit, hazards=[]))
    put(phone, a_visit(unit, hazards=[]), SECOND)
    assert ("same_content" in remarks(FIRST), "same_content" in remarks(SECOND)) == (False, True)


def test_the_same_hazard_under_two_ids_is_taken_and_the_later_one_remarked(as_):
    put(as_("township"), patrol(), FIRST, "hazards")
    put(as_("township"), patrol(), SECOND, "hazards")
    put(as_("township"), patrol(description="另一处"), THIRD, "hazards")
    assert [("same_content" in remarks(key, Hazard)) for key in (FIRST, SECOND, THIRD)] == [False, True, False]


@pytest.mark.parametrize(
    "second, told",
    [
        ({}, True),
        (
            {"started_at": "2026-11-20T10:20:00+08:00", "finished_at": "2026-11-20T11:00:00+08:00"},
            False,
        ),  # one after the other
        ({"location": NEXT_DOOR}, False),
        ({"location": None}, True),
    ],
)
def test_one_person_at_two_places_at_once_is_remarked_on_both(as_, second, told):
    put(as_("bureau"), a_visit(mine(), hazards=[]))
    put(as_("bureau"), a_visit(elsewhere(), **{"hazards": [], "location": FAR_OFF, **second}), SECOND)
    assert [("two_places" in remarks(key)) for key in (FIRST, SECOND)] == [told, told]


def test_a_companion_who_was_elsewhere_at_that_time_is_remarked(as_, people):
    put(as_("inspector"), a_visit(mine(), hazards=[], companions=[str(people["chief"].pk)]))
    put(as_("chief"), a_visit(elsewhere(), hazards=[], location=FAR_OFF), SECOND)
    assert "two_places" in remarks(FIRST) & remarks(SECOND)


@pytest.mark.parametrize(
    "second, told",
    [
        ({}, True),
        ({"answers": [{"item": "C09-13", "result": "pass"}], "unanswered": "none"}, False),
        ({"with": "inspector"}, False),
    ],
)
def test_two_offices_on_one_item_on_one_day_are_remarked_on_both(as_, people, second, told):
    companions = [str(people[second["with"]].pk)] if "with" in second else []
    more = {name: value for name, value in second.items() if name != "with"}
    unit = mine()
    put(as_("inspector"), a_visit(unit, hazards=[a_finding(FIRST)], unanswered="none"))
    afternoon = {"started_at": "2026-11-20T15:00:00+08:00", "finished_at": "2026-11-20T16:00:00+08:00"}
    put(as_("department"), a_visit(unit, **{"hazards": [], **afternoon, "companions": companions, **more}), SECOND)
    assert [("two_offices" in remarks(key)) for key in (FIRST, SECOND)] == [told, told]


def test_two_offices_that_find_the_same_item_on_one_day_are_remarked_on_both(as_):
    unit = mine()
    for number, (who, key) in enumerate([("inspector", FIRST), ("department", SECOND)]):
        put(as_(who), a_visit(unit, started_at=f"2026-11-20T0{number + 1}:00:00+08:00", hazards=[a_finding(key)]), key)
    assert "two_offices" in remarks(FIRST, Hazard) & remarks(SECOND, Hazard)


# --- told once, and answered with it ---------------------------------------------------------------------------------------------
def test_later_remarks_are_in_the_answer_of_the_same_put_and_leave_one_line(as_):
    body, phone = a_visit(placed(mine()), location=FAR_OFF, hazards=[]), as_("inspector")
    put(phone, body)
    outbox.drain()
    remark_received(FIRST)
    again = phone.put(f"/api/v1/inspections/{FIRST}", body, format="json")
    assert again.status_code == 200 and "far_from_unit" in again.json()["warnings"]
    assert TrailLine.objects.filter(verb="inspection.remark").values_list("details", flat=True).get() == {
        "words": ["far_from_unit"]
    }
