"""频次上限 at the doors: the table beside its source, the year of a unit, units to look at, tasks that would pass the ceiling."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from enterprises.models import Enterprise
from inspections.ceilings import lists
from inspections.ceilings.counting import recount
from inspections.models import Task
from reference import law
from reference.models import Document
from safety_api.models import TrailLine
from tests.cast.class_facts import certified
from tests.cast.hazards import in_days
from tests.cast.people import VILLAGE
from tests.cast.units import elsewhere, mine, unit
from tests.cast.year_counts import graded, visit_on
from tests.enterprises.test_imports import run, sheet

pytestmark = pytest.mark.django_db
API = "/api/v1"
UNITS = f"{API}/inspection-ceilings/units"
GRADE = {
    "kind": "coal_assurance", "held_from": "2026-01-01", "value": {"grade": "B"}, "document": "晋能源安〔2026〕3号",
}  # fmt: skip


def got(client, address: str, **parameters) -> dict:
    answer = client.get(address, parameters)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


# --- the table --------------------------------------------------------------------------------------------------------------
def test_the_published_table_stands_beside_its_source_and_ours_beside_it(as_):
    published, ours = got(as_("enterprise"), f"{API}/reference/inspection-ceilings", on="2025-04-23")["results"]
    rows = {row["code"]: (row["key"], row["times"]) for row in published["rows"]}
    assert rows == {
        "coal_mine": ("coal_assurance", {"A": 2, "B": 4, "C": 6, "D": 4}),
        "non_coal_mine": ("mine_risk", {"A": 1, "B": 1, "C": 2, "D": 4}),
        "chemicals_smelting": ("standardization", {"1": 2, "2": 4, "3": 8, "none": 12}),
        "other": ("standardization", {"1": 1, "2": 2, "3": 4, "none": 6}),
    }
    assert (published["authority"], published["supervision"], published["certainty"]) == ("emergency", 3, "secondary")
    assert "2025年4月23日公布" in published["source"] and published["published_by"] == "山西省应急管理厅"
    assert (ours["ours"], ours["version"], ours["certainty"]) == (True, "XX-FREQ-2025", "own")
    assert ours["rows"][0]["times"] == {"A": 4, "B": 8, "C": 12, "D": 24}


@pytest.mark.parametrize(
    "on, versions", [("2025-04-22", ["XX-FREQ-2025"]), ("2024-12-31", ["XX-FREQ-2021"]), ("2020-01-01", [])]
)
def test_on_an_earlier_day_nothing_is_published_yet(as_, on, versions):
    found = got(as_("inspector"), f"{API}/reference/inspection-ceilings", on=on)["results"]
    assert [each["version"] for each in found] == versions


def test_the_scheme_says_whose_published_ceilings_go_before_our_factors(as_):
    frequencies = got(as_("inspector"), f"{API}/supervision/schemes")["results"][0]["frequencies"]
    assert [(each["authority"], each["version"]) for each in frequencies["published"]] == [("emergency", "SX-2025-04")]


# --- grades ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who, changed, status, code",
    [
        ("bureau", {}, 201, None), ("department", {}, 201, None), ("township", {}, 403, None), ("enterprise", {}, 403, None),
        ("bureau", {"document": " "}, 400, "needs_document"), ("bureau", {"document": ""}, 400, "needs_document"),
        ("bureau", {"value": {"grade": "E"}}, 400, None), ("bureau", {"value": {}}, 400, None),
        ("bureau", {"held_from": in_days(1)}, 400, "in_future"), ("bureau", {"held_to": "2025-12-31"}, 400, "ends_before_it_begins"),
    ],
)  # fmt: skip
def test_a_grade_is_stated_with_its_paper_by_a_department(as_, who, changed, status, code):
    coal = mine()
    answer = as_(who).post(f"{API}/enterprises/{coal.pk}/facts", {**GRADE, **changed}, format="json")
    assert answer.status_code == status
    if code:
        assert [each["code"] for each in answer.json()["errors"]] == [code]


def test_the_history_of_a_grade_is_listed_the_newest_first(as_):
    coal, bureau = mine(), as_("bureau")
    for day, grade in (("2025-01-01", "A"), ("2026-01-01", "C")):
        sent = {**GRADE, "held_from": day, "value": {"grade": grade}}
        assert bureau.post(f"{API}/enterprises/{coal.pk}/facts", sent, format="json").status_code == 201
    rows = bureau.get(f"{API}/enterprises/{coal.pk}/facts?kind=coal_assurance").json()
    assert [(row["held_from"], row["value"]["grade"], row["document"]) for row in rows] == [
        ("2026-01-01", "C", GRADE["document"]), ("2025-01-01", "A", GRADE["document"]),
    ]  # fmt: skip


LISTED = {
    "单位": "兴县示例煤业有限公司",
    "依据": "煤矿安全保障程度等级",
    "等级": "B",
    "自": "2026-01-01",
    "依据文书": "晋能源安〔2026〕3号",
}


def test_grades_are_imported_from_a_list_and_never_twice(tmp_path):
    coal = mine()
    assert "录入 1 行，有问题 0 行" in run("import_grades", sheet(tmp_path, LISTED))
    fact = coal.statedfacts.get()
    assert (fact.kind, fact.value, fact.document) == ("coal_assurance", {"grade": "B"}, "晋能源安〔2026〕3号")
    wrong = [LISTED, {**LISTED, "自": "2026-02-01", "等级": "E"}, {**LISTED, "单位": "没有的矿", "自": "2026-03-01"}]
    shown = run("import_grades", sheet(tmp_path, *wrong, {**LISTED, "自": "2026-04-01"}), skip_bad=True)
    assert "录入 1 行，有问题 3 行" in shown and "已登记" in shown and "没有这家单位" in shown


# --- a unit and its year --------------------------------------------------------------------------------------------------------
@pytest.fixture
def visited():
    """A mine of grade A, seen twice this year by the bureau and once by another department."""
    coal, year = mine(supervision_class="C"), timezone.localdate().year
    graded(coal, "A")
    visit_on(f"{year}-01-01", coal)
    visit_on(f"{year}-01-01", coal, type="special", source={"kind": "plan", "number": "1"})
    visit_on(f"{year}-01-01", coal, department="energy")
    recount([coal.pk])
    return coal


SEES = [  # who, whose count
    ("enterprise", "emergency"), ("principal", "emergency"), ("inspector", "emergency"), ("township", "emergency"),
    ("leader", "emergency"), ("village", "emergency"), ("bureau", "emergency"), ("committee", "emergency"), ("duty", "emergency"),
]  # fmt: skip


@pytest.mark.parametrize("who, authority", SEES)
def test_everybody_who_sees_a_unit_sees_its_count_and_so_does_the_unit(visited, as_, who, authority):
    count = got(as_(who), f"{API}/enterprises/{visited.pk}")["inspections_this_year"]
    assert (count["authority"], count["daily"], count["special"], count["counted"], count["ceiling"]) == (
        authority,
        1,
        1,
        2,
        2,
    )
    assert (count["left"], count["floor"], count["required"], count["class"]) == (0, 12, 2, "C")
    assert [(each["authority"], each["counted"], each["ours"]) for each in count["by_authority"]] == [
        ("emergency", 2, False), ("energy", 1, True),
    ]  # fmt: skip


def test_a_department_that_has_to_do_with_the_sector_sees_its_own_count(visited, as_, people):
    people["department"].department_id = "energy"
    people["department"].save()
    count = got(as_("department"), f"{API}/enterprises/{visited.pk}")["inspections_this_year"]
    assert (count["authority"], count["counted"], count["ceiling"], count["ours"]) == ("energy", 1, 12, True)


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_the_three_administrators_see_no_count(visited, as_, who):
    assert as_(who).get(f"{API}/enterprises/{visited.pk}").status_code == 403


def test_another_units_count_does_not_exist_for_a_unit(visited, as_):
    assert as_("enterprise").get(f"{API}/enterprises/{elsewhere().pk}").status_code == 404


def test_a_list_of_units_stays_without_their_years(visited, as_):
    assert "inspections_this_year" not in got(as_("bureau"), f"{API}/enterprises")["results"][0]


# --- units to look at ------------------------------------------------------------------------------------------------------------
def test_units_whose_floor_is_lowered_and_those_without_key_are_listed(as_):
    lowered, unknown = mine(supervision_class="C"), elsewhere(supervision_class="D")
    graded(lowered, "C")
    unit("兴县某商场", sector="fire_safety", supervision_class="D")
    bureau = as_("bureau")
    rows = got(bureau, UNITS, lowered="true")["results"]
    assert [(row["name"], row["floor"], row["ceiling"], row["required"]) for row in rows] == [(lowered.name, 12, 6, 6)]
    rows = got(bureau, UNITS, missing="true")["results"]
    assert [(row["name"], row["ceiling"], row["missing"]) for row in rows] == [(unknown.name, None, ["coal_assurance"])]
    assert (
        len(got(bureau, UNITS)["results"]) == 3 and got(bureau, UNITS, lowered="true", on="2025-04-22")["results"] == []
    )
    assert got(as_("township"), UNITS, missing="true")["results"] == []  # the other township's


def test_on_a_past_day_the_list_of_lowered_floors_holds_none_but_lowered_ones(as_):
    """A class and a grade of today meet the table of that day."""
    coal = mine(supervision_class="C", class_on=timezone.localdate())
    graded(coal, "C", held_from=str(timezone.localdate()))
    (row,) = got(as_("bureau"), UNITS, lowered="true", on="2025-04-23")["results"]
    assert (row["class"], row["grade"], row["floor"], row["ceiling"], row["required"]) == ("C", "C", 12, 6, 6)


def test_the_list_chooses_what_the_rules_say_one_by_one():
    for number, (sector, traits, grade) in enumerate(KINDS):
        for class_ in ("", "A", "B", "C", "D"):
            made = unit(f"兴县{number}{class_}厂", sector=sector, traits=list(traits), supervision_class=class_)
            if grade in ("1", "2", "3"):
                certified(made, int(grade))
            elif grade:
                graded(made, grade, "coal_assurance" if sector == "coal_mine" else "mine_risk")
    on = date(2026, 11, 20)
    rows = lists.with_grades(Enterprise.objects.all(), on)
    shown = {row.pk: lists.shown(row, on) for row in rows}
    below = {
        key
        for key, each in shown.items()
        if None not in (each["floor"], each["ceiling"]) and each["floor"] > each["ceiling"]
    }
    lacking = {key for key, each in shown.items() if set(each["missing"]) & {"coal_assurance", "mine_risk"}}
    assert {row.pk for row in rows.filter(lists.lowered(on))} == below and len(below) > 20
    assert {row.pk for row in rows.filter(lists.without_key(on))} == lacking and len(lacking) == 10


KINDS = [
    *(("coal_mine", (), grade) for grade in ("A", "C", "D", "")),
    *(("non_coal_mine", (), grade) for grade in ("B", "D", "")),
    *(("hazardous_chemicals", (), level) for level in ("1", "3", "")),
    *(("metallurgy_trade", ("metal_smelting",), level) for level in ("2", "")),
    *(("metallurgy_trade", (), level) for level in ("1", "")),
    ("metallurgy_trade", ("fireworks",), "1"), ("other", (), ""), ("fire_safety", (), "1"), ("urban_construction", ("metal_smelting",), "1"),
]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_units_takes_three_queries_at_any_length(rows, as_, django_assert_num_queries):
    for number in range(rows):
        graded(unit(f"兴县{number}号煤矿", supervision_class="C"), "A")
    bureau = as_("bureau")
    got(bureau, UNITS, lowered="true")
    with django_assert_num_queries(3):  # token · tag · units with their grades
        assert len(got(bureau, UNITS, lowered="true")["results"]) == rows


def test_a_load_says_beforehand_whose_floor_it_lowers():
    coal = mine(supervision_class="C")
    graded(coal, "C")
    Document.objects.filter(kind="inspection_ceilings").delete()
    law.forget()
    out = StringIO()
    call_command("load_reference", preview=True, stdout=out)
    assert f"1 家单位的下限高于公布的上限，按上限执行：{coal.name}（C类下限 12 次，煤矿上限 6 次）" in out.getvalue()
    call_command("load_reference", stdout=out)
    assert any(
        "下限高于公布的上限" in each
        for each in TrailLine.objects.filter(verb="reference.load").last().details["touched"]
    )
    law.forget()


# --- tasks --------------------------------------------------------------------------------------------------------------------------


def a_task(coal, people, number: int = 1, **fields) -> Task:
    known = {
        "id": UUID(int=0xCE6000 + number), "enterprise": coal, "region_code": VILLAGE, "sector_id": "coal_mine", "kind": "routine",
        "authority": "administrative", "type": "daily", "department": "emergency", "due_on": timezone.localdate(),
        "assignees": [people["inspector"].pk], "created_by": people["bureau"].pk,
    }  # fmt: skip
    return Task.objects.create(**{**known, **fields})


def test_a_task_that_would_pass_the_ceiling_is_set_and_warned_of(visited, people, as_):
    sent = {
        "enterprise": str(visited.pk),
        "due_on": str(timezone.localdate()),
        "assignees": [str(people["department"].pk)],
    }
    answer = as_("bureau").post(f"{API}/tasks", sent, format="json")
    shown = answer.json()
    assert answer.status_code == 201 and shown["warnings"] == ["over_ceiling"]
    assert (shown["count"]["would_exceed"], shown["count"]["may_exceed"], shown["count"]["next"]) == (True, False, 3)
    assert [each["code"] for each in shown["remarks"]] == ["over_ceiling"]


def test_a_joint_task_is_warned_of_where_another_departments_year_is_full(people, as_):
    """Of its own department nothing was made; the other one has made what the county's factors allow."""
    coal = mine(supervision_class="A")
    graded(coal, "C")
    for day in ("01-05", "02-05", "03-05", "04-05"):
        visit_on(day.join((f"{timezone.localdate().year}-", "")), coal, department="energy")
    recount([coal.pk])
    a_task(coal, people, kind="joint", joint_departments=["energy"])
    (shown,) = got(as_("inspector"), f"{API}/tasks", mine="true")["results"]
    assert (shown["count"]["authority"], shown["count"]["counted"], shown["count"]["exceeds"]) == (
        "emergency",
        0,
        ["energy"],
    )
    assert shown["count"]["would_exceed"] and shown["warnings"] == ["over_ceiling"]


