"""登录 Into the office's pages and out again: by the questions of the API's sign-in; on to where one was going; and nothing typed is lost."""

from __future__ import annotations

import html
import random
import re
from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import KnownDevice
from accounts.sessions import SEEN
from safety_api.models import TrailLine

pytestmark = pytest.mark.django_db
SECRET = "Lan-hua-2026-zhen"
_addresses = count(1)


@pytest.fixture
def leader(people):
    people["leader"].password = make_password(SECRET)
    people["leader"].save(update_fields=["password"])
    return people["leader"]


@pytest.fixture
def browser() -> Client:
    return Client(REMOTE_ADDR=f"10.88.0.{next(_addresses)}", raise_request_exception=False)


def enter(browser: Client, password: str = SECRET, **more: str):
    return browser.post("/login", {"username": "leader", "password": password, **more})


def test_whoever_signs_in_goes_on_to_where_they_were_going(leader, browser):
    answer = enter(browser, next="/hazards?open=true")
    assert (answer.status_code, answer["Location"]) == (302, "/hazards?open=true")
    assert browser.get("/hazards").status_code == 200
    assert TrailLine.objects.filter(verb="auth.login", details__device="办公页").count() == 1
    assert KnownDevice.objects.get().device_name == "办公页"


@pytest.mark.parametrize("next_", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "", "/login", "/logout", "x"])
def test_nobody_is_led_to_another_host_or_round_in_a_ring(next_, leader, browser):
    assert enter(browser, next=next_)["Location"] == "/"


def test_a_wrong_password_is_said_in_words_and_the_name_stays(leader, browser):
    answer = enter(browser, "falsch")
    assert answer.status_code == 401 and 'value="leader"' in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert browser.get("/hazards").status_code == 302


def test_too_many_wrong_ones_lock_the_account_here_as_at_the_api(leader, browser, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        enter(browser, "falsch")
    assert enter(browser).status_code == 403


def test_a_bound_code_is_asked_for_and_proves_the_second_factor(leader, browser, settings):
    device = TOTPDevice.objects.create(user=leader, name="x", confirmed=True)
    asked = enter(browser)
    assert 'name="otp"' in asked.content.decode()
    settings.SECOND_FACTOR_ROLES = ["township_leader"]
    code = f"{totp(device.bin_key):06}"
    assert enter(browser, otp=code).status_code == 302
    assert browser.get("/hazards").status_code == 200


def test_a_wrong_code_is_said_in_words(leader, browser):
    TOTPDevice.objects.create(user=leader, name="x", confirmed=True)
    answer = enter(browser, otp="000000")
    assert answer.status_code == 401 and 'role="alert"' in answer.content.decode() and 'name="otp"' in answer.content.decode()


def test_a_role_that_needs_a_second_factor_is_not_let_in_without(leader, browser, settings):
    settings.SECOND_FACTOR_ROLES = ["township_leader"]
    assert enter(browser).status_code in (401, 403)
    assert browser.get("/hazards").status_code == 302


def test_the_session_is_another_one_after_the_sign_in(leader, browser):
    browser.get("/login")
    session = browser.session
    session["x"] = 1
    session.save()
    before = session.session_key
    enter(browser)
    assert browser.session.session_key != before
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_whoever_leaves_is_out(leader, browser):
    enter(browser)
    assert browser.get("/logout").status_code == 405
    browser.post("/logout")
    assert browser.get("/hazards").status_code == 302


def test_a_sign_in_ends_when_nobody_was_there(leader, browser, settings):
    enter(browser)
    session = browser.session
    session[SEEN] = timezone.now().timestamp() - settings.SESSION_IDLE.total_seconds() - 1
    session.save()
    assert browser.get("/hazards").status_code == 302


def test_the_first_password_is_changed_before_anything_else(leader, browser):
    leader.must_change_password = True
    leader.save()
    enter(browser)
    assert browser.get("/hazards")["Location"] == "/password"
    wrong = browser.post("/password", {"old": SECRET, "new": "Xin-kouling-2026", "again": "anders"})
    assert wrong.status_code == 400 and "不一样" in wrong.content.decode()
    weak = browser.post("/password", {"old": SECRET, "new": "123", "again": "123"})
    assert weak.status_code == 400 and 'role="alert"' in weak.content.decode()
    assert browser.post("/password", {"old": SECRET, "new": "Xin-kouling-2026", "again": "Xin-kouling-2026"})["Location"] == "/"
    assert browser.get("/hazards").status_code == 200


# --- nothing that was typed is lost ------------------------------------------------------------------------------------------------
def hidden(page: str, name: str) -> str:
    return html.unescape(re.search(f'name="{name}" value="(.*?)"', page)[1])


@pytest.fixture
def form_page(monkeypatch):
    """A page with a form of its own: what it was sent."""
    from console import page_urls, today
    from console.gate import office
    from console.shown import shown

    sent = []

    @office("inbox.list")
    def view(request):
        sent.append(request.POST)
        return shown(request, "console/welcome.html")

    monkeypatch.setattr(today, "front", view)
    pattern = next(each for each in page_urls.urlpatterns if str(each.pattern) == "")
    monkeypatch.setattr(pattern, "callback", view)
    return sent


def test_a_form_that_met_an_ended_session_is_sent_again_after_the_sign_in(leader, browser, form_page):
    typed = {"note": "三号风门\n没有关严 <b>", "level": "major", "password": "geheim", "kinds": ["a", "b"]}
    first = browser.post("/", typed)
    page = first.content.decode()
    assert first.status_code == 401 and "您填的还在" in page and "geheim" not in page
    resumed = enter(browser, kept=hidden(page, "kept")).content.decode()
    assert "没有关严 &lt;b&gt;" in resumed and 'action="/"' in resumed
    fields = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', resumed, re.DOTALL)
    again = [(name, html.unescape(value)) for name, value in fields if name != "csrfmiddlewaretoken"]
    assert again == [("note", typed["note"]), ("level", "major"), ("kinds", "a"), ("kinds", "b")]
    browser.post("/", {"note": typed["note"]})
    assert form_page[-1]["note"] == typed["note"]


@pytest.mark.parametrize("kept", ["x", "a:b:c", "." * 500])
def test_what_was_not_sealed_here_is_not_shown(kept, leader, browser):
    assert enter(browser, kept=kept)["Location"] == "/"


def test_what_is_too_much_for_the_way_is_said_to_be_gone(leader, browser, form_page):
    noise = "".join(map(chr, random.Random(2).choices(range(0x4E00, 0x9FFF), k=60_000)))
    page = browser.post("/", {"note": noise}).content.decode()
    assert 'name="kept"' not in page and "请重新登录" in page


def test_an_hour_later_it_is_gone(leader, browser, form_page, monkeypatch):
    page = browser.post("/", {"note": "x"}).content.decode()
    real = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: real + timedelta(hours=2).total_seconds())
    assert enter(browser, kept=hidden(page, "kept")).status_code == 302
