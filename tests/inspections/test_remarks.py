"""提示: what is remarkable about a record is shown with it and asked for in lists; nothing is refused for it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.cast import accidents
from tests.cast.units import elsewhere, mine
from tests.cast.visits import a_finding, a_visit

pytestmark = pytest.mark.django_db
VISIT, OTHER, ALONE = (f"7a2f6c39-5b44-4be5-9a38-6f3f1f1c00{n}1" for n in (0, 2, 3))
FAR = {"lon": 116.4, "lat": 39.9, "crs": "wgs84"}
OUTSIDE = {"code": "outside_county", "detail": "定位不在本县范围内。"}


def put(client, body, key=VISIT, kind="inspections"):
    answer = client.put(f"/api/v1/{kind}/{key}", body, format="json")
    assert answer.status_code in (200, 201), answer.json()
    return answer.json()


def listed(client, kind: str, **parameters) -> list[str]:
    answer = client.get(f"/api/v1/{kind}", parameters)
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


# --- shown and asked for ----------------------------------------------------------------------------------------------------
def test_a_visit_and_its_hazard_show_their_remarks_and_are_listed_by_them(as_):
    unit, phone = mine(), as_("inspector")
    put(phone, a_visit(unit, hazards=[]), OTHER)
    shown = put(phone, a_visit(unit, location=FAR, hazards=[a_finding(location=FAR)]))
    assert OUTSIDE in shown["remarks"] and OUTSIDE in shown["hazards"][0]["remarks"]
    assert "outside_county" in shown["warnings"] and "outside_county" in shown["hazards"][0]["warnings"]
    assert listed(as_("bureau"), "inspections", warning="outside_county") == [VISIT]
    assert listed(as_("bureau"), "hazards", warning="outside_county") == [shown["hazards"][0]["id"]]


def test_a_hazard_alone_keeps_its_remarks_and_is_listed_by_them(as_):
    hazard = {"place": "东关村口", "description": "堆放杂物", "found_at": timezone.now().isoformat(), "location": FAR}
    shown = put(as_("township"), hazard, ALONE, "hazards")
    assert (shown["warnings"], shown["remarks"]) == (["outside_county"], [OUTSIDE])
    assert as_("township").get(f"/api/v1/hazards/{ALONE}").json()["remarks"] == [OUTSIDE]
    assert listed(as_("township"), "hazards", warning="outside_county") == [ALONE]
    assert listed(as_("township"), "hazards", warning="deadline_long") == []


def test_an_accident_shows_its_remarks_with_sentences_and_is_listed_by_them(as_):
    accidents.report_accident(1, units=accidents.occurring(elsewhere()))
    accidents.report_accident(2)
    shown = as_("bureau").get(accidents.url(1)).json()
    assert shown["remarks"] == [{"code": "unit_elsewhere", "detail": "所列单位登记在另一个乡镇。"}]
    assert listed(as_("bureau"), "accidents", warning="unit_elsewhere") == [str(accidents.key(1))]


@pytest.mark.parametrize("kind", ["inspections", "hazards", "accidents"])
def test_a_list_refuses_a_remark_that_nobody_makes(as_, kind):
    answer = as_("bureau").get(f"/api/v1/{kind}?warning=lovely")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/warning")
