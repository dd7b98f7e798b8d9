"""定稿页 A month is closed on one page: lists, differences, objections, signature, freeze, bulletin; each step by whom the API lets take it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessment.models import Closing, Objection, Settlement, SourceList
from safety_api.sheets import XLSX
from tests.cast.accidents import V, W, occurring, report_accident
from tests.cast.closings import LISTS, MORE_PEOPLE, a_list, done, enlist, nil, open_month, post, row, time_passed
from tests.cast.people import phone_of
from tests.cast.units import mine
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def closers(people):
    people.update({name: enlist(name) for name in MORE_PEOPLE})
    return people


@pytest.fixture
def month(closers) -> int:
    """Opened by the bureau."""
    return open_month(phone_of(closers["bureau"]))


def forms_of(page: Any) -> dict[str, list[dict[str, str]]]:
    """Name of a deed → the hidden fields of each of its forms."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, inside in re.findall(r'<form method="post" action="/closings/\d+/([\w-]+)"[^>]*>(.*?)</form>', page.content.decode(), re.S):
        found.setdefault(name, []).append({key: unescape(value) for key, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside)})
    return found


def does(client: Client, closing: int, name: str, number: int = 0, **typed: Any) -> Any:
    """Presses the button of that form, with what stands hidden in it."""
    hidden = forms_of(client.get(f"/closings/{closing}"))[name][number]
    return client.post(f"/closings/{closing}/{name}", hidden | typed)


def went(answer: Any) -> str:
    assert answer.status_code == 303, words(answer)[:600]
    return answer.headers["Location"].partition("#")[2]


def test_a_month_is_closed_from_its_page_by_those_who_may(seat, closers, month):
    unit = mine(name="蔚汾示例煤业")
    report_accident(1, deaths=1, units=occurring(unit))
    done(post(phone_of(closers["traffic"]), LISTS, a_list(row(region=W))), 201)
    bureau, leader = seat("bureau"), seat("leader")
    said = words(bureau.get(f"/closings/{month}"))
    assert "缺 1 份月报，1 处差异待定" in said and "对方有、我方无" in said
    assert went(does(bureau, month, "nil", source="fire")) == "lists"
    assert went(does(bureau, month, "add", nature="non_production")) == "lists"
    charged = re.search(r'<option value="([^"]+ unit [^"]+)">', leader.get(f"/closings/{month}").content.decode())
    assert went(does(leader, month, "object", charged=charged[1], reason="只是场地出租", evidence="租赁合同\n现场照片")) == "objections"
    assert Objection.objects.get().evidence == ["租赁合同", "现场照片"]
    paper = {"answer": "经查属实", "document": "兴应急〔2025〕9号", "approved_by": "县安委办"}
    assert went(does(bureau, month, "uphold", **paper)) == "objections"
    time_passed(month)
    assert "都齐了，可以签发" in words(bureau.get(f"/closings/{month}"))
    assert went(does(seat("committee"), month, "sign")) == "signing"
    assert went(does(bureau, month, "freeze")) == "freezing"
    said = words(seat("township2").get(f"/closings/{month}"))
    assert Closing.objects.get(pk=month).state == "frozen" and "冻结 ✓" in said and "蔚汾镇" in said


def test_a_township_says_that_it_has_none_and_sees_no_content_before_the_freeze(seat, closers, month):
    leader = seat("leader")
    assert went(does(leader, month, "no-objection")) == "objections"
    page = leader.get(f"/closings/{month}")
    assert "1 个乡镇声明没有" in words(page) and "内容只有应急管理局和安委办看得到" in words(page)
    assert set(forms_of(page)) <= {"object"}  # said once


def test_what_is_refused_stands_beside_what_was_typed(seat, closers, month):
    done(post(phone_of(closers["traffic"]), LISTS, a_list(row(region=W))), 201)
    bureau = seat("bureau")
    page = does(bureau, month, "set-aside", reason="")
    assert page.status_code == 400 and not Settlement.objects.exists()
    opened = re.search(r"<details class=\"step\" open>.*?</details>", page.content.decode(), re.S)[0]
    assert "不补录" in opened and "role=\"alert\"" in opened
    page = does(seat("committee"), month, "sign")
    said = words(page)
    assert page.status_code == 409 and "没有办成" in said and "还缺" in said


def test_a_form_of_a_closing_that_moved_on_meanwhile_is_refused(seat, closers, month):
    for source in ("police", "fire"):
        done(post(phone_of(closers["bureau"]), LISTS, nil(source)), 201)
    time_passed(month)
    committee = seat("committee")
    held = forms_of(committee.get(f"/closings/{month}"))["sign"][0]
    answer = committee.post(f"/closings/{month}/sign", held | {"seen": '"1-1"'})  # as it was before another's step
    assert (answer.status_code, Closing.objects.get(pk=month).state) == (412, "open")


@pytest.mark.parametrize(("who", "name", "status"), [
    ("leader", "sign", 403), ("inspector", "freeze", 403), ("bureau", "nothing", 404), ("department", "no-objection", 403),
])  # fmt: skip
def test_a_step_that_is_not_theirs_is_refused_in_words(who, name, status, seat, closers, month):
    page = seat(who).post(f"/closings/{month}/{name}", {})
    assert page.status_code == status and Closing.objects.get(pk=month).state == "open"


def test_a_closing_of_another_county_is_not_found(seat, closers, month):
    assert seat("next county").get(f"/closings/{month}").status_code == 404
    assert seat("next county").post(f"/closings/{month}/sign", {}).status_code in (403, 404)


def test_a_department_sends_its_workbook_and_reads_which_cell_is_wrong(seat, closers, month):
    traffic = seat("traffic")
    page = traffic.get(f"/closings/{month}")
    assert 'value="police"' in page.content.decode() and 'value="fire"' not in page.content.decode()
    wrong = SimpleUploadedFile("月报.xlsx", b"not a workbook", content_type=XLSX)
    page = does(traffic, month, "list", source="police", file=wrong)
    assert page.status_code == 400 and not SourceList.objects.exists() and "没有办成" in words(page)


def test_closings_stand_in_the_list_newest_first(seat, closers, month):
    page = seat("leader").get("/closings")
    assert f"/closings/{month}" in page.content.decode() and "待核对" in words(page)


def test_the_same_accident_in_both_books_is_offered_with_its_reasons(seat, closers, month):
    report_accident(1, region=V, deaths=1, category="Z2")
    done(post(phone_of(closers["traffic"]), LISTS, a_list(row(deaths=2))), 201)
    done(post(phone_of(closers["brigade"]), LISTS, nil("fire")), 201)
    bureau = seat("bureau")
    page = bureau.get(f"/closings/{month}")
    assert "相似 " in words(page)
    accident = re.search(r'<option value="([0-9a-f-]{36})">相似', page.content.decode())[1]
    assert went(does(bureau, month, "match", accident=accident)) == "lists"
    said = words(bureau.get(f"/closings/{month}"))
    assert "死亡" in said and "说明差异" in said
    assert went(does(bureau, month, "accept", reason="另一人于第9日死亡，已过7日期限")) == "lists"
    assert "没有待定的差异" in words(bureau.get(f"/closings/{month}"))
