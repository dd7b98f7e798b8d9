"""Reference data over the API: everyone who is signed in may read it, nobody may guess at it."""

import pytest

from safety_api.roles import EVERYONE

pytestmark = pytest.mark.django_db
PRIORITY = [
    "coal_mine",
    "non_coal_mine",
    "hazardous_chemicals",
    "fire_safety",
    "road_transport",
    "other_transport",
    "urban_construction",
    "hazardous_waste",
    "special_equipment",
    "metallurgy_trade",
    "industrial_parks",
]
NOTICE = "on=2021-03-29"  # the day of the notice, whose lists are counted here
DOORS = ["sectors", "checklists?sector=coal_mine", "hazard-standards", "rules"]


@pytest.mark.parametrize("door", DOORS)
def test_reference_data_cannot_be_read_without_signing_in(as_, door):
    assert as_(None).get(f"/api/v1/{door}").status_code == 401


@pytest.mark.parametrize("who", ["inspector", "enterprise", "leader", "auditor"])
@pytest.mark.parametrize("door", DOORS)
def test_every_signed_in_role_reads_all_reference_data(as_, who, door):
    assert as_(who).get(f"/api/v1/{door}").status_code == 200
    assert EVERYONE


def test_sectors_are_listed_in_the_order_of_the_notice_with_departments(as_):
    found = as_("inspector").get("/api/v1/sectors").json()["results"]
    assert [each["code"] for each in found] == PRIORITY
    assert [(each["name"], each["role"]) for each in found[0]["departments"][:2]] == [
        ("兴县应急管理局", "supervise"),
        ("兴县能源局", "manage"),
    ]


def test_with_all_there_are_thirteen_sectors(as_):
    found = as_("inspector").get("/api/v1/sectors?all=true").json()["results"]
    assert [each["code"] for each in found] == [*PRIORITY, "natural_hazard", "other"]


def test_departments_of_a_sector_are_those_of_the_requested_day(as_):
    def roles(on):
        found = as_("inspector").get(f"/api/v1/sectors?on={on}").json()["results"][1]["departments"]
        return [each["code"] for each in found if each["role"] == "manage"]

    assert (roles("2023-12-31"), roles("2024-01-01")) == ([], ["natural_resources"])


def test_an_inspector_gets_the_items_of_the_sector(as_):
    found = as_("inspector").get(f"/api/v1/checklists?sector=coal_mine&{NOTICE}").json()
    assert (found["code"], found["version"], len(found["items"])) == ("coal_mine", "2021-1", 17)
    assert found["items"][0] == {
        "code": "C09-01",
        "text": "（九）生产建设工程是否经批准后才组织施工？",
        "severity_hint": "S",
        "criteria": [],
        "source": "兴政发〔2021〕11号（九）",
        "by": None,
    }


@pytest.mark.parametrize(
    ("sector", "number"), [("other_transport", 20), ("hazardous_waste", 21), ("natural_hazard", 15)]
)
def test_every_sector_has_a_checklist(as_, sector, number):
    assert len(as_("inspector").get(f"/api/v1/checklists?sector={sector}&{NOTICE}").json()["items"]) == number


def test_the_fire_checklist_names_the_place_types(as_):
    found = as_("inspector").get(f"/api/v1/checklists?sector=fire_safety&{NOTICE}").json()
    assert next(each["name"] for each in found["place_types"] if each["high_risk"]) == "“多合一”场所"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("checklists", 400, "required"),
        ("checklists?sector=coal", 400, "unknown_sector"),
        ("checklists?sector=coal_mine&on=yesterday", 400, "invalid"),
        ("checklists?sector=coal_mine&on=2021-03-28", 422, "no_rule"),
        ("checklists?sector=coal_mine&colour=red", 400, "bad_parameter"),
        ("sectors?all=perhaps", 400, "invalid"),
        ("sectors?limit=-5", 400, "bad_limit"),
        ("hazard-standards?sector=coal", 400, "unknown_sector"),
        ("checklists?sector=%00", 400, "invalid"),
    ],
)
def test_an_invalid_reference_request_is_answered_as_a_problem(as_, query, status, code):
    answer = as_("inspector").get(f"/api/v1/{query}")
    words = {answer.json()["code"], *(each["code"] for each in answer.json()["errors"])}
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert code in words


@pytest.mark.parametrize("door", DOORS)
def test_an_unchanged_answer_is_304(as_, door):
    phone = as_("inspector")
    tag = phone.get(f"/api/v1/{door}")["ETag"]
    again = phone.get(f"/api/v1/{door}", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_hazard_standards_state_whether_they_are_verified(as_):
    found = as_("inspector").get("/api/v1/hazard-standards?sector=other_transport").json()["standards"]
    assert found and not any(each["verified"] for each in found)


def test_the_open_questions_of_the_county_can_be_read(as_):
    [found] = as_("inspector").get("/api/v1/rules?kind=open_questions").json()["results"]
    ids = [each["id"] for each in found["body"]["questions"]]
    assert ids == [f"OPEN-{n}" for n in range(1, len(ids) + 1)] and len(ids) >= 15


def test_rules_are_those_in_force_on_the_requested_day(as_):
    def versions(on):
        found = as_("inspector").get(f"/api/v1/rules?kind=frequencies&on={on}").json()["results"]
        return [each["version"] for each in found]

    assert (versions("2025-01-02"), versions("2025-01-03")) == (["XX-FREQ-2021"], ["XX-FREQ-2025"])


@pytest.mark.parametrize(("door", "queries"), [("checklists?sector=coal_mine", 2), ("sectors?all=true", 3)])
def test_a_reference_answer_takes_few_queries_besides_authentication(as_, door, queries, django_assert_max_num_queries):
    phone = as_("inspector")
    phone.get(f"/api/v1/{door}")
    with django_assert_max_num_queries(queries + 2):  # the tag · the newest load · the sectors; the token at most 2
        phone.get(f"/api/v1/{door}")
