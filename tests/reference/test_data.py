"""The files in reference/data against the numbers of the domain paper; no database."""

import re
import tomllib
from collections import Counter
from datetime import date

import pytest

from reference import files
from reference.terms import Category, Grade

FILES = files.read()
DOCUMENTS = {(each.kind, each.code, each.version): each for each in FILES.documents}
OF_THE_NOTICE = [key for key in DOCUMENTS if key[0] == "checklist" and key[2] == "2021-1"]  # later lists are others'
NUMERALS = {
    "05": "五", "09": "九", "10": "十", "11": "十一", "12": "十二", "13": "十三", "14": "十四", "15": "十五", "17": "十七",
    "18": "十八", "20": "二十", "21": "二十一", "30": "三十", "31": "三十一", "32": "三十二", "33": "三十三",
}  # fmt: skip
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


def body(kind, code, version):
    return DOCUMENTS[kind, code, version].body


def items(sector):
    return body("checklist", sector, "2021-1")["items"]


# --- sectors and departments -------------------------------------------------------------------------------------------
def test_the_eleven_sectors_are_in_the_order_of_the_notice_before_two_others():
    assert [each["code"] for each in FILES.sectors if each["is_priority"]] == PRIORITY
    assert [each["code"] for each in FILES.sectors if not each["is_priority"]] == ["natural_hazard", "other"]
    assert [each["order"] for each in FILES.sectors] == list(range(1, 14))


def test_every_sector_has_a_supervising_department_and_coal_has_its_two():
    supervised = {row["sector"] for row in FILES.sector_departments if row["role"] == "supervise"}
    assert supervised == {each["code"] for each in FILES.sectors}
    coal = [(row["department"], row["role"]) for row in FILES.sector_departments if row["sector"] == "coal_mine"]
    assert coal[:2] == [("emergency", "supervise"), ("energy", "manage")]


def test_a_department_is_found_under_one_name_only():
    names = [name for each in FILES.departments for name in (each["name"], *each["aliases"])]
    assert [name for name, times in Counter(names).items() if times > 1] == []


# --- checklists ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sector", "letter", "number"),
    [
        ("coal_mine", "C", 17),
        ("non_coal_mine", "N", 5),
        ("hazardous_chemicals", "H", 8),
        ("urban_construction", "U", 14),
        ("road_transport", "R", 12),
        ("fire_safety", "F", 4),
        ("metallurgy_trade", "T", 4),
        ("natural_hazard", "D", 15),
        ("general", "G", 20),
    ],
)
def test_a_checklist_has_the_items_of_the_notice_with_its_letter(sector, letter, number):
    found = items(sector)
    assert len(found) == number
    assert all(each["code"].startswith(letter) for each in found)


@pytest.mark.parametrize("key", OF_THE_NOTICE, ids=lambda key: key[1])
def test_the_number_in_an_item_code_is_the_item_of_the_notice(key):
    for each in DOCUMENTS[key].body["items"]:
        numeral = f"（{NUMERALS[each['code'][1:3]]}）"
        assert each["text"].startswith(numeral) and each["text"].endswith("？"), each["code"]
        assert each["source"] == f"兴政发〔2021〕11号{numeral}", each["code"]


def test_severity_hints_of_the_coal_list_follow_the_notice():
    assert Counter(each["severity_hint"] for each in items("coal_mine")) == {"S": 5, "A": 4, "M": 6, "G": 2}
    hints = {each["code"]: each["severity_hint"] for each in items("coal_mine")}
    assert [code for code, hint in hints.items() if hint == "A"] == ["C09-05", "C09-06", "C09-07", "C09-08"]


def test_checklist_items_have_the_exact_wording_of_the_domain_paper():
    texts = {
        each["code"]: each["text"]
        for sector in (*PRIORITY, "general")
        if ("checklist", sector, "2021-1") in DOCUMENTS
        for each in items(sector)
    }
    assert texts["C09-12"] == "（九）顶板管理措施是否落实？"
    assert texts["N09-04"] == "（九）尾矿库是否属“头顶库”，综合治理措施是否到位？"
    assert texts["R12-04"] == "（十二）有无“百吨王”车辆上路？"
    assert texts["G32-01"] == "（三十二）是否实行24小时领导带班和应急值守，信息报送流程是否明确？"
    assert texts["G05-03"] == "（五）安全培训是否到位？"


