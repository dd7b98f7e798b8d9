"""健康 What is wrong with the house, by name: `/readyz` says `degraded` with these names, `/metrics` has a gauge for each, ops/alerts.yml a rule.

A check is one function that answers a sentence, or nothing while all is well; a floor's `@watches` (watching.py) are checks too.
Each web process keeps what it found for some seconds: whoever asks often costs nothing.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.utils import timezone
from django_redis import get_redis_connection

from safety_api import alive, replica, standby, watching
from safety_api.models import OutboxMessage

log = logging.getLogger(__name__)
LATE = timedelta(minutes=1)
SILENT = 60  # seconds
UNWATCHED = 30  # seconds without a look
KEEP = 5.0  # seconds what was found is kept; a module's word, so that tests can ask anew
BROKER_PATIENCE = 1  # seconds for each address: whoever asks `/readyz` holds a web process meanwhile
BLOCK = 4096  # bytes: a disk that is full refuses them


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
    return _saying(all_checks())


def wrong_without_database() -> dict[str, str]:
    """Of what is asked elsewhere."""
    return _saying(CHECKS[name] for name in ("storage_refuses", "broker_away", "cache_away"))


def _saying(asked: Iterable[Check]) -> dict[str, str]:
    return {check.name: says for check in asked if (says := _kept(check))}


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


# --- what a role cannot do without -----------------------------------------------------------------------------------
def database_gone() -> str:
    """Asked by itself: with the database gone most checks have nobody to ask, and `/metrics` has safety_database_up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM safety_epoch")
    except DatabaseError:
        connection.close()
        return "数据库没有应答"
    return ""


@checks("database_read_only")
def database_read_only() -> str:
    """A standby, or a database that was told to take nothing: it answers every question and refuses every visit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean")
        standby, refuses = cursor.fetchone()
    if standby:
        return "数据库是只读的备机：DATABASE_URL 应指向主机"
    return "数据库只读，写不进去（default_transaction_read_only）" if refuses else ""


@checks("storage_refuses")
def storage_refuses() -> str:
    try:
        default_storage.ready()  # type: ignore[attr-defined]  # of every storage of ours
        if settings.STORAGE == "folder":
            _write_block()
    except DatabaseError:
        return ""  # whether a disk should be there the records tell; that they cannot be asked is said by its own name
    except Exception as error:
        log.warning("the photo storage refuses: %s", error.__cause__ or error)
        return "照片存储不可用，写不进去（原因见日志）"
    return ""


def _write_block() -> None:
    """Into a file without a name, where bodies on their way lie too."""
    folder = Path(settings.STORAGE_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as file:
        file.write(bytes(BLOCK))


@checks("broker_away", keep=3)
def broker_away() -> str:
    """By the address of the tasks, whatever speaks there."""
    from safety_api.celery import app

    limits = dict.fromkeys(("connect_timeout", "socket_timeout"), BROKER_PATIENCE)  # as RabbitMQ and as Redis call them
    try:
        with app.connection_for_write(settings.CELERY_BROKER_URL, connect_timeout=BROKER_PATIENCE, transport_options=limits) as line:
            line.ensure_connection(max_retries=max(len(line.alt) - 1, 0), interval_start=0, interval_step=0)
    except Exception as error:
        log.warning("the broker is away: %s", error)
        return "任务队列没有应答：记录照常保存，后续任务在发件箱等它回来"
    return ""


@checks("cache_away")
def cache_away() -> str:
    try:
        get_redis_connection("default").ping()
    except Exception:
        return "缓存 Redis 没有应答：登录限速与应答记录暂停"
    return ""


# Without which a role cannot do its work; the web goes on without its broker, for the outbox keeps the tasks.
NEEDS = {
    "web": ("database_read_only", "storage_refuses"),
    "worker": ("database_read_only", "broker_away", "storage_refuses"),
    "beat": ("database_read_only", "broker_away"),
}
SPEAKING = ("worker", "beat")  # they have no door of their own: each says on its machine that it lives


def lacking(role: str) -> dict[str, str]:
    """Name and sentence of what this role needs and has not."""
    needs = [CHECKS[name] for name in NEEDS[role]]
    if gone := database_gone():
        return {"database_gone": gone, **_saying(check for check in needs if check.name != "database_read_only")}
    return _saying(needs)


def unheard(role: str) -> dict[str, str]:
    """The same for the process itself: whether the role was heard on this machine. Without Redis nobody can tell."""
    if role not in SPEAKING or cache_away():
        return {}
    says = _silent(alive.here(role), f"本机的 {role}")
    return {f"{role}_silent": says} if says else {}


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
