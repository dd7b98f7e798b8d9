"""找回口令 by a code to the telephone of record: shown to nobody, slow to guess, honest where it cannot be sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import recovery
from accounts.models import ResetCode, User
from safety_api.models import OutboxMessage, TrailLine
from safety_api.outbox import drain
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ASK, USE = "/api/v1/auth/password-code", "/api/v1/auth/password-code/use"
NEW = "Xin-Kouling-2026"


@pytest.fixture
def letters(cast, monkeypatch):
    """A gateway that takes what it is given; the unit's officer has a telephone."""
    User.objects.filter(username="enterprise").update(phone="13812345678")
    taken: list[tuple[str, str]] = []
    monkeypatch.setattr(recovery, "DELIVERERS", [lambda phone, text: taken.append((phone, text))])
    return taken


def ask(client, username: str = "enterprise"):
    return client.post(ASK, {"username": username}, format="json")


def use(client, code: str, new: str = NEW, username: str = "enterprise"):
    return client.post(USE, {"username": username, "code": code, "new": new}, format="json")


def code_of(letters) -> str:
    return re.search(r"[0-9]{6}", letters[-1][1]).group()


def test_while_no_gateway_is_connected_nobody_is_told_that_a_code_was_sent(client, cast):
    for username in ("enterprise", "nobody"):
        answer = ask(client, username)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_delivery")
    assert not ResetCode.objects.exists() and not OutboxMessage.objects.filter(topic="password.code_asked").exists()


def test_a_code_goes_to_the_telephone_of_record_alone_and_opens_a_new_password(client, letters, as_):
    phone = as_("enterprise")
    asked = ask(client)
    assert (asked.status_code, asked.content) == (202, b"")
    drain()
    assert [number for number, _ in letters] == ["13812345678"]
    word = code_of(letters)
    assert word not in str(list(ResetCode.objects.values())) + str(list(TrailLine.objects.values("details")))
    assert use(client, word).status_code == 204
    assert User.objects.get(username="enterprise").check_password(NEW)
    assert phone.get("/api/v1/me").status_code == 401
    assert use(client, word, "Zai-Kouling-2026").json()["code"] == "bad_code"  # once
    assert TrailLine.objects.filter(verb="password.recover").count() == 1


@pytest.mark.parametrize("username", ["nobody", "inspector", "principal"])
def test_an_unknown_name_an_official_and_one_without_telephone_are_answered_alike(client, letters, username):
    assert ask(client, username).status_code == 202
    drain()
    assert letters == [] and not ResetCode.objects.exists()


def test_a_second_code_within_a_minute_and_a_sixth_in_a_day_are_not_sent(client, letters):
    ask(client), ask(client)
    assert ResetCode.objects.count() == 1
    for number in range(6):
        ResetCode.objects.update(asked_at=timezone.now() - timedelta(minutes=2 + number))
        ask(client)
    assert ResetCode.objects.count() == 5


def test_five_wrong_codes_end_a_code(client, letters):
    ask(client)
    drain()
    word = code_of(letters)
    wrong = f"{(int(word) + 1) % 10**6:06}"
    assert {use(client, wrong).json()["code"] for _ in range(5)} == {"bad_code"}
    assert use(client, word).json()["code"] == "bad_code"
    assert User.objects.get(username="enterprise").check_password(PASSWORD)


def test_a_code_holds_ten_minutes(client, letters):
    ask(client)
    drain()
    ResetCode.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    assert use(client, code_of(letters)).json()["code"] == "bad_code"


def test_a_weak_new_password_does_not_use_the_code_up(client, letters):
    ask(client)
    drain()
    assert use(client, code_of(letters), "123").json()["code"] == "weak_password"
    assert use(client, code_of(letters)).status_code == 204


def test_a_gateway_that_fails_is_tried_again_and_a_late_code_is_not_sent(client, letters, monkeypatch):
    ask(client)

    def fails(phone: str, text: str) -> None:
        raise OSError("gateway away")

    monkeypatch.setattr(recovery, "DELIVERERS", [fails])
    drain()
    assert OutboxMessage.objects.get(topic="password.code_asked").attempts == 1
    assert ResetCode.objects.get().digest == ""
    ResetCode.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    recovery.deliver(ResetCode.objects.get().pk)  # nothing to send any more
    assert ResetCode.objects.get().sent_at is None


BAD = [
    {},
    {"username": "enterprise", "code": "12345", "new": NEW},
    {"username": "enterprise", "code": "1234567", "new": NEW},
]


@pytest.mark.parametrize("body", BAD)
def test_a_body_that_does_not_fit_is_refused(client, letters, body):
    assert client.post(USE, body, format="json").status_code == 400
