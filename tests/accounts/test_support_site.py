"""管理后台: three administrators who look and do not touch; the way in is as narrow as any."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin import site

from accounts import actions
from accounts.models import User
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from safety_api.permissions import MAY
from safety_api.roles import ADMINS, EVERYONE
from safety_api.trail import SYSTEM, record
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signin import fail

LOGIN = "/admin/login/"


def sign_in_to_admin(client, username, password=PASSWORD, otp=""):
    return client.post(LOGIN, {"username": username, "password": password, "otp": otp, "next": "/admin/"})


@pytest.fixture
def signed_in_admin(cast, client):
    def as_admin(username):
        assert sign_in_to_admin(client, username).status_code == 302
        return client

    return as_admin


PAGES = {
    "accounts/user/": {"sysadmin", "secadmin"}, "accounts/device/": {"sysadmin", "secadmin"}, "accounts/post/": {"sysadmin", "secadmin"},
    "accounts/certificate/": {"sysadmin", "secadmin"}, "safety_api/trailline/": {"auditor"}, "safety_api/trailseal/": {"auditor"},
    "safety_api/outboxmessage/": {"sysadmin"},
}  # fmt: skip


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_each_administrator_sees_only_their_own_admin_pages(signed_in_admin, username):
    client = signed_in_admin(username)
    assert client.get("/admin/").status_code == 200
    for page, seen_by in PAGES.items():
        assert client.get(f"/admin/{page}").status_code == (200 if username in seen_by else 403), page


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_the_first_page_names_laws_that_begin_and_that_nobody_read(signed_in_admin, username, monkeypatch):
    client = signed_in_admin(username)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 9, 1))
    page = client.get("/admin/").content.decode()
    assert "2026-09-30 起施行：AQ 3072-2026" in page
    assert "现行、只有二手来源" in page and "煤矿安全规程（2025）（应急管理部令第17号）" in page


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("page", PAGES)
def test_administrators_cannot_add_change_or_delete_rows(signed_in_admin, cast, username, page):
    client = signed_in_admin(username)
    row = {"accounts/user/": cast["inspector"].pk, "safety_api/trailline/": TrailLine.objects.first().pk}.get(page, 1)
    assert client.get(f"/admin/{page}add/").status_code == 403
    assert client.post(f"/admin/{page}{row}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert client.post(f"/admin/{page}{row}/change/", {"name": "改名", "username": "x"}).status_code in (302, 403)
    assert User.objects.get(username="inspector").name == "张巡"


def test_the_admin_page_of_a_person_shows_no_password_digest(signed_in_admin, cast):
    page = signed_in_admin("sysadmin").get(f"/admin/accounts/user/{cast['inspector'].pk}/change/")
    assert page.status_code == 200
    assert cast["inspector"].password not in page.content.decode() and "pbkdf2" not in page.content.decode()


# Who works here and signs in with what, what runs, what law and places there are.
WITHOUT_BUSINESS = {"accounts", "auth", "otp_totp", "safety_api", "reference", "geo"}


def test_no_model_of_business_has_a_page_on_the_support_site():
    assert {model._meta.app_label for model in site._registry} <= WITHOUT_BUSINESS


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_no_page_of_business_is_open_to_an_administrator(signed_in_admin, username):
    client = signed_in_admin(username)
    models = [model for model in apps.get_models() if model._meta.app_label not in WITHOUT_BUSINESS]
    assert len(models) > 50
    pages = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in models]
    assert [page for page in pages if client.get(page).status_code not in (403, 404)] == []
    assert not [
        app
        for app in {model._meta.app_label for model in models}
        if f"/admin/{app}/" in client.get("/admin/").content.decode()
    ]


def test_the_page_of_a_trail_line_shows_nothing_of_the_record(signed_in_admin, cast):
    client = signed_in_admin("auditor")
    row = record(cast["bureau"], "enterprise.update", cast["inspector"], after={"principal_phone": "13812345678"})
    page = client.get(f"/admin/safety_api/trailline/{TrailLine.objects.latest('pk').pk}/change/").content.decode()
    assert row is None and "enterprise.update" in page
    assert "13812345678" not in page


@pytest.mark.parametrize("username", ["inspector", "bureau", "enterprise", "leader"])
def test_only_administrators_can_enter_the_admin_site(cast, client, username):
    assert sign_in_to_admin(client, username).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_an_officers_session_does_not_open_the_admin_site(on_page):
    assert on_page("bureau").get("/admin/accounts/user/").status_code == 302


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_administrators_have_no_access_to_business_data(as_, username):
    business = sorted(route for route, roles in MAY.items() if not roles & ADMINS)
    assert len(business) > 10
    for address in ("hazards", "inspections", "tasks"):
        assert as_(username).get(f"/api/v1/{address}").status_code == 403


def test_permissions_of_administrators_are_theirs_alone_or_everyones():
    assert all(roles == EVERYONE or roles <= ADMINS for roles in MAY.values() if roles & ADMINS)


# --- the way in --------------------------------------------------------------------------------------------------------------
def test_entering_the_admin_site_writes_a_trail_line(signed_in_admin):
    signed_in_admin("auditor")
    assert TrailLine.objects.get(verb="auth.login").details == {"device": "管理后台"}


def test_the_account_lock_applies_to_the_admin_site(cast, client):
    fail(client, "sysadmin")
    assert "账号已锁定" in sign_in_to_admin(client, "SysAdmin").content.decode()
    assert client.get("/admin/").status_code == 302


def test_admin_site_and_api_share_the_failure_count(cast, client):
    for _ in range(5):
        sign_in_to_admin(client, "sysadmin", "Wrong-2026")
    body = {"username": "sysadmin", "password": PASSWORD, "device_id": "phone-1"}
    assert client.post("/api/v1/auth/login", body, format="json").json()["code"] == "account_locked"


def test_the_second_factor_applies_to_the_admin_site(cast, client):
    actions.bind_second_factor(cast["sysadmin"], by=SYSTEM)
    assert "动态口令" in sign_in_to_admin(client, "sysadmin").content.decode()
    assert sign_in_to_admin(client, "sysadmin", otp="000000").status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_first_password_must_be_changed_before_entering_the_admin_site(cast, client):
    password = actions.reset_password(cast["sysadmin"], by=SYSTEM)
    assert "修改初始口令" in sign_in_to_admin(client, "sysadmin", password).content.decode()


def test_a_password_reset_ends_an_admin_session(signed_in_admin, cast):
    client = signed_in_admin("sysadmin")
    actions.reset_password(cast["sysadmin"], by=SYSTEM)
    assert client.get("/admin/accounts/user/").status_code == 302


def test_the_admin_sign_in_form_is_throttled_per_address(cast, client):
    for _ in range(60):
        client.post("/api/v1/auth/login", {}, format="json")
    assert "过于频繁" in sign_in_to_admin(client, "sysadmin").content.decode()


def test_the_django_password_change_page_is_not_available(signed_in_admin):
    assert signed_in_admin("sysadmin").get("/admin/password_change/").status_code in (302, 404)


# --- what may be done goes through an action -------------------------------------------------------------------------------------
def admin_action(client, page, action, *keys):
    return client.post(f"/admin/{page}", {"action": action, "_selected_action": [str(key) for key in keys]})


def test_locking_and_unlocking_an_account_writes_trail_lines(signed_in_admin, cast):
    client = signed_in_admin("secadmin")
    assert admin_action(client, "accounts/user/", "lock", cast["inspector"].pk, cast["secadmin"].pk).status_code == 302
    assert not User.objects.get(username="inspector").is_active
    assert User.objects.get(username="secadmin").is_active  # nobody locks themselves out
    admin_action(client, "accounts/user/", "open", cast["inspector"].pk)
    assert User.objects.get(username="inspector").is_active
    lines = TrailLine.objects.filter(object_id=str(cast["inspector"].pk)).order_by("id")
    assert [(line.verb, line.actor_name) for line in lines] == [("user.lock", "蒋密"), ("user.open", "蒋密")]


def test_unparking_messages_writes_a_trail_line(signed_in_admin):
    message = OutboxMessage.objects.create(topic="test.nobody", attempts=8, parked_at="2026-11-23T00:00:00Z")
    admin_action(signed_in_admin("sysadmin"), "safety_api/outboxmessage/", "try_again", message.pk)
    assert outbox.drain() == 1
    assert TrailLine.objects.get(verb="outbox.unpark").actor_name == "卫系"
