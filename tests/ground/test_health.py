"""/readyz says `degraded` with the names of what is wrong; /metrics has a gauge for each name, ops/alerts.yml a rule."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from datetime import timedelta

import pytest
import yaml
from django.conf import settings as house
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_redis import get_redis_connection

from safety_api import alive, health, outbox
from safety_api.models import OutboxMessage
from tests.ground.connections import another

RULES = house.BASE_DIR / "ops" / "alerts.yml"


def named(client) -> set[str]:
    answer = client.get("/readyz").json()
    assert (answer["status"] != "ready") is bool(answer["degraded"])
    return {each["name"] for each in answer["degraded"]}


# --- work after the commit -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "late"), [(50, False), (70, True)])
def test_a_message_unsent_for_over_a_minute_degrades(db, client, seconds, late):
    outbox.send("test.topic", {"number": 1})
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
    assert ("outbox_late" in named(client)) is late


def test_a_parked_message_degrades_and_is_not_counted_as_late(db, client):
    outbox.send("test.topic", {"number": 1})
    OutboxMessage.objects.update(parked_at=timezone.now(), created_at=timezone.now() - timedelta(days=1))
    assert {"outbox_parked", "outbox_late"} & named(client) == {"outbox_parked"}


@pytest.mark.parametrize(("seconds", "says"), [(None, "没有应答"), (10, ""), (70, "已 70 秒没有应答")])
def test_a_service_that_was_not_heard_for_a_minute_is_silent(seconds, says):
    key = f"safety:alive:test-{seconds}"
    if seconds is not None:
        get_redis_connection("default").set(key, 1, ex=alive.KEPT - seconds)
    assert health._silent(f"test-{seconds}", "").strip() == says
    get_redis_connection("default").delete(key)


def test_beat_and_worker_are_asked_about(db, client, all_speak):
    assert not {"beat_silent", "worker_silent"} & named(client)


# --- what a role cannot do without -------------------------------------------------------------------------------------------
@pytest.fixture
def read_only(db):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


@pytest.fixture
def no_broker(settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"


@pytest.fixture
def hanging_broker(settings):
    """It takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"amqp://guest@127.0.0.1:{silent.getsockname()[1]}//"
        yield


@pytest.fixture
def full_disk(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(health, "_write_block", full)


LACKING = {  # what is away → what each role says it lacks
    "read_only": {"web": "database_read_only", "worker": "database_read_only", "beat": "database_read_only"},
    "no_broker": {"worker": "broker_away", "beat": "broker_away"},
    "hanging_broker": {"worker": "broker_away", "beat": "broker_away"},
    "full_disk": {"web": "storage_refuses", "worker": "storage_refuses"},
}


@pytest.mark.parametrize("away", LACKING)
def test_a_role_is_ready_only_with_what_it_needs(db, request, away):
    request.getfixturevalue(away)
    found = {role: health.lacking(role) for role in health.NEEDS}
    assert {role: next(iter(names)) for role, names in found.items() if names} == LACKING[away]
    assert all(len(names) < 2 for names in found.values())


def test_a_web_whose_database_takes_nothing_is_unavailable_by_name(read_only, client):
    answer = client.get("/readyz")
    body = answer.json()
    assert (answer.status_code, body["status"], body["parts"]["database"]) == (503, "unavailable", "read_only")
    assert "database_read_only" in {each["name"] for each in body["degraded"]}


def test_a_web_without_its_broker_is_degraded_and_works_on(db, client, no_broker):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["broker"], "broker_away" in named(client)) == (200, "gone", True)


@pytest.mark.parametrize("role", health.SPEAKING)
def test_a_role_is_ready_on_its_machine_once_it_was_heard_there(db, role, capsys):
    line, key = get_redis_connection("default"), f"safety:alive:{alive.here(role)}"
    line.delete(key)
    with pytest.raises(SystemExit, match="1"):
        call_command("ready", role)
    line.set(key, 1, ex=alive.KEPT)
    call_command("ready", role)
    line.delete(key)
    said = capsys.readouterr().out
    assert said.startswith(f"{role}_silent: ") and said.endswith("\nready\n")


# --- the machine --------------------------------------------------------------------------------------------------------------
GB = 2**30


