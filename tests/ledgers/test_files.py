"""档案: one call tells everything on a unit; another who knew what, when, and what they did, proven by the seals."""

from __future__ import annotations

from uuid import UUID

import pytest

from hazards.models import Hazard
from ledgers.files import duty, printing
from ledgers.files.words import said, spoken
from safety_api import trail
from safety_api.models import TrailLine
from tests.cast.hazards import KEY, a_hazard_in, in_days
from tests.cast.papers import empty_boxes
from tests.cast.units import mine
from tests.cast.visits import POINT, a_photo
from tests.ground.connections import phone_of, tampering

UNIT = "/api/v1/enterprises/{}/file"
DUTY = "/api/v1/hazards/{}/duty-file"


def reported(client, **fields):
    body = {
        "place": "东关村口", "region": "141123100200", "sector": "fire_safety", "level": "general", "description": "疏散通道堆放杂物",
        "found_at": "2026-11-20T09:00:00+08:00", "location": POINT, "photos": [a_photo(1)], **fields,
    }  # fmt: skip
    answer = client.put(f"/api/v1/hazards/{KEY}", body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer


def step(client, name, **body):
    answer = client.post(f"/api/v1/hazards/{KEY}/{name}", body, format="json")
    assert answer.status_code == 200, answer.json()


# --- 一企一档 ------------------------------------------------------------------------------------------------------------
SECTIONS = [
    "class", "certificates", "facts", "risks", "inspections", "hazard_counts", "hazards", "papers", "enforcement", "accidents",
]  # fmt: skip


def test_the_file_of_a_unit_has_all_sections_in_order(as_):
    unit = mine()
    a_hazard_in("ordered", enterprise=unit)
    answered = as_("bureau").get(UNIT.format(unit.pk)).json()
    assert [each["name"] for each in answered["sections"]] == SECTIONS
    parts = {each["name"]: each for each in answered["sections"]}
    assert parts["hazard_counts"]["rows"][0]["open"] == 1
    assert [row["state"] for row in parts["hazards"]["rows"]] == ["已责令"]
    for each in answered["sections"]:
        assert all(set(row) == set(each["columns"]) for row in each["rows"]), each["name"]


@pytest.mark.parametrize("who, status", [("bureau", 200), ("enterprise", 200), ("inspector2", 404), ("sysadmin", 403)])
def test_the_file_of_a_unit_is_readable_only_by_those_who_may_see_the_unit(as_, who, status):
    assert as_(who).get(UNIT.format(mine().pk)).status_code == status


@pytest.mark.parametrize("rows", [1, 30])
def test_the_file_of_a_unit_takes_a_fixed_number_of_queries(as_, rows, django_assert_max_num_queries):
    unit, client = mine(), as_("bureau")
    for number in range(rows):
        a_hazard_in("ordered", enterprise=unit, key=UUID(int=number + 1), photo=None)
    client.get(UNIT.format(unit.pk))
    with django_assert_max_num_queries(22):
        assert client.get(UNIT.format(unit.pk)).status_code == 200


def test_printing_the_file_of_a_unit_writes_a_trail_line(as_):
    answer = as_("bureau").get(UNIT.format(mine().pk), {"format": "pdf"})
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert TrailLine.objects.filter(verb="file.print").count() == 1


# --- 尽职档案 ------------------------------------------------------------------------------------------------------------
def test_the_duty_file_lists_who_did_what_under_which_rule(as_):
    reported(as_("village"))
    step(as_("township"), "confirm", level="general")
    step(as_("township"), "order", deadline=in_days(5))
    answered = as_("bureau").get(DUTY.format(KEY)).json()
    assert [(each["who"], each["did"]) for each in answered["timeline"] if each["did"] != "照片入库"] == [
        ("孙村", "上报"), ("赵安", "确认"), ("赵安", "出具文书"), ("赵安", "责令整改"),
    ]  # fmt: skip
    assert {each["who"]: each["by"] for each in answered["knew"]} == {"孙村": "上报", "赵安": "确认"}
    assert answered["timeline"][-1]["rule"] == "安全生产法 第六十五条"
    assert "deadlines" in {each["kind"] for each in answered["rules"]}
    assert [each["due_on"] for each in answered["sections"][0]["rows"]][-1] == in_days(5)


@pytest.mark.parametrize(
    "who, status", [("township", 200), ("committee", 200), ("department", 404), ("village", 403), ("enterprise", 403)]
)
def test_the_duty_file_is_readable_only_by_responsible_roles(as_, who, status):
    reported(as_("village"))
    assert as_(who).get(DUTY.format(KEY)).status_code == status


def test_every_duty_file_line_is_proven_by_its_seal_and_a_changed_one_is_marked(committed):
    village, bureau = phone_of("village"), phone_of("bureau")
    reported(village)
    answered = bureau.get(DUTY.format(KEY)).json()
    assert (answered["proof"]["sealed"], answered["timeline"][0]["proof"]) == (0, "待封存")
    trail.seal()
    answered = bureau.get(DUTY.format(KEY)).json()
    assert answered["proof"]["whole"] and answered["proof"]["sealed"] == answered["proof"]["lines"] > 0
    with tampering("safety_trail_line") as owner:
        owner.execute("UPDATE safety_trail_line SET actor_name = '别人' WHERE verb = 'hazard.report'")
    answered = bureau.get(DUTY.format(KEY)).json()
    assert not answered["proof"]["whole"]
    assert [each["proof"] for each in answered["timeline"] if each["did"] == "上报"] == ["与封存不符"]


def test_the_duty_file_is_printed_without_missing_glyphs(as_):
    reported(as_("village"))
    answered = duty.of_hazard(Hazard.objects.select_related("enterprise", "sector").get(pk=KEY))
    assert empty_boxes(printing.pdf(answered)) == 0


def test_actions_are_printed_in_official_chinese_wording():
    details = {
        "before": "confirmed", "officers": [{"id": "5", "name": "张巡", "certificate": "晋01"}], "notice": False, "sha256": "0" * 64,
        "due_on": "2026-11-30",
    }  # fmt: skip
    assert spoken(details) == "原状态：已确认；人员：姓名：张巡；执法证号：晋01；期限：2026-11-30"
    assert said("hazard.pass")[0] == "复查合格"
    assert printing._said(details) == spoken(details) and printing._said({}) == "—"


def test_an_accident_has_a_duty_file(as_):
    body = {
        "occurred_at": "2026-11-20T09:00:00+08:00", "location": POINT, "region": "141123100200", "category": "Z1", "deaths": 1,
        "units": [], "description": "坠落", "photos": [],
    }  # fmt: skip
    assert as_("duty").put(f"/api/v1/accidents/{KEY}", body, format="json").status_code == 201
    answered = as_("duty").get(f"/api/v1/accidents/{KEY}/duty-file").json()
    assert answered["timeline"][0]["did"] == "事故初报"
    assert [each["name"] for each in answered["sections"]] == ["legs", "photos"]
    assert as_("duty").get(f"/api/v1/accidents/{KEY}/duty-file", {"format": "pdf"}).content.startswith(b"%PDF")
