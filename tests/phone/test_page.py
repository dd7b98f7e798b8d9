"""手机页 In a real browser: a hazard in three taps, without a line too, and nothing is lost whatever happens in between."""

from __future__ import annotations

import pytest

from accounts.models import User
from hazards.models import Hazard
from phone.models import Rescue, Upload
from tests.cast.visits import picture
from tests.phone.browser import PASSWORD, kept_for_later, open_page, program, received, shoot, sign_in, stored

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
SMALL, LARGE = picture(5, (300, 200)), picture(6, (40, 40)) + b"\0" * 700_000


def test_a_hazard_in_three_taps(house, hand):
    page = open_page(hand, house.port)
    sign_in(page, "inspector", PASSWORD)
    page.get_by_role("link", name="拍隐患").click()  # one
    shoot(page, SMALL)  # two
    page.get_by_role("button", name="保存").click()  # three
    received(page)
    hazard = Hazard.objects.get()
    assert (hazard.reporter_name, hazard.description, round(hazard.point.x, 3)) == (User.objects.get(username="inspector").name, "见照片，说明待补", 111.127)
    assert stored(SMALL)


def test_a_large_photo_goes_in_pieces_and_goes_on_where_it_broke_off(house, bending):
    page = open_page(bending, house.port)
    sign_in(page, "inspector", PASSWORD)
    sent = []

    def breaks_once(route):
        sent.append(route.request.headers["upload-offset"])
        return route.abort() if len(sent) == 2 else route.continue_()

    page.route("**/api/v1/uploads/*", lambda route: breaks_once(route) if route.request.method == "PATCH" else route.continue_())
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, LARGE)
    page.get_by_role("button", name="保存").click()
    while len(sent) < 2:
        page.wait_for_timeout(100)  # answers are bent while the hand waits, and only then
    page.evaluate("window.dispatchEvent(new Event('online'))")
    received(page)
    assert sent[0] == "0" and sent[1] == sent[2] != "0"
    assert stored(LARGE) and Upload.objects.get().done_at


def test_without_a_line_it_is_kept_over_reload_and_sent_when_the_line_is_back(house, hand):
    page = open_page(hand, house.port)
    sign_in(page, "inspector", PASSWORD)
    kept_for_later(page)
    hand.set_offline(True)
    page.get_by_role("link", name="拍隐患").click()
    page.get_by_label("什么不对").fill("井口没有护栏")
    shoot(page, SMALL)  # on the disk after the words
    page.reload()
    assert page.get_by_label("什么不对").input_value() == "井口没有护栏"
    page.get_by_role("button", name="保存").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    page.reload()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    hand.set_offline(False)
    received(page)
    assert (Hazard.objects.get().description, stored(SMALL)) == ("井口没有护栏", True)


def test_a_token_that_died_loses_no_queue(house, hand):
    page = open_page(hand, house.port)
    sign_in(page, "inspector", PASSWORD)
    kept_for_later(page)
    hand.set_offline(True)
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, SMALL)
    page.get_by_role("button", name="保存").click()
    page.get_by_label("队列").get_by_label("本机 1").wait_for()
    User.objects.get(username="inspector").auth_token_set.all().delete()
    hand.set_offline(False)
    page.get_by_text("1 条还在本机").wait_for()
    sign_in(page, "inspector", PASSWORD)
    received(page)
    assert stored(SMALL)


def test_what_the_server_refuses_is_kept_and_goes_to_the_office(house, bending):
    page = open_page(bending, house.port)
    sign_in(page, "inspector", PASSWORD)
    page.route("**/api/v1/hazards/*", lambda route: route.fulfill(
        status=400, headers={"Content-Type": "application/problem+json", "X-Trace-Id": "1"}, body='{"title": "内容有误", "code": "invalid", "errors": []}'
    ))  # fmt: skip
    page.get_by_role("link", name="拍隐患").click()
    page.get_by_label("什么不对").fill("护栏缺失")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("1 条要您看").click()
    page.get_by_role("button", name="交办公室处理").click()
    page.get_by_text("已交办公室处理").wait_for()
    assert (Rescue.objects.get().by_name, "护栏缺失" in bytes(Rescue.objects.get().content).decode()) == (User.objects.get(username="inspector").name, True)


def test_a_portals_page_is_no_answer(house, bending):
    page = open_page(bending, house.port)
    sign_in(page, "inspector", PASSWORD)
    page.route("**/api/v1/hazards/*", lambda route: route.fulfill(status=200, content_type="text/html", body="<html>请先登录</html>"))
    page.get_by_role("link", name="拍隐患").click()
    page.get_by_label("什么不对").fill("护栏缺失")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("连着的网络要先登录").wait_for()
    page.unroute("**/api/v1/hazards/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    received(page)


def test_the_page_loads_nothing_that_its_policy_refuses(house, hand):
    page, said = open_page(hand, house.port), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.reload()
    sign_in(page, "inspector", PASSWORD)
    for place in ("hazard", "queue", "accident"):
        page.goto(f"http://127.0.0.1:{house.port}/m/#/{place}")
        page.get_by_role("heading", level=1).wait_for()
    assert said == []
