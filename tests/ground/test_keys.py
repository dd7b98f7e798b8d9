"""Idempotency-Key: a POST whose answer was lost is sent again, and is carried out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from reference.models import Load
from safety_api.idempotency import fingerprint
from safety_api.models import IdempotencyKey, OutboxMessage, TrailLine
from safety_api.parsers import read_json
from safety_api.tasks import forget_old_keys
from tests.ground.connections import another, phone_of, until

KEY = "11111111-2222-4333-8444-555555555555"
OTHER_KEY = "11111111-2222-4333-8444-666666666666"


def post(client, key=KEY, address="notes", /, **body):
    return client.post(f"/api/v1/{address}", body, format="json", headers={"Idempotency-Key": key})


@pytest.fixture
def phone(notes, as_):
    return as_("inspector")


def test_the_same_key_and_body_act_once_and_replay_the_answer(phone):
    first, again = post(phone, new=5), post(phone, new=5)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true"
    assert Load.objects.count() == 1
    assert TrailLine.objects.filter(verb="note.create").count() == 1
    assert OutboxMessage.objects.filter(topic="test.note").count() == 1


def test_key_order_and_whitespace_do_not_change_a_body(phone):
    headers = {"Idempotency-Key": KEY}
    first = phone.post("/api/v1/notes", b'{"new": 5, "word": "\xe4\xba\x95"}', content_type="application/json", headers=headers)
    again = phone.post("/api/v1/notes", b'{ "word":"\\u4e95","new":5.0e0}', content_type="application/json", headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())


def test_another_body_under_the_same_key_is_refused(phone):
    post(phone, new=5)
    answer = post(phone, new=6)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert Load.objects.count() == 1


def test_another_address_under_the_same_key_is_refused(phone):
    post(phone, new=5)
    assert post(phone, KEY, "notes/refuse", new=5).json()["code"] == "key_reused"


def test_a_different_key_acts_again(phone):
    post(phone, new=5)
    assert post(phone, OTHER_KEY, new=5).status_code == 201
    assert Load.objects.count() == 2


@pytest.mark.parametrize("key", ["", "5", "not-a-uuid", KEY + "0", "é" * 36, "0" * 31])
def test_an_invalid_key_is_refused_and_nothing_is_done(phone, key):
    answer = phone.post("/api/v1/notes", {"new": 5}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_key")
    assert not Load.objects.exists()


def test_a_refused_request_does_not_use_up_its_key(phone):
    assert post(phone, KEY, "notes/refuse").json()["code"] == "wrong_step"
    assert post(phone, OTHER_KEY, new=-1).status_code == 400
    assert (IdempotencyKey.objects.count(), Load.objects.count()) == (0, 0)
    assert post(phone, OTHER_KEY, new=1).status_code == 201


def test_idempotency_keys_are_separate_per_person(phone, as_):
    mine = post(phone, new=5).json()
    theirs = post(as_("inspector2"), new=7)
    assert (theirs.status_code, theirs.json()["id"] != mine["id"]) == (201, True)


def test_a_number_beyond_exact_json_range_is_refused_with_a_key(phone):
    answer = phone.post(
        "/api/v1/notes", b'{"new": 9007199254740993}', content_type="application/json", headers={"Idempotency-Key": KEY}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_keys_are_deleted_after_thirty_days(phone):
    for key, age in ((KEY, 31), (OTHER_KEY, 29)):
        post(phone, key, new=5)
        IdempotencyKey.objects.filter(key=key).update(created_at=timezone.now() - timedelta(days=age))
    assert forget_old_keys() == 1
    assert str(IdempotencyKey.objects.get().key) == OTHER_KEY


def test_of_concurrent_equal_posts_one_acts_and_all_get_its_answer(lasting_notes):
    phone, start = phone_of("inspector"), Barrier(6)

    def race(_):
        start.wait()
        try:
            return post(phone, new=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(race, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted("Idempotent-Replay" in answer for answer in answers) == [False, True, True, True, True, True]
    assert TrailLine.objects.filter(verb="note.create").count() == 1


def test_when_the_first_of_two_posts_fails_the_waiting_second_acts(lasting_notes):
    phone = phone_of("inspector")
    user = phone.get("/api/v1/me").json()["id"]
    with another() as first, ThreadPoolExecutor(1) as pool:
        first.execute(
            "INSERT INTO safety_idempotency_key (user_id, key, fingerprint) VALUES (%s, %s, 'under way')", [user, KEY]
        )
        second = pool.submit(lambda: (post(phone, new=5), connection.close())[0])
        with another(owner=True, autocommit=True) as watcher:
            waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
            until(lambda: watcher.execute(waiting).fetchone()[0])
        first.rollback()
        assert second.result(timeout=30).status_code == 201


@pytest.mark.parametrize("body", ["{}", '{"b": 1, "a": "零"}', '{"lon": 111.10, "n": null, "t": [1, 2.0, true]}'])
def test_the_documented_test_vectors_match_our_fingerprints(body):
    page = (Path(__file__).resolve().parents[2] / "docs" / "mobile.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if f"| `{body}` |" in line)
    assert fingerprint(read_json(body.encode())) in row
