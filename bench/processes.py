"""CPU time of processes, as the kernel counts it. Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def fields(pid: int) -> list[str]:
    """/proc/PID/stat after the name, which may hold spaces and brackets: state first. Raises OSError."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def spent(pid: int) -> float:
    """Milliseconds of CPU so far, user and system, of all threads that live; 0 for a process that is gone.

    From the scheduler, in nanoseconds, where the kernel tells them: a tick is 10 ms.
    """
    try:
        return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6 or _ticks(pid)
    except OSError:
        return 0.0


def _ticks(pid: int) -> float:
    stat = fields(pid)
    return (int(stat[11]) + int(stat[12])) * TICK


def family(pid: int) -> set[int]:
    """The process and all below it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int(fields(int(entry.name))[1])
        except OSError:
            continue
    found, grown = {pid}, 0
    while len(found) != grown:
        grown = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def spent_by(pids: Iterable[int]) -> float:
    return sum(map(spent, pids))
