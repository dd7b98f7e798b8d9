"""OGC API – Features: what a desk of GIS asks, answered as the standard says, with the rows of whoever asks."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.contrib.staticfiles import finders

from accidents.models import Accident
from enterprises.models import Enterprise
from geo.layers import REGISTRY
from hazards.states import State
from risks.models import RiskPoint
from tests.accounts.test_access_keys import a_key, with_key
from tests.cast.accidents import report_accident
from tests.cast.hazards import a_hazard_in, ago
from tests.cast.papers import a_visit
from tests.cast.people import OTHER_VILLAGE, VILLAGE
from tests.cast.risk_points import risk
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db
HAZARDS = "/ogc/collections/hazards/items"
CRS84, CGCS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/4490"


@pytest.fixture
def five(people):
    unit = mine()
    for number in range(5):
        where = Point(111.1 + number / 100, 38.4 + number / 100, srid=4326)
        a_hazard_in(State.REPORTED, unit, UUID(int=100 + number), photo=None, point=where, found_at=ago(number + 1))


def ids(document) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def test_the_landing_page_leads_to_everything(as_, people):
    client = as_("bureau")
    found = client.get("/ogc/").json()
    rels = {link["rel"]: link["href"] for link in found["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(rels)
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(rels[rel]).status_code == 200, rel
    classes = client.get(rels["conformance"]).json()["conformsTo"]
    assert f"{'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/'}core" in classes
    layers = client.get(rels["data"]).json()["collections"]
    assert {"hazards", "enterprises", "regions"} <= {layer["id"] for layer in layers}
    assert all({CRS84, CGCS} <= set(layer["crs"]) for layer in layers)


def test_pages_follow_one_another_by_next_alone(as_, five):
    client, seen, at = as_("bureau"), [], f"{HAZARDS}?limit=2"
    while at:
        page = client.get(at).json()
        assert page["numberReturned"] == len(page["features"]) <= 2
        seen += ids(page)
        at = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == 5 and seen == sorted(seen)


def test_every_link_of_every_document_leads_somewhere(as_, five):
    client, to_read, read = (
        as_("bureau"),
        ["/ogc/", f"{HAZARDS}?limit=2", f"{HAZARDS}/{UUID(int=101)}", "/ogc/collections/hazards"],
        set(),
    )
    while to_read:
        at = to_read.pop()
        answer = client.get(at)
        assert answer.status_code == 200, at
        read.add(at)
        if "json" in answer["Content-Type"]:
            to_read += [link["href"] for link in answer.json().get("links", []) if link["href"] not in read]
    assert sum("cursor" in at and "f=gml" in at for at in read) == 2  # a page further on has its other forms too


def test_a_box_holds_what_lies_in_it_in_the_order_of_its_axes(as_, five):
    client = as_("bureau")
    here = client.get(f"{HAZARDS}?bbox=111.095,38.395,111.115,38.415").json()
    assert here["numberMatched"] == 2
    heights = client.get(f"{HAZARDS}?bbox=111.095,38.395,0,111.115,38.415,9").json()
    turned = client.get(f"{HAZARDS}?bbox=38.395,111.095,38.415,111.115&bbox-crs={CGCS}").json()
    assert ids(here) == ids(heights) == ids(turned)


def test_moments_days_and_intervals_with_open_ends(as_, five):
    client = as_("bureau")
    days = [ago(number).date().isoformat() for number in (5, 3, 1)]
    counts = [
        client.get(f"{HAZARDS}?datetime={asked}").json()["numberMatched"]
        for asked in (f"{days[1]}/..", f"../{days[1]}", f"{days[0]}/{days[2]}", days[1])
    ]
    assert counts == [3, 3, 5, 1]


def test_geojson_has_the_longitude_first_and_gml_has_what_its_system_says(as_, five):
    client = as_("bureau")
    answer = client.get(f"{HAZARDS}?limit=1&crs={CGCS}")
    assert answer["Content-Crs"] == f"<{CGCS}>" and answer["Content-Type"].startswith("application/geo+json")
    assert answer.json()["features"][0]["geometry"]["coordinates"][0] > 110
    for crs, first in ((CGCS, 38), (CRS84, 111)):
        gml = client.get(f"{HAZARDS}?limit=1&f=gml&crs={crs}").content.decode()
        assert int(float(re.search(r"<gml:pos>([\d.]+) ", gml)[1])) == first


def test_one_feature_has_an_address_of_its_own(as_, five):
    key = UUID(int=101)
    found = as_("bureau").get(f"{HAZARDS}/{key}").json()
    assert found["id"] == str(key) and found["type"] == "Feature"
    assert as_("bureau").get(f"{HAZARDS}/{UUID(int=999)}").status_code == 404


def test_a_browser_is_shown_a_table(as_, five):
    page = as_("bureau").get(HAZARDS, headers={"Accept": "text/html"})
    assert page.status_code == 200 and "<table" in page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"] and "<style" not in page.content.decode()
    assert finders.find(re.search('/static/([^"]+)', page.content.decode())[1])


# --- of whose jurisdiction -------------------------------------------------------------------------------------------------
PLACE = Point(111.127486, 38.461818, srid=4326)  # the same for all: no box tells them apart


@pytest.fixture
def both_townships(people) -> dict[str, tuple[str, str]]:
    """By layer: a row at home and one of the other township, on one spot."""
    units = mine(), elsewhere()
    Enterprise.objects.update(point=PLACE)
    found = {"enterprises": units, "risks": tuple(map(risk, units))}
    RiskPoint.objects.update(point=PLACE)
    at = ((VILLAGE, units[0].pk), (OTHER_VILLAGE, units[1].pk))
    found["hazards"] = tuple(
        a_hazard_in(State.REPORTED, units[n], UUID(int=200 + n), photo=None, point=PLACE, region_code=region)
        for n, (region, _) in enumerate(at)
    )
    found["inspections"] = tuple(
        a_visit(people, id=UUID(int=300 + n), region_code=region, enterprise_id=unit, point=PLACE)
        for n, (region, unit) in enumerate(at)
    )
    found["accidents"] = tuple(report_accident(n + 1, region=region) for n, (region, _) in enumerate(at))
    Accident.objects.update(point=PLACE)
    return {layer: (str(own.pk), str(foreign.pk)) for layer, (own, foreign) in found.items()}


def test_each_layer_gives_the_leader_of_a_township_its_own_rows_and_no_others(as_, both_townships):
    leader, bureau = with_key(a_key(as_, "leader"), "leader", "Basic"), as_("bureau")
    assert set(both_townships) == set(REGISTRY) - {"regions"}
    for layer, (own, foreign) in both_townships.items():
        items = f"/ogc/collections/{layer}/items"
        assert sorted(ids(bureau.get(items).json())) == sorted((own, foreign)), layer
        for asked in ("", "&bbox=111,38,112,39", "&bbox=170,38,112,39", "&datetime=2020-01-01/..", "&crs=" + CGCS):
            document = leader.get(f"{items}?limit=1{asked}").json()
            assert (ids(document), document["numberMatched"]) == ([own], 1), (layer, asked)
            assert "next" not in [link["rel"] for link in document["links"]], (layer, asked)
        for form in ("json", "html", "gml"):
            page = leader.get(f"{items}?f={form}").content.decode()
            assert own in page and foreign not in page, (layer, form)
            assert leader.get(f"{items}/{own}?f={form}").status_code == 200, (layer, form)
            assert leader.get(f"{items}/{foreign}?f={form}").status_code == 404, (layer, form)
        drawn = leader.get(f"/api/v1/map/{layer}.geojson?bbox=111,38,112,39").json()
        assert ids(drawn) == [own], layer


def test_a_cursor_leads_only_its_own_person_on(as_, five):
    at = next(link["href"] for link in as_("bureau").get(f"{HAZARDS}?limit=2").json()["links"] if link["rel"] == "next")
    assert as_("leader").get(at).json()["code"] == "bad_cursor"


def test_nothing_of_another_jurisdiction_and_nothing_for_strangers(as_, client, five):
    assert as_("inspector2").get(HAZARDS).json()["features"] == []
    assert as_("inspector2").get(f"{HAZARDS}/{UUID(int=101)}").status_code == 404
    answer = client.get(HAZARDS)
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Basic")
    assert as_("sysadmin").get("/ogc/collections").status_code == 403


WRONG = [
    "limit=0", "limit=abc", "limit=-1", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,0,1,1", "bbox=0,50,1,40", "bbox=38,111,39,112,1,0", "datetime=x",
    "datetime=2026-02-30", "datetime=../..", "datetime=2026-02-02/2026-02-01", "crs=EPSG:9", "bbox-crs=x", "colour=red", "cursor=x", "f=xml",
    "bbox=1_0,38,112,39", "bbox=١١١,38,112,39", "bbox=", "datetime=", "datetime=2026-11-01T00:00:00", "datetime=a/b/c", "datetime=2026-11-02T00:00:00Z/2026-11-01",
    "limit=", "limit=1&limit=2", "q=%00",
]  # fmt: skip


@pytest.mark.parametrize("asked", WRONG)
def test_what_is_misread_would_be_another_answer_and_is_refused(asked, as_, five):
    answer = as_("bureau").get(f"{HAZARDS}?{asked}")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert re.search("[\u4e00-\u9fff]", answer.json()["title"])


def test_a_wrong_box_or_system_is_told_which_order_and_which_systems_there_are(as_, five):
    bureau = as_("bureau")
    said = [
        bureau.get(f"{HAZARDS}?bbox={box}").json()["detail"]
        for box in ("38,111,39,112", "38,111,39,112&bbox-crs=" + CRS84, "111,39,112,38", "x")
    ]
    assert [("经度在前" in each, "南界" in each, "纬度在前" in each) for each in said] == [(True, False, False)] * 2 + [
        (False, True, False),
        (False, False, True),
    ]
    assert "纬度在前" in bureau.get(f"{HAZARDS}?bbox=111,38,112,39&bbox-crs={CGCS}").json()["detail"]
    assert CGCS in bureau.get(f"{HAZARDS}?crs=EPSG:4490").json()["errors"][0]["detail"]


def test_the_ends_of_the_calendar_and_small_letters_are_read(as_, five):
    for asked, matched in (
        ("../9999-12-31", 5),
        ("9999-12-31", 0),
        ("0001-01-01/..", 5),
        ("2020-01-01t00:00:00z/..", 5),
    ):
        assert as_("bureau").get(f"{HAZARDS}?datetime={asked}").json()["numberMatched"] == matched, asked


def test_a_larger_limit_is_the_largest_and_the_antimeridian_is_crossed(as_, five):
    for limit in ("10001", "9" * 30, "0010"):
        assert as_("bureau").get(f"{HAZARDS}?limit={limit}").json()["numberReturned"] == 5
    assert as_("bureau").get(f"{HAZARDS}?bbox=170,38,112,39").json()["numberMatched"] == 5
    assert as_("bureau").get(f"{HAZARDS}?bbox=170,38,111,39").json()["numberMatched"] == 0


def test_an_unknown_layer_is_not_there(as_, people):
    assert as_("bureau").get("/ogc/collections/nothing").status_code == 404


def test_a_page_costs_the_same_statements_however_long(as_, five, django_assert_max_num_queries):
    client = as_("bureau")
    client.get(f"{HAZARDS}?limit=1")
    with django_assert_max_num_queries(5):
        client.get(f"{HAZARDS}?limit=1000")
