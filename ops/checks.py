"""test, bench and chaos: each in a home of its own inside the state folder, so that no user's data are touched."""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from ops import house, install, pages
from ops.broker import Broker
from ops.cluster import Cluster
from ops.home import PROJECT, Home, alone, environment, home, python, settings_words, venv_folder, write_private
from ops.processes import Service
from ops.show import Failed, complain, step

CHECKS = (
    ("代码规范 ruff", ["-m", "ruff", "check", "."]),
    ("类型 mypy", ["-m", "mypy", "."]),
    ("迁移齐全 makemigrations --check", ["manage.py", "makemigrations", "--check", "--dry-run"]),
)
TEMPLATE = ("测试库样板 template database", ["-m", "tests.template"])
WORKERS = max(2, min(8, os.cpu_count() or 2))
PYTEST = ("-m", "pytest", "-n", str(WORKERS), "--dist", "loadgroup")

# What each word runs; docs/tests.md. PLAIN and REST together leave no test out, and REST repeats only what it tries harder.
PLAIN = ("-m", "not foreign")
REST = ("-m", "foreign or hypothesis", "--hypothesis-profile", "long")
QUICK = {
    "rules": ("tests/**/test_*rules.py", "tests/**/test_conditions.py", "tests/**/test_matching.py", "tests/**/test_forecasts.py",
              "tests/enterprises/test_codes.py", "tests/enterprises/test_class_facts.py", "tests/geo/test_co*.py", "tests/reference/test_da*.py",
              "tests/accounts/test_masking.py"),
    "ground": tuple(f"tests/ground/test_{name}.py" for name in ("floors", "headers", "keys", "pages", "roles", "change_stamps", "trail")),
    "one story of each app": (
        "tests/accounts/test_signin.py", "tests/inbox/test_inbox.py", "tests/geo/test_loading.py", "tests/reference/test_doors.py",
        "tests/evidence/test_photos.py", "tests/enterprises/test_sites.py", "tests/risks/test_checks.py", "tests/hazards/test_story.py",
        "tests/enforcement/test_handovers.py",
        "tests/inspections/test_submit.py", "tests/papers/test_issuing.py", "tests/zero_accident/**/test_targets.py",
        "tests/supervision/test_doors.py", "tests/assessment/closings/test_contract.py", "tests/ledgers/test_registers.py",
        "tests/phone/test_uploads.py", "tests/console/test_frame.py", "tests/chaos/test_comparing.py",
        "tests/ops/test_places.py", "tests/ops/test_checks.py",
    ),
}  # fmt: skip
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
    """With words: pytest alone, with these words. Without: all checks, then the tests; --all adds the rest, --quick takes a part."""
    place = Home(home().state / "test", durable=False).open()
    with alone(place.state / "lock", "another ./safety test runs in this state folder"):
        print(f"安全 safety test · {place.state}")
        install.packages(place)
        if words[:1] == ("--all",):
            install.foreign_engines(place)
        install.venv(place, install.TEST_LOCKS)
        pages.pages(place, tests=True)
        with _borrowed(place):
            house.foundation(place)
            env = _environment(place)
            checks, runs = plan(words)
            failed = _failing(place, checks, env)
            if failed:
                print(f"\n✗ {', '.join(failed)}: the tests run all the same; this run counts as failed.\n", flush=True)
            return _pytest(place, runs, env) or int(bool(failed))


def plan(words: tuple[str, ...]) -> tuple[tuple, list[tuple[str, ...]]]:
    """The checks, and the words of each pytest one after another."""
    first, more = words[:1], words[1:]
    if first == ("--quick",):
        return CHECKS[:1], [(*quick_files(), "--hypothesis-profile", "quick", *more)]
    if first == ("--all",):
        return (TEMPLATE, *CHECKS), [(*PLAIN, *more), (*REST, *more)]
    return ((), [words]) if words else ((TEMPLATE, *CHECKS), [PLAIN])


def quick_files() -> list[str]:
    patterns = [pattern for part in QUICK.values() for pattern in part]
    found = {pattern: sorted(PROJECT.glob(pattern)) for pattern in patterns}
    if gone := [pattern for pattern, files in found.items() if not files]:
        raise Failed(f"--quick names what is not there: {', '.join(gone)}")
    return [
        str(file.relative_to(PROJECT)) for file in dict.fromkeys(file for files in found.values() for file in files)
    ]


