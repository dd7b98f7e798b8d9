"""访问密钥 The page of one's own keys: what QGIS wants is made there, shown once, and ended there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiKey

pytestmark = pytest.mark.django_db
SENT = {"name": "办公室 QGIS", "ends_on": str(timezone.localdate() + timedelta(days=30))}


def test_a_key_is_made_shown_once_opens_the_layers_and_is_revoked(seat):
    leader = seat("leader")
    made = leader.post("/keys", SENT)
    key = re.search(r"aqk_[\w-]{43}", made.content.decode())[0]
    assert made["Cache-Control"] == "no-store" and "http://testserver/ogc/" in made.content.decode()
    assert key not in (page := leader.get("/keys").content.decode()) and key[:10] in page
    program = APIClient(HTTP_AUTHORIZATION=f"Key {key}")
    assert program.get("/ogc/collections").status_code == 200
    leader.post(f"/keys/{ApiKey.objects.get().pk}/revoke")
    assert program.get("/ogc/collections").status_code == 401


WRONG = [
    ({"name": ""}, "用途"),
    ({"ends_on": "2020-01-01"}, "今天至"),
    ({"ends_on": "x"}, "截止日期"),
    ({"name": "a" * 61}, "用途"),
]


@pytest.mark.parametrize(("sent", "said"), WRONG, ids=lambda each: str(each)[:20])
def test_what_is_wrong_is_said_beside_what_was_typed(sent, said, seat):
    answer = seat("bureau").post("/keys", SENT | sent)
    alert = answer.content.decode().partition('role="alert"')[2]
    assert answer.status_code == 400 and said in alert.partition("</div>")[0]
    assert not ApiKey.objects.exists()


def test_a_ninth_is_refused_in_words(seat):
    bureau = seat("bureau")
    for _ in range(8):
        bureau.post("/keys", SENT)
    answer = bureau.post("/keys", SENT)
    assert answer.status_code == 409 and "请先撤销" in answer.content.decode()


def test_nobody_revokes_anothers_and_an_administrator_has_none(seat):
    seat("bureau").post("/keys", SENT)
    seat("leader").post(f"/keys/{ApiKey.objects.get().pk}/revoke")
    assert ApiKey.objects.count() == 1
    assert seat("sysadmin").get("/keys").status_code == 403
    assert 'href="/keys"' in seat("leader").get("/password").content.decode()
