"""健康 What is wrong with the house, by name: `/readyz` says `degraded` with these names, `/metrics` has a gauge for each, ops/alerts.yml a rule.

A check is one function that answers a sentence, or nothing while all is well; a floor's `@watches` (watching.py) are checks too.
Each web process keeps what it found for some seconds: whoever asks often costs nothing.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from safety_api import alive, replica, standby, watching
from safety_api.models import OutboxMessage

log = logging.getLogger(__name__)
LATE = timedelta(minutes=1)
SILENT = 60  # seconds
UNWATCHED = 30  # seconds without a look
KEEP = 5.0  # seconds what was found is kept; a module's word, so that tests can ask anew


class Check(NamedTuple):
    name: str
    ask: Callable[[], str]
    keep: float  # so many times KEEP


CHECKS: dict[str, Check] = {}
_found: dict[str, tuple[float, str]] = {}


def checks(name: str, *, keep: float = 1) -> Callable[[Callable[[], str]], Callable[[], str]]:
    def register(ask: Callable[[], str]) -> Callable[[], str]:
        CHECKS[name] = Check(name, ask, keep)
        return ask

    return register


def all_checks() -> list[Check]:
    return [*CHECKS.values(), *(_of_watcher(watcher) for watcher in watching.WATCHERS)]


def _of_watcher(watcher: watching.Watcher) -> Check:
    return Check(watcher.__name__, lambda: "；".join(watcher(timezone.localdate())), 1)


def wrong() -> dict[str, str]:
    """Name and sentence of everything that is not well."""
    return {check.name: says for check in all_checks() if (says := _kept(check))}


def _kept(check: Check) -> str:
    until, says = _found.get(check.name, (0.0, ""))
    if time.monotonic() >= until:
        says = _asked(check)
        _found[check.name] = time.monotonic() + KEEP * check.keep, says
    return says


def _asked(check: Check) -> str:
    """A check that breaks is not well either."""
    try:
        return check.ask()
    except Exception as error:
        return f"检查未能进行：{type(error).__name__}"


# --- work after the commit ------------------------------------------------------------------------------------------
def oldest_unsent() -> float:
    """Seconds since the first message was written that is neither done nor parked."""
    written = OutboxMessage.objects.filter(parked_at=None).order_by("id").values_list("created_at", flat=True).first()
    return (timezone.now() - written).total_seconds() if written else 0.0


@checks("outbox_late")
def outbox_late() -> str:
    age = oldest_unsent()
    return f"最早的待处理消息已等待 {age:.0f} 秒：后台任务没有跟上" if age > LATE.total_seconds() else ""


@checks("outbox_parked")
def outbox_parked() -> str:
    parked = OutboxMessage.objects.exclude(parked_at=None).count()
    return f"{parked} 条消息屡试不成，已搁置，等人处理（/api/v1/outbox）" if parked else ""


@checks("beat_silent")
def beat_silent() -> str:
    return _silent("beat", "定时服务 beat")


@checks("worker_silent")
def worker_silent() -> str:
    return _silent("worker", "任务服务 worker")


def _silent(who: str, called: str) -> str:
    age = alive.silence(who)
    if age is None:
        return f"{called} 没有应答"
    return f"{called} 已 {age:.0f} 秒没有应答" if age > SILENT else ""


# --- the machine ----------------------------------------------------------------------------------------------------
FOLDER_NAMES = {"photos": "照片目录", "state": "数据目录"}


def nearly_full(total: int, free: int) -> bool:
    """Less than a twentieth, at least 1 GB, at most 10 GB: a large disk is not full with 10 GB left, a small one is with 1 GB."""
    return free < min(max(total // 20, 2**30), 10 * 2**30)


def folders() -> dict[str, Path]:
    """What fills: the photos, and in embedded mode everything. By a word: whoever asks `/readyz` has not signed in and is shown no path."""
    photos = {"photos": settings.STORAGE_DIR} if settings.STORAGE == "folder" else {}
    return photos | ({"state": settings.STATE_DIR} if settings.EMBEDDED else {})


def disk(folder: Path) -> tuple[int, int, int, int]:
    """Bytes and file entries: all, and free for us."""
    while not folder.exists():  # it is made with the first photo
        folder = folder.parent
    facts = os.statvfs(folder)
    return facts.f_blocks * facts.f_frsize, facts.f_bavail * facts.f_frsize, facts.f_files, facts.f_favail


@checks("disk_nearly_full")
def disk_nearly_full() -> str:
    said = []
    for name, folder in folders().items():
        total, free, entries, free_entries = disk(folder)
        if nearly_full(total, free) or (entries and free_entries < entries // 50):
            said.append(f"{FOLDER_NAMES[name]}所在磁盘将满：余 {free / 2**30:.1f} GB、{free_entries} 个文件位")
    return "；".join(said)


@checks("database_refuses", keep=6)
def database_refuses() -> str:
    """A connection that stands may work for days while no new one does: PostgreSQL was upgraded under the running cluster (plpgsql.so of
    another version), or all its connections are taken.
    """
    newcomer = connection.copy()
    try:
        with newcomer.cursor() as cursor:
            cursor.execute("DO $$BEGIN END$$")
    except DatabaseError as error:
        log.warning("a new database connection is refused", exc_info=error)
        return "新的数据库连接不可用：PostgreSQL 可能已升级而未重启，或连接数已满（docs/operations.md；原因见日志）"
    finally:
        newcomer.close()
    return ""


@checks("standby_away")
def standby_away() -> str:
    return "主库等待的备机没有连接：写入暂停，手机暂存记录（docs/operations.md，A second PostgreSQL）" if standby.is_missing() else ""


@checks("replica_away", keep=6)
def replica_away() -> str:
    if not settings.REPLICA_URL:
        return ""
    try:
        near = replica.look().near
    except DatabaseError:
        near = False
    return "" if near else f"只读副本没有应答、落后超过 {settings.REPLICA_LAG} 秒或已是主库：列表与地图由主库作答（REPLICA_URL）"


# --- supervision (ops/watch.py) -------------------------------------------------------------------------------------
def _run(name: str) -> Path:
    return settings.STATE_DIR / "run" / name


def restarts() -> dict[str, dict]:
    """What the watch knows of each service; nothing where another supervisor does its work."""
    try:
        return json.loads(_run("watch.json").read_text(encoding="utf-8"))["services"] if settings.EMBEDDED else {}
    except (OSError, ValueError, KeyError):
        return {}


@checks("given_up")
def given_up() -> str:
    names = [name for name, life in restarts().items() if life["given_up"]]
    return f"屡次重启不成，已放弃：{'、'.join(names)}（./safety status）" if names else ""


@checks("unwatched")
def unwatched() -> str:
    if not settings.EMBEDDED or not _run("wanted.json").exists():
        return ""
    age = time.time() - _run("watch.json").stat().st_mtime
    return f"守望进程已 {age:.0f} 秒没有动静：停下的服务不会自己恢复" if age > UNWATCHED else ""
