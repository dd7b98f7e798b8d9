"""Foreign bytes are opened by a process apart: whatever becomes of it is an answer, and it knows nothing of ours."""

import ast
import os
import signal
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from readers import Refusal
from safety_api import apart
from safety_api.apart import MB, Limits, read
from safety_api.problems import Problem
from tests.cast.hostile import book

AMPLE = Limits(memory=512 * MB, cpu=20, seconds=60, answer=4 * MB)
READERS = sorted((Path(settings.BASE_DIR) / "readers").glob("*.py"))


def png(side: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (side, side), (90, 120, 60)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


SMALL, LARGE = png(40), png(6000)


def shown(content: bytes = SMALL, **limits) -> list:
    return read("picture.shown", content, limits=replace(AMPLE, **limits), sizes=["thumb"])


def the_process() -> int:
    assert apart._nursery.process
    return apart._nursery.process.pid


@pytest.fixture
def killed(monkeypatch):
    """`killed(n)`: the next n answers are waited for in vain, because somebody kills the process; of a job that is not done in a moment."""

    def so_often(times: int, how: signal.Signals = signal.SIGKILL) -> None:
        waiting, whole = [how] * times, apart.Answer.listen

        def listen(answer):
            if waiting:
                os.killpg(the_process(), waiting.pop())
            whole(answer)

        monkeypatch.setattr(apart.Answer, "listen", listen)

    return so_often


@pytest.mark.parametrize(
    "limits, by",
    [({"memory": 16 * MB}, "memory"), ({"seconds": 0.02}, "time"), ({"answer": 40}, "answer")],
    ids=["memory", "time", "answer"],
)
def test_a_limit_that_ends_a_job_is_the_answer_and_the_next_job_is_done(limits, by):
    with pytest.raises(Refusal) as refused:
        shown(LARGE, **limits)
    assert (refused.value.word, refused.value.values) == ("too_heavy", {"by": by})
    assert shown()[1][:3] == ["image/png", 40, 40]


def test_what_was_said_before_the_end_is_kept():
    with pytest.raises(Refusal) as refused:
        shown(LARGE, memory=16 * MB)
    assert refused.value.said == [[None, None, None]]  # what its EXIF says: nothing


def test_a_job_whose_process_was_killed_by_others_is_done_once_more(killed):
    killed(1)
    assert shown(LARGE)[1][:3] == ["image/png", 6000, 6000]


def test_twice_killed_by_others_is_busy_and_says_nothing_of_the_file(killed):
    killed(2)
    with pytest.raises(Problem) as problem:
        shown(LARGE)
    assert (problem.value.kind.code, problem.value.kind.status) == ("readers_busy", 503)
    assert problem.value.headers["Retry-After"]
    assert shown()[1][:3] == ["image/png", 40, 40]


def test_a_process_killed_between_two_jobs_is_not_missed():
    shown()
    before = the_process()
    os.killpg(before, signal.SIGKILL)
    assert shown()[1][:3] == ["image/png", 40, 40]
    assert the_process() != before


def test_a_process_that_cannot_be_started_is_busy(monkeypatch):
    apart._nursery.end()
    monkeypatch.setattr(apart.subprocess, "Popen", lambda *_, **__: (_ for _ in ()).throw(BlockingIOError()))
    with pytest.raises(Problem, match="readers_busy"):
        shown()


def test_a_disk_without_room_is_said_of_the_disk_and_not_of_the_file(db):
    """`/dev/full` takes no byte, as a full disk."""
    with open("/dev/full", "r+b", buffering=0) as target, pytest.raises(Problem, match="spool_full"):
        read(
            "workbook.filled", book(), target, rows=[["x"]], limits=replace(AMPLE, written=MB), sheet="S", first_row=2, letters=["A"],
            most_unpacked=MB,
        )  # fmt: skip
    assert shown()[1][:3] == ["image/png", 40, 40]


def test_a_fork_of_ours_asks_a_process_of_its_own():
    shown()
    theirs, ours = os.pipe()
    if not (child := os.fork()):
        found = b"?"
        try:
            inherited = apart._nursery.process
            shown()
            found = b"own" if inherited is None else b"shared"
            apart._nursery.end()
        finally:
            os.write(ours, found)
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(theirs, 10) == b"own"
    assert shown()[1][:3] == ["image/png", 40, 40]
    os.close(theirs)
    os.close(ours)


def test_the_process_has_nothing_of_our_environment():
    shown()
    told = Path(f"/proc/{the_process()}/environ").read_bytes()
    assert settings.SECRET_KEY.encode() not in told and b"DATABASE_URL" not in told


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.name)
def test_what_opens_foreign_bytes_imports_nothing_of_ours(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    assert not found & {*settings.OUR_APPS, "django", "rest_framework", "ops", "celery", "xlsxwriter"}
