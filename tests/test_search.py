"""Search as people write, at every list that is asked with `q`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from enterprises.models import Enterprise, Site
from hazards.models import Hazard, HazardWords
from inspections.models import InspectionWords
from safety_api import outbox, search
from tests.cast.accidents import report_accident
from tests.cast.enforcement import a_major
from tests.cast.units import OTHER_VILLAGE, mine
from tests.cast.units import unit as unit_of
from tests.cast.visits import a_visit

pytestmark = pytest.mark.django_db
VILLAGE = "141123100200"
ASKED = ("长兴", "（长兴）煤业", "ＣＨＡＮＧＸＩＮＧ", "changxing", "zhangxing", "cxmy", "蔚汾 长兴", "长兴，yufen", "长\u200b兴")


def unit() -> Enterprise:
    return mine(name="兴县（长兴）煤业有限公司")


def a_site(of: Enterprise, **fields: Any) -> Site:
    return Site.objects.create(kind="mine", name="一号井", enterprise=of, sector_id="coal_mine", region_code=VILLAGE, **fields)


def ids(client, address: str, q: str, **more) -> list[str]:
    answer = client.get(f"/api/v1/{address}", {"q": q, **more})
    assert answer.status_code == 200, answer.content
    return [str(each["id"]) for each in answer.json()["results"]]


@pytest.mark.parametrize("indexed", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize("q", ASKED)
def test_records_are_found_by_their_unit_and_place_at_every_list(as_, q, indexed):
    of = unit()
    hazard, site = a_major(of), a_site(of)
    visit = str(UUID(int=77))
    assert as_("inspector").put(f"/api/v1/inspections/{visit}", a_visit(of, hazards=[]), format="json").status_code == 201
    if indexed:
        for kind in search.INDEXES:
            search.fill(kind)
        outbox.drain()
        assert HazardWords.objects.count() == InspectionWords.objects.count() == 1
    bureau = as_("bureau")
    assert ids(bureau, "enterprises", q) == [str(of.pk)]
    assert ids(bureau, "hazards", q) == [str(hazard.pk)]
    assert ids(bureau, "ledgers/rectification", q) == [str(hazard.pk)]
    assert ids(bureau, "ledgers/supervision", q) == [str(of.pk)]
    assert ids(bureau, "sites", q) == [str(site.pk)]
    assert ids(bureau, "inspections", q) == [visit]


@pytest.mark.parametrize(("q", "there"), [("探放水 长兴", True), ("tfs 长兴", True), ("探放水 瓦斯", False), ("——", False), ("%", False)])
def test_two_words_must_both_be_found_wherever_they_stand(as_, q, there):
    hazard = a_major(unit())
    assert ids(as_("bureau"), "hazards", q) == ([str(hazard.pk)] if there else [])


def test_an_accident_is_found_by_what_happened_and_its_unit(as_):
    of = unit()
    accident = report_accident(1, units=[{"enterprise": str(of.pk), "role": "occurring", "responsible": None}])
    for _ in range(2):
        for q in ("顶板 长兴", "dbml", "changxing"):
            assert ids(as_("bureau"), "accidents", q) == [str(accident.pk)]
        outbox.drain()


def test_a_renamed_units_records_are_found_by_its_new_name(as_):
    of = unit()
    hazard = a_major(of)
    search.fill("hazard")
    outbox.drain()
    as_("bureau").patch(f"/api/v1/enterprises/{of.pk}", {"name": "兴县华盛煤业有限公司"}, format="json")
    outbox.drain()
    assert ids(as_("bureau"), "hazards", "华盛") == [str(hazard.pk)]
    assert ids(as_("bureau"), "hazards", "长兴") == []


def test_a_search_keeps_to_the_jurisdiction_of_whoever_asks(as_):
    a_major(unit_of("兴县长兴煤业有限公司", region=OTHER_VILLAGE))
    assert ids(as_("township"), "hazards", "长兴") == []


# --- page by page ----------------------------------------------------------------------------------------------------------
def many(days: list[int]) -> list[str]:
    """Hazards so many days ago each, the newest first, of which every word is 甲烷超限."""
    now = timezone.now()
    rows = [
        Hazard(
            id=UUID(int=number), state="reported", level="general", origin="patrol", loop="county", sector_id="coal_mine",
            region_code=VILLAGE, place="东关", description="甲烷超限", reported_by=UUID(int=1), reporter_name="张巡",
            found_at=now - timedelta(days=back), received_at=now,
        )
        for number, back in enumerate(days, 1)
    ]  # fmt: skip
    Hazard.objects.bulk_create(rows)
    search.fill("hazard")
    outbox.drain()
    return [str(row.pk) for row in sorted(rows, key=lambda row: (-row.found_at.timestamp(), row.pk))]


@pytest.mark.parametrize(
    "days",
    [
        [0, 0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55],
        [0, 200, 201, 400, 900, 1500, 2500, 4000],
        [3000, 3000, 3001, 3900],
        [-400, 0, 1, 500],
    ],
)
def test_pages_of_a_search_hold_every_record_once_in_order(as_, days):
    wanted, client = many(days), as_("bureau")
    found: list[str] = []
    address = "/api/v1/hazards?q=甲烷&limit=3"
    while address:
        page = client.get(address).json()
        found += [each["id"] for each in page["results"]]
        address = page["next"]
    assert found == wanted


def test_a_search_backwards_gives_the_page_before(as_):
    wanted, client = many([0, 1, 2, 30, 31, 400]), as_("bureau")
    second = client.get(client.get("/api/v1/hazards?q=甲烷&limit=2").json()["next"]).json()
    assert [each["id"] for each in client.get(second["previous"]).json()["results"]] == wanted[:2]


def test_a_search_looks_no_further_back_than_its_page_needs(as_, django_assert_max_num_queries):
    many([0] * 8 + [2000])
    with django_assert_max_num_queries(7):
        assert len(ids(as_("bureau"), "hazards", "甲烷", limit=3)) == 3


def test_words_are_written_again_when_a_message_comes_twice():
    hazard = a_major(unit())
    for _ in range(2):
        search.keep(search.INDEXES["hazard"], [hazard.pk])
    assert "tfssjyxcbf" in HazardWords.objects.get().text