def test_the_hazardous_waste_list_is_the_disposal_item_and_the_general_list():
    assert [each["code"] for each in items("hazardous_waste")] == [
        "H10-07",
        *[each["code"] for each in items("general")],
    ]


def test_fire_items_are_by_place_type_and_construction_items_by_project_type():
    places = body("checklist", "fire_safety", "2021-1")["place_types"]
    assert (len(places), sum(each["high_risk"] for each in places)) == (14, 6)
    assert {each["by"] for each in items("fire_safety")} == {"place_type"}
    by_project = [each["code"] for each in items("urban_construction") if each.get("by") == "project_type"]
    assert by_project == [f"U11-{n:02}" for n in range(5, 15)]
    assert body("checklist", "urban_construction", "2021-1")["project_types"] == [
        "房屋",
        "市政",
        "铁路",
        "公路",
        "水利",
        "水电",
    ]


def test_sectors_without_items_in_the_notice_have_no_list_of_their_own():
    own = {code for kind, code, _ in DOCUMENTS if kind == "checklist"}
    assert set(PRIORITY) - own == {"other_transport", "special_equipment", "industrial_parks"}


def test_checklists_are_in_force_from_the_day_of_the_notice():
    assert {DOCUMENTS[key].effective_from for key in OF_THE_NOTICE} == {date(2021, 3, 29)}


# --- scheme, policy, targets ---------------------------------------------------------------------------------------------
SCHEME = body("supervision_scheme", "XX-ABCD", "XX-ABCD-1")


def test_the_three_bases_of_the_scheme_add_up_to_a_hundred_points():
    parts = SCHEME["safe_period"]["max"], SCHEME["standardization"]["max"], SCHEME["risk_control"]["max"]
    assert parts == (30, 30, 40)
    assert sum(SCHEME["risk_control"][part]["max"] for part in ("R1", "R2", "R3", "R4")) == 40
    assert [(row["months_from"], row["points"]) for row in SCHEME["safe_period"]["points"]] == [
        (36, 30), (24, 25), (12, 18), (6, 10), (0, 0),
    ]  # fmt: skip
    assert [(band["class"], band["score_from"]) for band in SCHEME["bands"]] == [
        ("A", 90),
        ("B", 75),
        ("C", 60),
        ("D", 0),
    ]


def test_the_caps_are_k01_to_k16_each_with_its_class_and_a_reason():
    caps = {cap["id"]: cap["at_best"] for cap in SCHEME["caps"]}
    assert list(caps) == [f"K{n:02}" for n in range(1, 17)]
    assert "".join(caps.values()) == "CDCBBDCDDDCDDCBC"
    assert all(re.search(r"[\u4e00-\u9fff]", cap["reason"]) for cap in SCHEME["caps"])


def test_frequencies_have_a_floor_and_since_2025_a_ceiling():
    before, since = (body("frequencies", "XX-FREQ", f"XX-FREQ-{year}") for year in (2021, 2025))
    assert before["floor"] == since["floor"] == {
        "high_risk": {"A": 2, "B": 4, "C": 12, "D": 24}, "other": {"A": 1, "B": 2, "C": 4, "D": 12},
    }  # fmt: skip
    assert before["ceiling_times_floor"] == {}
    assert since["ceiling_times_floor"] == {"A": 2, "B": 2, "C": 1, "D": 1}


def test_the_policy_has_eight_categories_broken_from_one_death():
    policy = body("zero_accident_policy", "ZA", "ZA-2021-1")
    assert [(each["code"], each["min_deaths"]) for each in policy["categories"]] == [(f"Z{n}", 1) for n in range(1, 9)]
    assert policy["unit_types"] == ["enterprise", "public_institution"]
    assert not policy["late_death_breaks"] and not policy["virtual_villages_in_denominator"]
    assert [key["key"] for key in policy["ranking"]["keys"]] == [
        "village_ratio", "unit_ratio", "deaths", "accidents", "on_time_rate",
    ]  # fmt: skip


def test_the_targets_are_those_of_2021():
    targets = body("targets", "zero_accident", "2021-1")
    assert targets["year"] == 2021
    assert (targets["village"]["target"], targets["unit"]["target"], targets["inclusive"]) == (85, 90, True)