def _environment(place: Home) -> dict[str, str]:
    """What the caller set for a running system must not change what the tests see."""
    theirs = settings_words(os.environ).keys() - {"TEST_DATABASE_NAME"}
    write_private(place.demo_password, TEST_PASSWORD + "\n")
    caller = {name: value for name, value in os.environ.items() if name not in theirs}
    return environment(place, port=8000, caller=caller)


def _failing(place: Home, checks: tuple, env: dict[str, str]) -> list[str]:
    """The checks that fail. All begin at once: each keeps one core busy."""
    begun = [(label, *_begin(place, words, number, env)) for number, (label, words) in enumerate(checks)]
    return [label for label, log, child in begun if not _passes(label, log, child)]


def _begin(place: Home, words: list[str], number: int, env: dict[str, str]) -> tuple[Path, subprocess.Popen]:
    log = place.logs / f"check-{number}.log"
    with open(log, "wb") as out:
        command = [python(place), *words]
        return log, subprocess.Popen(command, env=env, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=out, stderr=out)


def _passes(label: str, log: Path, child: subprocess.Popen) -> bool:
    try:
        with step(label):
            if child.wait():
                raise Failed(label)
    except Failed as error:
        complain(error)
        print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
        return False
    return True


def _pytest(place: Home, runs: list[tuple[str, ...]], env: dict[str, str]) -> int:
    """One after another until one fails, so that the last line is that of the run which decides."""
    for words in runs:
        if code := subprocess.run([python(place), *PYTEST, *words], env=env, cwd=PROJECT, check=False).returncode:
            return code
    return 0


def bench(*words: str) -> int:
    """`python -m bench` beside a whole house of its own, whose data stay for the next time.
    BENCH_URL is its address, $STATE_DIR/run/NAME.json tells its pids."""
    place = Home(home().state / "bench").open()
    os.environ["HOST"] = "127.0.0.1"
    with alone(place.state / "lock", "another ./safety bench runs in this state folder"):
        print(f"安全 safety bench · {place.state}")
        install.packages(place)
        install.venv(place)
        pages.pages(place)
        with _borrowed(place):
            house.foundation(place)
            port = _free_port()
            env = environment(place, port=port)
            house.open_doors(place, port, env)
            env_of_bench = env | {"BENCH_URL": f"http://127.0.0.1:{port}"}
            return subprocess.run(
                [python(place), "-m", "bench", *words], env=env_of_bench, cwd=PROJECT, check=False
            ).returncode


# --- chaos ----------------------------------------------------------------------------------------------------------
BLANK = "chaos_blank"


def chaos(*words: str) -> int:
    """`python -m chaos` before a whole house of its own, with its watches, on fresh tables each time. What it leaves can be looked at."""
    place = Home(home().state / "chaos").open()
    os.environ |= {"HOST": "127.0.0.1", "DEMO": "0"}
    with alone(place.state / "lock", "another ./safety chaos runs in this state folder"):
        print(f"安全 safety chaos · {place.state}")
        install.packages(place)
        install.venv(place, install.TEST_LOCKS)
        pages.pages(place)
        port = _free_port()
        env = environment(place, port=port) | {"VENV_DIR": str(venv_folder(place)), "CHAOS_PORT": str(port)}
        with _closed_at_the_end(place):
            with house.hands(place):
                _on_fresh_tables(place, env)
                house.open_doors(place, port, env)
                house.keep_watch(place, port, env)
            return subprocess.run([python(place), "-m", "chaos", *words], env=env, cwd=PROJECT, check=False).returncode


@contextmanager
def _closed_at_the_end(place: Home):
    try:
        yield
    finally:
        with house.hands(place):
            house.close(place)


def _on_fresh_tables(place: Home, env: dict[str, str]) -> None:
    """Migrated once for each code; then a copy of the blank ones. Photos, queue and what services remember go too."""
    cluster = Cluster(place)
    house.close(place)
    for folder in (place.photos, place.state / "redis"):
        shutil.rmtree(folder, ignore_errors=True)
    (place.run / "beat-schedule").unlink(missing_ok=True)
    if not house.is_prepared(place, env, house.code_mark()):
        cluster.remove()
    house.foundation(place.open())
    house.prepare(place, env, house.code_mark())
    if cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{BLANK}'", "postgres") == "0":
        cluster.sql(f"CREATE DATABASE {BLANK} TEMPLATE safety", "postgres")
        return
    cluster.sql(f"DROP DATABASE safety WITH (FORCE); CREATE DATABASE safety OWNER safety_owner TEMPLATE {BLANK}", "postgres")
    cluster.renew()
    cluster.start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
