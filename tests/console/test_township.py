"""排名往下 A township's figure is taken apart into villages and units, the accident and the line of the policy: what the API says, to whom it says it."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from reference import law
from tests.cast.accidents import OTHER_TOWN, TOWN, V2, YEAR, W, at, occurring, report_accident
from tests.cast.figures import set_policy
from tests.cast.hazards import a_hazard_in
from tests.cast.units import elsewhere, mine, unit
from tests.console.test_lists import words
from zero_accident.rules.standards import LINE

pytestmark = pytest.mark.django_db
ZERO = "/api/v1/zero-accident/zero"
WHEN = f"?year={YEAR}"
PARTS = ("village", "unit")
PAGES = ("", "/villages", "/units")


@pytest.fixture
def figures(people):
    """At home a unit that broke with its village and one that did not; in the other township the same."""
    own, theirs = mine(), elsewhere()
    unit(opened_on=None)
    report_accident(1, units=occurring(own))
    report_accident(2, region=W, description="边坡垮塌，一人被埋", units=occurring(theirs))
    return own, theirs


@pytest.fixture
def standards_mode(people):
    set_policy(mode="accident_and_standard")
    yield
    law.forget()


def row_of(client, code: str = TOWN) -> dict:
    return next(row for row in client.get(f"/api/v1/zero-accident/ranking{WHEN}").json() if row["region"] == code)


# --- who is zero -------------------------------------------------------------------------------------------------------------
def zeros(client, **asked) -> list[dict]:
    return client.get(ZERO, {"year": YEAR, "region": TOWN, "limit": 200, **asked}).json()["results"]


def test_the_list_of_those_that_are_zero_is_as_long_as_the_figure_says(as_, figures):
    client = as_("bureau")
    for code in (TOWN, OTHER_TOWN):
        row = row_of(client, code)
        assert [len(zeros(client, region=code, kind=kind)) for kind in PARTS] == [row["village_zero"], row["unit_zero"]]
    broken = {row["key"] for row in client.get(f"/api/v1/zero-accident/broken{WHEN}").json()["results"]}
    assert not broken & {row["region"] for row in zeros(client)}
    assert V2 in {row["region"] for row in zeros(client)}


def test_where_the_standards_are_asked_nobody_is_zero_without_them(as_, standards_mode, figures):
    client = as_("bureau")
    assert [zeros(client, kind=kind) for kind in PARTS] == [[], []]
    row = row_of(client)
    assert (row["village_zero"], row["unit_zero"]) == (0, 0) and row["village_short"] and row["unit_short"]


def test_on_a_day_before_its_accident_a_place_is_zero(as_, figures):
    own, client = str(figures[0].pk), as_("bureau")
    days = (f"{YEAR}-03-04", f"{YEAR}-03-05")
    assert [own in {row["enterprise"] for row in zeros(client, kind="unit", as_of=day)} for day in days] == [
        True,
        False,
    ]


def test_units_of_others_are_not_listed_and_villages_are(as_, figures):
    leader = as_("leader")
    unit("魏家滩的又一家", region=W)
    assert zeros(leader, region=OTHER_TOWN, kind="unit") == []
    assert len(zeros(leader, region=OTHER_TOWN)) == row_of(leader, OTHER_TOWN)["village_zero"]


@pytest.mark.parametrize(
    "asked", ["kind=x", "region=999999", "year=2999", "as_of=x", "colour=red", "limit=0", "sector=x"]
)
def test_what_those_that_are_zero_cannot_be_asked_for_is_refused(asked, as_, people):
    assert as_("bureau").get(f"{ZERO}?{asked}").status_code == 400


def test_the_lists_behind_the_figures_open_as_pages(seat, figures):
    for path in ("zero", "short", "broken"):
        for kind in PARTS:
            page = seat("leader").get(f"/{path}?kind={kind}&region={TOWN[:9]}&year={YEAR}")
            assert page.status_code == 200, (path, kind)


# --- the township ------------------------------------------------------------------------------------------------------------
def test_the_ranking_leads_to_the_township_its_villages_and_its_units(seat, figures):
    page = seat("leader").get(f"/ranking{WHEN}").content.decode()
    assert all(f'href="/ranking/{TOWN}{part}{WHEN}"' in page for part in PAGES)


def test_a_township_says_its_place_why_and_what_lifts_with_its_accidents_and_lines(seat, as_, figures):
    row, page = row_of(as_("leader")), seat("leader").get(f"/ranking/{TOWN}{WHEN}")
    said, text = words(page), page.content.decode()
    assert f"第 {row['rank']}" in said and f"{row['village_ratio']}%" in said and f"{row['unit_ratio']}%" in said
    assert "顶板冒落，一人被埋" in said and "死亡1人" in said
    assert 'href="/policy?version=ZA-2021-1#min_deaths.Z1"' in text and f'href="/accidents/{_accident(text)}"' in text
    assert len(re.findall(r'href="\?as_of=\d{4}-\d\d-\d\d"', text)) == 12


def _accident(text: str) -> str:
    return re.search(r"/accidents/([0-9a-f-]{36})", text)[1]


def test_villages_and_units_are_told_one_by_one_with_the_reason(seat, as_, figures):
    row, client = row_of(as_("leader")), seat("leader")
    for kind, part in (("village", "villages"), ("unit", "units")):
        page = client.get(f"/ranking/{TOWN}/{part}{WHEN}")
        text = page.content.decode()
        zero = text[text.index('id="zero"') :]
        assert f"{row[f'{kind}_zero']}/{row[f'{kind}_total']}" in words(page)
        assert len(re.findall("<li>", zero)) == row[f"{kind}_zero"]
        assert len(re.findall('<article class="because">', text)) == row[f"{kind}_broken"] == 1
        assert "达到1人及以上" in text and "#min_deaths.Z1" in text
    assert figures[0].name in client.get(f"/ranking/{TOWN}/units{WHEN}").content.decode()


def test_who_lacks_standards_is_told_with_each_of_them(seat, standards_mode, figures):
    page = seat("leader").get(f"/ranking/{TOWN}/villages{WHEN}")
    assert "未达创建标准" in words(page) and "未评定" in words(page) and f"#{LINE}" in page.content.decode()


def test_of_another_township_a_leader_reads_villages_and_numbers_and_no_name(seat, figures):
    _, theirs = figures
    client = seat("leader")
    for part in PAGES:
        page = client.get(f"/ranking/{OTHER_TOWN}{part}{WHEN}")
        assert page.status_code == 200 and "不在您的管辖范围" in words(page)
        assert not [
            each for each in (theirs.name, "边坡垮塌", "report.pdf", str(theirs.pk)) if each in page.content.decode()
        ], part
    assert theirs.name in seat("bureau").get(f"/ranking/{OTHER_TOWN}/units{WHEN}").content.decode()


@pytest.mark.parametrize("code", ["141123000000", V2, "141123999000", "x", "999999999999", "141123100"])
def test_what_is_no_township_of_the_ranking_is_not_there(code, seat, people):
    assert [seat("bureau").get(f"/ranking/{code}{part}").status_code for part in PAGES] == [404] * 3


def test_a_day_asked_for_stays_asked_for_down_to_the_rows(seat, figures):
    day = f"as_of={YEAR}-03-04"
    page = seat("leader").get(f"/ranking/{TOWN}?{day}").content.decode()
    assert f"/ranking/{TOWN}/villages?{day}#zero" in page and f"report.pdf?{day}" in page
    assert "破零 0" in words(seat("leader").get(f"/ranking/{TOWN}/villages?{day}"))


@pytest.mark.parametrize(
    "asked", ["year=1990", "year=2999", "year=x", "as_of=2026-02-30", "as_of=x", "year=2024&as_of=2025-01-01"]
)
def test_a_day_that_cannot_be_asked_for_is_answered_in_words(asked, seat, people):
    for part in PAGES:
        page = seat("bureau").get(f"/ranking/{TOWN}{part}?{asked}")
        assert 400 <= page.status_code < 500 and re.search("[一-龥]{4}", words(page))


def test_an_enterprise_reads_the_policy_and_no_township(seat, people):
    assert [
        seat("enterprise").get(path).status_code for path in (f"/ranking/{TOWN}", f"/ranking/{TOWN}/units", "/policy")
    ] == [403, 403, 200]


def test_each_number_of_hazards_and_accidents_leads_to_as_many_rows(seat, as_, figures):
    a_hazard_in("closed", figures[0], UUID(int=1), photo=None, found_at=at(1, 5), due_on=f"{YEAR}-02-10", closed_on=f"{YEAR}-02-05")
    a_hazard_in("rectifying", figures[0], UUID(int=2), photo=None, found_at=at(1, 6), due_on=f"{YEAR}-03-10")
    call_command("rebuild_hazard_figures")
    call_command("rebuild_zero_accident")
    leader = as_("leader")
    row, page = row_of(leader), seat("leader").get(f"/ranking/{TOWN}{WHEN}").content.decode()
    assert row["hazards_due"] == 2
    for figure, number in (("due", row["hazards_due"]), ("on_time", row["hazards_on_time"]), ("late", row["hazards_due"] - row["hazards_on_time"])):
        href = unescape(re.search(rf'href="/(hazard-figures\?figure={figure}[^"]*)"', page)[1])
        assert leader.get(f"/api/v1/{href.replace('?', '/rows?')}&count=true").json()["total"] == number
    href = unescape(re.search(r'href="/(accidents\?[^"]*)"', page)[1])
    assert leader.get(f"/api/v1/{href}&count=true").json()["total"] == row["accidents"] == 1


def test_of_a_day_within_a_month_the_hazards_are_a_number_and_no_list(seat, figures):
    a_hazard_in("rectifying", figures[0], photo=None, found_at=at(1, 5), due_on=f"{YEAR}-02-10")
    pages = [seat("leader").get(f"/ranking/{TOWN}?as_of={YEAR}-{day}").content.decode() for day in ("03-04", "02-28")]
    assert ["0/1" in page.replace("\n", "") for page in pages] == [True, False]
    assert ["figure=due" in page for page in pages] == [False, True]


def test_a_list_says_the_name_of_the_place_it_was_narrowed_to(seat, figures):
    assert "乡镇：蔚汾镇" in words(seat("leader").get(f"/zero?region={TOWN[:9]}"))
    assert "蔚汾镇" in words(seat("leader").get(f"/broken?region={V2}"))


# --- the policy --------------------------------------------------------------------------------------------------------------
def test_every_line_of_the_policy_stands_on_its_page_under_its_code(seat, as_, people):
    page = seat("leader").get("/policy").content.decode()
    lines = as_("leader").get("/api/v1/zero-accident/policies").json()[0]["parameters"]
    assert [each["code"] for each in lines] == re.findall(r'<div id="([^"]+)">', page)
    assert all(each["source"] in page for each in lines)


def test_a_policy_that_never_was_is_answered_in_words(seat, people):
    page = seat("leader").get(f"/policy?version={uuid4().hex[:20]}")
    assert page.status_code in (400, 404) and re.search("[一-龥]{4}", words(page))