@pytest.mark.parametrize(
    ("total", "free", "full"),
    [(10 * GB, 2 * GB, False), (10 * GB, GB - 1, True), (100 * GB, 6 * GB, False), (100 * GB, 4 * GB, True),
     (4000 * GB, 11 * GB, False), (4000 * GB, 9 * GB, True)],
)  # fmt: skip
def test_a_disk_is_nearly_full_by_its_size(total, free, full):
    assert health.nearly_full(total, free) is full


def test_a_nearly_full_disk_degrades_and_strangers_are_shown_no_path(db, client, monkeypatch):
    monkeypatch.setattr(health, "nearly_full", lambda total, free: True)
    assert "disk_nearly_full" in named(client)
    assert "照片目录" in health.wrong()["disk_nearly_full"]
    assert str(house.STORAGE_DIR) not in (client.get("/readyz").content + client.get("/metrics").content).decode()


def test_a_database_that_refuses_new_connections_degrades_while_old_ones_work(db, client):
    with another(owner=True, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} CONNECTION LIMIT 0")
        try:
            assert "database_refuses" in named(client)
        finally:
            owner.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} CONNECTION LIMIT -1")
    assert "database_refuses" not in named(client)


# --- supervision --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def run_folder(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def journal(run_folder, **given_up: bool) -> None:
    services = {name: {"restarts": 4, "tries": 10, "at": 5.0, "given_up": gone} for name, gone in given_up.items()}
    (run_folder / "watch.json").write_text(json.dumps({"boot": "", "services": services}))


def test_a_service_that_was_given_up_degrades_by_name(db, client, run_folder):
    journal(run_folder, web=False, redis=True)
    assert "given_up" in named(client)
    assert "redis" in health.wrong()["given_up"]
    assert 'safety_restarts_total{service="web"} 4.0' in client.get("/metrics").content.decode()


def test_a_house_whose_watch_is_gone_degrades(db, client, run_folder):
    journal(run_folder)
    (run_folder / "wanted.json").touch()
    assert "unwatched" not in named(client)
    os.utime(run_folder / "watch.json", (1, 1))
    assert "unwatched" in named(client)
    (run_folder / "wanted.json").unlink()  # after `down` nobody is missed
    assert "unwatched" not in named(client)


# --- how it is asked ----------------------------------------------------------------------------------------------------------
def test_what_was_found_is_kept_for_some_seconds(db, monkeypatch):
    asked = []
    monkeypatch.setattr(health, "CHECKS", {"odd": health.Check("odd", lambda: asked.append(1) or "odd", 1)})
    monkeypatch.setattr(health, "_found", {})
    monkeypatch.setattr(health, "KEEP", 60)
    assert [health.wrong()["odd"], health.wrong()["odd"], len(asked)] == ["odd", "odd", 1]


def test_a_check_that_breaks_is_itself_named(db, client, monkeypatch):
    monkeypatch.setitem(health.CHECKS, "odd", health.Check("odd", lambda: 1 / 0, 1))
    assert "odd" in named(client)


# --- metrics and alerts -------------------------------------------------------------------------------------------------------
def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def test_every_name_has_an_alert_and_every_alert_a_name():
    asked = re.findall(r'safety_degraded\{name="(\w+)"\}', " ".join(rule["expr"] for rule in rules()))
    assert sorted(asked) == sorted(check.name for check in health.all_checks())


def test_every_metric_of_an_alert_is_in_metrics(db, client, all_speak, run_folder):
    journal(run_folder, web=False)
    shown = set(re.findall(r"^(\w+)(?:\{| )", client.get("/metrics").content.decode(), re.M))
    asked = set(re.findall(r"\bsafety_\w+", " ".join(rule["expr"] for rule in rules())))
    assert asked <= shown
    assert {"safety_silence_seconds", "safety_outbox_oldest_seconds", "safety_disk_free_ratio"} <= shown


def test_every_alert_says_what_is_wrong_and_what_to_do():
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule
        assert set(rule["annotations"]) == {"summary", "do"}, rule
    assert len({rule["alert"] for rule in rules()}) == len(rules())


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool on this machine")
def test_prometheus_accepts_the_alerts():
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