def test_report_limits_are_one_and_two_hours_and_local_ones_are_warnings():
    limits = body("report_limits", "accident", "2009-1")
    minutes = {leg["code"]: leg.get("limit_minutes") for leg in limits["legs"]}
    assert (minutes["R0"], minutes["R1"], minutes["R2"]) == (0, 60, 120)
    assert limits["highest_level"] == {
        "general": "city",
        "larger": "province",
        "major": "state",
        "extra_major": "state",
    }
    assert (limits["local"]["enabled"], limits["local"]["as"]) == (True, "warning")
    assert {(each["channel"], each["limit_minutes"]) for each in limits["local"]["limits"]} == {
        ("telephone", 30),
        ("written", 60),
    }


def test_accident_grades_are_those_of_order_493():
    grades = body("accident_grades", "order493", "493-2007")["grades"]
    assert [(each["code"], each["deaths_from"], each["serious_injuries_from"]) for each in grades] == [
        ("extra_major", 30, 100), ("major", 10, 50), ("larger", 3, 10), ("general", 0, 0),
    ]  # fmt: skip
    assert [each["loss_yuan_from"] for each in grades] == ["100000000.00", "50000000.00", "10000000.00", "0.00"]


def test_windows_are_thirty_days_and_seven_for_road_and_fire():
    windows = body("windows", "order493", "493-2007")
    assert (windows["days"], windows["count_from"]) == (30, "next_day")
    assert {each["kind"]: each["days"] for each in windows["shorter"]} == {"road_traffic": 7, "fire": 7}


def test_road_accidents_and_fires_are_known_by_category_or_else_by_sector():
    rows = body("window_kinds", "order493", "493-2007")["rows"]
    assert {each["kind"]: (each["categories"], each["sectors"]) for each in rows} == {
        "road_traffic": (["Z2"], ["road_transport"]),
        "fire": (["Z4", "Z5"], ["fire_safety"]),
    }


def test_hazard_deadlines_state_whether_they_count_working_days():
    rows = {each["code"]: each for each in body("deadlines", "hazards", "2021-1")["items"]}
    assert (rows["general"]["days"], rows["general"]["max_days_without_leader"], rows["general"]["max_days"]) == (
        7,
        15,
        30,
    )
    assert (rows["major"]["days"], rows["major"]["max_days"], rows["review"]["days"]) == (30, 90, 10)
    assert {code for code, row in rows.items() if row["day_kind"] == "working"} == {
        "listed_extension_request_before", "listed_extension_answer", "listing_publication", "coal_stop_publication",
    }  # fmt: skip


def test_all_fifteen_open_questions_have_a_default():
    questions = body("open_questions", "county", "2021-1")["questions"]
    assert [each["id"] for each in questions] == [f"OPEN-{n}" for n in range(1, 16)]


KINDS_WITHOUT_DOCUMENT = {"sector_departments", "regions", "deployment"}


def test_the_questions_of_2026_keep_the_first_fifteen_and_name_each_document():
    before = {each["id"]: each["question"] for each in body("open_questions", "county", "2021-1")["questions"]}
    questions = {each["id"]: each for each in body("open_questions", "county", "2026-1")["questions"]}
    assert list(questions) == [f"OPEN-{n}" for n in range(1, len(questions) + 1)]
    assert before.keys() <= questions.keys() and questions["OPEN-7"]["question"] == before["OPEN-7"]
    named = {re.match(r"[a-z_]+", each["setting"]).group() for each in questions.values()}
    assert named <= {each.kind for each in FILES.documents} | KINDS_WITHOUT_DOCUMENT


def test_holidays_cover_2021_to_2026_each_with_its_notice():
    days = {row["day"]: row for row in FILES.holidays}
    assert {day.year for day in days} == set(range(2021, 2027))
    assert (sum(not row["is_workday"] for row in FILES.holidays), sum(row["is_workday"] for row in FILES.holidays)) == (
        178,
        40,
    )
    assert all("国办发明电〔" in row["source"] for row in FILES.holidays)


def test_no_number_in_any_file_is_a_float():
    def refuse(text):
        raise AssertionError(f"a float: {text}")

    for path in files.DATA.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"), parse_float=refuse)


@pytest.mark.parametrize("kind, rows, words", [("zero_accident_policy", "categories", Category), ("accident_grades", "grades", Grade)])
def test_what_a_file_calls_a_category_or_a_grade_is_its_one_label(kind, rows, words):
    found = [(row["code"], row["name"]) for key, each in DOCUMENTS.items() if key[0] == kind for row in each.body[rows]]
    assert found and {name for _, name in found} <= set(words.labels)
    assert all(words(code).label == name for code, name in found)
