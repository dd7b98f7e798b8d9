"""Start a process, know it again, stop it: a process is its pid, its start time and the boot it lives in,
so that a number that was given to someone else is never killed."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.home import PROJECT, Home, write_private
from ops.show import Failed

POLL = 0.05  # seconds between looks
ROTATE_AT = 20 * 1024 * 1024
NEW, OLD = "-new", "-old"  # of a service while one takes the place of the other


def boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name (which may hold spaces and brackets): state first."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def started_at(pid: int) -> str:
    """When the process began, in the kernel's words; empty when there is none, or only a zombie."""
    if not Path("/proc/self/stat").exists():
        return subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    try:
        fields = _stat(pid)
    except OSError:
        return ""
    ended = fields[0] in "ZX" and int(fields[17]) <= 1  # a thread that still ends may still hold the port
    return "" if ended else fields[19]


@dataclass(frozen=True)
class Service:
    """One long-running process of a home, remembered in run/NAME.json."""

    home: Home
    name: str

    @property
    def file(self) -> Path:
        return self.home.run / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """What takes a service's place writes on in its log."""
        return self.home.logs / f"{self.name.removesuffix(NEW).removesuffix(OLD)}.log"

    def record(self) -> dict:
        try:
            return json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def running(self) -> dict:
        """What was written down when it was started; empty when that process is gone."""
        known = self.record()
        alive = known and known["boot"] == boot() and started_at(known["pid"]) == known["start"] != ""
        return known if alive else {}

    def start(
        self, command: list, *, env: dict[str, str], mark: str = "", port: int = 0, host: str = "", **options
    ) -> None:
        """`mark` names what it was started from: another mark asks for a restart."""
        self.clear_orphans()
        if self.log.exists() and self.log.stat().st_size > ROTATE_AT:
            self.log.replace(self.log.with_suffix(".log.1"))
        words = [str(word) for word in command]
        with open(self.log, "ab") as log:
            held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
            try:  # no ctrl-C between the start and the writing down
                child = subprocess.Popen(
                    words,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, held),
                    **options,
                )
                self._remember_or_end(child, mark=mark, port=port, host=host)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def _remember_or_end(self, child: subprocess.Popen, **facts: Any) -> None:
        """Nobody would know again what a full disk does not let us write down."""
        try:
            self.remember(child.pid, **facts)
        except OSError:
            _send(os.killpg, child.pid, signal.SIGKILL)
            child.wait()
            raise

    def remember(self, pid: int, *, mark: str = "", port: int = 0, host: str = "") -> None:
        where = {"port": port, "host": host}
        known = {"pid": pid, "start": started_at(pid), "boot": boot(), "mark": mark, **where, "since": time.time()}
        write_private(self.file, json.dumps(known) + "\n")

    def give_way_to(self, new: "Service", old: "Service") -> None:
        """The new one bears the name from now on; the one that bore it is remembered as the old one. At every moment somebody bears it."""
        write_private(old.file, self.file.read_text(encoding="utf-8"))
        new.file.replace(self.file)

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not ready():
            if not self.running():
                raise Failed(f"{self.name} stopped while starting.", log=self.log)
            if time.monotonic() > until:
                raise Failed(f"{self.name} did not answer within {seconds:.0f} s.", log=self.log)
            time.sleep(POLL)

    def stop(self, *, by: signal.Signals = signal.SIGTERM, patience: float = 15) -> bool:
        """Ask, wait `patience` seconds, then end it with all its children. True when there was something to stop."""
        known = self.running()
        if known:
            _send(os.kill, known["pid"], by)
            until = time.monotonic() + patience
            while self.running() and time.monotonic() < until:
                time.sleep(POLL)
            if self.running():
                _send(os.killpg, known["pid"], signal.SIGKILL)
                while self.running():
                    time.sleep(POLL)
        self.clear_orphans()
        self.file.unlink(missing_ok=True)
        return bool(known)

    def clear_orphans(self) -> None:
        """Children whose parent was killed hold the port and the queue: they still carry its session and our folder."""
        known = self.record()
        if not known or known["boot"] != boot() or self.running():
            return
        ours = [pid for pid in _session(known["pid"]) if _carries(pid, f"STATE_DIR={self.home.state}")]
        for pid in ours:
            _send(os.kill, pid, signal.SIGKILL)
        while any(started_at(pid) for pid in ours):
            time.sleep(POLL)


def end_all_in(folder: Path) -> None:
    """Children of a killed postmaster, each in a session of its own, hold its memory: no new one starts beside them."""
    left = [pid for pid in _everybody() if _works_in(pid, folder)]
    for pid in left:
        _send(os.kill, pid, signal.SIGKILL)
    while any(started_at(pid) for pid in left):
        time.sleep(POLL)


def _everybody() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))


def _works_in(pid: int, folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    return False


def _send(how: Callable[[int, int], None], pid: int, by: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        how(pid, by)


def _session(leader: int) -> Iterator[int]:
    for pid in _everybody():
        try:
            if int(_stat(pid)[3]) == leader:
                yield pid
        except OSError:
            continue


def _carries(pid: int, word: str) -> bool:
    """Whether the environment says so. A program that gives itself a title (setproctitle) writes it over its environment: then
    the folder it works in speaks for it.
    """
    words = _environ(pid)
    if any("=" in each for each in words):
        return word in words
    return _works_in(pid, PROJECT)


def _environ(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def memory(pid: int, *, without: Collection[int] = ()) -> int:
    """Resident bytes of the process and all below it; pages they share count in each. `without`: what it started and is no part of it."""
    return sum(_resident(member) for member in family(pid, without=without))


def family(pid: int, *, without: Collection[int] = ()) -> set[int]:
    """The process and all below it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    members, grown = {pid}, 0
    while len(members) != grown:
        grown = len(members)
        members |= {child for child, parent in parents.items() if parent in members and child not in without}
    return members


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
