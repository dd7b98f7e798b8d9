"""隐患一张图 In a real browser: it opens, a cluster opens, a filter holds, a step is done, a link brings everything back."""

from __future__ import annotations

import re
from random import Random
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.contrib.sessions.models import Session

from geo import grid, layers
from geo.areas import draw_approximate_areas, set_seats
from geo.demo import DATA, rows_of
from geo.models import Region
from hazards.models import Hazard
from tests.cast.hazards import a_hazard_in, in_days
from tests.cast.units import mine
from tests.console.desk import desk, drawn, seated
from tests.ops.front import web
from tests.phone.browser import program
from tests.phone.test_access import AXE, CUT, LEAST, SERIOUS, TOO_SMALL

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
SPOT, LATE = Point(111.13, 38.46, srid=4326), UUID(int=5)
VIEW = f"at=15/{SPOT.y}/{SPOT.x}"
MOST_REQUESTS = 20
IN_THE_MIDDLE = """() => { const box = document.getElementById("map").getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] }"""


@pytest.fixture
def county(committed, settings):
    """Townships on the map, hazards all over them, seven on one spot, one major one late."""
    set_seats([{name: str(value) for name, value in row.items()} for row in rows_of(DATA / "demo_seats.csv")])
    draw_approximate_areas("141123")
    chance = Random(3)
    for number, town in enumerate(list(Region.objects.townships().exclude(point=None).order_by("code")) * 4):
        where = Point(town.point.x + chance.gauss(0, 0.02), town.point.y + chance.gauss(0, 0.02), srid=4326)
        state = chance.choice(["reported", "ordered", "rectifying", "review_requested"])
        a_hazard_in(state, key=UUID(int=1000 + number), photo=None, point=where, region_code=f"{town.code[:9]}200", due_on=in_days(9))
    for number in range(7):
        a_hazard_in("reported", key=UUID(int=100 + number), photo=None, point=SPOT, description=f"第 {number + 1} 处没有护栏")
    a_hazard_in("rectifying", mine(name="柳沟养老院"), LATE, photo=None, level="major", due_on=in_days(-3), point=Point(111.16, 38.40, srid=4326))
    grid.rebuild(layers.REGISTRY["hazards"])
    with web(STORAGE_DIR=str(settings.STORAGE_DIR)) as house:
        yield f"http://127.0.0.1:{house.port}", house.port
    Region.objects.exclude(point=None, area=None).update(point=None, area=None)


def test_the_map_opens_with_few_requests_and_a_cluster_opens(county):
    address, port = county
    with desk() as browser:
        page = seated(browser, port, "bureau")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/map?at=9.5/{SPOT.y}/{SPOT.x}")
        drawn(page)
        assert len(asked) <= MOST_REQUESTS and [url for url in asked if ".mvt?clusters=true&open=true" in url]
        page.mouse.click(*page.evaluate(IN_THE_MIDDLE))
        page.wait_for_url(re.compile(r"at=11\."))
        assert page.complaints == []


def test_many_on_one_spot_open_as_a_list_and_a_step_is_done_there(county):
    address, port = county
    with desk() as browser:
        page = seated(browser, port, "bureau")
        page.goto(f"{address}/map?{VIEW}")
        drawn(page)
        page.mouse.click(*page.evaluate(IN_THE_MIDDLE))
        page.get_by_role("heading", name=re.compile("这一处 *7")).wait_for()
        page.get_by_text("第 3 处没有护栏").click()
        page.get_by_role("heading", name="第 3 处没有护栏").wait_for()
        page.locator("summary", has_text="不成立").click()
        page.locator("form[action$='/reject']").get_by_label("说明").fill("不构成隐患")
        page.locator("form[action$='/reject']").get_by_role("button", name="不成立").click()
        page.get_by_text("不成立，已办好").wait_for()
        assert Hazard.objects.get(pk=UUID(int=102)).state == "rejected"
        page.keyboard.press("Escape")
        page.locator("#panel[data-hazard]").wait_for(state="detached")
        assert page.complaints == []


