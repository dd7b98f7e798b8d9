"""A process is known by its start as well as by its number, and is stopped with all its children."""

import json
import os
import subprocess
import sys

import pytest

from ops.home import PROJECT, Home
from ops.processes import Service, started_at

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)",
]


@pytest.fixture
def service(tmp_path):
    home = Home(tmp_path / "state")
    for folder in (home.run, home.logs):
        folder.mkdir(parents=True)
    service = Service(home, "web")
    yield service
    service.stop(patience=5)


def environ(service: Service) -> dict[str, str]:
    return dict(os.environ) | {"STATE_DIR": str(service.home.state)}


def child_of(service: Service) -> int:
    service.wait(lambda: service.log.read_text().strip().isdecimal(), 30)
    return int(service.log.read_text())


def test_a_started_process_is_found_again_and_stopped(service):
    service.start(SLEEP, env=environ(service), mark="v1", port=8000)
    known = Service(service.home, "web").running()
    assert (known["mark"], known["port"]) == ("v1", 8000)
    assert service.stop() is True
    assert started_at(known["pid"]) == ""
    assert service.stop() is False


def test_a_process_that_reuses_a_recorded_pid_is_never_killed(service):
    stranger = subprocess.Popen(SLEEP)
    try:
        service.remember(stranger.pid)
        service.file.write_text(json.dumps(service.record() | {"start": "1"}))
        assert service.running() == {}
        assert service.stop() is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_process_recorded_before_a_reboot_is_not_running(service):
    service.start(SLEEP, env=environ(service))
    known = service.record()
    service.file.write_text(json.dumps(known | {"boot": "another"}))
    assert service.running() == {}
    service.file.write_text(json.dumps(known))


def test_a_damaged_pid_file_means_nothing_runs(service):
    service.file.write_text("{")
    assert service.running() == {}


def test_orphaned_children_of_a_killed_parent_are_stopped(service):
    service.start(PARENT, env=environ(service))
    child = child_of(service)
    os.kill(service.running()["pid"], 9)
    os.waitpid(service.record()["pid"], 0)
    assert started_at(child)
    service.clear_orphans()
    assert started_at(child) == ""


def test_orphans_whose_title_hides_their_environment_are_known_by_their_folder(service):
    nameless = ["sh", "-c", "env -i sleep 600 & echo $!; wait"]  # as setproctitle leaves it: nothing of the environment to be read
    service.start(nameless, env=environ(service), cwd=PROJECT)
    child = child_of(service)
    os.kill(service.running()["pid"], 9)
    os.waitpid(service.record()["pid"], 0)
    assert started_at(child)
    service.clear_orphans()
    assert started_at(child) == ""


def test_stopping_a_service_also_stops_its_children(service):
    deaf = [*PARENT[:2], "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + PARENT[2]]
    service.start(deaf, env=environ(service))
    child = child_of(service)
    assert service.stop(patience=0.2) is True
    assert started_at(child) == ""
