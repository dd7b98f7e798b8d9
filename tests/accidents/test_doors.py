"""Accidents over the API: who may, what is refused, what is kept of what was reported."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accidents.models import Accident, AccidentReport, AccidentUnit, ReportLeg
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.accidents import OTHER_TOWN, PAPER, V2, YEAR, V, W, at, body, key, occurring, report_accident, url
from tests.cast.figures import broken_keys
from tests.cast.people import MINE
from tests.cast.units import elsewhere, mine
from tests.cast.visits import a_photo, picture
from zero_accident.models import FigureRevision

pytestmark = pytest.mark.django_db
LIST = "/api/v1/accidents"


def put(client, fields=None, number=1, **more):
    return client.put(url(number), body(**more) if fields is None else fields, format="json")


def post(client, fields, *step, number=1, **headers):
    return client.post(url(number, *step), fields, format="json", **headers)


def refused(answer) -> tuple[int, str, list[str]]:
    found = answer.json()
    return answer.status_code, found["code"], [error["pointer"] for error in found.get("errors", [])]


def nothing_stored() -> bool:
    return not (Accident.objects.exists() or AccidentReport.objects.exists() or FigureRevision.objects.exists())


# --- who may -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who, status",
    [
        (None, 401), ("inspector", 201), ("inspector2", 400), ("township", 201), ("leader", 403), ("village", 201), ("department", 201),
        ("chief", 201), ("bureau", 201), ("committee", 403), ("duty", 201), ("enterprise", 201), ("principal", 201),
        ("sysadmin", 403), ("secadmin", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_reporting_an_accident_is_allowed_by_role_and_jurisdiction(as_, who, status):
    mine()
    assert put(as_(who)).status_code == status


@pytest.mark.parametrize("step", ["decide", "write-off", "overrides"])
@pytest.mark.parametrize("who, status", [("inspector", 403), ("township", 403), ("chief", 403), ("duty", 403), ("enterprise", 403)])
def test_only_the_bureau_decides(as_, who, status, step):
    report_accident()
    assert post(as_(who), {}, step).status_code == status


def test_accidents_outside_a_persons_region_are_not_found(as_):
    report_accident(1, region=W)
    stranger = as_("inspector")
    assert stranger.get(url()).status_code == 404
    assert stranger.get(LIST).json()["results"] == []
    assert stranger.get(f"{LIST}?region=141123101").json()["results"] == []
    assert post(stranger, {"kind": "nonsense"}, "reports").status_code == 404
    assert as_("inspector2").get(url()).status_code == 200


def test_a_unit_sees_its_own_accidents_wherever_they_happened(as_):
    report_accident(1, region=W, units=occurring(mine()))
    report_accident(2, region=V)
    assert [each["id"] for each in as_("enterprise").get(LIST).json()["results"]] == [str(key(1))]


def test_a_reporter_still_sees_their_own_report_after_a_transfer(as_, people):
    from accounts.actions import move
    from safety_api.trail import SYSTEM

    put(as_("inspector"))
    move(people["inspector"], by=SYSTEM, region=OTHER_TOWN[:9])
    assert as_("inspector").get(url()).status_code == 200
    assert put(as_("inspector")).status_code == 200


# --- the first report --------------------------------------------------------------------------------------------------------
def test_a_first_report_is_answered_with_the_whole_accident(as_):
    unit = mine()
    answer = put(as_("bureau"), nature="production", units=occurring(unit), sector="coal_mine", place="井下", photos=[a_photo(1)],
                 location={"lon": 111.133972, "lat": 38.46254, "crs": "gcj02", "accuracy_m": 12})  # fmt: skip
    assert answer.status_code == 201, answer.json()
    found = answer.json()
    assert (found["deaths"], found["grade"], found["direct_loss_yuan"]) == (1, "general", "1200000.00")
    assert (found["nature"], found["stat_status"], found["in_statistics"]) == ("production", "provisional", True)
    assert (round(found["location"]["lon"], 5), found["location_sent"]["crs"]) == (111.12749, "gcj02")
    assert found["units"] == [{"enterprise": str(MINE), "name": unit.name, "role": "occurring", "responsible": None}]
    assert [(each["kind"], each["line"]) for each in found["breaks"]] == [("village", "min_deaths.Z1"), ("unit", "min_deaths.Z1")]
    assert [each["state"] for each in found["photos"]] == ["missing"]
    assert found["incomplete"] == []
    assert as_("bureau").get(url()).json() == found


def test_a_first_report_needs_only_the_time_and_lists_what_is_missing(as_):
    answer = put(as_("village"), {"occurred_at": at(3, 5).isoformat()})
    assert answer.status_code == 201, answer.json()
    found = answer.json()
    assert (found["region"], found["category"], found["nature"], found["deaths"]) == (V, None, "undetermined", 0)
    assert {"category", "sector", "description", "deaths", "direct_loss_yuan", "point"} <= set(found["incomplete"])


def test_repeating_a_report_makes_one_accident_and_other_content_is_refused(as_):
    phone = as_("inspector")
    assert [put(phone).status_code, put(phone).status_code, put(phone, device={"id": "another"}).status_code] == [201, 200, 200]
    assert refused(put(phone, deaths=2))[:2] == (409, "id_reused")
    assert refused(put(as_("township")))[:2] == (409, "id_reused")
    assert Accident.objects.count() == AccidentReport.objects.count() == FigureRevision.objects.count() == 1


def test_a_reporters_claims_on_nature_and_responsibility_are_kept_but_not_applied(as_):
    unit = mine()
    sent = [{"enterprise": str(unit.pk), "role": "contractor", "responsible": True}]
    found = put(as_("township"), nature="non_production", units=sent).json()
    assert (found["nature"], found["units"][0]["responsible"]) == ("undetermined", None)
    assert found["stated"] == {"nature": "non_production", "units": [{"enterprise": str(unit.pk), "responsible": True}]}
    assert broken_keys("unit") == set()


def test_an_enterprise_reports_only_its_own_accidents(as_):
    mine(), elsewhere()
    found = put(as_("enterprise"), region=None).json()
    assert (found["region"], [each["enterprise"] for each in found["units"]]) == (V, [str(MINE)])
    assert refused(put(as_("enterprise"), number=2, units=occurring(elsewhere_unit())))[:2] == (400, "unknown_enterprise")


def elsewhere_unit():
    from tests.cast.units import AWAY

    return type("Unit", (), {"pk": AWAY})


def test_a_report_writes_one_trail_line_and_one_message(as_):
    phone, unit = as_("bureau"), mine()
    before = TrailLine.objects.order_by("-id").first().pk
    put(phone, units=occurring(unit))
    assert list(TrailLine.objects.filter(pk__gt=before).values_list("verb", flat=True)) == ["accident.report"]
    assert OutboxMessage.objects.get(topic="accident.changed").payload == {"accident": str(key(1)), "enterprises": [str(unit.pk)]}


def test_a_photo_is_visible_to_those_who_see_its_accident(as_):
    photo = a_photo(1)
    put(as_("inspector"), photos=[photo])
    address = f"/api/v1/photos/{photo['id']}"
    answer = as_("inspector").put(f"{address}/content", picture(1), content_type="image/jpeg")
    assert answer.status_code == 201, answer.json()
    assert as_("leader").get(address).status_code == 200
    assert as_("inspector2").get(address).status_code == 404


# --- bad input ---------------------------------------------------------------------------------------------------------------


# --- further reports -----------------------------------------------------------------------------------------------------------
def test_a_follow_up_report_replaces_the_totals_and_keeps_earlier_reports(as_):
    put(as_("inspector"))
    answer = post(as_("township"), {"kind": "follow_up", "held_at": at(3, 5, 16).isoformat(), "deaths": 3}, "reports")
    assert answer.status_code == 201, answer.json()
    found = answer.json()
    assert (found["deaths"], found["grade"]) == (3, "larger")
    assert [(each["kind"], each["deaths"], each["by_name"]) for each in found["reports"]] == [("first", 1, "张巡"), ("follow_up", 3, "赵安")]
    assert as_("leader").get(url(1, "reports")).json() == found["reports"]


def test_an_enterprise_or_township_cannot_lower_reported_casualties(as_):
    report_accident(units=occurring(mine()))
    fallen = {"kind": "supplement", "deaths": 0, "reason": "误报", "held_at": at(3, 6).isoformat()}
    assert post(as_("enterprise"), fallen, "reports").status_code == 403
    assert post(as_("township"), fallen, "reports").status_code == 403
    assert broken_keys() != set()
    assert post(as_("duty"), fallen, "reports").status_code == 201
    assert broken_keys() == set()


def test_fewer_injured_or_missing_is_allowed_when_deaths_rise(as_):
    put(as_("township"), deaths=1, serious_injuries=3, missing=2)
    sent = {"kind": "follow_up", "deaths": 2, "serious_injuries": 2, "missing": 0, "held_at": at(3, 6).isoformat()}
    assert post(as_("township"), sent, "reports").status_code == 201


def test_a_follow_up_sent_twice_with_one_idempotency_key_is_stored_once(as_):
    report_accident()
    sent, idem = {"kind": "follow_up", "deaths": 2, "held_at": at(3, 6).isoformat()}, {"HTTP_IDEMPOTENCY_KEY": str(key(77))}
    first, second = (post(as_("bureau"), sent, "reports", **idem) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert AccidentReport.objects.count() == 2


# --- deciding ------------------------------------------------------------------------------------------------------------------
def test_the_bureau_decides_and_every_decision_is_kept(as_):
    unit = mine()
    put(as_("township"), units=occurring(unit), category=None)
    sent = {"nature": "production", "category": "Z1", "sector": "coal_mine", "region": V2, "stat_status": "counted", "document": "兴应急〔2025〕3号",
            "units": [{"enterprise": str(unit.pk), "role": "occurring", "responsible": True}]}  # fmt: skip
    answer = post(as_("bureau"), sent, "decide")
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    assert (found["nature"], found["category"], found["region"], found["units"][0]["responsible"]) == ("production", "Z1", V2, True)
    assert [each["nature"] for each in found["decisions"]] == ["undetermined", "production"]
    assert broken_keys("village") == {V2}
    assert AccidentUnit.objects.count() == 2 and AccidentUnit.objects.known().count() == 1


def test_a_written_off_accident_accepts_no_further_step(as_):
    report_accident()
    assert post(as_("bureau"), PAPER, "write-off").json()["stat_status"] == "written_off"
    again = post(as_("bureau"), PAPER, "write-off")
    assert refused(again)[:2] == (409, "wrong_step")
    assert again.json()["state"] == "written_off"
    assert refused(post(as_("bureau"), {"kind": "follow_up", "deaths": 5}, "reports"))[:2] == (409, "wrong_step")


# --- the clock -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("minutes, late, minutes_late", [(60, False, 0), (72, True, 12)])
def test_a_report_after_60_minutes_is_in_time_and_after_72_is_12_minutes_late(as_, minutes, late, minutes_late):
    accident, told_at = report_accident(), at(3, 5, 10)
    ReportLeg.objects.create(accident=accident, code="R1", level="enterprise", received_at=told_at, due_at=told_at + timedelta(hours=1),
                             sent_at=told_at + timedelta(minutes=minutes), channel="telephone", by_name="冯值", by_role="duty_officer")  # fmt: skip
    [leg] = [each for each in as_("duty").get(url(1, "clock")).json() if each["level"] == "enterprise"]
    assert (leg["late"], leg["minutes_late"], leg["due_at"]) == (late, minutes_late, at(3, 5, 11).isoformat())


# --- lists ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query, found",
    [
        ("", [2, 1]), ("region=141123101", [2]), ("region=141123100", [1]), ("sector=coal_mine", [1]), (f"year={YEAR}", [2, 1]),
        ("year=2024", []), ("category=Z2", [2]), ("nature=production", [1]), ("q=追尾", [2]), (f"enterprise={MINE}", [1]),
        (f"occurred_from={at(4, 1).isoformat()}".replace("+", "%2B"), [2]), (f"occurred_before={at(4, 1).isoformat()}".replace("+", "%2B"), [1]),
        ("grade=larger", []), ("stat_status=provisional", [2, 1]),
    ],
)  # fmt: skip
def test_the_accident_list_is_filtered_by_its_parameters(as_, query, found):
    report_accident(1, units=occurring(mine()), sector="coal_mine")
    report_accident(2, region=W, category="Z2", nature="non_production", occurred_at=at(5, 1), description="两车追尾")
    answer = as_("bureau").get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.json()
    assert [each["id"] for each in answer.json()["results"]] == [str(key(number)) for number in found]


@pytest.mark.parametrize("query, code", [("region=999999", "unknown_region"), ("colour=red", "bad_parameter"), ("year=abc", "invalid"), ("limit=-5", "bad_limit")])
def test_an_invalid_list_parameter_is_refused(as_, query, code):
    assert refused(as_("bureau").get(f"{LIST}?{query}"))[:2] == (400, code)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_accident_list_takes_four_queries_at_any_length(as_, rows, django_assert_num_queries):
    own = occurring(mine())
    for number in range(rows):
        report_accident(number, units=own)
    phone = as_("bureau")
    with django_assert_num_queries(4):  # token · tag · accidents · their units
        found = phone.get(LIST)
    assert len(found.json()["results"]) == rows
    with django_assert_num_queries(2):
        assert phone.get(LIST, HTTP_IF_NONE_MATCH=found["ETag"]).status_code == 304


# --- the map -------------------------------------------------------------------------------------------------------------------
def test_accidents_on_the_map_are_shown_to_the_office_and_not_to_enterprises(as_):
    point = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"}
    report_accident(1, location=point)
    report_accident(2, region=W, location=point)
    address = "/api/v1/map/accidents.geojson?bbox=110.3,37.9,111.8,38.9"
    assert [each["id"] for each in as_("leader").get(address).json()["features"]] == [str(key(1))]
    assert len(as_("bureau").get(f"{address}&year={YEAR}").json()["features"]) == 2
    assert as_("enterprise").get(address).status_code == 403
    assert as_("bureau").get("/api/v1/map/tiles/accidents/8/206/98.mvt").status_code == 200
