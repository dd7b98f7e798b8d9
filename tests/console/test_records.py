"""一条记录 A unit, a visit, an accident: what the API tells of it, to whom it tells it."""

from __future__ import annotations

import pytest

from hazards.states import State
from tests.cast.accidents import body, url
from tests.cast.hazards import a_hazard_in
from tests.cast.units import mine
from tests.cast.visits import a_finding, a_photo, a_visit
from tests.console.test_lists import words
from tests.evidence.test_photos import VISIT

pytestmark = pytest.mark.django_db


def test_a_unit_is_told_with_its_class_explained_and_its_open_hazards(seat, people):
    unit = mine(name="蔚汾示例煤业")
    hazard = a_hazard_in(State.REPORTED, unit, photo=None)
    client = seat("bureau")
    told = client.get(f"/api/v1/enterprises/{unit.pk}/supervision-class").json()
    page = client.get(f"/enterprises/{unit.pk}")
    said = words(page)
    assert page.status_code == 200 and "未结隐患 1 条" in said and f"/hazards/{hazard.pk}" in page.content.decode()
    assert f"为什么是 {told['class']} 类" in said and all(" ".join(each.split()) in said for each in told["reasons"])


def test_a_visit_is_told_with_its_remarks_its_course_and_what_was_found(seat, as_, people):
    sent = a_visit(mine(), hazards=[a_finding()], photos=[a_photo(1)])
    assert as_("inspector").put(VISIT, sent, format="json").status_code == 201
    key = VISIT.rpartition("/")[2]
    told = seat("bureau").get(f"/api/v1/inspections/{key}").json()
    said = words(seat("bureau").get(f"/inspections/{key}"))
    assert "锚杆间距超出作业规程" in said and "0/1 张已到" in said and told["by_name"] in said
    assert all(each["detail"] in said for each in told["remarks"])


def test_an_accident_is_told_with_its_clock(seat, as_, people):
    assert as_("duty").put(url(1), body(), format="json").status_code == 201
    key = url(1).rpartition("/")[2]
    legs = seat("duty").get(f"/api/v1/accidents/{key}/clock").json()
    page = seat("duty").get(f"/accidents/{key}")
    assert page.status_code == 200 and all(f"{leg['level_name']} 报 {leg['to_name']}" in words(page) for leg in legs)


@pytest.mark.parametrize("path", ["/enterprises/{}", "/inspections/{}", "/accidents/{}"])
def test_what_is_not_there_or_not_ones_own_is_said_in_words(path, seat, people):
    page = seat("inspector2").get(path.format("9d1f6c39-5b44-4be5-9a38-6f3f1f1c0099"))
    assert page.status_code == 404 and "没有找到" in words(page)


def test_a_unit_of_another_township_is_not_shown(seat, people):
    unit = mine()
    assert seat("inspector").get(f"/enterprises/{unit.pk}").status_code == 200
    assert seat("inspector2").get(f"/enterprises/{unit.pk}").status_code == 404
