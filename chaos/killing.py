"""kill -9 in turn. What raises the dead again are the house's own two watches (ops/watch.py)."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time

from chaos.tally import Tally
from ops.home import Home
from ops.lives import STEADY
from ops.processes import Service, family
from ops.services import WATCHES

IN_TURN = ("web", "postgres", "worker", "redis", "beat")
WAYS = ("head", "all", "one")  # the process that was started; with all below it; one of those below it alone
APART = (STEADY + 5) / len(IN_TURN)  # seconds: whoever lived for a minute is raised at once the next time too


class Killer:
    """`rounds` times each of them, `pause` seconds from one to the next; after the first round no faster than the watches bear."""

    def __init__(self, place: Home, seed: int, tally: Tally, *, rounds: int, pause: float):
        self.place, self.tally, self.rounds, self.pause = place, tally, rounds, pause
        self.drawn = random.Random(f"{seed} killing")
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._kill_in_turn, daemon=True)

    def _kill_in_turn(self) -> None:
        for number in range(self.rounds):
            order = self.drawn.sample(IN_TURN, len(IN_TURN))
            for name in order:
                if self.over.wait(max(self.pause, APART if number else 0)):
                    return
                self._kill(name)

    def _kill(self, name: str) -> None:
        way = self.drawn.choice(WAYS)
        pid = self._living(name)
        if pid is None:
            return
        below = sorted(family(pid, without=self._others(name)) - {pid})
        chosen = {"head": [pid], "all": [pid, *below], "one": [self.drawn.choice(below)] if below else [pid]}[way]
        for each in chosen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.tally.killed(f"{name}, {'one below it' if chosen[0] != pid else 'with all below it' if len(chosen) > 1 else 'its head'}")

    def _living(self, name: str) -> int | None:
        """None where it was not raised again within a minute: the figures will show it."""
        until = time.monotonic() + STEADY
        while time.monotonic() < until and not self.over.is_set():
            if pid := Service(self.place, name).running().get("pid"):
                return pid
            time.sleep(0.2)
        return None

    def _others(self, name: str) -> set[int]:
        """What a watch raised is below that watch, and no part of what it raised before."""
        names = {*IN_TURN, *WATCHES} - {name}
        return {Service(self.place, each).record().get("pid", 0) for each in names}
