"""Targets per year and place: which one holds, who sets it, and what a ratio shows of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from safety_api.models import TrailLine
from tests.cast.accidents import OTHER_TOWN, TOWN, YEAR, V, bureau, report_accident
from zero_accident.figures import query, ratios
from zero_accident.models import Target
from zero_accident.targets.actions import set_target
from zero_accident.targets.lookup import LAW, TargetInForce, chosen, targets_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/zero-accident/targets"
COUNTY = "141123000000"
THIS_YEAR = timezone.localdate().year


def target(region: str, year: int, percent: str) -> TargetInForce:
    return TargetInForce(region, year, Decimal(percent))


OF_2021 = target(LAW, 2021, "85")


@pytest.mark.parametrize(
    "known, year, place, expected",
    [
        ([OF_2021], 2021, "141123", OF_2021),
        ([OF_2021], 2026, "141123100", OF_2021),  # no target since: the last one, with its year
        ([OF_2021, target("141123", 2026, "87")], 2026, "141123", target("141123", 2026, "87")),
        ([OF_2021, target("141123", 2026, "87")], 2026, "141123100", target("141123", 2026, "87")),  # the county's
        ([target("141123100", 2026, "90"), target("141123", 2026, "87")], 2026, "141123100200", target("141123100", 2026, "90")),
        ([target("141123100", 2026, "90"), target("141123", 2026, "87")], 2026, "141123101", target("141123", 2026, "87")),
        ([target("141123", 2026, "87"), target(LAW, 2026, "88")], 2026, "141123", target("141123", 2026, "87")),  # before the law's
        ([target("141123", 2025, "87"), target(LAW, 2026, "88")], 2026, "141123", target(LAW, 2026, "88")),  # of the year itself
        ([target("141123100", 2024, "90"), target("141123", 2025, "87")], 2026, "141123100", target("141123", 2025, "87")),  # the last
        ([target("141123100", 2025, "90"), target("141123", 2025, "87")], 2026, "141123100", target("141123100", 2025, "90")),
        ([OF_2021, target("141123", 2027, "95")], 2026, "141123", OF_2021),  # not yet
        ([OF_2021, target("141124", 2026, "95")], 2026, "141123", OF_2021),  # another county's
        ([OF_2021, target("141123", 2026, "87")], 2026, "1411", OF_2021),  # a city is measured by the law
        ([], 2026, "141123", None),
    ],
)  # fmt: skip
def test_the_target_in_force_is_chosen_by_year_and_place(known, year, place, expected):
    assert chosen(known, year, place) == expected
    assert chosen(known[::-1], year, place) == expected


def put(region: str = COUNTY, percent: str = "87.50", subject: str = "village", year: int = YEAR) -> tuple[Target, bool]:
    return set_target(
        by=bureau(), year=year, region=region, subject=subject, percent=Decimal(percent), document="兴安委〔2025〕3号", approved_by="县安委会"
    )


def shown(region: str = "141123", year: int = YEAR) -> tuple:
    found = ratios.ratios(query.figure_query(year, date(year, 12, 31) if year < THIS_YEAR else None), region)["villages"]
    return found["target"], found["target_year"], found["target_region"]


def test_a_ratio_shows_its_target_with_year_and_region():
    assert shown() == ("85.00", 2021, None)
    put()
    put(TOWN, "90")
    assert shown() == ("87.50", YEAR, COUNTY)
    assert shown(TOWN[:9]) == ("90.00", YEAR, TOWN)
    assert shown(V) == ("90.00", YEAR, TOWN)
    assert shown(OTHER_TOWN[:9]) == ("87.50", YEAR, COUNTY)
    assert shown(year=YEAR - 1) == ("85.00", 2021, None)


def test_villages_and_units_have_separate_targets():
    put(subject="unit", percent="92")
    found = targets_of(YEAR, "141123")
    assert (found["village"], found["unit"]) == (target(LAW, 2021, "85"), target("141123", YEAR, "92"))


@pytest.mark.parametrize("percent, met, spare", [("97.29", True, 0), ("97.30", False, -1), ("97.29729", True, 0), ("0", True, 36), ("100", False, -1)])
def test_meeting_a_target_and_its_spare_are_exact_at_any_percentage(percent, met, spare):
    """36 of 37 are 97.297…%."""
    report_accident()
    Target.objects.create(year=YEAR, region_code=TOWN, subject="village", percent=Decimal(percent).quantize(Decimal("0.01"), rounding="ROUND_DOWN"),
                          document="x", approved_by="x", by_name="x")  # fmt: skip
    found = ratios.ratios(query.figure_query(YEAR, None), TOWN[:9])["villages"]
    assert (found["met"], found["spare"]) == (met, spare)


def test_setting_a_target_again_replaces_it_and_keeps_the_earlier_one():
    put()
    moment = timezone.now()
    assert put("141123000000", "88")[1] is True
    assert put("141123000000", "88")[1] is False
    assert targets_of(YEAR, "141123")["village"].percent == Decimal("88")
    assert targets_of(YEAR, "141123", moment)["village"].percent == Decimal("87.50")
    assert Target.objects.count() == 2
    assert [row.details["before"] for row in TrailLine.objects.filter(verb="zero_accident.set_target").order_by("id")] == [None, "87.50"]


# --- doors ---------------------------------------------------------------------------------------------------------------
BODY = {"year": YEAR, "region": "141123", "subject": "village", "percent": "87.50", "document": "兴安委〔2025〕3号", "approved_by": "县安委会"}


@pytest.mark.parametrize("who", ["bureau", "committee"])
def test_the_bureau_and_the_committee_may_set_the_countys_target(as_, who):
    answer = as_(who).post(URL, BODY, format="json")
    assert answer.status_code == 201, answer.content
    assert (answer.json()["region"], answer.json()["percent"]) == (COUNTY, "87.50")
    assert as_(who).post(URL, BODY, format="json").status_code == 200
    assert [row["percent"] for row in as_("leader").get(URL, {"year": YEAR}).json()["results"]] == ["87.50"]


@pytest.mark.parametrize("fields, word", [
    ({"percent": 87.5}, "text"),
    ({"percent": "87.505"}, "max_decimal_places"),
    ({"percent": "100.01"}, "max_value"),
    ({"percent": "-1"}, "min_value"),
    ({"percent": "0"}, "min_value"),  # everybody would meet it
    ({"percent": "NaN"}, "invalid"),
    ({"percent": ""}, "invalid"),
    ({"document": ""}, "paper_required"),
    ({"approved_by": " "}, "paper_required"),
    ({"region": "141124"}, "unknown_region"),
    ({"region": "1411"}, "unknown_region"),
    ({"region": V}, "unknown_region"),
    ({"region": "141123900"}, "unknown_region"),
    ({"subject": "sector"}, "invalid_choice"),
    ({"year": THIS_YEAR + 2}, "in_the_future"),
    ({"year": 2020}, "min_value"),
    ({"year": "2025"}, "invalid"),
])  # fmt: skip
def test_an_invalid_target_is_refused_and_not_stored(as_, fields, word):
    answer = as_("bureau").post(URL, {**BODY, **fields}, format="json")
    assert answer.status_code == 400, answer.content
    assert word in [each["code"] for each in answer.json()["errors"]]
    assert not Target.objects.exists()


def test_next_years_target_may_be_set_ahead(as_):
    assert as_("bureau").post(URL, {**BODY, "year": THIS_YEAR + 1}, format="json").status_code == 201
    assert shown(year=THIS_YEAR) == ("85.00", 2021, None)


@pytest.mark.parametrize("who", ["township", "leader", "enterprise", "department"])
def test_only_the_bureau_and_the_committee_may_set_a_target(as_, who):
    assert as_(who).post(URL, BODY, format="json").status_code == 403
