"""The doors of units: who may, whose rows, what is refused, what it costs."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from enterprises.models import Enterprise
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.people import MINE, OTHER_VILLAGE, VILLAGE
from tests.cast.units import AWAY, CODE, OTHER_CODE, body, elsewhere, mine, unit

URL = "/api/v1/enterprises"
pytestmark = pytest.mark.django_db


def names(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [each["name"] for each in response.json()["results"]]


def pointers(response) -> dict[str, str]:
    return {each["pointer"]: each["code"] for each in response.json()["errors"]}


# --- whose rows ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("inspector", {"home"}), ("inspector2", {"away"}), ("township", {"home"}), ("leader", {"home"}), ("village", {"home"}),
        ("department", {"home", "away"}), ("bureau", {"home", "away", "shop"}), ("committee", {"home", "away", "shop"}),
        ("duty", {"home", "away", "shop"}), ("enterprise", {"home"}), ("principal", {"home"}),
    ],
)  # fmt: skip
def test_everyone_sees_only_the_units_of_their_own_jurisdiction(who, seen, as_):
    mine(name="home"), elsewhere(), unit("shop", region=OTHER_VILLAGE, sector="fire_safety")
    Enterprise.objects.filter(pk=AWAY).update(name="away")
    shown = set(names(as_(who).get(URL)))
    assert shown == (seen | {"shop"} if who == "inspector2" else seen)


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_administrators_never_see_units(who, as_):
    assert as_(who).get(URL).status_code == 403


def test_a_unit_of_another_township_is_answered_like_an_unknown_one(as_):
    elsewhere()
    for method, path, sent in [
        ("get", f"{URL}/{AWAY}", None), ("patch", f"{URL}/{AWAY}", {"address": "别处"}), ("get", f"{URL}/{AWAY}/facts", None),
        ("get", f"{URL}/{AWAY}/conditions", None),
        ("post", f"{URL}/{AWAY}/status", {"status": "closed", "on": "2026-01-01", "reason": "关"}),
    ]:  # fmt: skip
        response = getattr(as_("township"), method)(path, sent, format="json")
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), path


def test_a_department_sees_units_that_have_its_sector_as_a_second_one(as_):
    unit("加油站", sector="fire_safety", sectors=["coal_mine"])
    unit("饭店", sector="fire_safety")
    assert names(as_("department").get(URL)) == ["加油站"]
    assert names(as_("bureau").get(URL, {"sector": "coal_mine"})) == ["加油站"]


# --- reading -------------------------------------------------------------------------------------------------------------
def test_lists_mask_contact_persons_and_details_show_them_to_authorised_roles(as_):
    mine()
    assert as_("inspector").get(URL).json()["results"][0]["principal_phone"] == "138****5678"
    shown = as_("inspector").get(f"{URL}/{MINE}").json()
    assert (shown["principal_name"], shown["principal_phone"]) == ("张小三", "13812345678")
    masked = as_("village").get(f"{URL}/{MINE}").json()
    assert (masked["principal_name"], masked["principal_phone"]) == ("张*三", "138****5678")


def test_a_unit_is_answered_with_the_names_of_its_township_and_village(as_):
    mine()
    shown = as_("bureau").get(f"{URL}/{MINE}").json()
    assert shown["township"] == "141123100000" and shown["township_name"] == "蔚汾镇" and shown["region_name"]
    assert shown["class"] == "" and shown["status"] == "operating"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "示例"}, ["煤"]), ({"q": "slmy"}, ["煤"]), ({"q": "shili"}, ["煤"]), ({"q": "91141123ma0k"}, ["煤"]),
        ({"q": "（示例）"}, ["煤"]), ({"q": "%"}, []), ({"q": "_"}, []), ({"q": "'; drop table"}, []), ({"q": "没有"}, []),
        ({"class": "D"}, ["煤"]), ({"class": "A"}, []), ({"type": "individual_business"}, ["店"]), ({"sector": "fire_safety"}, ["店"]),
        ({"region": "141123"}, ["煤", "店"]), ({"region": "141123100"}, ["煤", "店"]), ({"region": VILLAGE}, ["煤", "店"]),
        ({"region": "141123101"}, []), ({"status": "closed"}, []), ({"bbox": "111,38,112,39"}, ["煤"]), ({"bbox": "100,30,101,31"}, []),
    ],
)  # fmt: skip
def test_units_are_found_by_name_pinyin_code_and_filters(query, found, as_):
    from django.contrib.gis.geos import Point

    mine(name="兴县（示例）煤业有限公司", supervision_class="D", point=Point(111.1, 38.4, srid=4326))
    unit("老王小店", sector="fire_safety", unit_type="individual_business")
    shown = names(as_("bureau").get(URL, query))
    assert sorted(shown) == sorted({"煤": "兴县（示例）煤业有限公司", "店": "老王小店"}[each] for each in found)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"region": "141199"}, "unknown_region"), ({"region": "14"}, "unknown_region"), ({"bbox": "1,2,3"}, "bad_bbox"),
        ({"crs": "mars"}, "unknown_crs"), ({"limit": "-5"}, "bad_limit"), ({"cursor": "?"}, "bad_cursor"), ({"colour": "red"}, "bad_parameter"),
        ({"class": "E"}, "invalid"),
    ],
)  # fmt: skip
def test_an_invalid_parameter_is_refused_with_its_code(query, code, as_):
    response = as_("bureau").get(URL, query)
    assert (response.status_code, response.json()["code"]) == (400, code)


def test_coordinates_are_answered_in_the_requested_system(as_):
    as_("bureau").post(URL, body(location={"lon": 111.133972, "lat": 38.46254, "crs": "gcj02"}), format="json")
    key = Enterprise.objects.get().pk
    wgs = as_("bureau").get(f"{URL}/{key}").json()["point"]
    gcj = as_("bureau").get(f"{URL}/{key}", {"crs": "gcj02"}).json()["point"]
    assert (round(wgs["lon"], 5), round(gcj["lon"], 5), gcj["crs"]) == (111.12749, 111.13397, "gcj02")
    assert Enterprise.objects.get().point_sent["crs"] == "gcj02"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_three_queries_at_any_length(rows, as_, django_assert_num_queries):
    for number in range(rows):
        unit(f"单位{number}")
    phone = as_("bureau")
    with django_assert_num_queries(3):  # token · tag · units with the names of their places
        assert len(names(phone.get(URL))) == rows
    with django_assert_num_queries(4):  # and whether the region exists
        phone.get(URL, {"region": "141123"})


def test_an_unchanged_list_is_a_304(as_):
    phone = as_("bureau")
    tag = phone.get(URL)["ETag"]
    assert phone.get(URL, headers={"If-None-Match": tag}).status_code == 304
    mine()
    assert phone.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_paging_through_units_returns_each_once(as_):
    for number in range(5):
        unit(f"单位{number}")
    phone, seen = as_("bureau"), []
    address = f"{URL}?limit=2"
    while address:
        page = phone.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5


# --- registering ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["township", "department", "bureau"])
def test_registrars_create_a_unit_with_a_trail_line_and_a_message(who, as_):
    response = as_(who).post(URL, body(opened_on="2016-05-01"), format="json")
    assert response.status_code == 201 and response["ETag"] and response.json()["warnings"] == []
    made = Enterprise.objects.get()
    assert made.conditions.get().held_from == date(2016, 5, 1)
    assert TrailLine.objects.filter(verb="enterprise.create", object_id=made.pk, region_code=VILLAGE).count() == 1
    assert OutboxMessage.objects.filter(topic="enterprise.created").count() == 1


@pytest.mark.parametrize("who", ["inspector", "leader", "village", "committee", "duty", "enterprise", "principal"])
def test_roles_that_are_no_registrars_cannot_create_units(who, as_):
    assert as_(who).post(URL, body(), format="json").status_code == 403
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("who", "sent"),
    [("township", {"region": OTHER_VILLAGE}), ("department", {"sector": "fire_safety"})],
)
def test_nobody_creates_a_unit_outside_their_jurisdiction(who, sent, as_):
    response = as_(who).post(URL, body(**sent), format="json")
    assert (response.status_code, response.json()["code"]) == (403, "outside_jurisdiction")
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("sent", "code", "pointer"),
    [
        ({"credit_code": "91141123MA0K000134"}, "bad_credit_code", "/credit_code"),
        ({"credit_code": "91141123MA0I000135"}, "bad_credit_code", "/credit_code"),
        ({"credit_code": None}, "code_or_reason", "/credit_code"),
        ({"credit_code": ""}, "invalid", "/credit_code"),
        ({"no_credit_code_reason": "没有"}, "both_code_and_reason", "/no_credit_code_reason"),
        ({"sector": "magic"}, "unknown_sector", "/sector"),
        ({"sectors": ["magic"]}, "unknown_sector", "/sectors"),
        ({"sectors": ["coal_mine"]}, "invalid", "/sectors"),
        ({"region": "141123999999"}, "unknown_region", "/region"),
        ({"region": "141123100000"}, "not_a_village", "/region"),
        ({"region": "141123"}, "not_a_village", "/region"),
        ({"registered_region": "14"}, "invalid", "/registered_region"),
        ({"principal_phone": "12345"}, "invalid", "/principal_phone"),
        ({"opened_on": "2999-01-01"}, "in_future", "/opened_on"),
        ({"status": "closed"}, "invalid", "/status_on"),
        ({"opened_on": "2020-01-01", "status": "closed", "status_on": "2019-01-01"}, "invalid", "/status_on"),
        ({"sector": "fire_safety", "producing": True}, "invalid", "/producing"),
        ({"name": "长" * 121}, "invalid", "/name"),
        ({"name": 5}, "invalid", "/name"),
        ({"name": "控\u0007制"}, "nul", "/name"),
        ({"unit_type": "club"}, "invalid", "/unit_type"),
        ({"traits": ["dragon"]}, "invalid", "/traits/0"),
        ({"location": {"lon": 111.1, "lat": 38.4}}, "crs_required", "/location/crs"),
        ({"location": {"lon": 1, "lat": 2, "crs": "wgs84"}}, "outside_china", "/location"),
        ({"supervision_class": "A"}, "unknown_field", "/supervision_class"),
        ({"is_demo": True}, "unknown_field", "/is_demo"),
        ({"id": "1"}, "invalid", "/id"),
    ],
)  # fmt: skip
def test_an_invalid_unit_is_refused_with_its_field_and_not_stored(sent, code, pointer, as_):
    response = as_("bureau").post(URL, body(**sent), format="json")
    assert (response.status_code, response.json()["code"]) == (400, code), response.json()
    assert pointer in pointers(response), response.json()
    assert not Enterprise.objects.exists()


def test_a_nul_in_the_body_is_refused(as_):
    response = as_("bureau").post(URL, '{"name": "a\\u0000b"}', content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "nul")


def test_all_faults_are_reported_at_once(as_):
    response = as_("bureau").post(URL, body(sector="magic", region="1", principal_phone="1"), format="json")
    assert set(pointers(response)) >= {"/sector", "/region", "/principal_phone"}


def test_unusual_but_possible_values_are_stored_with_a_warning(as_):
    odd = body(credit_code="92141123MA0L00022J", location={"lon": 116.4, "lat": 39.9, "crs": "wgs84"})
    response = as_("bureau").post(URL, odd, format="json")
    assert response.status_code == 201
    assert set(response.json()["warnings"]) == {"unit_type_differs", "outside_county"}


def test_a_credit_code_is_stored_in_standard_form(as_):
    as_("bureau").post(URL, body(credit_code="９１141123ma0k 000135"), format="json")
    assert Enterprise.objects.get().credit_code == CODE


def test_a_credit_code_can_belong_to_one_unit_only(as_):
    elsewhere(code=CODE)
    response = as_("township").post(URL, body(), format="json")
    assert (response.status_code, response.json()["code"]) == (409, "credit_code_taken")
    assert pointers(response) == {"/credit_code": "credit_code_taken"}


def test_several_units_may_have_no_credit_code(as_):
    for _ in range(2):
        shop = body(credit_code=None, no_credit_code_reason="未办执照", sector="fire_safety", unit_type="individual_business")
        assert as_("bureau").post(URL, shop, format="json").status_code == 201
    assert Enterprise.objects.filter(credit_code=None).count() == 2


def test_reusing_the_id_of_a_unit_elsewhere_is_refused_without_revealing_it(as_):
    elsewhere()
    response = as_("township").post(URL, body(id=str(AWAY)), format="json")
    assert (response.status_code, response.json()["code"]) == (409, "id_reused")
    assert "魏家滩" not in response.content.decode()


def test_repeating_a_request_with_its_key_replays_the_answer(as_):
    phone, key = as_("bureau"), str(uuid4())
    first = phone.post(URL, body(), format="json", headers={"Idempotency-Key": key})
    again = phone.post(URL, body(), format="json", headers={"Idempotency-Key": key})
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert Enterprise.objects.count() == 1


# --- changing ------------------------------------------------------------------------------------------------------------
def test_a_stale_edit_is_refused(as_):
    mine()
    phone = as_("township")
    tag = phone.get(f"{URL}/{MINE}")["ETag"]
    # a test's writes share a transaction and so a stamp: the other's edit is told by its own
    Enterprise.objects.filter(pk=MINE).update(address="他人所改")
    assert phone.patch(f"{URL}/{MINE}", {"address": "我改"}, format="json", headers={"If-Match": '"0-1"'}).status_code == 412
    response = phone.patch(f"{URL}/{MINE}", {"address": "我改"}, format="json", headers={"If-Match": tag})
    assert response.status_code == 200 and response.json()["address"] == "我改"


def test_a_changed_phone_number_is_not_written_to_the_trail(as_):
    mine()
    as_("township").patch(f"{URL}/{MINE}", {"principal_phone": "13912345678"}, format="json")
    line = TrailLine.objects.get(verb="enterprise.update")
    assert line.details["changed"] == ["principal_phone"] and "139" not in str(line.details)


def test_an_edit_without_changes_writes_no_trail_line(as_):
    mine()
    for sent in ({}, {"principal_name": "张小三"}):
        assert as_("township").patch(f"{URL}/{MINE}", sent, format="json").status_code == 200
    assert not TrailLine.objects.filter(verb="enterprise.update").exists()


def test_a_credit_code_added_later_clears_the_reason_for_having_none(as_):
    shop = unit("小店")
    response = as_("bureau").patch(f"{URL}/{shop.pk}", {"credit_code": CODE}, format="json")
    assert response.status_code == 200 and response.json()["no_credit_code_reason"] == ""


def test_only_the_bureau_may_move_a_unit_to_another_township(as_):
    mine()
    moved = {"region": OTHER_VILLAGE, "since": "2026-02-01"}
    assert as_("township").patch(f"{URL}/{MINE}", moved, format="json").json()["code"] == "outside_jurisdiction"
    assert as_("bureau").patch(f"{URL}/{MINE}", moved, format="json").status_code == 200
    was, now = Enterprise.objects.get(pk=MINE).conditions.known().order_by("held_from")
    assert (was.region_code, was.held_to, now.region_code) == (VILLAGE, date(2026, 2, 1), OTHER_VILLAGE)


def test_a_correction_applies_to_the_whole_history(as_):
    mine(opened_on=date(2016, 5, 1))
    as_("bureau").patch(f"{URL}/{MINE}", {"sector": "non_coal_mine", "producing": False, "correction": True}, format="json")
    known = Enterprise.objects.get(pk=MINE).conditions.known().get()
    assert (known.sector_id, known.held_from) == ("non_coal_mine", date(2016, 5, 1))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"status": "closed"}, "unknown_field"), ({"id": str(AWAY)}, "unknown_field"), ({"name": ""}, "invalid"),
        ({"credit_code": "1"}, "bad_credit_code"), ({"since": "2999-01-01"}, "in_future"), ({"credit_code": None}, "code_or_reason"),
    ],
)  # fmt: skip
def test_an_invalid_edit_changes_nothing(sent, code, as_):
    before = mine()
    response = as_("bureau").patch(f"{URL}/{MINE}", sent, format="json")
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert Enterprise.objects.get(pk=MINE).credit_code == before.credit_code


def test_the_credit_code_of_another_unit_is_refused(as_):
    mine(), elsewhere()
    assert as_("bureau").patch(f"{URL}/{MINE}", {"credit_code": OTHER_CODE}, format="json").json()["code"] == "credit_code_taken"


# --- status --------------------------------------------------------------------------------------------------------------
def status_of(client, status, on):
    return client.post(f"{URL}/{MINE}/status", {"status": status, "on": str(on), "reason": "检修"}, format="json")


def test_closing_a_unit_on_a_day_leaves_earlier_days_unchanged(as_):
    mine(opened_on=date(2016, 5, 1))
    shown = status_of(as_("township"), "closed", "2026-03-01").json()
    assert (shown["status"], shown["closed_on"], shown["status_on"]) == ("closed", "2026-03-01", "2026-03-01")
    history = Enterprise.objects.get(pk=MINE).conditions
    assert history.as_of(date(2026, 2, 28)).get().status == "operating"
    assert history.as_of(date(2026, 3, 1)).get().status == "closed"
    shown = status_of(as_("township"), "operating", "2026-05-01").json()
    assert (shown["status"], shown["closed_on"]) == ("operating", None)


@pytest.mark.parametrize(
    ("status", "on", "answer"),
    [
        ("operating", "2026-03-01", (409, "wrong_step")), ("closed", localdate() + timedelta(days=1), (400, "in_future")),
        ("closed", "2001-01-01", (400, "invalid")), ("gone", "2026-03-01", (400, "invalid")),
    ],
)  # fmt: skip
def test_an_impossible_status_change_is_refused(status, on, answer, as_):
    mine(opened_on=date(2016, 5, 1))
    response = status_of(as_("bureau"), status, on)
    assert (response.status_code, response.json()["code"]) == answer


def test_the_condition_history_shows_what_was_known_before(as_):
    mine()
    status_of(as_("bureau"), "suspended", "2026-03-01")
    answered = as_("enterprise").get(f"{URL}/{MINE}/conditions").json()
    assert [(each["status"], each["held_to"], each["known_to"] is None) for each in answered] == [
        ("operating", None, False), ("operating", "2026-03-01", True), ("suspended", None, True),
    ]  # fmt: skip


def test_filtering_by_an_unknown_sector_is_refused(as_):
    answer = as_("inspector").get(URL, {"sector": "no_such"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_sector")
