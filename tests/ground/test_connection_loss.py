"""The database or Redis gone in the middle: 503 and nothing half stored, or no difference at all; then on as before."""

from __future__ import annotations

import errno

import pytest
from celery.exceptions import Retry
from django.core.cache import cache
from django.db import InternalError, ProgrammingError, connection
from django.db.transaction import TransactionManagementError

from reference.models import Load
from safety_api import connections, health, problems
from safety_api.celery import app
from safety_api.models import TrailLine
from tests.ground.connections import another, phone_of

NOTES = "/api/v1/notes"
KEY = "11111111-2222-4333-8444-777777777777"
NOWHERE = "unix:///nowhere/redis.sock"


def cut_connection() -> None:
    """Ends the server's side of this connection, as a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with another(autocommit=True) as operator:  # a role may end its own connections
        operator.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.fixture
def phone(lasting_notes):
    return phone_of("inspector")


@pytest.fixture
def cut_after_writing(monkeypatch):
    """The connection is lost once, after the row was written and before the commit."""
    cuts = []
    write = Load.objects.create

    def write_and_lose(**fields):
        row = write(**fields)
        if not cuts:
            cuts.append(True)
            cut_connection()
        return row

    monkeypatch.setattr(Load.objects, "create", write_and_lose)


def unavailable(answer) -> bool:
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "5")
    return answer.json()["trace_id"] == answer["X-Trace-Id"]


def test_a_lost_database_connection_is_503_and_the_next_request_works(phone):
    cut_connection()
    assert unavailable(phone.get(NOTES))
    assert phone.get(NOTES).status_code == 200


def test_a_retry_after_a_connection_lost_while_writing_makes_one_row(phone, cut_after_writing):
    send = lambda: phone.post(NOTES, {"new": 77}, format="json", headers={"Idempotency-Key": KEY})  # noqa: E731
    assert unavailable(send())
    assert not Load.objects.filter(new=77).exists()
    first, again = send(), send()
    assert (first.status_code, again.content) == (201, first.content)
    assert Load.objects.filter(new=77).count() == TrailLine.objects.filter(verb="note.create").count() == 1


@pytest.fixture
def on_a_standby(phone):
    """This connection's server takes no writes any more, as one that was set aside for another."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    return phone


def test_a_write_at_a_server_that_takes_none_is_503_and_the_next_finds_another(on_a_standby):
    assert on_a_standby.get(NOTES).status_code == 200
    assert not connections.is_writable()
    assert unavailable(on_a_standby.post(NOTES, {"new": 78}, format="json"))
    assert on_a_standby.post(NOTES, {"new": 78}, format="json").status_code == 201
    assert connections.is_writable()


AFTER_IT = [
    InternalError("current transaction is aborted"),
    TransactionManagementError("You can't execute queries"),
    ProgrammingError("?"),
]


@pytest.mark.parametrize("error", AFTER_IT, ids=[type(error).__name__ for error in AFTER_IT])
def test_what_fails_behind_a_refused_write_is_503_and_elsewhere_a_fault(on_a_standby, error):
    assert problems.of(error).kind is problems.UNAVAILABLE
    connection.close()
    connection.ensure_connection()
    assert problems.of(error) is None


def test_a_full_disk_is_503_at_every_door_and_another_fault_of_files_is_one():
    full, forbidden = (OSError(number, "…") for number in (errno.ENOSPC, errno.EACCES))
    assert (problems.of(full).kind, problems.of(full).headers) == (problems.UNAVAILABLE, {"Retry-After": "60"})
    assert problems.of(forbidden) is None


def test_a_session_request_also_gets_503_on_a_lost_connection(committed, client):
    from accounts.models import User

    client.raise_request_exception = False
    client.force_login(User.objects.get(username="auditor"), backend="accounts.backends.NameAndPassword")
    cut_connection()
    assert unavailable(client.get("/api/v1/me", headers={"Accept": "application/json"}))
    assert client.get("/api/v1/me").status_code == 200


def test_the_start_page_and_health_need_no_database(client):
    """No fixture opens the database here: a query would fail the test."""
    assert client.get("/").status_code == 200
    assert client.get("/healthz").json() == {"status": "alive"}


def test_readiness_reports_a_lost_database(phone, client):
    cut_connection()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["parts"]["database"]) == (
        503,
        "unavailable",
        "gone",
    )
    assert client.get("/readyz").json()["parts"]["database"] == "ok"


# --- Redis dead --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def dead_redis(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"


def test_writing_and_sign_in_work_without_redis(dead_redis, notes, people):
    from rest_framework.test import APIClient

    assert cache.get("anything") is None
    user = people["inspector"]
    user.set_password("Kouling-2026")
    user.save()
    client = APIClient()
    body = {"username": "inspector", "password": "Kouling-2026", "device_id": "phone-1"}
    token = client.post("/api/v1/auth/login", body, format="json").json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.post(NOTES, {"new": 5}, format="json").status_code == 201
    assert client.get(NOTES).status_code == 200


def test_readiness_without_redis_is_degraded_and_200(dead_redis, client, db):
    answer = client.get("/readyz")
    parts = {"database": "ok", "redis": "gone", "storage": "ok", "broker": "gone"}
    assert (answer.status_code, answer.json()["status"], answer.json()["parts"]) == (200, "degraded", parts)


def test_readiness_is_ready_when_all_parts_work(client, db, monkeypatch, all_speak):
    monkeypatch.setattr("safety_api.watching.NOTERS", {})
    monkeypatch.setattr("safety_api.watching.WATCHERS", [])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ready",
            "degraded": [],
            "parts": {"database": "ok", "redis": "ok", "storage": "ok", "broker": "ok"},
            "outbox": {"due": 0, "retrying": 0, "parked": 0},
            "warnings": [],
        },
    )


def test_readiness_is_503_when_photo_storage_is_unreachable(client, db, monkeypatch, tmp_path):
    monkeypatch.setattr(health, "_write_block", lambda: (tmp_path / "none" / "block").write_bytes(b""))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["storage"]) == (503, "gone")


def test_metrics_are_prometheus_text_with_outbox_database_and_trail(client, db):
    from safety_api import outbox

    outbox.send("test.topic", {"number": 1})
    answer = client.get("/metrics")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert 'safety_outbox_messages{state="due"} 1.0' in lines
    assert 'safety_outbox_messages{state="parked"} 0.0' in lines
    assert "safety_database_up 1.0" in lines
    assert any(line.startswith("safety_trail_unsealed_seconds ") for line in lines)


# --- a worker -------------------------------------------------------------------------------------------------------------------
def test_a_worker_s_task_at_a_server_that_takes_no_writes_is_tried_again(on_a_standby, monkeypatch):
    """As it is when the connection is lost; a fault of the task's own is one."""

    @app.task(name="tests.writes")
    def task():
        return Load.objects.create(new=79, changed=0, removed=0)

    monkeypatch.setattr(task, "retry", lambda exc, **when: Retry(exc=exc))
    task.push_request(called_directly=False)
    try:
        with pytest.raises(Retry) as again:
            task()
        assert "read-only" in str(again.value.exc)
        assert task().new == 79  # on a new connection
    finally:
        task.pop_request()