def test_a_filter_holds_and_a_link_brings_view_filter_and_hazard_back(county):
    address, port = county
    with desk() as browser:
        page = seated(browser, port, "bureau")
        page.goto(f"{address}/map")
        drawn(page)
        page.get_by_role("link", name=re.compile("^重大")).click()
        page.get_by_role("heading", name=re.compile("重大 *1 条")).wait_for()
        page.get_by_role("button", name="放大").click()
        page.wait_for_url(re.compile("at="))
        page.get_by_text("锚杆间距超出作业规程").click()
        page.get_by_role("heading", name="锚杆间距超出作业规程").wait_for()
        link = page.url
        assert "level=major" in link and str(LATE) in link
        again = browser.new_page()
        again.goto(link)
        drawn(again)
        again.get_by_text("已逾期 3 天").wait_for()
        assert again.locator("#chips").get_attribute("data-query") == "clusters=true&level=major&open=true"
        assert again.locator("#mapped").get_attribute("data-idle").split("/")[0] == re.search(r"at=([\d.]+)/", link)[1]
        page.go_back()
        page.get_by_role("heading", name=re.compile("未销号 *[0-9]{2}")).wait_for()
        assert page.complaints == []


def test_a_place_is_found_by_initials_and_looked_at(county):
    address, port = county
    with desk() as browser:
        page = seated(browser, port, "bureau")
        page.goto(f"{address}/map")
        drawn(page)
        page.get_by_role("searchbox").press_sequentially("wjtz")
        page.get_by_role("link", name=re.compile("^魏家滩镇")).click()
        page.get_by_role("link", name="去掉：魏家滩镇").wait_for()
        page.wait_for_url(re.compile("region=141123101"))
        assert page.complaints == []


def test_a_session_that_ends_meanwhile_is_said_and_keeps_the_view(county):
    address, port = county
    with desk() as browser:
        page = seated(browser, port, "bureau")
        page.goto(f"{address}/map?level=major")
        drawn(page)
        Session.objects.all().delete()
        page.get_by_role("button", name="放大").click()
        again = page.get_by_role("link", name="再登录")
        again.wait_for()
        assert again.get_attribute("href").startswith("/login?next=%2Fmap%3F") and "level" in again.get_attribute("href")


@pytest.mark.parametrize("way", ["no WebGL2", "no script"])
def test_without_webgl_or_script_the_list_stands_with_the_same_filters(way, county):
    address, port = county
    options = {"draws": False} if way == "no WebGL2" else {"java_script_enabled": False}
    with desk(**options) as browser:
        page = seated(browser, port, "bureau")
        page.goto(f"{address}/map")
        assert not page.locator("#map").is_visible()
        page.get_by_role("link", name=re.compile("^重大")).click()
        page.get_by_role("heading", name=re.compile("重大 *1 条")).wait_for()
        page.get_by_text("锚杆间距超出作业规程").click()
        page.get_by_text("已逾期 3 天").wait_for()
        assert page.complaints == []


@pytest.mark.parametrize("width", [1440, 360])
def test_the_map_is_read_without_a_serious_finding_and_nothing_is_cut_or_small(width, county):
    address, port = county
    found = {}
    with desk(width=width, height=800) as browser:
        page = seated(browser, port, "bureau")
        for look in ({}, {"size": "large"}, {"theme": "dark"}):
            page.goto(f"{address}/map?hazard={LATE}")
            drawn(page)
            page.evaluate("look => { for (const word of ['size', 'theme']) document.documentElement.dataset[word] = look[word] || '' }", look)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            wrong = [*page.evaluate(SERIOUS), *(page.evaluate(TOO_SMALL, LEAST) if width < 600 else []), *filter(None, [page.evaluate(CUT)])]
            found |= {str(look): wrong} if wrong else {}
    assert not found, found
