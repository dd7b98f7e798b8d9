"""网页会话: the same doors with CSRF, ended after idle time and at the end of the day."""

from __future__ import annotations

import time

import pytest

from accounts.sessions import BEGAN, SEEN

ME = "/api/v1/me"


@pytest.fixture
def page(on_page):
    client = on_page("inspector")
    assert client.get(ME).status_code == 200
    return client


def age(page, **seconds: float) -> None:
    session = page.session
    for name, ago in seconds.items():
        session[{"seen": SEEN, "began": BEGAN}[name]] = time.time() - ago
    session.save()


def test_a_session_has_the_same_permissions_as_a_token(page, as_):
    assert page.get(ME).json() == as_("inspector").get(ME).json()
    assert page.get("/api/v1/trail").status_code == 403


def test_a_session_write_without_a_csrf_token_is_refused(page):
    refusal = page.post("/api/v1/auth/logout")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")


def test_a_session_write_with_a_csrf_token_is_accepted(page):
    page.cookies["csrftoken"] = "a" * 32
    assert page.post("/api/v1/auth/logout", headers={"X-CSRFToken": "a" * 32}).status_code == 204
    assert page.get(ME).status_code == 401


def test_a_bearer_token_beside_a_session_needs_no_csrf_token(page, as_):
    phone = as_("inspector")
    phone.cookies = page.cookies
    assert phone.post("/api/v1/auth/logout").status_code == 204


def test_an_idle_session_expires(page, settings):
    age(page, seen=settings.SESSION_IDLE.total_seconds() - 60)
    assert page.get(ME).status_code == 200
    age(page, seen=settings.SESSION_IDLE.total_seconds() + 1)
    assert page.get(ME).status_code == 401
    assert page.get(ME).status_code == 401


def test_an_active_session_expires_at_its_maximum_age(page, settings):
    age(page, began=settings.SESSION_COOKIE_AGE - 60)
    assert page.get(ME).status_code == 200
    age(page, began=settings.SESSION_COOKIE_AGE + 1)
    assert page.get(ME).status_code == 401


def test_activity_does_not_reset_the_start_of_a_session(page):
    age(page, began=3600, seen=120)
    began = page.session[BEGAN]
    page.get(ME)
    assert (page.session[BEGAN], time.time() - page.session[SEEN] < 60) == (began, True)


def test_a_read_request_does_not_write_the_session(page, django_assert_num_queries):
    with django_assert_num_queries(4):  # the session, the person, whose deputy, the certificates
        page.get(ME)


def test_the_session_of_a_deactivated_account_ends(page, people):
    from accounts.actions import set_active
    from safety_api.trail import SYSTEM

    set_active(people["inspector"], False, by=SYSTEM)
    assert page.get(ME).status_code == 401


def test_an_unknown_session_id_is_not_authenticated(client, db):
    client.cookies["sessionid"] = "x" * 32
    assert client.get(ME).status_code == 401
