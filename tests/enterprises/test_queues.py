"""Units by when somebody last looked, by risk, by distance; sites by words and kind, and put right with a reason."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from enterprises.actions import set_last_visits
from enterprises.models import Enterprise, Site
from safety_api.models import TrailLine
from tests.cast.people import VILLAGE
from tests.cast.units import mine, unit

pytestmark = pytest.mark.django_db
UNITS, SITES = "/api/v1/enterprises", "/api/v1/sites"
NAMES = ["甲煤业", "乙煤业", "丙煤业", "丁煤业"]


@pytest.fixture
def four(people):
    days, colours, places = (
        ["2026-03-01", None, "2026-01-01", "2026-02-01"],
        ["blue", "", "red", "orange"],
        [0.03, 0.01, None, 0.02],
    )
    for name, colour, away in zip(NAMES, colours, places, strict=True):
        made = unit(f"兴县{name}有限公司")
        point = Point(111.1 + away, 38.4, srid=4326) if away else None
        Enterprise.objects.filter(pk=made.pk).update(risk_colour=colour, point=point)
    keys = {row.name: row.pk for row in Enterprise.objects.all()}
    set_last_visits((keys[f"兴县{name}有限公司"], day) for name, day in zip(NAMES, days, strict=True))


def shown(client, query: str, address: str = UNITS) -> str:
    """The first signs of the names, over all pages of two."""
    found, page = "", f"{address}?limit=2&{query}"
    while page:
        answer = client.get(page)
        assert answer.status_code == 200, answer.content.decode()
        found += "".join(row["name"].removeprefix("兴县")[0] for row in answer.json()["results"])
        page = answer.json()["next"]
    return found


ORDERS = [
    ("sort=last_visit_on", "乙丙丁甲"), ("sort=-last_visit_on", "甲丁丙乙"), ("sort=risk_colour", "丙丁甲乙"), ("sort=-risk_colour", "乙甲丁丙"),
    ("near=111.1,38.4,wgs84", "乙丁甲"), ("near=111.2,38.4,wgs84", "甲丁乙"), ("near=111.1,38.4,gcj02&sort=risk_colour", "乙丁甲"),
    ("last_visit_before=2026-02-01&sort=last_visit_on", "丙"), ("last_visit_from=2026-02-01&sort=last_visit_on", "丁甲"),
    ("never_visited=true", "乙"), ("never_visited=false&sort=last_visit_on", "丙丁甲"), ("risk_colour=red,orange&sort=risk_colour", "丙丁"),
]  # fmt: skip


@pytest.mark.parametrize("query, order", ORDERS)
def test_units_come_by_last_visit_risk_and_distance(query, order, four, as_):
    assert shown(as_("bureau"), query) == order


def test_a_unit_near_says_how_far_it_is(four, as_):
    near = as_("bureau").get(f"{UNITS}?near=111.1,38.4,wgs84&limit=1").json()["results"][0]
    assert 860 < near["distance_m"] < 885  # a hundredth of a degree of longitude at this latitude
    assert as_("bureau").get(f"{UNITS}?limit=1").json()["results"][0]["distance_m"] is None


@pytest.mark.parametrize(
    "near, code",
    [("111.1,38.4", "crs_required"), ("111.1,38.4,mars", "unknown_crs"), ("x,38.4,wgs84", "not_a_number"), ("11.1,38.4,wgs84", "outside_china"),
     ("111.1", "bad_near"), ("nan,38.4,wgs84", "not_a_number"), ("111.1,38.4,wgs84,8", "bad_near"), ("", "bad_near")],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(near, code, people, as_):
    answer = as_("bureau").get(f"{UNITS}?near={near}")
    assert answer.status_code == 400
    assert code in {answer.json()["code"], *(each["code"] for each in answer.json()["errors"])}


# --- sites -----------------------------------------------------------------------------------------------------------
def a_site(name: str, **fields) -> Site:
    return Site.objects.create(
        **{"name": name, "kind": "pond", "sector_id": "non_coal_mine", "region_code": VILLAGE, **fields}
    )


SITE_QUERIES = [
    ("q=尾矿", "后"), ("q=后沟 尾矿", "后"), ("q=后沟 水库", ""), ("q=示例煤业", "前"), ("q=东关路", "前"), ("kind=pond", "后"),
    ("kind=pond&kind=house", "前后旧"), ("kind=pond,house&open=true", "前后"), ("open=false", "旧"),
]  # fmt: skip


@pytest.mark.parametrize("query, found", SITE_QUERIES)
def test_sites_are_asked_for_by_words_and_kind(query, found, people, as_):
    a_site("后沟尾矿库")
    a_site("前沟厂房", kind="house", enterprise=mine(), address="东关路1号")
    a_site("旧厂房", kind="house", closed_on="2026-01-01")
    assert sorted(shown(as_("bureau"), query, SITES)) == sorted(found)


def test_a_site_is_put_right_and_its_original_kept(people, as_):
    site, bureau = a_site("后沟尾矿库", owner_name="李四"), as_("bureau")
    tag = bureau.get(f"{SITES}/{site.pk}")["ETag"]
    body = {
        "reason": "登记时写错",
        "name": "前沟尾矿库",
        "owner_name": "王五六",
        "location": {"lon": 111.1, "lat": 38.4, "crs": "gcj02"},
    }
    answer = bureau.post(f"{SITES}/{site.pk}/correct", body, format="json", headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["name"]) == (200, "前沟尾矿库"), answer.json()
    line = bureau.get(f"{SITES}/{site.pk}/corrections").json()[0]
    assert (line["before"]["name"], line["after"]["name"], line["reason"]) == ("后沟尾矿库", "前沟尾矿库", "登记时写错")
    assert (
        line["before"]["owner_name"].startswith("李")
        and TrailLine.objects.get(verb="site.correct").details["reason"] == "登记时写错"
    )
    stale = bureau.post(f"{SITES}/{site.pk}/correct", body, format="json", headers={"If-Match": '"0-0"'})
    assert stale.json()["code"] == "stale"


REFUSED = [
    ({"name": "后沟尾矿库"}, 400, "nothing_to_correct"), ({"reason": "", "name": "x库"}, 400, "reason_required"),
    ({"region": "141123100000"}, 400, "not_a_village"), ({"region": "141123101200"}, 403, "outside_jurisdiction"),
    ({"kind": "moon"}, 400, "invalid"), ({"id": "00000000-0000-4000-8000-00000000000f"}, 400, "unknown_field"),
]  # fmt: skip


@pytest.mark.parametrize("body, status, code", REFUSED)
def test_a_correction_of_a_site_that_does_not_hold_is_refused(body, status, code, people, as_):
    site = a_site("后沟尾矿库")
    answer = as_("township").post(f"{SITES}/{site.pk}/correct", {"reason": "写错", **body}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


def test_a_site_elsewhere_is_not_put_right(people, as_):
    site = a_site("后沟尾矿库")
    assert (
        as_("inspector2").post(f"{SITES}/{site.pk}/correct", {"reason": "x", "name": "别处"}, format="json").status_code
        == 404
    )
