"""`./safety chaos`, in a form for every day: phones over bad lines while each process is killed, then books compared. Its verdict is what
differs, never how long it took."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.page import program
from ops import house as doors
from ops.cluster import CLEAN, Cluster
from ops.home import Home
from tests.ops.second import dump_of_tests
from tests.ops.test_script import run

WORKER_FIRST = "3"  # a seed: what a killed worker had begun comes back after half a minute


@pytest.fixture
def state(committed) -> Iterator[Path]:
    """A state folder in which the tables are there already: those of the tests."""
    with tempfile.TemporaryDirectory(prefix="chaos") as name:
        folder = Path(name)
        folder.chmod(0o711)
        place = Home(folder / "chaos").open()
        cluster = Cluster(place)
        cluster.start()
        try:
            dump = dump_of_tests(folder)
            subprocess.run(cluster.tool("pg_restore", "-d", "safety", dump), env=CLEAN, capture_output=True, check=False)
            cluster.sql("UPDATE safety_epoch SET number = number + 1, timeline = safety_timeline()")  # as after every restore
            (place.run / "prepared").write_text(f"{doors.code_mark()} 0")
            yield folder
        finally:
            run("reset", "--yes", state=place.state, check=False)


def chaos(state: Path, *words: str) -> str:
    done = run("chaos", *words, state=state, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_phones_over_bad_lines_lose_nothing_while_everything_is_killed(state):
    said = chaos(state, "--phones", "6", "--visits", "40", "--seconds", "12", "--seed", WORKER_FIRST, "--no-page")
    assert "lost 0, double 0, changed 0, else 0" in said
    assert all(f"{name}, " in said for name in ("web", "worker", "beat", "redis", "postgres"))


@pytest.mark.foreign
@pytest.mark.skipif(program() is None, reason="no chromium: apt-get install chromium")
def test_the_real_page_is_one_of_the_phones(state):
    said = chaos(state, "--phones", "5", "--visits", "40", "--seconds", "60")
    assert "and the page" in said
    assert "lost 0, double 0, changed 0, else 0" in said
