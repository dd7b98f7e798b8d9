"""Risk points through their doors: who writes, what is refused, what is kept of the past, what the office sees."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.models import Enterprise, Site
from risks.models import RiskAssessment, RiskPoint
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.people import MINE
from tests.cast.risk_points import body, risk
from tests.cast.units import elsewhere, mine, unit

pytestmark = pytest.mark.django_db
URL = "/api/v1/risk-points"


def today() -> str:
    return timezone.localdate().isoformat()


def in_days(n: int) -> str:
    return (timezone.localdate() + timedelta(days=n)).isoformat()


@pytest.fixture
def officer(as_):
    mine()
    return as_("enterprise")


def write(client, **fields):
    return client.post(URL, body(**fields), format="json")


@pytest.fixture
def face(officer):
    return write(officer).json()


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_risk_point_is_scored_when_it_is_stored(officer):
    answer = write(officer)
    answered = answer.json()
    assert answer.status_code == 201
    assert (answered["inherent_score"], answered["inherent_colour"]) == ("720", "red")
    assert (answered["residual_score"], answered["colour"], answered["level"]) == ("120", "yellow", 3)
    assert (answered["control_level"], answered["controlled"], answered["unnamed"]) == ("company", True, [])
    assert (answered["enterprise"], answered["methods_version"], answered["review_due_on"]) == (
        str(MINE),
        "RM-2021-1",
        in_year(),
    )
    assert TrailLine.objects.filter(verb="risk.identify", object_id=answered["id"]).exists()


def in_year() -> str:
    day = timezone.localdate()
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day).isoformat()


def test_without_residual_factors_the_residual_risk_equals_the_inherent_one(officer):
    shown = write(officer, method="ls", inherent={"likelihood": "4", "severity": "4"}, residual=None)
    assert shown.status_code == 400  # null is no set of factors; leave it out
    answer = officer.post(
        URL,
        {
            **body(method="ls", inherent={"likelihood": "4", "severity": "4"}),
            "residual": {"likelihood": "4", "severity": "4"},
        },
        format="json",
    ).json()
    fields = body(method="ls", inherent={"likelihood": "4", "severity": "4"})
    del fields["residual"]
    alone = officer.post(URL, fields, format="json").json()
    assert (answer["colour"], alone["colour"], alone["residual_score"]) == ("orange", "orange", "16")


REFUSED = [
    ({"inherent": {"likelihood": "5", "exposure": "6", "consequence": "40"}}, "/inherent/likelihood", "outside_table"),
    ({"inherent": {"likelihood": "3", "exposure": "6"}}, "/inherent/consequence", "outside_table"),
    ({"residual": {"likelihood": "3", "severity": "5"}}, "/residual/severity", "outside_table"),
    ({"residual": {"likelihood": "6", "exposure": "6", "consequence": "40"}}, "/residual", "residual_above_inherent"),
    ({"inherent": {"likelihood": 3, "exposure": "6", "consequence": "40"}}, "/inherent/likelihood", "factor"),
    ({"inherent": {"likelihood": "NaN", "exposure": "6", "consequence": "40"}}, "/inherent/likelihood", "factor"),
    ({"forced_major": "bad_luck"}, "/forced_major", "unknown_forced_reason"),
    ({"accident_types": ["瓦斯爆炸", "坏运气"]}, "/accident_types", "unknown_accident_type"),
    ({"control_level": "team"}, "/control_level", "control_too_low"),
    ({"control_level": "county"}, "/control_level", "invalid_choice"),
    ({"assessed_on": "2999-01-01"}, "/assessed_on", "in_future"),
    ({"review_due_on": "2999-01-01"}, "/review_due_on", "review_too_late"),
    ({"review_due_on": "2020-01-01"}, "/review_due_on", "review_too_late"),
    ({"site": "00000000-0000-4000-8000-00000000dead"}, "/site", "unknown_site"),
    ({"measures": {"prayer": "x"}}, "/measures/prayer", "unknown_field"),
    ({"persons": {"village": "x"}}, "/persons/village", "unknown_field"),
    ({"location": {"lon": 111.1, "lat": 38.4}}, "/location/crs", "crs_required"),
    ({"enterprise": str(MINE)}, "/enterprise", "unknown_field"),
]


@pytest.mark.parametrize("fields, pointer, code", REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_an_invalid_risk_point_is_refused_with_pointer_and_code(fields, pointer, code, officer):
    answer = write(officer, **fields)
    assert answer.status_code == 400, answer.content
    assert (pointer, code) in {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert RiskPoint.objects.count() == 0


def test_a_forced_major_reason_makes_a_risk_point_red(officer):
    answered = write(officer, forced_major="ten_people_exposed", control_level="company").json()
    assert (answered["colour"], answered["residual_score"], answered["control_level"]) == ("red", "120", "company")


def test_the_site_of_a_risk_point_must_belong_to_the_unit(officer):
    other = elsewhere()
    theirs = Site.objects.create(
        kind="mine", name="别处", enterprise=other, sector_id="coal_mine", region_code=other.region_code
    )
    own = Site.objects.create(
        kind="mine", name="自家", enterprise_id=MINE, sector_id="coal_mine", region_code=other.region_code
    )
    assert write(officer, site=str(theirs.pk)).json()["code"] == "unknown_site"
    assert write(officer, site=str(own.pk)).json()["site"] == str(own.pk)


def test_a_risk_point_outside_the_county_is_stored_with_a_warning(officer):
    answered = write(officer, location={"lon": 113.0, "lat": 37.0, "crs": "gcj02"}).json()
    assert answered["warnings"] == ["outside_county"]
    seen = officer.get(f"{URL}/{answered['id']}?crs=gcj02").json()["location"]
    assert (round(seen["lon"], 5), round(seen["lat"], 5), seen["crs"]) == (113.0, 37.0, "gcj02")


def test_a_unit_officer_without_a_unit_cannot_create_risk_points(as_, people):
    people["enterprise"].enterprise_id = None
    people["enterprise"].save(update_fields=["enterprise_id"])
    assert write(as_("enterprise")).json()["code"] == "forbidden"


# --- the past ---------------------------------------------------------------------------------------------------------
AGAIN = {
    "occasion": "change", "method": "ls", "inherent": {"likelihood": "5", "severity": "5"}, "residual": {"likelihood": "5", "severity": "4"},
}  # fmt: skip


def test_a_new_assessment_supersedes_the_old_one_without_overwriting_it(officer):
    early = in_days(-30)
    first = write(officer, assessed_on=early).json()
    answer = officer.post(f"{URL}/{first['id']}/assess", AGAIN, format="json")
    assert (answer.status_code, answer.json()["colour"], answer.json()["persons"]) == (201, "red", body()["persons"])
    past = officer.get(f"{URL}/{first['id']}?on={in_days(-1)}").json()
    assert (past["colour"], past["held_from"], past["held_to"]) == ("yellow", early, today())
    assert officer.get(f"{URL}/{first['id']}?on={in_days(-31)}").status_code == 404
    history = officer.get(f"{URL}/{first['id']}/assessments").json()
    assert [(row["occasion"], row["colour"]) for row in history] == [("change", "red"), ("first", "yellow")]
    assert [row["colour"] for row in officer.get(f"{URL}?on={in_days(-1)}").json()["results"]] == ["yellow"]


def test_risk_points_of_a_future_day_are_refused(officer, face):
    for address in (f"{URL}?on={in_days(1)}", f"{URL}/{face['id']}?on={in_days(1)}"):
        assert officer.get(address).json()["code"] == "in_future"


def test_an_assessment_cannot_precede_the_one_in_force(officer, face):
    answer = officer.post(f"{URL}/{face['id']}/assess", {**AGAIN, "assessed_on": in_days(-1)}, format="json")
    assert answer.json()["code"] == "before_last_assessment"


def test_of_two_assessments_on_one_day_the_later_is_in_force(officer, face):
    officer.post(f"{URL}/{face['id']}/assess", AGAIN, format="json")
    assert officer.get(f"{URL}/{face['id']}?on={today()}").json()["colour"] == "red"
    assert RiskAssessment.objects.in_force().count() == 1


def test_changing_the_persons_adds_a_row_and_keeps_the_scores(officer):
    first = write(officer, assessed_on=in_days(-30)).json()
    shown = officer.patch(
        f"{URL}/{first['id']}", {"persons": {"company": "新人"}, "name": "3102工作面"}, format="json"
    ).json()
    assert (shown["name"], shown["persons"], shown["assessed_on"], shown["residual_score"]) == (
        "3102工作面",
        {"company": "新人"},
        in_days(-30),
        "120",
    )
    assert (shown["occasion"], shown["held_from"], shown["unnamed"]) == (
        "control",
        today(),
        ["workshop", "team", "post"],
    )
    assert officer.get(f"{URL}/{first['id']}?on={in_days(-1)}").json()["persons"]["company"] == "褚主"


def test_renaming_a_risk_point_adds_no_assessment(officer, face):
    officer.patch(f"{URL}/{face['id']}", {"name": "3102工作面"}, format="json")
    assert RiskAssessment.objects.count() == 1


def test_a_change_to_a_control_level_too_low_for_the_colour_is_refused(officer, face):
    assert (
        officer.patch(f"{URL}/{face['id']}", {"control_level": "post"}, format="json").json()["code"]
        == "control_too_low"
    )


def test_a_retired_risk_point_leaves_the_list_but_stays_for_past_days(officer):
    point = write(officer, assessed_on=in_days(-30)).json()
    answered = officer.post(f"{URL}/{point['id']}/retire", {"reason": "已封闭"}, format="json").json()
    assert (answered["status"], answered["retired_on"], answered["retired_why"]) == ("retired", today(), "已封闭")
    assert officer.get(URL).json()["results"] == []
    assert len(officer.get(f"{URL}?on={in_days(-1)}").json()["results"]) == 1
    for step, sent in (("assess", AGAIN), ("retire", {"reason": "再来"})):
        assert officer.post(f"{URL}/{point['id']}/{step}", sent, format="json").json()["code"] == "wrong_step"
    assert officer.patch(f"{URL}/{point['id']}", {"name": "又来"}, format="json").json()["code"] == "wrong_step"


def test_a_stale_change_of_a_risk_point_is_refused(officer, face):
    tag = officer.get(f"{URL}/{face['id']}")["ETag"]
    assert officer.post(f"{URL}/{face['id']}/assess", AGAIN, format="json", HTTP_IF_MATCH='"0-1"').status_code == 412
    assert officer.post(f"{URL}/{face['id']}/assess", AGAIN, format="json", HTTP_IF_MATCH=tag).status_code == 201


# --- the unit's colour --------------------------------------------------------------------------------------------------
def test_the_units_risk_colour_follows_every_change_of_its_points(officer):
    def colour():
        return Enterprise.objects.get(pk=MINE).risk_colour

    yellow = write(officer).json()
    assert colour() == "yellow"
    red = write(officer, forced_major="breach_of_mandatory_law").json()
    assert (colour(), officer.get(f"/api/v1/enterprises/{MINE}").json()["risk_colour"]) == ("red", "red")
    officer.post(f"{URL}/{red['id']}/retire", {"reason": "已整治"}, format="json")
    assert colour() == "yellow"
    officer.post(f"{URL}/{yellow['id']}/retire", {"reason": "已封闭"}, format="json")
    assert colour() == ""
    assert OutboxMessage.objects.filter(topic="risk.changed", payload={"enterprise": str(MINE)}).count() == 4
    assert TrailLine.objects.filter(verb="enterprise.set_risk_colour").count() == 4


def test_the_class_answer_includes_the_risk_colour_of_its_day(officer):
    write(officer, assessed_on=in_days(-2))
    answered = [officer.get(f"/api/v1/enterprises/{MINE}/supervision-class?on={in_days(n)}").json() for n in (0, -3)]
    assert [each.get("risk_colour") for each in answered] == ["yellow", ""]


def test_risk_points_on_the_map_have_their_colour_and_can_be_filtered(officer, as_):
    write(officer, location={"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"})
    found = as_("bureau").get("/api/v1/map/risks.geojson?bbox=110,38,112,39&colour=yellow").json()["features"]
    assert [each["properties"]["colour"] for each in found] == ["yellow"]
    assert as_("bureau").get("/api/v1/map/risks.geojson?bbox=110,38,112,39&colour=red").json()["features"] == []
    assert as_("inspector2").get("/api/v1/map/risks.geojson?bbox=110,38,112,39").json()["features"] == []


# --- reading ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def two(db):
    home, away = mine(), elsewhere()
    return risk(home, level=1, since="2026-01-05"), risk(away, level=4, since="2020-01-05")


SEES = {
    "inspector": (True, False), "inspector2": (False, True), "township": (True, False), "leader": (True, False), "village": (True, False),
    "department": (True, True), "bureau": (True, True), "committee": (True, True), "duty": (True, True), "enterprise": (True, False),
}  # fmt: skip


def test_everyone_sees_only_the_risk_points_of_their_jurisdiction(two, as_):
    for who, sees in SEES.items():
        client = as_(who)
        assert {row["id"] for row in client.get(URL).json()["results"]} == {
            str(p.pk) for p, seen in zip(two, sees, strict=True) if seen
        }, who
        for point, seen in zip(two, sees, strict=True):
            for part in ("", "/assessments"):
                assert client.get(f"{URL}/{point.pk}{part}").status_code == (200 if seen else 404), who


def test_a_risk_point_of_another_unit_cannot_be_changed(two, as_):
    client = as_("enterprise")
    for method, part, sent in (
        ("patch", "", {"name": "我的"}),
        ("post", "/assess", AGAIN),
        ("post", "/retire", {"reason": "x"}),
    ):
        assert getattr(client, method)(f"{URL}/{two[1].pk}{part}", sent, format="json").status_code == 404


def test_an_officer_of_other_sectors_sees_no_risk_points(two, as_, people):
    people["department"].sectors = ["fire_safety"]
    people["department"].save(update_fields=["sectors"])
    assert as_("department").get(URL).json()["results"] == []


@pytest.mark.parametrize(
    "query, found",
    [
        ("", [0, 1]), ("colour=red", [0]), ("colour=blue", [1]), ("overdue_review=true", [1]), ("overdue_review=false", [0]),
        ("region=141123101", [1]), ("sector=coal_mine", [0, 1]), ("sector=fire_safety", []), (f"enterprise={MINE}", [0]),
        ("on=2025-06-01", [1]),
    ],
)  # fmt: skip
def test_risk_points_are_filtered_by_colour_review_place_sector_and_day(query, found, two, as_):
    RiskAssessment.objects.filter(risk=two[0]).update(review_due_on=in_days(10))
    answered = [row["id"] for row in as_("bureau").get(f"{URL}?{query}").json()["results"]]
    assert answered == [str(two[n].pk) for n in found]


def test_persons_are_masked_in_lists_and_for_roles_without_contact_rights(officer, face, as_):
    assert as_("bureau").get(URL).json()["results"][0]["persons"]["company"] == "褚*"
    assert as_("bureau").get(f"{URL}/{face['id']}").json()["persons"]["company"] == "褚主"
    assert as_("village").get(f"{URL}/{face['id']}").json()["persons"]["company"] == "褚*"


def test_risk_points_are_paged_worst_first(as_, db):
    home = mine()
    for level in (4, 2, 3, 1, 4):
        risk(home, level=level)
    client, levels, address = as_("bureau"), [], f"{URL}?limit=2"
    while address:
        page = client.get(address).json()
        levels += [row["level"] for row in page["results"]]
        address = page["next"]
    assert levels == [1, 2, 3, 4, 4]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_as_many_statements_for_thirty_rows_as_for_one(rows, as_):
    for n in range(rows):
        risk(unit(f"第{n}家"), level=1 + n % 4)
    client = as_("bureau")
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        assert len(client.get(f"{URL}?region=141123").json()["results"]) == rows
    assert len(asked) == 4, [
        each["sql"][:90] for each in asked
    ]  # token · region · tag · points with unit and assessment


def test_the_risk_point_list_is_a_304_until_a_point_changes(officer, face):
    tag = officer.get(URL)["ETag"]
    assert officer.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 304
