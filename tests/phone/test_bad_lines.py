"""手机页 Whatever comes in the way: each has its state and its word, and nothing is dropped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from accounts.models import User
from evidence.models import EarlyUpload, Photo, PhotoState
from evidence.storage import original_name
from hazards.models import Hazard
from phone.models import Rescue
from tests.cast.units import a_unit
from tests.cast.visits import picture
from tests.ground.connections import until
from tests.ops.front import lasting_port, web
from tests.phone.browser import PASSWORD, kept_for_later, kill, open_page, phone, program, shoot, sign_in

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")]
PHOTO = picture(5, (300, 200))


@pytest.fixture
def inspector(committed):
    """May sign in; as before afterwards, whatever became of the account."""
    user = User.objects.get(username="inspector")
    before = {"password": user.password, "is_active": True}
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    yield user
    User.objects.filter(pk=user.pk).update(**before)


@pytest.fixture
def open_web(inspector, settings):
    return partial(web, STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min")


@pytest.fixture
def house(open_web):
    a_unit(name="蔚汾示例煤业")
    with open_web() as running:
        yield running


@pytest.fixture
def page(house, tmp_path):
    """Signed in, without a worker, so that single answers can be bent."""
    with phone(tmp_path / "disk", worker=False) as hand:
        page = open_page(hand, house.port)
        sign_in(page, "inspector", PASSWORD)
        yield page


def a_hazard(page, words: str = "护栏缺失", *, photo: bool = True) -> None:
    page.get_by_role("link", name="拍隐患").click()
    if photo:
        shoot(page, PHOTO)
    page.get_by_label("什么不对").fill(words)
    page.get_by_role("button", name="保存").click()
    page.locator("#app[data-screen='']").wait_for()


def told(page, **numbers: int) -> None:
    for word, number in numbers.items():
        page.get_by_label("队列").get_by_label(f"{ {'here': '本机', 'received': '已收'}[word] } {number}").wait_for()


# --- what a server or something in its place answers in the middle of a queue ----------------------------------------------------
class Answer(NamedTuple):
    status: int
    code: str
    says: str  # what the queue shows
    stays: str  # 本机: goes on by itself; 退回: somebody has to look


ANSWERS = [
    Answer(409, "id_reused", "这个编号已有别的记录", "退回"),
    Answer(413, "body_too_large", "内容太大", "退回"),
    Answer(422, "cannot_be", "这一步不成立", "退回"),
    Answer(403, "forbidden", "没有权限", "退回"),
    Answer(429, "throttled", "请求太多", "本机"),
    Answer(503, "database_unavailable", "服务器忙", "本机"),
    Answer(408, "body_stalled", "半分钟没有收到内容", "本机"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer.status))
def test_an_answer_in_the_middle_of_a_queue_stops_its_own_record_at_most(page, answer):
    bent = []

    def bends_the_first(route):
        first = bent[:1] or bent.append(route.request.url) or bent
        if route.request.method == "PUT" and route.request.url == first[0]:
            return route.fulfill(status=answer.status, headers={"Content-Type": "application/problem+json", "X-Trace-Id": "1"},
                                 body=json.dumps({"title": answer.says, "code": answer.code, "errors": []}))  # fmt: skip
        return route.continue_()

    page.route("**/api/v1/hazards/*", bends_the_first)
    a_hazard(page, "第一条", photo=False)
    a_hazard(page, "第二条")
    if answer.stays == "退回":
        told(page, received=1)  # the other one got through
        assert Hazard.objects.get().description == "第二条"
    page.get_by_label("队列").click()
    page.get_by_text(answer.says).first.wait_for()
    page.unroute("**/api/v1/hazards/*")
    if answer.stays == "退回":
        page.get_by_text("您的这份没丢").wait_for()
        page.get_by_role("button", name="再送一次").click()
    page.get_by_label("本机 0，发送中 0，已收 2").wait_for()
    assert sorted(Hazard.objects.values_list("description", flat=True)) == ["第一条", "第二条"]


def test_a_number_known_for_other_words_is_said_and_nothing_is_dropped(page):
    a_hazard(page, "第一条", photo=False)
    told(page, received=1)
    theirs = Hazard.objects.get()
    page.route(
        "**/api/v1/hazards/*",
        lambda route: route.continue_(url=re.sub(r"hazards/[0-9a-f-]{36}$", f"hazards/{theirs.pk}", route.request.url)),
    )
    a_hazard(page, "第二条", photo=False)
    page.get_by_text("1 条要您看").click()
    page.get_by_text("您的这份没丢").wait_for()
    page.get_by_role("button", name="交办公室处理").click()
    until(lambda: Rescue.objects.exists(), seconds=60)
    assert (Hazard.objects.get().description, Rescue.objects.get().refused_code) == ("第一条", "id_reused")


def test_a_photo_that_no_door_takes_need_not_hold_up_its_record(page):
    page.route("**/photos/*/content", lambda route: route.fulfill(status=400, headers={"Content-Type": "application/problem+json", "X-Trace-Id": "1"},
               body=json.dumps({"title": "照片打不开", "code": "not_an_image", "errors": []})))  # fmt: skip
    a_hazard(page)
    page.get_by_text("1 条要您看").click()
    page.get_by_text("照片打不开").first.wait_for()
    page.get_by_role("button", name="照样交").click()
    page.get_by_label("本机 0，发送中 0，已收 1").wait_for()
    photo = Photo.objects.get()
    assert (photo.state, photo.refused_because) == (PhotoState.REFUSED, "given_up")


# --- what is wrong with the phone ------------------------------------------------------------------------------------------------
def test_a_full_phone_says_that_the_photo_was_not_stored_and_keeps_the_words(house, tmp_path):
    with phone(tmp_path / "disk", worker=False) as hand:
        tools, room = hand.new_cdp_session(hand.pages[0]), {"origin": f"http://127.0.0.1:{house.port}", "quotaSize": 4_000_000}
        tools.send("Storage.overrideQuotaForOrigin", room)  # before the first writing: a browser that found room does not ask again at once
        page = open_page(hand, house.port)
        sign_in(page, "inspector", PASSWORD)
        page.get_by_role("link", name="拍隐患").click()
        page.get_by_label("什么不对").fill("护栏缺失")
        page.locator("#camera").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": PHOTO + os.urandom(6_000_000)})
        page.get_by_text("手机空间不够").wait_for()
        assert page.get_by_label("什么不对").input_value() == "护栏缺失"
        shoot(page, PHOTO)
        page.get_by_role("button", name="保存").click()
        told(page, received=1)


def test_a_photo_is_made_smaller_only_once_its_person_has_said_so(page, house):
    large = picture(6, (4000, 3000))
    a_hazard_with(page, large)
    told(page, received=1)
    page.goto(f"http://127.0.0.1:{house.port}/m/#/settings")
    page.get_by_role("button", name="存缩小的").click()
    page.goto(f"http://127.0.0.1:{house.port}/m/#/")
    a_hazard_with(page, large)
    told(page, received=2)
    first, second = Photo.objects.order_by("declared_at")
    assert first.sha256 == hashlib.sha256(large).hexdigest()
    with default_storage.open(original_name(second.sha256)) as file, Image.open(file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (2560, 1920))


def a_hazard_with(page, content: bytes) -> None:
    page.get_by_role("link", name="拍隐患").click()
    shoot(page, content)
    page.get_by_role("button", name="保存").click()
    page.locator("#app[data-screen='']").wait_for()


def test_a_photo_larger_than_can_be_taken_is_said_at_the_shutter(page):
    page.get_by_role("link", name="拍隐患").click()
    page.locator("#camera").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": PHOTO + b"\0" * (31 * 1024 * 1024)})
    page.get_by_text("超过能收的 30 MB").first.wait_for()


def test_without_a_microphone_one_writes_a_few_words(page):
    page.get_by_role("link", name="拍隐患").click()
    page.get_by_role("button", name="说几句").click()
    page.get_by_text("写几个字也行").wait_for()
    page.get_by_label("什么不对").fill("护栏缺失")
    page.get_by_role("button", name="保存").click()
    told(page, received=1)


def test_without_a_place_one_writes_it_in_words(house, tmp_path):
    with phone(tmp_path / "disk", worker=False, placed=False) as hand:
        page = open_page(hand, house.port)
        sign_in(page, "inspector", PASSWORD)
        page.get_by_role("link", name="拍隐患").click()
        page.get_by_text("写上地点就行").wait_for()
        shoot(page, PHOTO)
        page.get_by_label("哪里").fill("村口桥头")
        page.get_by_role("button", name="保存").click()
        told(page, received=1)
    assert (Hazard.objects.get().place, Hazard.objects.get().point) == ("村口桥头", None)


def test_a_clock_of_1970_is_told_and_the_record_is_taken(page):
    page.clock.set_system_time("1970-01-01T00:10:00Z")
    a_hazard(page)
    told(page, received=1)
    page.get_by_text("手机时间慢了").wait_for()
    hazard = Hazard.objects.get()
    assert "clock_wrong" in hazard.warnings or "clock_shifted" in hazard.warnings


# --- more than one --------------------------------------------------------------------------------------------------------------
def test_two_tabs_send_one_queue_once(page):
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#app[data-screen='']").wait_for()
    sent = []
    page.context.route("**/api/v1/hazards/*", lambda route: (sent.append(route.request.method), route.continue_()))
    a_hazard(page)
    told(page, received=1)
    told(other, received=1)
    assert sent.count("PUT") == 1 and Hazard.objects.count() == 1


def test_two_phones_of_one_person_each_send_their_own(page, house, tmp_path):
    a_hazard(page, "这一部")
    told(page, received=1)
    with phone(tmp_path / "second", worker=False) as hand:
        second = open_page(hand, house.port)
        sign_in(second, "inspector", PASSWORD)
        a_hazard(second, "那一部")
        told(second, received=1)
    a_hazard(page, "又一条")
    told(page, received=2)
    assert Hazard.objects.count() == 3


def test_what_another_person_left_on_the_phone_is_not_sent_in_the_wrong_name(page):
    page.route("**/api/v1/hazards/*", lambda route: route.abort())
    a_hazard(page)
    told(page, here=1)
    page.get_by_role("link", name="我的").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="确定退出").click()
    User.objects.filter(username="township").update(password=User.objects.get(username="inspector").password)
    sign_in(page, "township", PASSWORD)
    page.unroute("**/api/v1/hazards/*")  # not before: until they sign out it goes in their own name, by itself
    page.get_by_label("队列").click()
    page.get_by_text("别人的 1 条").wait_for()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert Hazard.objects.count() == 0
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="我的").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="确定退出").click()
    sign_in(page, "inspector", PASSWORD)
    told(page, received=1)
    assert Hazard.objects.get().reporter_name == User.objects.get(username="inspector").name


def test_whoever_was_locked_brings_the_queue_home_by_the_key_of_the_device(page):
    page.route("**/api/v1/hazards/*", lambda route: route.abort())
    a_hazard(page)
    told(page, here=1)
    user = User.objects.get(username="inspector")
    user.auth_token_set.all().delete()
    User.objects.filter(pk=user.pk).update(is_active=False)
    page.unroute("**/api/v1/hazards/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="交办公室保管 1 条").click()
    page.get_by_text("都交给办公室了").wait_for()
    rescue, photo = Rescue.objects.get(), EarlyUpload.objects.get()  # it waits for whoever places the record
    assert (rescue.by_id, rescue.proven_by_device, "护栏缺失" in bytes(rescue.content).decode()) == (user.pk, True, True)
    assert (photo.sha256, default_storage.exists(original_name(photo.sha256))) == (hashlib.sha256(PHOTO).hexdigest(), True)
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 1 and page.get_by_label("用户名").input_value() == ""


# --- the end of the browser -------------------------------------------------------------------------------------------------------
def test_a_browser_killed_at_once_after_saving_has_lost_nothing(open_web, tmp_path):
    port = lasting_port()
    with phone(tmp_path / "disk") as hand:
        with open_web(port=port):
            page = open_page(hand, port)
            sign_in(page, "inspector", PASSWORD)
            kept_for_later(page)
        a_hazard(page)
        told(page, here=1)
        kill(tmp_path / "disk")
    with open_web(port=port), phone(tmp_path / "disk") as hand:
        told(open_page(hand, port), received=1)
    photo = Photo.objects.get()
    assert default_storage.exists(original_name(photo.sha256)) and Hazard.objects.get().description == "护栏缺失"


def line_is_back(page, port: int) -> None:
    """Tells the worker, as the browser does when it finds a line: one that was only said to be away does not let it notice."""
    tools, found = page.context.new_cdp_session(page), []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(100)
    origin, one = f"http://127.0.0.1:{port}", found[0]["registrationId"]
    tools.send("ServiceWorker.dispatchSyncEvent", {"origin": origin, "registrationId": one, "tag": "outbox", "lastChance": False})


def test_what_was_saved_goes_when_the_line_is_back_though_the_page_was_closed(open_web, tmp_path):
    with open_web() as house, phone(tmp_path / "disk") as hand:
        page = open_page(hand, house.port)
        sign_in(page, "inspector", PASSWORD)
        kept_for_later(page)
        hand.set_offline(True)
        a_hazard(page)
        told(page, here=1)
        seen = hand.new_page()
        page.close()
        hand.set_offline(False)
        line_is_back(seen, house.port)
        until(lambda: Photo.objects.filter(state__in=[PhotoState.HELD, PhotoState.READY]).exists(), seconds=60)
    assert Hazard.objects.get().description == "护栏缺失"


def taken_over(page) -> None:
    """Until the newer shell stands. One that is watched, as here, is never idle for the browser: it is stopped as a phone stops it by itself."""
    tools = page.context.new_cdp_session(page)
    tools.send("ServiceWorker.enable")
    until(lambda: _newer_is_here(page), seconds=120)  # one that is stopped while it installs is given up for good
    until(lambda: _stands_after_a_rest(page, tools), seconds=120)


NEWER = """async () => {
    const shell = await navigator.serviceWorker.getRegistration("/m/"), root = document.documentElement
    return Boolean(root.dataset.newer || (shell && shell.waiting)) }"""


def _newer_is_here(page) -> bool:
    with suppress(Error):  # the page loads anew meanwhile
        return page.evaluate(NEWER)
    return False


def _stands_after_a_rest(page, tools) -> bool:
    tools.send("ServiceWorker.stopAllWorkers")
    try:
        page.locator("html[data-newer=yes]").wait_for(timeout=3000)
    except PlaywrightTimeout:
        return False
    return True


def test_a_page_that_is_updated_while_its_queue_is_full_sends_it_all_the_same(open_web, settings, tmp_path):
    newer = shutil.copytree(settings.BUILT_DIR, tmp_path / "newer")
    with open(newer / "phone" / "app.js", "a", encoding="utf-8") as script:
        script.write(";document.documentElement.dataset.newer='yes'")
    port = lasting_port()
    with phone(tmp_path / "disk") as hand:
        with open_web(port=port):
            page = open_page(hand, port)
            sign_in(page, "inspector", PASSWORD)
            kept_for_later(page)
        a_hazard(page)
        told(page, here=1)
        with open_web(port=port, BUILT_DIR=str(newer)):
            page.evaluate("navigator.serviceWorker.getRegistration('/m/').then(shell => shell.update())")
            taken_over(page)
            told(page, received=1)
    assert Hazard.objects.get().description == "护栏缺失"


def test_an_update_in_the_middle_of_a_record_brings_back_what_was_written(open_web, settings, tmp_path):
    newer = shutil.copytree(settings.BUILT_DIR, tmp_path / "newer")
    with open(newer / "phone" / "app.js", "a", encoding="utf-8") as script:
        script.write(";document.documentElement.dataset.newer='yes'")
    port = lasting_port()
    with phone(tmp_path / "disk") as hand:
        with open_web(port=port):
            page = open_page(hand, port)
            sign_in(page, "inspector", PASSWORD)
            kept_for_later(page)
            page.get_by_role("link", name="拍隐患").click()
            shoot(page, PHOTO)
            page.get_by_label("什么不对").fill("护栏缺")
        with open_web(port=port, BUILT_DIR=str(newer)):
            page.evaluate("navigator.serviceWorker.getRegistration('/m/').then(shell => shell.update())")
            assert page.get_by_label("什么不对").input_value() == "护栏缺"
            page.get_by_label("什么不对").fill("护栏缺失")
            page.get_by_role("button", name="保存").click()
            taken_over(page)
            told(page, received=1)
    assert Hazard.objects.get().description == "护栏缺失"
    assert Photo.objects.get().sha256 == hashlib.sha256(PHOTO).hexdigest()
