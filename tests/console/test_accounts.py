"""账号页 The administrators of accounts make, move, stop and equip people on pages; what is told once stands nowhere afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Certificate, User
from tests.console.test_lists import words
from tests.console.test_steps import does, forms_of, went

pytestmark = pytest.mark.django_db
NEW = {"username": "zhaoping", "name": "赵平", "role": "inspector", "region": "141123100", "sectors": ["coal_mine", "fire_safety"], "department": ""}


def address_of(name: str) -> str:
    return f"/accounts/{User.objects.get(username=name).pk}"


def shown_once(page) -> str:
    return re.search(r'<code class="digest">([^<]+)</code>', page.content.decode())[1]


@pytest.mark.parametrize("name", ["secadmin", "sysadmin"])
def test_an_account_is_made_and_its_first_password_is_shown_once(seat, people, name):
    admin = seat(name)
    made = admin.post("/accounts/new", NEW)
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store"), words(made)
    password, user = shown_once(made), User.objects.get(username="zhaoping")
    assert (user.region, user.sectors, user.must_change_password) == ("141123100", ["coal_mine", "fire_safety"], True)
    assert user.check_password(password)
    assert password not in admin.get(address_of("zhaoping")).content.decode()
    assert "赵平" in words(admin.get("/accounts?q=zhao"))


def test_what_is_wrong_with_an_account_stands_beside_what_was_typed(seat, people):
    page = seat("secadmin").post("/accounts/new", NEW | {"username": "inspector", "region": ""})
    said = page.content.decode()
    assert page.status_code == 400 and "这个岗位须有管辖区划" in said and 'value="赵平"' in said
    assert '<option value="fire_safety" selected>' in said and not User.objects.filter(name="赵平").exists()


def test_a_person_is_moved_equipped_stopped_and_brought_back(seat, people):
    admin, address = seat("secadmin"), address_of("inspector2")
    day = timezone.localdate()
    number = {"number": "晋J09999", "issued_by": "山西省人民政府", "valid_from": str(day), "valid_to": str(day + timedelta(days=900))}
    Certificate.objects.all().delete()
    assert went(does(admin, address, "certificate", **number)) == "certificates"
    assert went(does(admin, address, "revoke", on=str(day), reason="换证")) == "certificates"
    assert went(does(admin, address, "post", role="township_officer", region="141123101")) == "posts"
    assert went(does(admin, address, "post", role="inspector", region="141123100", first=str(day + timedelta(days=9)))) == "posts"
    assert went(does(admin, address, "withdraw")) == "posts"
    assert went(does(admin, address, "edit", name="钱二", may_investigate="true")) == "account"
    assert went(does(admin, address, "disable", reason="借调")) == "account"
    user = User.objects.get(username="inspector2")
    assert (user.role, user.region, user.name, user.may_investigate, user.is_active) == ("township_officer", "141123101", "钱二", True, False)
    assert (Certificate.objects.get().revoked_on, user.posts.filter(begun_at=None).count()) == (day, 0)
    assert "disable" not in forms_of(admin.get(address)) and went(does(admin, address, "enable", reason="回来")) == "account"


def test_a_new_password_and_a_second_factor_are_shown_once(seat, people):
    admin, address = seat("secadmin"), address_of("inspector")
    reset = does(admin, address, "reset-password")
    assert (reset.status_code, reset["Cache-Control"]) == (200, "no-store")
    assert User.objects.get(username="inspector").check_password(shown_once(reset))
    bound = does(admin, address, "bind")
    secret = shown_once(bound)
    assert secret.startswith("otpauth://totp/") and "<svg" in bound.content.decode() and " style=" not in bound.content.decode()
    assert secret not in admin.get(address).content.decode() and shown_once(reset) not in admin.get(address).content.decode()


@pytest.mark.parametrize("name", ["bureau", "auditor", "inspector", "leader"])
def test_nobody_else_reads_or_changes_an_account(seat, people, name):
    other, address = seat(name), address_of("inspector2")
    assert {other.get(path).status_code for path in ("/accounts", "/accounts/new", address)} == {403}
    assert {other.post(path, {"reason": "x"} | NEW).status_code for path in ("/accounts/new", f"{address}/disable", f"{address}/bind")} == {403}
    assert User.objects.get(username="inspector2").is_active and 'href="/accounts"' not in other.get("/password").content.decode()


@pytest.mark.parametrize(("deed", "typed", "status"), [
    ("withdraw", {"of": "0"}, 404), ("revoke", {"of": "x y", "on": "2026-01-01", "reason": "x"}, 404), ("post", {"role": "king"}, 400),
    ("unknown", {}, 404), ("certificate", {"number": "1", "issued_by": "x", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}, 400),
])  # fmt: skip
def test_a_form_of_ones_own_making_changes_nothing(seat, people, deed, typed, status):
    address, posts = address_of("inspector2"), User.objects.get(username="inspector2").posts.count()
    assert seat("secadmin").post(f"{address}/{deed}", typed).status_code == status
    assert User.objects.get(username="inspector2").posts.count() == posts
