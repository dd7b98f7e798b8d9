"""手机页 Hands that slip: pressed twice, opened by chance, two pages at once, a word refused. Nothing is doubled, lost, or left standing for ever."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.gis.geos import Point

from accidents.models import Accident
from enterprises.models import Enterprise
from evidence.models import Photo
from hazards.models import Hazard
from hazards.states import State
from risks.models import SelfCheck
from tests.cast.hazards import a_hazard_in
from tests.cast.risk_points import risk
from tests.cast.units import unit
from tests.cast.visits import picture
from tests.ground.connections import until
from tests.phone.browser import HERE, PASSWORD, open_page, phone, program, received, shoot, sign_in, synced

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
PHOTO = picture(5, (300, 200))
DRAFTS = """() => new Promise(done => { indexedDB.open("safety").onsuccess = opened => {
    const db = opened.target.result, asked = db.transaction("queue").objectStore("queue").getAll()
    asked.onsuccess = () => { db.close(); done(asked.result.filter(each => each.state === "draft").length) } } })"""
AGE = """hours => new Promise(done => { indexedDB.open("safety").onsuccess = opened => {
    const db = opened.target.result, tx = db.transaction("queue", "readwrite"), queue = tx.objectStore("queue"), asked = queue.getAll()
    asked.onsuccess = () => asked.result.forEach(each => queue.put({ ...each, made_at: new Date(Date.parse(each.made_at) - hours * 3600000).toISOString() }))
    tx.oncomplete = () => { db.close(); done() } } })"""


def page_of(hand, house, username: str = "inspector"):
    page = open_page(hand, house.port)
    sign_in(page, username, PASSWORD)
    synced(page)
    return page


def at(page, screen: str) -> None:
    page.evaluate("screen => { location.hash = `#/${screen}` }", screen)
    page.locator(f"#app[data-screen='{screen.split('/')[0]}']").wait_for()


def refuse(page, doors: str, status: int = 400, title: str = "地点要写明白") -> None:
    words = {"title": title, "code": "invalid", "errors": [{"detail": title, "pointer": "/place"}]}
    answer = {"status": status, "headers": {"Content-Type": "application/problem+json", "X-Trace-Id": "1"}, "body": json.dumps(words)}
    page.route(doors, lambda route: route.fulfill(**answer) if route.request.method == "PUT" else route.continue_())


# --- pressed twice, and in two pages ----------------------------------------------------------------------------------------------
def test_a_save_that_is_pressed_twice_saves_once(house, bending):
    page = page_of(bending, house)
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, PHOTO)
    page.get_by_role("button", name="保存").evaluate("button => { button.click(); button.click(); button.click() }")
    received(page)
    assert (page.evaluate(DRAFTS), Hazard.objects.count()) == (0, 1)


def test_what_one_page_saved_the_other_does_not_save_once_more(house, bending):
    risk(Enterprise.objects.get())
    page = page_of(bending, house, "enterprise")
    page.get_by_text("等复查").or_(page.get_by_text("没有要改的")).first.wait_for()
    at(page, "check")
    other = bending.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="查完了，没问题").wait_for()
    page.get_by_role("button", name="查完了，没问题").click()
    received(page)
    other.get_by_text("另一个页面上保存了").wait_for()
    assert other.get_by_role("button", name="查完了，没问题").count() == 0
    other.get_by_role("link", name="看队列").click()
    other.get_by_label("本机 0，发送中 0，已收 1").first.wait_for()
    assert SelfCheck.objects.count() == 1


def test_a_save_in_a_page_that_has_not_heard_of_the_other_saves_nothing(house, bending):
    page = page_of(bending, house)
    bending.route("**/api/v1/hazards/*", lambda route: route.abort())
    at(page, "hazard")
    shoot(page, PHOTO)
    other = bending.new_page()
    other.goto(page.url)
    other.get_by_alt_text("照片").wait_for()
    page.get_by_role("button", name="保存").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    other.get_by_role("button", name="保存").click()
    other.get_by_text("另一个页面上保存了").first.wait_for()
    bending.unroute("**/api/v1/hazards/*")
    page.reload()
    received(page)
    assert (page.evaluate(DRAFTS), Hazard.objects.count()) == (0, 1)


# --- opened by chance --------------------------------------------------------------------------------------------------------------
def test_a_page_that_was_opened_by_chance_gives_no_record_its_time(house, bending):
    page = page_of(bending, house)
    for screen in ("hazard", "accident"):
        at(page, screen)
        at(page, "settings")
    page.evaluate(AGE, 50)
    at(page, "hazard")
    shoot(page, PHOTO)
    page.get_by_role("button", name="保存").click()
    page.locator("#app[data-screen='']").wait_for()
    at(page, "accident")
    page.get_by_role("button", name="刚才").click()
    page.get_by_label("地点", exact=True).fill("东关村口")
    page.get_by_role("button", name="报上去").click()
    until(lambda: Accident.objects.exists() and Hazard.objects.exists(), seconds=60)
    hazard, accident = Hazard.objects.get(), Accident.objects.get()
    assert (hazard.received_at - hazard.found_at).total_seconds() < 3600
    assert (accident.received_at - accident.occurred_at).total_seconds() < 3600
    at(page, "queue")
    page.get_by_text("事故：东关村口").wait_for()
    assert page.get_by_text("所报时间早于事故发生").count() == 0


@pytest.mark.parametrize(("screen", "press", "unwanted"), [
    ("accident", "刚才", "没有这回事，不要了"),
    ("check", "别处有问题", "这次自查不要了"),
    ("hazard", "重大", "这一条不要了"),
    ("review", "当场改好了", "写的不要了"),
])  # fmt: skip
def test_what_was_begun_by_chance_is_given_up_by_two_presses(house, bending, screen, press, unwanted):
    hazard = a_hazard_in(State.REPORTED, Enterprise.objects.get(), photo=None)
    page = page_of(bending, house, "enterprise" if screen == "check" else "inspector")
    at(page, f"review/{hazard.pk}" if screen == "review" else screen)
    if screen == "review":
        page.get_by_label("怎么改的").or_(page.get_by_role("button", name=press, exact=True)).first.wait_for()
        page.get_by_label("怎么改的").first.fill("换了")
    else:
        page.get_by_role("button", name=press).click()
    page.get_by_role("button", name=unwanted).click()
    page.get_by_role("heading", level=1).click()  # something else: the button is as before
    page.get_by_role("button", name=unwanted).click()
    page.get_by_role("button", name="删掉，找不回来").click()
    page.locator(f"#app:not([data-screen={screen}])").wait_for()
    at(page, "queue")
    assert page.evaluate(DRAFTS) == 0


def test_a_photo_goes_only_when_the_cross_is_pressed_twice(house, bending):
    page = page_of(bending, house)
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, PHOTO)
    page.get_by_role("button", name="去掉这张").click()
    page.get_by_label("什么不对").click()
    page.get_by_alt_text("照片").wait_for()
    page.get_by_role("button", name="去掉这张").click()
    page.get_by_role("button", name="删掉", exact=True).click()
    page.get_by_alt_text("照片").wait_for(state="detached")


def test_what_was_pressed_once_stays_so_when_the_page_is_drawn_anew(house, bending):
    page = page_of(bending, house)
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, PHOTO)
    page.get_by_role("button", name="去掉这张").click()
    shoot(page, picture(6, (300, 200)))
    page.get_by_role("button", name="删掉", exact=True).click()
    until(lambda: page.get_by_alt_text("照片").count() == 1, seconds=60)


def test_each_unfinished_record_says_on_the_first_page_what_it_is_about(house, bending):
    page = page_of(bending, house)
    at(page, "hazard")
    page.get_by_label("哪里、哪家").fill("桥头")
    shoot(page, PHOTO)
    at(page, "")
    page.get_by_text("拍隐患：桥头").wait_for()
    page.get_by_text("存在本机 · 1 张照片").wait_for()


# --- refused ---------------------------------------------------------------------------------------------------------------------------
def test_a_refused_report_is_put_right_with_all_that_was_written(house, bending):
    page = page_of(bending, house)
    refuse(page, "**/api/v1/hazards/*")
    at(page, "hazard")
    page.get_by_label("什么不对").fill("护栏缺失")
    shoot(page, PHOTO)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("1 条要您看").click()
    page.get_by_text("地点要写明白", exact=True).wait_for()  # and not twice in one line
    page.unroute("**/api/v1/hazards/*")
    page.get_by_role("button", name="回去改").click()
    assert page.get_by_label("什么不对").input_value() == "护栏缺失"
    page.get_by_label("哪里、哪家").fill("东关村口")
    page.get_by_role("button", name="保存").click()
    received(page)
    assert (Hazard.objects.get().place, Hazard.objects.get().description, Photo.objects.count()) == ("东关村口", "护栏缺失", 1)


def test_what_is_being_written_is_not_pushed_aside_by_what_was_refused(house, bending):
    page = page_of(bending, house)
    refuse(page, "**/api/v1/hazards/*")
    for words in ("第一条", "第二条"):
        at(page, "hazard")
        page.get_by_label("什么不对").fill(words)
        if words == "第一条":
            page.get_by_role("button", name="保存").click()
            page.get_by_text("1 条要您看").wait_for()
    at(page, "queue")
    page.get_by_role("button", name="回去改").click()
    page.get_by_text("同一类还有一份没写完").wait_for()
    at(page, "hazard")
    assert page.get_by_label("什么不对").input_value() == "第二条"


def test_whose_sign_in_ended_goes_on_writing_and_signs_in_later(house, bending):
    page = page_of(bending, house)
    page.route("**/api/v1/**", lambda route: route.fulfill(status=401, headers={"Content-Type": "application/problem+json", "X-Trace-Id": "1"},
               body=json.dumps({"title": "请先登录", "code": "not_authenticated", "errors": []})))  # fmt: skip
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="先接着记，晚点再登").click()
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, PHOTO)
    page.get_by_role("button", name="保存").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    page.reload()
    page.unroute("**/api/v1/**")
    page.get_by_text("登录到期了，点这里登录").click()
    sign_in(page, "inspector", PASSWORD)
    received(page)
    assert Hazard.objects.count() == 1


def test_whoever_signed_out_is_not_written_for(house, bending):
    page = page_of(bending, house)
    page.route("**/api/v1/hazards/*", lambda route: route.abort())
    at(page, "hazard")
    page.get_by_label("什么不对").fill("护栏缺失")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    at(page, "settings")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="确定退出").click()
    page.get_by_text("1 条还在本机").wait_for()
    assert page.get_by_role("button", name="先接着记，晚点再登").count() == 0
    page.evaluate("location.hash = '#/hazard'")
    page.locator("#app[data-screen=sign-in]").wait_for()


# --- said, unfolded, told ---------------------------------------------------------------------------------------------------------------
def test_what_is_said_when_the_page_is_left_or_saved_stays_with_its_record(house, tmp_path):
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with phone(tmp_path / "disk", worker=False, flags=flags) as hand:
        page = page_of(hand, house)
        at(page, "hazard")
        page.get_by_role("button", name="说几句").click()
        page.get_by_role("button", name="说完了").wait_for()
        page.wait_for_timeout(1500)
        at(page, "")
        page.get_by_text("存在本机 · 1 张照片、语音").wait_for()
        at(page, "hazard")
        page.get_by_role("button", name="说几句").click()
        page.get_by_role("button", name="说完了").wait_for()
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="保存").click()
        received(page)
    assert [each.media_type for each in Photo.objects.all()] == ["audio/webm"] * 2
    assert Hazard.objects.get().description == "见语音和照片，文字待补"


def test_a_village_sees_its_report_as_soon_as_it_is_received(house, bending):
    page = page_of(bending, house, "village")
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, PHOTO)
    page.get_by_role("button", name="保存").click()
    received(page)
    page.get_by_text("我报的 1 条没办完").wait_for(timeout=15_000)


def test_a_shop_that_is_entered_after_a_pause_begins_then(house, bending):
    unit("老王烧烤", sector="fire_safety", unit_type="individual_business", point=Point(HERE["longitude"], HERE["latitude"], srid=4326))
    page = page_of(bending, house)
    page.get_by_text("2 家单位在本机").wait_for()
    at(page, "walk")
    page.get_by_role("button", name="开始走").click()
    page.get_by_role("heading", name="第 1 家").wait_for()
    page.clock.set_system_time(page.evaluate("Date.now() + 3 * 3600000"))
    page.get_by_role("button", name="老王烧烤").click()
    page.get_by_role("button", name="都合格，下一家").click()
    said = page.get_by_text("都合格 · ").text_content()
    begun, ended = (int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d\d):(\d\d)", said))
    assert (ended - begun) % 1440 <= 2


def test_what_is_missing_is_said_where_one_has_just_pressed(house, bending):
    hazard = a_hazard_in(State.REVIEW_REQUESTED, Enterprise.objects.get(), photo=None)
    page = page_of(bending, house)
    for screen, press, missing in (("accident", "报上去", "点一下“刚才”"), (f"review/{hazard.pk}", "不合格，退回再改", "请写：还有什么没改好。")):
        at(page, screen)
        if screen != "accident":
            page.get_by_role("button", name="不合格", exact=True).click()
        page.get_by_role("button", name=press).wait_for()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.get_by_role("button", name=press).click()
        page.get_by_text(missing).wait_for()
        box = page.get_by_text(missing).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 740, screen


def test_what_was_unfolded_stays_so_when_something_is_missing(house, bending):
    page = page_of(bending, house)
    at(page, f"visit/{Enterprise.objects.get().pk}")
    page.get_by_role("button", name="现场检查记录").locator("xpath=following-sibling::button").click()
    page.get_by_text("对方拒签").click()
    page.get_by_role("button", name="记下拒签").click()
    page.get_by_text("请写上对方姓名和拒签的理由").wait_for()
    page.get_by_label("为什么不签").fill("不认可")
