"""test and bench: each in a home of its own inside the state folder, so that no user's data are touched."""

import os
import socket
import subprocess
from contextlib import contextmanager

from ops import house, install
from ops.broker import Broker
from ops.cluster import Cluster
from ops.home import PROJECT, Home, alone, environment, home, python, settings_words, write_private
from ops.processes import Service
from ops.show import Failed, complain, step

CHECKS = (
    ("代码规范 ruff", ["-m", "ruff", "check", "."]),
    ("类型 mypy", ["-m", "mypy", "."]),
    ("迁移齐全 makemigrations --check", ["manage.py", "makemigrations", "--check", "--dry-run"]),
)
TEST_PASSWORD = "Tests-only-2021"


@contextmanager
def _borrowed(place: Home):
    """A house for as long as the work lasts; stopped whatever happens."""
    try:
        yield
    finally:
        for service in ("web", "worker", "beat"):
            Service(place, service).stop()
        Broker(place).stop()
        Cluster(place).stop()


def test(*words: str) -> int:
    """With words: pytest alone, with these words. Without: all checks, then all tests."""
    place = Home(home().state / "test", durable=False).open()
    with alone(place.state / "lock", "another ./safety test runs in this state folder"):
        print(f"安全 safety test · {place.state}")
        install.packages(place)
        install.venv(place, install.TEST_LOCKS)
        with _borrowed(place):
            house.foundation(place)
            env = _environment(place)
            failed = [] if words else [label for label, check in CHECKS if not _passes(place, label, check, env)]
            if failed:
                print(f"\n✗ {', '.join(failed)}: the tests run all the same; this run counts as failed.\n", flush=True)
            code = _pytest(place, words, env)
    return code or int(bool(failed))


def _environment(place: Home) -> dict[str, str]:
    """What the caller set for a running system must not change what the tests see."""
    theirs = settings_words(os.environ).keys() - {"TEST_DATABASE_NAME"}
    write_private(place.demo_password, TEST_PASSWORD + "\n")
    caller = {name: value for name, value in os.environ.items() if name not in theirs}
    return environment(place, port=8000, caller=caller)


def _passes(place: Home, label: str, words: list[str], env: dict[str, str]) -> bool:
    log = place.logs / "check.log"
    try:
        with step(label), open(log, "wb") as out:
            told: dict = {"env": env, "cwd": PROJECT, "stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
            done = subprocess.run([python(place), *words], check=False, **told)
            if done.returncode:
                raise Failed(f"{label}: {' '.join(words)}")
    except Failed as error:
        complain(error)
        print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
        return False
    return True


def _pytest(place: Home, words: tuple[str, ...], env: dict[str, str]) -> int:
    workers = str(max(2, min(8, os.cpu_count() or 2)))
    command = [python(place), "-m", "pytest", "-n", workers, "--dist", "loadscope", *words]
    return subprocess.run(command, env=env, cwd=PROJECT, check=False).returncode


def bench(*words: str) -> int:
    """`python -m bench` beside a whole house of its own, whose data stay for the next time.
    BENCH_URL is its address, $STATE_DIR/run/NAME.json tells its pids."""
    place = Home(home().state / "bench").open()
    os.environ["HOST"] = "127.0.0.1"
    with alone(place.state / "lock", "another ./safety bench runs in this state folder"):
        print(f"安全 safety bench · {place.state}")
        install.packages(place)
        install.venv(place)
        with _borrowed(place):
            house.foundation(place)
            port = _free_port()
            env = environment(place, port=port)
            house.open_doors(place, port, env)
            told = env | {"BENCH_URL": f"http://127.0.0.1:{port}"}
            return subprocess.run([python(place), "-m", "bench", *words], env=told, cwd=PROJECT, check=False).returncode


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
