"""手机页 The main way once more in WebKit, the engine of every iPhone."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from evidence.models import Photo, PhotoState
from evidence.storage import original_name
from hazards.models import Hazard
from tests.cast.visits import picture
from tests.ground.connections import until
from tests.ops.front import lasting_port, web
from tests.phone.webkit import browser, press, program, there

pytestmark = [pytest.mark.foreign, pytest.mark.skipif(program() is None, reason="no WebKit: apt-get install webkit2gtk-driver xvfb dbus")]
PASSWORD = "Zhen-de-2026-hao"



@pytest.fixture
def house(committed, settings):
    """Opens the web, any number of times at one address."""
    user = User.objects.get(username="inspector")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return partial(web, port=lasting_port(), STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min")


def test_a_hazard_is_kept_without_a_web_and_over_reload_and_sent_when_it_is_back(house, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(picture(7, (300, 200)))
    with browser(tmp_path) as hand:
        with house() as first:
            signed_in(hand, first.port)
        press(hand, "拍隐患")
        hand.find_element("id", "camera").send_keys(str(tmp_path / "photo.jpg"))
        there(hand, "//img[@alt='照片']")
        hand.refresh()
        there(hand, "//img[@alt='照片']")
        press(hand, "保存")
        there(hand, "//ol[starts-with(@aria-label, '本机 1，')]")
        with house():
            there(hand, "//ol[contains(@aria-label, '已收 1')]")
    photo = Photo.objects.get()
    assert (Hazard.objects.get().description, photo.state in (PhotoState.HELD, PhotoState.READY)) == ("见照片，说明待补", True)
    assert default_storage.exists(original_name(photo.sha256))


def signed_in(hand, port: int) -> None:
    hand.get(f"http://127.0.0.1:{port}/m/")
    there(hand, "//input[@name='username']").send_keys("inspector")
    there(hand, "//input[@name='password']").send_keys(PASSWORD)
    press(hand, "登录")
    there(hand, "//a[contains(., '拍隐患')]")
    until(lambda: hand.execute_script("return !!navigator.serviceWorker.controller"), seconds=60)