def test_an_office_names_no_department_that_is_not_there(people, as_):
    sent = {
        "enterprise": str(mine().pk), "due_on": str(timezone.localdate()), "assignees": [str(people["department"].pk)],
        "kind": "joint", "joint_departments": ["energy", "nobody"],
    }  # fmt: skip
    answer = as_("bureau").post(f"{API}/tasks", sent, format="json")
    assert answer.status_code == 400 and "没有这个部门" in answer.json()["errors"][0]["detail"]


WOULD = [  # the task, would it pass, lawfully, warned
    ({}, True, False, True),
    ({"type": "case", "source": {"kind": "complaint"}}, True, True, False),
    (
        {"type": "special", "source": {"kind": "campaign", "number": "8号", "ordered_by": "省安委办"}},
        False,
        False,
        False,
    ),
    ({"kind": "review"}, False, False, False),
    ({"authority": "supervision"}, False, False, False),
    ({"department": "energy"}, False, False, False),
    ({"due_on": timezone.localdate().replace(year=timezone.localdate().year + 1, month=1, day=5)}, False, False, False),
]


@pytest.mark.parametrize("fields, passes, lawfully, warned", WOULD)
def test_the_phone_is_told_with_the_task_whether_it_would_pass(visited, people, as_, fields, passes, lawfully, warned):
    a_task(visited, people, **fields)
    (shown,) = got(as_("inspector"), f"{API}/tasks", mine="true")["results"]
    count = shown["count"]
    assert (count["would_exceed"], count["may_exceed"], shown["warnings"] == ["over_ceiling"]) == (
        passes,
        lawfully,
        warned,
    )


@pytest.mark.parametrize(
    "fields", [{"authority": "patrol"}, {"done_by": UUID(int=9)}, {"cancelled_on": date(2026, 1, 1)}]
)
def test_a_task_that_is_over_or_no_inspection_has_no_count(visited, people, as_, fields):
    task = a_task(visited, people, **fields)
    shown = got(as_("bureau"), f"{API}/tasks/{task.pk}")
    assert (shown["count"], shown["warnings"]) == (None, [])


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_tasks_counts_their_units_with_two_queries_more(
    rows, visited, people, as_, django_assert_num_queries
):
    for number in range(rows):
        a_task(visited, people, number, due_on=timezone.localdate() + timedelta(days=0))
    inspector = as_("inspector")
    got(inspector, f"{API}/tasks")
    with django_assert_num_queries(5):  # token · tag · tasks · units with their grades · counts
        got(inspector, f"{API}/tasks")
