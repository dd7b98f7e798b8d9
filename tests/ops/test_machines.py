"""Machines of their own: web, worker and beat as three processes that are told everything by their environment."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from celery.schedules import crontab
from django.conf import settings as house
from django.db import connection
from django.utils import timezone

from accounts.models import User
from ops import machines, services
from ops.home import PROJECT
from safety_api import celery, outbox
from safety_api.clock import WaitingScheduler
from safety_api.models import OutboxMessage, TrailLine
from tests.cast import papers
from tests.cast.visits import a_finding, a_photo, a_visit, photo_id, picture
from tests.ground.connections import until
from tests.ground.test_broker import end, queue, work  # noqa: F401 - a fixture
from tests.ground.test_outbox import environment
from tests.ops.front import free_port

HOST = "aqjg.example.gov.cn"
PASSWORD = "Machines-of-their-own-2026"


def safety(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PROJECT / "safety", *words], env=env, cwd="/", capture_output=True, text=True, check=False, timeout=300
    )


def told(folder: Path, redis: str, **more: str) -> dict[str, str]:
    """All that a machine knows: nothing of this process's environment but the tests' database."""
    return {
        "PATH": os.environ["PATH"], "VENV_DIR": sys.prefix, "EMBEDDED": "0", "STATE_DIR": str(folder / "state"), "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": environment()["DATABASE_URL"], "REDIS_URL": redis, "SECRET_KEY": house.SECRET_KEY,
        "STORAGE_DIR": str(folder / "shared"), **more,
    }  # fmt: skip


# --- refused before anything starts -----------------------------------------------------------------------------------
WHOLE = {
    "DATABASE_URL": "postgis://a@db/safety", "REDIS_URL": "redis://redis:6379/0", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": HOST,
    "STORAGE_DIR": "/photos",
}  # fmt: skip
LACKS = [  # role, what is told otherwise than above, what is named as missing
    ("web", {}, []),
    ("beat", {"STORAGE_DIR": ""}, []),
    ("web", {"STORAGE_DIR": ""}, ["STORAGE_DIR"]),
    ("worker", {"STORAGE_DIR": "", "DATABASE_URL": " "}, ["DATABASE_URL", "STORAGE_DIR"]),
    (
        "worker",
        {"STORAGE": "s3", "STORAGE_DIR": "", "S3_BUCKET": "photos"},
        ["S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"],
    ),
    ("web", {"SECRET_KEY": "", "SECRET_KEY_FILE": "/run/secrets/secret_key"}, []),
    ("migrate", {}, ["MIGRATE_DATABASE_URL"]),
]


@pytest.mark.parametrize(("role", "otherwise", "named"), LACKS)
def test_every_variable_that_a_role_lacks_is_named_in_two_languages(role, otherwise, named):
    sentences = machines.missing(role, WHOLE | otherwise)
    assert [sentence.split("：")[0] for sentence in sentences] == [f"缺少 {name}" for name in named]
    assert all(f"{name} is not set" in sentence for name, sentence in zip(named, sentences, strict=True))


@pytest.mark.parametrize("role", [*services.COMMANDS, "migrate"])
def test_a_role_without_its_variables_ends_with_2_and_makes_nothing(role, tmp_path):
    done = safety(role, env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path / "state")})
    assert (done.returncode, done.stdout, "缺少 DATABASE_URL" in done.stderr) == (2, "", True)
    assert not (tmp_path / "state").exists()


def test_a_wrong_setting_ends_a_role_with_its_sentence_and_2(tmp_path):
    env = WHOLE | {"PATH": os.environ["PATH"], "VENV_DIR": sys.prefix, "STATE_DIR": str(tmp_path), "LOG_LEVEL": "LOUD"}
    done = safety("beat", env=env)
    assert (done.returncode, done.stderr) == (
        2,
        "safety: LOG_LEVEL='LOUD' 无法使用：只能是 DEBUG、INFO、WARNING、ERROR。\n",
    )


def test_only_migrate_is_told_the_address_of_the_owner(tmp_path):
    place = machines.Home(tmp_path)
    caller = WHOLE | {"MIGRATE_DATABASE_URL_FILE": "/run/secrets/owner", "DEMO": "1", "EMBEDDED": "1"}
    env = machines.environment(place, caller)
    assert (env["EMBEDDED"], {"MIGRATE_DATABASE_URL_FILE", "DEMO"} & env.keys()) == ("0", set())
    owner = machines._as_owner(env, caller)
    assert (owner["DATABASE_URL_FILE"], "DATABASE_URL" in owner) == ("/run/secrets/owner", False)


@pytest.mark.parametrize("words", [(), ("migrate",), ("web", "beat")])
def test_ready_asks_for_one_of_the_roles(words, tmp_path):
    done = safety("ready", *words, env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path)})
    assert (done.returncode, "ready web|worker|beat" in done.stderr) == (2, True)


# --- three machines ---------------------------------------------------------------------------------------------------
@pytest.fixture
def officers(committed) -> Iterator[dict[str, User]]:
    """Two of a department with certificates; the inspector has a password. Accounts outlive the test: they are put back."""
    found = {user.username: user for user in User.objects.filter(username__in=("inspector", "department"))}
    before = {name: (user.password, user.department_id) for name, user in found.items()}
    for user in found.values():
        user.department_id = "emergency"
        user.set_password(PASSWORD)
        user.save()
        papers.certify(user)
    yield found
    for name, user in found.items():
        user.password, user.department_id = before[name]
        user.save()


class Machine:
    """One role with a state folder of its own."""

    def __init__(self, role: str, folder: Path, redis: str, **more: str):
        self.role = role
        self.env = told(folder.parent, redis, **{"STATE_DIR": str(folder), "PORT": str(free_port()), **more})
        folder.mkdir(exist_ok=True)
        self.log = folder / "log"
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([PROJECT / "safety", role], env=self.env, cwd="/", stdout=out, stderr=out)

    def ready(self) -> subprocess.CompletedProcess:
        return safety("ready", self.role, env=self.env)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.ready().returncode == 0

    def ask(self, asked: str, body: Any = None, token: str = "") -> tuple[int, bytes]:
        method, path = asked.split()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Authorization": f"Bearer {token}",
        }
        headers |= {"Content-Type": "image/jpeg" if isinstance(body, bytes) else "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", int(self.env["PORT"]), timeout=60)
        line.request(method, f"/api/v1/{path}", raw if body is not None else None, headers)
        answer = line.getresponse()
        return answer.status, answer.read()

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=60)


@pytest.fixture
def start(tmp_path, queue) -> Iterator[Any]:  # noqa: F811
    """`start("web")` is such a machine; all of them end with the test."""
    if not queue.process:
        queue.start()
    started: list[Machine] = []

    def one(role: str, **more: str) -> Machine:
        started.append(Machine(role, tmp_path / f"{role}-{len(started)}", f"unix://{queue.socket}", **more))
        return started[-1]

    yield one
    for each in started:
        each.end()


def rise(*machines: Machine) -> None:
    for each in machines:
        until(each.is_ready, seconds=180)


def drained() -> bool:
    return not OutboxMessage.objects.exists()


@pytest.mark.foreign
def test_a_visit_its_photo_and_its_paper_go_through_three_machines(officers, start):
    unit, hazard = papers.mine(), papers.a_hazard()
    web, worker, beat = start("web"), start("worker"), start("beat")
    rise(web, worker, beat)
    status, answer = web.ask("POST auth/login", {"username": "inspector", "password": PASSWORD, "device_id": "phone"})
    assert status == 200, answer
    token, now = json.loads(answer)["token"], timezone.now()
    visit = a_visit(
        unit,
        started_at=(now - timedelta(hours=1)).isoformat(),
        finished_at=now.isoformat(),
        photos=[a_photo(1, taken_at=now.isoformat())],
        hazards=[a_finding(str(uuid4()), deadline=(timezone.localdate() + timedelta(7)).isoformat())],
    )
    assert web.ask(f"PUT inspections/{uuid4()}", visit, token)[0] == 201
    assert web.ask(f"PUT photos/{photo_id(1)}/content", picture(1), token)[0] == 201
    until(drained, seconds=60)
    assert web.ask(f"GET photos/{photo_id(1)}?size=thumb", token=token)[0] == 302  # the worker has made the small one
    order = papers.body(
        people=officers, subject=("hazard", hazard.pk), deadline=(timezone.localdate() + timedelta(7)).isoformat()
    )
    status, answer = web.ask("POST papers", order, token)
    assert status == 201, answer
    status, content = web.ask(f"GET papers/{json.loads(answer)['id']}.pdf", token=token)
    assert (status, content[:5]) == (200, b"%PDF-")
    assert [each.end() for each in (worker, beat)] == [0, 0]  # a TERM is theirs, not a shell's


@pytest.mark.foreign
def test_each_machine_says_what_it_lacks_when_the_queue_dies_and_is_back(committed, start, queue):  # noqa: F811
    web, worker, beat = start("web"), start("worker"), start("beat")
    rise(web, worker, beat)
    queue.kill()
    said = [(done.returncode, "broker_away" in done.stdout) for done in (worker.ready(), beat.ready())]
    assert said == [(1, True), (1, True)]
    until(lambda: "broker_away" in web.ready().stdout)  # what it found before is kept for some seconds
    assert web.ready().returncode == 0
    queue.start()
    rise(web, worker, beat)
    worker.end()
    queue.client().delete(*queue.client().keys("safety:alive:worker@*"))
    assert "worker_silent" in worker.ready().stdout


@pytest.mark.foreign
def test_a_machine_migrates_by_the_owner_and_manages_without_a_house(committed, tmp_path, queue):  # noqa: F811
    queue.start()
    env = told(tmp_path, f"unix://{queue.socket}", MIGRATE_DATABASE_URL=_owner_url(), EMBEDDED="0")
    done = safety("migrate", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    done = safety("manage", "drain_outbox", env=env)
    assert (done.returncode, "处理 0 条" in done.stdout) == (0, True), done.stdout + done.stderr


def _owner_url() -> str:
    return urlsplit(os.environ["MIGRATE_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


# --- two beats --------------------------------------------------------------------------------------------------------
def all_due(folder: Path) -> None:
    """A schedule file that was last looked at more than a year ago: the beat that finds it sends everything at once."""
    (folder / "run").mkdir(parents=True)
    schedule = WaitingScheduler(celery.app, lazy=True, schedule_filename=str(folder / "run" / "beat-schedule"))
    schedule.setup_schedule()
    for entry in schedule.schedule.values():
        entry.last_run_at = timezone.now() - timedelta(days=400)
    schedule.close()


@pytest.fixture
def worker(queue) -> Iterator[subprocess.Popen]:  # noqa: F811
    """One that knows what the tests do about `test.wrote`."""
    if not queue.process:
        queue.start()
    running = work(queue, [])
    yield running
    end(running)


def ran(log: Path) -> Counter:
    """By task, how often the worker did one to its end."""
    return Counter(re.findall(r"Task ([\w.]+)\[[^]]+\] succeeded", log.read_text(encoding="utf-8", errors="replace")))


def grown() -> Counter:
    lines = TrailLine.objects.exclude(verb="test.handled").values_list("verb", "object_id")
    return Counter(lines)


@pytest.mark.foreign
def test_two_beats_send_everything_twice_and_nothing_is_done_twice(committed, start, tmp_path, queue, worker):  # noqa: F811
    papers.mine()
    papers.a_hazard(found_at="2025-01-06T09:00:00+08:00", due_on=date(2025, 1, 13))
    outbox.send_many("test.wrote", [{"number": number} for number in range(60)])
    for name in ("beat-0", "beat-1"):
        all_due(tmp_path / name)
    start("beat"), start("beat")
    rows = house.CELERY_BEAT_SCHEDULE.values()
    daily = {each["task"] for each in rows if isinstance(each["schedule"], crontab) and len(each["schedule"].hour) == 1}
    log = queue.folder / "worker.log"
    until(lambda: all(ran(log)[name] >= 2 for name in daily) and drained(), seconds=240)
    assert worker.poll() is None
    assert {name: ran(log)[name] for name in daily} == dict.fromkeys(daily, 2)
    handled = TrailLine.objects.filter(verb="test.handled").values_list("details", flat=True)
    assert sorted(each["number"] for each in handled) == list(range(60))
    once = grown()
    assert once and max(once.values()) == 1, once.most_common(3)
